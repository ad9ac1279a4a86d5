#pragma once
/* The way of a mail, as those who carried it wrote it down (Received, RFC 5321 4.4). Everybody writes it in his own
 * way; what cannot be read is "". */
#include <glib.h>
#include <stdbool.h>

#include "mail/fields.h"

typedef struct Hop {
    char *helo;     /* what the sending host called itself */
    char *ip;       /* its address */
    char *by;       /* who took it */
    char *protocol; /* "ESMTPSA" (RFC 3848) */
    char *tls;      /* "TLS 1.3"; of some only the protocol tells that there was TLS */
} Hop;

/** Newest first, of Hop. Caller unrefs. */
GPtrArray *hops_read(const Fields *fields);

/** Where the mail was handed to the outside: the oldest hop, but for our own to the relay, from an address that is seen
 * from everywhere to another organization. Somebody there may have forwarded it afterwards. NULL: there is none. */
const Hop *hops_outer(const GPtrArray *hops);

bool hop_had_tls(const Hop *hop);

/** Neither of this machine nor of a private network (RFC 1918, 4193, 6598, 3927, 4291). */
bool ip_is_public(const char *ip);
