#pragma once
/* What carries announcements forward while the send role runs. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "store/db.h"

/** One step, to be called outside any transaction; opens short ones of its own, and only when there is something to
 * write. Starts what is due (announcements/departure.h), makes the next deliveries of what is
 * being sent (all of them together look at up to `limit` subscriptions), ends what has no open delivery left
 * (sending -> sent), pauses an invitation whose meeting has begun, and withdraws the open deliveries of what was
 * cancelled. ret_more: there is more to do at once, do not wait for the next turn. The ids (int64_t) of those that
 * came to their end are appended to ended, also before an error. DB_ERROR_BUSY: nothing is lost, the next turn goes
 * on. */
bool announcements_advance(Db *db, const Settings *settings, int64_t now, guint limit, bool *ret_more, GArray *ended,
                           GError **error);

/** As many steps as there is something to do, and none begins later than longest_us from now; at least one. Each is so
 * short that others get at the database in between. What the send role calls on each turn. */
bool announcements_advance_for(Db *db, const Settings *settings, int64_t now, int64_t longest_us, bool *ret_more,
                               GArray *ended, GError **error);
