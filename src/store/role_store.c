/* The roles' heartbeats and the list of what is wrong right now. Judges nothing: who reads decides how old a beat may
 * be. */
#include "store/role_store.h"

bool role_beat(Db *db, const char *role, int64_t pid, int64_t started_at, const char *summary, int64_t now,
               GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ROLE_BEAT);
    db_bind_text(query, "name", role);
    db_bind_int64(query, "pid", pid);
    db_bind_int64(query, "started_at", started_at);
    db_bind_text(query, "summary", summary);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}

bool role_heard(Db *db, const char *role, int64_t *ret_at, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ROLE_HEARD);
    db_bind_text(query, "name", role);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_at = db_int64(query, "at");
    return true;
}

bool trouble_set(Db *db, const char *subject, const char *role, const char *text, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_SET);
    db_bind_text(query, "subject", subject);
    db_bind_text(query, "role", role);
    db_bind_text(query, "text", text);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}

bool trouble_left_alone(Db *db, const char *subject, int64_t until, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_LEFT_ALONE);
    db_bind_text(query, "subject", subject);
    db_bind_int64(query, "until", until);
    return db_run(query, error);
}

bool trouble_clear(Db *db, const char *subject, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_CLEAR);
    db_bind_text(query, "subject", subject);
    return db_run(query, error);
}

char *trouble_of_office(const char *list)
{
    return g_strconcat("office of list ", list, NULL);
}

bool trouble_forget(Db *db, const char *role, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_FORGET);
    db_bind_text(query, "role", role);
    return db_run(query, error);
}

static void role_state_free(gpointer data)
{
    RoleState *role = data;
    g_free(role->name);
    g_free(role->summary);
    g_free(role);
}

GPtrArray *role_all(Db *db, GError **error)
{
    g_autoptr(GPtrArray) roles = g_ptr_array_new_with_free_func(role_state_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_ROLE_ALL);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        RoleState *role = g_new0(RoleState, 1);
        role->name = g_strdup(db_text(query, "name"));
        role->pid = db_int64(query, "pid");
        role->started_at = db_int64(query, "started_at");
        role->beat_at = db_int64(query, "beat_at");
        role->summary = g_strdup(db_text(query, "summary"));
        g_ptr_array_add(roles, role);
    }
    return step == DB_DONE ? g_steal_pointer(&roles) : NULL;
}

static void trouble_free(gpointer data)
{
    Trouble *trouble = data;
    g_free(trouble->subject);
    g_free(trouble->role);
    g_free(trouble->text);
    g_free(trouble);
}

GPtrArray *trouble_all(Db *db, GError **error)
{
    g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(trouble_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_ALL);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        Trouble *trouble = g_new0(Trouble, 1);
        trouble->subject = g_strdup(db_text(query, "subject"));
        trouble->role = g_strdup(db_text(query, "role"));
        trouble->since = db_int64(query, "since");
        trouble->until = db_int64(query, "until");
        trouble->text = g_strdup(db_text(query, "text"));
        g_ptr_array_add(troubles, trouble);
    }
    return step == DB_DONE ? g_steal_pointer(&troubles) : NULL;
}
