#pragma once
/* Announcements with variants, media, lists and meeting. Writers run inside the caller's transaction. */
#include "model/announcement.h"
#include "model/subscriber.h"
#include "store/db.h"

#define ANNOUNCEMENT_STORE_ERROR (announcement_store_error_quark())
GQuark announcement_store_error_quark(void);
enum {
    ANNOUNCEMENT_STORE_ERROR_MISSING, /* no announcement of that number */
    ANNOUNCEMENT_STORE_ERROR_LIST,    /* no list of that name */
    ANNOUNCEMENT_STORE_ERROR_MOVE,    /* its state does not allow that */
};

/** Stores a new draft; fills announcement->id and those of its media.
 * Unknown list slugs are an error that names them. */
bool announcement_insert(Db *db, Announcement *announcement, int64_t now, GError **error);

/** Whole record; *ret is NULL when there is none, and on failure. Caller frees it. */
bool announcement_load(Db *db, int64_t id, Announcement **ret, GError **error);

/** Its kind alone; ANNOUNCEMENT_STORE_ERROR_MISSING when there is none. */
bool announcement_kind(Db *db, int64_t id, AnnouncementKind *ret_kind, GError **error);

/** The only way to change an announcement's state: checks the legal moves and writes the audit row in actor's name
 * ("send", "cli:LOGIN"). An announcement that becomes SENT has finished; one that is CANCELLED has not before
 * announcement_finish(). */
bool announcement_become(Db *db, int64_t id, AnnouncementState to, const char *actor, int64_t now, GError **error);

/** Notes that the last delivery of a cancelled announcement has come to its end. */
bool announcement_finish(Db *db, int64_t id, int64_t now, GError **error);

/** 0: as soon as it is queued. Only before sending begins; it will be held anew. */
bool announcement_set_send_at(Db *db, int64_t id, int64_t send_at, GError **error);

/** Whether it is held before it goes out. */
bool announcement_set_urgent(Db *db, int64_t id, bool urgent, GError **error);

/** How long it is held: as long as the most careful of its lists says; 0 when it is urgent. */
bool announcement_hold_seconds(Db *db, int64_t id, int64_t *ret_seconds, GError **error);

/** It begins at `until`, unless staff stop it before. */
bool announcement_hold_until(Db *db, int64_t id, int64_t until, GError **error);

/** Whom the first copies go to: an office of a list, each address once, with the list's id and language. Appends
 * Recipient to ret_offices, which frees them. */
bool announcement_offices(Db *db, int64_t id, GPtrArray *ret_offices, GError **error);

/** Why the daemon itself paused it, as a sentence; goes with the next move. *ret is "" when nobody but staff did;
 * caller frees. */
bool announcement_set_pause_reason(Db *db, int64_t id, const char *reason, GError **error);
bool announcement_pause_reason(Db *db, int64_t id, char **ret, GError **error);

/** Ids (int64_t) of scheduled announcements whose time has come and whose hold is over, of those being sent, and of
 * those cancelled that still have deliveries to withdraw. Appended to ret_ids, oldest first. */
bool announcement_due(Db *db, int64_t now, GArray *ret_ids, GError **error);
bool announcement_sending(Db *db, GArray *ret_ids, GError **error);
bool announcement_withdrawing(Db *db, GArray *ret_ids, GError **error);

/** How an announcement that is being sent goes beside others; one for each relay by which its lists go. */
typedef struct AnnouncementLane {
    int64_t id;
    AnnouncementKind kind;
    bool urgent;
    int64_t weight;          /* at least 1 */
    int64_t list_id;         /* of its lists the slowest, whose rate it shares with others; 0: no limit */
    int64_t rate_per_minute; /* of that list */
    const char *relay;       /* "": any; interned */
    bool is_divided;         /* others of its lists go by another */
} AnnouncementLane;

/** AnnouncementLane of all that are being sent, oldest first, appended to ret_lanes. */
bool announcement_lanes(Db *db, GArray *ret_lanes, GError **error);

/** Where an announcement stands. */
typedef struct AnnouncementProgress {
    AnnouncementState state;
    int64_t send_at; /* 0: as soon as it is queued */
    int64_t created_at;
    int64_t started_at;  /* 0: not yet */
    int64_t finished_at; /* 0: not yet */
    bool expanded;       /* every subscriber has been looked at */
    int64_t held_until;  /* 0: it was not held yet; else, while it is scheduled, the end of the countdown */
    int64_t meeting_at;  /* when its meeting begins; 0: it has none */
} AnnouncementProgress;

/** ANNOUNCEMENT_STORE_ERROR_MISSING when there is none. */
bool announcement_progress(Db *db, int64_t id, AnnouncementProgress *ret, GError **error);

/** Makes deliveries for the next subscribers (active on any of its lists, not suppressed) in order of their id,
 * looking at up to `limit` subscriptions; repeatable, at most one delivery each (invariant 1). One INSERT … SELECT:
 * memory stays flat. ret_done: everybody has been looked at. */
bool announcement_expand(Db *db, int64_t id, guint limit, int64_t now, bool *ret_done, GError **error);

/** The next subscribers (int64_t, ascending) of a cancelled announcement whose delivery is pending or deferred, up to
 * limit; the call after that goes on behind them, and from the start again once none was found. */
bool announcement_withdraw_next(Db *db, int64_t id, guint limit, GArray *ret_subscriber_ids, GError **error);
