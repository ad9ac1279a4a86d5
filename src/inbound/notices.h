#pragma once
/* What staff are told of mails that wait for them: complaints nobody has looked at, and mails that will be deleted
 * undecided. Each is a trouble row of the role, made anew from the rows whenever they change. */
#include "config/settings.h"
#include "store/db.h"

/** Sets or clears the rows, inside the caller's transaction. */
bool notices_refresh(Db *db, const RetentionSettings *retention, int64_t now, GError **error);

/** Says that mails which were to be deleted are only marked on the server, or (is_gone) no longer. A transaction of its
 * own. */
bool notices_deletion(Db *db, const char *mailbox, const char *folder, bool is_gone, int64_t now, GError **error);
