#pragma once
/* The inside of the pool, for its three files: relay.c judges and tells of a relay, relay_line.c makes lines and knows
 * what they can carry, relay_pool.c has them all and shares the work. */
#include "config/token_source.h"
#include "outbound/relay_pool.h"
#include "outbound/share.h"
#include "outbound/throttle.h"

struct Relay {
    RelaySettings *settings; /* our own copy */
    TokenSource *tokens;     /* NULL: it wants none */
    bool retired;            /* no longer in the settings */
    Share share;
    Throttle throttle;
    guint own;  /* what its lines may be given, as of relay_pool_rooms(); */
    guint room; /* that of what may go by any relay */
    guint lines;
    int failures;
    BlameRecord record;
    Streak left;           /* their lines broke, or it said 421 to something of theirs */
    Streak objected;       /* it refused us at them, not them */
    Streak refused;        /* 5yz */
    Streak put_off;        /* 4yz */
    int64_t benched_until; /* monotonic */
    char *trouble;         /* NULL: none */
    bool unreachable;      /* that is all its trouble: no line could be made */
    bool has_news;
};

struct RelayPool {
    LinkHub *hub;
    char *helo_name;
    GPtrArray *relays; /* of Relay */
    GPtrArray *shares; /* theirs, in the same order */
    GPtrArray *lines;  /* of Line */
};

/* ---- relay.c ----------------------------------------------------------------------------------------------------- */

Relay *relay_new(const RelaySettings *settings, LinkHub *hub);
void relay_free(gpointer relay);

/** True when it may be given lines. */
bool relay_works(const Relay *relay, int64_t now);

/** It answers: it is back, if it was gone. */
void relay_came_back(Relay *relay);

/** A password or a key that cannot be had is the relay's fault as far as mails are concerned: none of them pays. */
void relay_access_failed(Relay *relay, SmtpPhase phase, const GError *error, int64_t now);

/** Writes its trouble, or that there is none. now: wall clock. */
bool relay_tell(const Relay *relay, Db *db, int64_t now, GError **error);

/* ---- relay_line.c ------------------------------------------------------------------------------------------------ */

/** False when it could not be tried, or not yet. */
bool line_open(RelayPool *pool, Relay *relay, int64_t now);
void line_free(gpointer line);

/** What it could carry by itself. */
guint line_own_room(const Line *line);

/** A line that stands shows that others can be made; once, for later ones may not. */
void line_notice_open(Line *line);

bool line_is_worn_out(const Line *line, int64_t now);
bool line_is_finished(const Line *line);
