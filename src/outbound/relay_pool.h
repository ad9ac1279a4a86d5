#pragma once
/* The relays and our lines to them: how many, to which, and which relay is left alone for a while because it does not
 * work. What is wrong with a relay is told to staff as a `trouble` in a sentence that says what to do. */
#include <glib.h>
#include <stdbool.h>

#include "config/settings.h"
#include "outbound/blame.h"
#include "outbound/link.h"
#include "outbound/rooms.h"
#include "store/db.h"

typedef struct Relay Relay;

/** A connection that is being made, or is open. */
typedef struct Line {
    Link *link;
    Relay *relay;
    int64_t opened_at; /* monotonic */
    guint token;       /* which one it logged in with */
    guint taken;       /* mails given to it */
    guint accepted;    /* mails the relay took on it */
    bool stands;       /* it was seen open */
    bool retired;      /* gets no more */
    bool dropped;      /* it broke without a word */
} Line;

typedef struct RelayPool RelayPool;

/** Copies what it needs of the settings. */
RelayPool *relay_pool_new(const Settings *settings, LinkHub *hub);
void relay_pool_free(RelayPool *pool); /* NULL is fine; drops every line */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RelayPool, relay_pool_free)

/** From now on these relays. Open lines finish their mails and close. */
void relay_pool_reload(RelayPool *pool, const Settings *settings);

guint relay_pool_count(const RelayPool *pool);
Line *relay_pool_line(RelayPool *pool, guint index);

/** Opens more lines where that would help: to that relay ("": to each) if it works, doubling from one up to its limit.
 * One that was left alone gets a single line as a probe. now: monotonic. */
void relay_pool_grow(RelayPool *pool, const char *relay, int64_t now);

/** Opens a line, whether there is a mail for it or not, to each relay to which none could be made and whose pause is
 * over: what is told of it must end when its reason does. */
void relay_pool_probe(RelayPool *pool, int64_t now);

/** True when a relay works, or is due for a probe. */
bool relay_pool_works(const RelayPool *pool, int64_t now);

/** True when another relay works, and has accepted a mail since it last failed. */
bool relay_pool_accepts_elsewhere(const RelayPool *pool, const Relay *relay, int64_t now);

/** How many mails the lines may be given now, each relay keeping to its share of those that may go by any. Clears rooms
 * first. */
void relay_pool_rooms(RelayPool *pool, int64_t now, Rooms *rooms);

/** How many of these this line may be given: of those that may go by any, or of those bound to its relay. */
guint line_room(const Line *line, bool bound);

/** The same, after a look whether the line still stands: one that was idle may have been left without our noticing. */
guint line_look(Line *line, bool bound, int64_t now);

/** The line of that relay that can take most of what is bound to it, looked at; NULL: none can take any. */
Line *relay_pool_line_to(RelayPool *pool, const char *relay, int64_t now);

/** It was given one. */
void line_take(Line *line, bool bound, int64_t now);

/** The line could not be made: its relay failed, unless only an access token has expired. */
void line_not_made(Line *line, const Attempt *attempt, int64_t now);

/** Says good-bye on lines that were quiet for long, are old, have carried enough, or are retired; forgets those that
 * have ended. A line that now stands brings back a relay to which none could be made. The mails of a line must have
 * been taken back before. */
void relay_pool_tend(RelayPool *pool, int64_t now);

/** The line gets no more mails and closes. All: the same for each. */
void line_retire(Line *line);
void relay_pool_retire_all(RelayPool *pool);

const char *relay_name(const Relay *relay);

/** The relay, or our standing with it, failed: it is left alone for a growing pause. Returns its length in
 * microseconds. Many lines that fail at once count once. */
int64_t relay_failed(Relay *relay, const Attempt *attempt, int64_t now);

/** True when it has accepted a mail since it last failed. */
bool relay_is_trusted(const Relay *relay);

/** Its line broke, or it answered 421, at something that belongs to one mail. Some mails end every line, and their
 *  lines say nothing of the relay; those of three different mails in a row count as a failure. Returns the length of
 *  the pause, 0 without one. whom: names the mail. */
int64_t relay_left(Relay *relay, const Attempt *attempt, int64_t whom, int64_t now);

/** It objected, at one mail, to what it or we are. Some mails are objected to each time, and some providers object to
 *  us; ten different mails in a row, not all of one provider, count as a failure. Staff are told of the first already,
 *  while it is not trusted. *ret_pause_us as above. */
Blame relay_objected(Relay *relay, const Attempt *attempt, Suspect suspect, int64_t now, int64_t *ret_pause_us);

/** The relay accepted a mail: it works. */
void relay_accepted(Relay *relay);

/** It refused a mail, for good or for now (then never BLAME_MAIL). It works, too, unless it refuses all of them; staff
 *  are told then. others_accept: another relay takes mails, and can take this one. BLAME_ALL leaves the relay alone,
 *  unless mails were refused for now and no other takes them. */
Blame relay_refused(Relay *relay, const Attempt *attempt, Suspect suspect, bool others_accept, int64_t now);

/** True when a trouble has to be told or taken back. */
bool relay_pool_has_news(const RelayPool *pool);

/** Does so, inside the caller's transaction; relay_pool_told() after the commit. now: wall clock. */
bool relay_pool_tell(RelayPool *pool, Db *db, int64_t now, GError **error);
void relay_pool_told(RelayPool *pool);
