#pragma once
/* Which hosts may send a domain's mail, as its SPF record says (RFC 7208). */
#include "net/dns.h"

typedef enum {
    SPF_NONE, /* the domain has no record */
    SPF_PASS,
    SPF_NEUTRAL,
    SPF_SOFTFAIL,
    SPF_FAIL,
    SPF_TEMPERROR, /* the DNS did not answer */
    SPF_PERMERROR, /* the record is wrong, or asks for too much */
} SpfResult;

#define SPF_LOOKUPS 10 /* RFC 7208 4.6.4 */

typedef struct SpfVerdict {
    SpfResult result;
    char *term;    /* the mechanism that matched, or the one that is wrong; NULL: none did */
    guint lookups; /* how many of the SPF_LOOKUPS were used */
} SpfVerdict;

void spf_verdict_clear(SpfVerdict *verdict);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SpfVerdict, spf_verdict_clear)

/** ip: of the host that sends. sender: the envelope's, "postmaster@HELO" for an empty one. helo: its name. */
void spf_check(DnsResolver *resolver, const char *ip, const char *sender, const char *helo, SpfVerdict *ret_verdict);
