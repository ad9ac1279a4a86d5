/* The book of what people and roles did. Writes it and reads it back; nothing changes or removes an entry. */
#include "store/audit_store.h"

bool audit_add(Db *db, const char *actor, const char *action, const char *subject, const char *detail, int64_t now,
               GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_AUDIT_ADD);
    db_bind_int64(query, "now", now);
    db_bind_text(query, "actor", actor);
    db_bind_text(query, "action", action);
    db_bind_text(query, "subject", subject);
    db_bind_text(query, "detail", detail ? detail : "");
    return db_run(query, error);
}

static void audit_entry_free(gpointer data)
{
    AuditEntry *entry = data;
    g_free(entry->actor);
    g_free(entry->action);
    g_free(entry->subject);
    g_free(entry->detail);
    g_free(entry);
}

GPtrArray *audit_latest(Db *db, guint limit, GError **error)
{
    g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(audit_entry_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_AUDIT_LATEST);
    db_bind_int64(query, "limit", limit);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        AuditEntry *entry = g_new0(AuditEntry, 1);
        entry->id = db_int64(query, "id");
        entry->at = db_int64(query, "at");
        entry->actor = g_strdup(db_text(query, "actor"));
        entry->action = g_strdup(db_text(query, "action"));
        entry->subject = g_strdup(db_text(query, "subject"));
        entry->detail = g_strdup(db_text(query, "detail"));
        g_ptr_array_add(entries, entry);
    }
    return step == DB_DONE ? g_steal_pointer(&entries) : NULL;
}
