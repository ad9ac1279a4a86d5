#pragma once
/* Who did what; rows are only ever added, the database refuses everything else. */
#include "store/db.h"

/** Runs inside the caller's transaction. actor: a role ("send") or "cli:LOGIN"; action: "announcement.queue"; subject:
 * "announcement 4"; detail may be NULL. */
bool audit_add(Db *db, const char *actor, const char *action, const char *subject, const char *detail, int64_t now,
               GError **error);

typedef struct AuditEntry {
    int64_t id;
    int64_t at;
    char *actor;
    char *action;
    char *subject;
    char *detail;
} AuditEntry;

/** The latest entries, newest first, at most limit; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *audit_latest(Db *db, guint limit, GError **error);
