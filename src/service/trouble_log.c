/* Remembers the subjects and texts that were told. */
#include "service/trouble_log.h"

/* rundbrief */
#include "base/log.h"
#include "store/role_store.h"

struct TroubleLog {
    char *role;
    GHashTable *told; /* subject -> text */
};

TroubleLog *trouble_log_new(const char *role)
{
    TroubleLog *log = g_new0(TroubleLog, 1);
    log->role = g_strdup(role);
    log->told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return log;
}

void trouble_log_free(TroubleLog *log)
{
    if (!log)
        return;
    g_hash_table_unref(log->told);
    g_free(log->role);
    g_free(log);
}

static void say_over(TroubleLog *log, GHashTable *now)
{
    GHashTableIter iterator;
    gpointer subject;
    g_hash_table_iter_init(&iterator, log->told);
    while (g_hash_table_iter_next(&iterator, &subject, NULL))
        if (!g_hash_table_contains(now, subject))
            log_event(LOG_LEVEL_INFO, "trouble_over", LOG_FIELDS(LOG_TEXT("subject", subject)), "All is well again: %s",
                      (const char *)subject);
}

bool trouble_log_look(TroubleLog *log, Db *db, GError **error)
{
    g_autoptr(GPtrArray) troubles = trouble_all(db, error);
    if (!troubles)
        return false;
    GHashTable *now = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < troubles->len; i++) {
        const Trouble *trouble = troubles->pdata[i];
        if (!g_str_equal(trouble->role, log->role))
            continue;
        if (g_strcmp0(g_hash_table_lookup(log->told, trouble->subject), trouble->text) != 0)
            log_event(LOG_LEVEL_WARNING, "trouble", LOG_FIELDS(LOG_TEXT("subject", trouble->subject)), "%s: %s",
                      trouble->subject, trouble->text);
        g_hash_table_insert(now, g_strdup(trouble->subject), g_strdup(trouble->text));
    }
    say_over(log, now);
    g_hash_table_unref(log->told);
    log->told = now;
    return true;
}
