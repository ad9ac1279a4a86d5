#pragma once
/* What a domain wants done with mail that is not provably its own (RFC 7489). */
#include "net/dns.h"

typedef enum {
    DMARC_FOUND,
    DMARC_NONE,
    DMARC_SEVERAL,    /* more than one record: they count as none */
    DMARC_WRONG,      /* a record without a policy that anybody knows */
    DMARC_UNANSWERED, /* the DNS did not answer */
} DmarcState;

typedef struct DmarcRecord {
    DmarcState state;
    char *domain; /* where it was found: the domain's own, or its organization's */
    char *policy; /* for this domain: "none", "quarantine", "reject"; NULL unless found */
    bool strict_dkim, strict_spf;
} DmarcRecord;

void dmarc_record_clear(DmarcRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DmarcRecord, dmarc_record_clear)

/** domain: of the From address. */
void dmarc_find(DnsResolver *resolver, const char *domain, DmarcRecord *ret_record);

/** Whether two domains count as one (RFC 7489 3.1): equal when strict, else of one organization. */
bool dmarc_aligned(const char *from_domain, const char *other, bool strict);
