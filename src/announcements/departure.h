#pragma once
/* What happens when the time of an announcement has come: it is too late, it is held, or it goes out; and when it was
 * interrupted for too long.
 *
 * A send starts held. From its time on it waits as long as the most careful of its lists says (an urgent one does
 * not), while a first copy goes to the office of each list, so that whoever sees a mistake can still stop it. Hold
 * and first copies are written in one transaction: however often the daemon is killed, an office gets one. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "store/db.h"

/** For a scheduled announcement that is due. Pauses it with a reason when it is later than sending.late_hours or its
 * meeting has begun; else begins its hold; else it is `sending`. Opens a transaction of its own. What staff did
 * meanwhile is no error. */
bool announcement_depart(Db *db, const Settings *settings, int64_t id, int64_t now, GError **error);

/** For what was being sent when the sender ended, as one starts: pauses all of it with a reason when that is longer ago
 * than sending.late_hours. Opens a transaction of its own. */
bool announcements_return(Db *db, const Settings *settings, int64_t now, GError **error);

/** For an invitation being sent whose meeting has begun: pauses it with a reason. */
bool announcement_end_invitation(Db *db, const Settings *settings, int64_t id, int64_t now, GError **error);
