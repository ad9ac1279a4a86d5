#pragma once
/* What each role does, and what is wrong, for `rundbrief status`. Writers run inside the caller's transaction. */
#include "store/db.h"

bool role_beat(Db *db, const char *role, int64_t pid, int64_t started_at, const char *summary, int64_t now, GError **error);

/** Tells or updates a trouble; `since` stays that of its first telling. The text says what is wrong and what to do. */
bool trouble_set(Db *db, const char *subject, const char *role, const char *text, int64_t now, GError **error);
bool trouble_clear(Db *db, const char *subject, GError **error);
