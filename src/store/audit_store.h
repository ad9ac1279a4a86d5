#pragma once
/* Who did what; rows are only ever added. Runs inside the caller's transaction. */
#include "store/db.h"

/** actor: a role ("send") or "cli:LOGIN"; action: "announcement.queue"; subject: "announcement 4". */
bool audit_add(Db *db, const char *actor, const char *action, const char *subject, const char *detail, int64_t now, GError **error);
