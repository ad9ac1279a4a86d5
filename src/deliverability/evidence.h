#pragma once
/* What the checks look at: the mail as it came back, the settings it was sent by, and whom they may ask. */
#include <stdint.h>

#include "config/settings.h"
#include "deliverability/hop.h"
#include "deliverability/remark.h"
#include "deliverability/spf.h"
#include "net/dns.h"
#include "net/web.h"

/** As web_get(); follow: goes where the page leads. */
typedef WebPage *(*EvidenceGet)(void *context, const char *url, bool follow);

/* Brought by whoever asks. */
typedef struct EvidenceSource {
    const Settings *settings;
    DnsResolver *dns;
    EvidenceGet get;
    void *context;    /* get's */
    const char *mail; /* with CRLF line ends, as the mailbox has it */
    gsize length;
    const char *ip;   /* from which mail leaves the house; NULL: the mail tells, or the relay's name */
    const char *helo; /* how that host greets; NULL: the mail tells */
    int64_t now;      /* UTC, seconds */
} EvidenceSource;

typedef struct Evidence {
    EvidenceSource from;
    Fields *fields;
    GPtrArray *hops;   /* of Hop, newest first */
    const Hop *outer;  /* see hops_outer(); NULL: the mail stayed inside */
    char *from_domain; /* of the From address */
    char *return_path; /* the envelope's sender */
    const RelaySettings *relay;
    char *ip;           /* "" when nobody knows */
    char *helo;         /* likewise */
    char *host;         /* the name of that address, found by check_host; "" until then */
    GPtrArray *signers; /* of char *: domains whose signature is true, found by check_dkim */
    SpfResult spf;      /* found by check_spf */
    char *spf_domain;   /* the one it speaks for; likewise */
} Evidence;

void evidence_init(Evidence *evidence, const EvidenceSource *source);
void evidence_clear(Evidence *evidence);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Evidence, evidence_clear)

/** What stands behind the last '@' of an address field's value, "" without one. Caller frees. */
char *address_domain(const char *value);
