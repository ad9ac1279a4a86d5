#pragma once
/* Announcements with variants, media, lists and meeting. Writers run inside the caller's transaction. */
#include "model/announcement.h"
#include "store/db.h"

/** Stores a new draft; fills announcement->id. Unknown list slugs are an error that names them. */
bool announcement_insert(Db *db, Announcement *announcement, int64_t now, GError **error);

/** Whole record; NULL without error when there is none. */
Announcement *announcement_load(Db *db, int64_t id, GError **error);

/** The only way to change an announcement's state; checks the legal moves. */
bool announcement_become(Db *db, int64_t id, AnnouncementState to, int64_t now, GError **error);

bool announcement_set_send_at(Db *db, int64_t id, int64_t send_at, GError **error);

/** Ids (int64_t) of scheduled announcements whose time has come, and of those being sent. */
bool announcement_due(Db *db, int64_t now, GArray *ret_ids, GError **error);
bool announcement_sending(Db *db, GArray *ret_ids, GError **error);

/** When the next scheduled one is due; 0: none. */
bool announcement_next_due(Db *db, int64_t *ret_at, GError **error);

/** Makes deliveries for up to limit more subscribers (active on any of its lists, not suppressed), in order of their id;
 *  repeatable, at most one delivery each (invariant 1). ret_done: everybody has been looked at. */
bool announcement_expand(Db *db, int64_t id, guint limit, int64_t now, bool *ret_done, GError **error);
