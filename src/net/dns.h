#pragma once
/* Questions to the DNS (RFC 1035), asked of the system's servers or of a named one; never of /etc/hosts. For a loop
 * that must not wait: ask, poll dns_resolver_fd(), tend. For others: dns_look_up(). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* RFC 1035 3.2.2, RFC 3596 2.1 */
typedef enum { DNS_A = 1, DNS_PTR = 12, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28 } DnsType;

typedef enum {
    DNS_FOUND,
    DNS_NO_RECORD, /* there is such a name, without a record of this type */
    DNS_NO_NAME,
    DNS_FAILED, /* no server has answered, or none could; another time it may */
} DnsStatus;

/* Records are texts: an address (A, AAAA), a host name without the dot at its end (PTR; MX, the preferred one first,
 * and an empty one where RFC 7505 says that there is no mail), or the strings of a TXT record put together, with '?'
 * for what is not printable ASCII. The order of a set that has none is the server's. */
typedef struct DnsAnswer {
    DnsStatus status;
    GPtrArray *records; /* of char *; empty unless found */
    const char *reason; /* of a failure, for a person; else NULL */
} DnsAnswer;

void dns_answer_free(DnsAnswer *answer); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsAnswer, dns_answer_free)

/* Reads the system's servers when it is made, and not again. */
typedef struct DnsResolver DnsResolver;

/** server: the address of the one server that is asked, at port; "" asks those of the system. */
DnsResolver *dns_resolver_new(const char *server, int64_t port, GError **error);

/** Open questions are dropped: nobody is called. NULL is fine. */
void dns_resolver_free(DnsResolver *resolver);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DnsResolver, dns_resolver_free)

/** Is given the answer, to be freed. It may ask again, but not free the resolver. */
typedef void (*DnsDone)(void *context, DnsAnswer *answer);

/** Asks. done is called once: from dns_resolver_tend(), or from here when there is nothing to wait for, such as for a
 * name that cannot be one. */
void dns_ask(DnsResolver *resolver, DnsType type, const char *name, DnsDone done, void *context);

/** A descriptor that becomes readable when there is something to tend to. It stays the same, and is the resolver's. */
int dns_resolver_fd(const DnsResolver *resolver);

/** After so many microseconds there is something to tend to although the descriptor does not say so; -1: no question is
 * open. */
int64_t dns_resolver_wait_us(const DnsResolver *resolver);

/** Reads answers, gives up on servers that are silent, asks the next. Never waits. */
void dns_resolver_tend(DnsResolver *resolver);

/** Asks and waits; at the most some 10 seconds for each server. Never NULL. */
DnsAnswer *dns_look_up(DnsResolver *resolver, DnsType type, const char *name);

/** The name under which the PTR records of an address are: "1.2.0.192.in-addr.arpa". NULL when it is none. Caller
 * frees. */
char *dns_reverse_name(const char *address);
