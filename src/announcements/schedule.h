#pragma once
/* When an announcement goes out, and how staff hold it or let it go. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/announcement_store.h"

#define SCHEDULE_ERROR (schedule_error_quark())
GQuark schedule_error_quark(void);
enum {
    SCHEDULE_ERROR_PAST,    /* the time has passed */
    SCHEDULE_ERROR_MEETING, /* the meeting would have begun */
    SCHEDULE_ERROR_HELD,    /* it is not held */
};

/** When it goes out: at once, at the time wished for (0: none), at the one in its manuscript, or else now. zone: for
 * the sentence. Pure. */
bool schedule_decide(const Announcement *announcement, int64_t wished_at, bool at_once, int64_t now, const char *zone,
                     int64_t *ret_at, GError **error);

/** Each opens a transaction of its own and writes the audit row in actor's name; each fails with
 * ANNOUNCEMENT_STORE_ERROR when the announcement's state does not allow it. A scheduled one may be queued again for
 * another time; a paused one goes on where it stood, and when it had not begun its hold begins anew. An invitation
 * whose meeting has begun does not go on. */
bool schedule_queue(Db *db, int64_t id, int64_t at, bool urgent, const char *actor, int64_t now, GError **error);
bool schedule_pause(Db *db, int64_t id, const char *actor, int64_t now, GError **error);
bool schedule_resume(Db *db, int64_t id, const char *actor, int64_t now, GError **error);

/** Whether an invitation still makes sense: SCHEDULE_ERROR_MEETING once its meeting has begun. Pure. */
bool schedule_invites(int64_t id, const AnnouncementProgress *progress, int64_t now, GError **error);

/** Lets an announcement that is held go at once. */
bool schedule_go(Db *db, int64_t id, const char *actor, int64_t now, GError **error);

/** Pauses it because of a reason that staff must know: a sentence, told as a trouble until they resume or cancel it.
 * Runs inside the caller's transaction. */
bool schedule_stop(Db *db, int64_t id, const char *reason, const char *actor, int64_t now, GError **error);

/** What there was of an announcement when it was cancelled. */
typedef struct Cancellation {
    int64_t sent;      /* or uncertain: cannot be called back */
    int64_t under_way; /* their text is on the line, and may still arrive */
    int64_t withdrawn;
} Cancellation;

/** The open deliveries are withdrawn by the send role. */
bool schedule_cancel(Db *db, int64_t id, const char *actor, int64_t now, Cancellation *ret, GError **error);
