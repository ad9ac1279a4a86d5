#pragma once
/* One connection to a relay. libcurl makes it (DNS, TCP, greeting, EHLO, STARTTLS or TLS with verification, AUTH),
 * never blocking; from then on our own dialogue speaks over it. */
#include <glib.h>
#include <stdbool.h>

#include "base/waiter.h"
#include "config/settings.h"
#include "model/attempt.h"
#include "outbound/smtp_dialogue.h"

/** All connections of one sender, and the place where it waits for them. */
typedef struct LinkHub LinkHub;

LinkHub *link_hub_new(GError **error);
void link_hub_free(LinkHub *hub); /* NULL is fine; close the links first */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LinkHub, link_hub_free)

/** Waiting also ends when this descriptor is readable; reading it is its owner's business. */
void link_hub_watch(LinkHub *hub, int fd);

/** Where it waits, for others of outbound/ whose descriptors come and go. */
Waiter *link_hub_waiter(LinkHub *hub);

/** Waits until something can be read or written, or max_ms are over; moves connections on that are being made. least:
 * when fewer sockets are ready, others get a moment to be so too. ret_woken: a watched descriptor is readable. */
bool link_hub_wait(LinkHub *hub, int64_t max_ms, guint least, bool *ret_woken, GError **error);

typedef struct Link Link;

typedef enum {
    LINK_CONNECTING,
    LINK_OPEN,  /* its dialogue may speak */
    LINK_ENDED, /* could not be made, or is over: close it */
} LinkState;

/** Who we are to a relay. Not kept. */
typedef struct LinkIdentity {
    const char *helo_name;
    const char *secret;     /* the password, or with AUTH_XOAUTH2 the access token; NULL: no log-in */
    const char *client_key; /* path; NULL: beside the certificate */
} LinkIdentity;

/** Begins to connect. Failure shows as LINK_ENDED. relay must outlive the link. */
Link *link_open(LinkHub *hub, const RelaySettings *relay, const LinkIdentity *who, int64_t now);
void link_close(Link *link); /* NULL is fine */

LinkState link_state(const Link *link);

/** Why the connection could not be made: phase CONNECT, TLS or AUTH.
 * Only when it ended without ever having been open. */
bool link_failure(const Link *link, Attempt *ret_attempt);

/** NULL until the link is open. */
SmtpDialogue *link_dialogue(Link *link);

/** Reads what has come and gives it to the dialogue; ends the link when it was lost or its deadline (RFC 5321 4.5.3.2)
 * has passed. now: monotonic. */
void link_read(Link *link, int64_t now);

/** Looks whether the line is still there, for a link that was idle:
 * a relay may have left (421) without our noticing. */
void link_look(Link *link, int64_t now);

/** Writes what the dialogue has to say, as far as it goes without waiting. */
void link_write(Link *link, int64_t now);

/** Since when nothing was said on it; monotonic. */
int64_t link_quiet_since(const Link *link);
