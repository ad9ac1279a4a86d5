#pragma once
/* Announcements with variants, media, lists and meeting. Writers run inside the caller's transaction. */
#include "model/announcement.h"
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

/** 0: as soon as it is queued. Only before sending begins. */
bool announcement_set_send_at(Db *db, int64_t id, int64_t send_at, GError **error);

/** Ids (int64_t) of scheduled announcements whose time has come, of those being sent, and of those cancelled that still
 * have deliveries to withdraw. Appended to ret_ids, oldest first. */
bool announcement_due(Db *db, int64_t now, GArray *ret_ids, GError **error);
bool announcement_sending(Db *db, GArray *ret_ids, GError **error);
bool announcement_withdrawing(Db *db, GArray *ret_ids, GError **error);

/** Where an announcement stands. */
typedef struct AnnouncementProgress {
    AnnouncementState state;
    int64_t send_at; /* 0: as soon as it is queued */
    int64_t created_at;
    int64_t started_at;  /* 0: not yet */
    int64_t finished_at; /* 0: not yet */
    bool expanded;       /* every subscriber has been looked at */
} AnnouncementProgress;

/** ANNOUNCEMENT_STORE_ERROR_MISSING when there is none. */
bool announcement_progress(Db *db, int64_t id, AnnouncementProgress *ret, GError **error);

/** Makes deliveries for the next subscribers (active on any of its lists, not suppressed) in order of their id, looking
 * at up to `limit` subscriptions; repeatable, at most one delivery each (invariant 1). One INSERT … SELECT: memory
 * stays flat. ret_done: everybody has been looked at. */
bool announcement_expand(Db *db, int64_t id, guint limit, int64_t now, bool *ret_done, GError **error);

/** The next subscribers (int64_t, ascending) of a cancelled announcement whose delivery is pending or deferred, up to
 * limit; the call after that goes on behind them, and from the start again once none was found. */
bool announcement_withdraw_next(Db *db, int64_t id, guint limit, GArray *ret_subscriber_ids, GError **error);
