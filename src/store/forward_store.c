/* Owns forward. */
#include "store/forward_store.h"

bool forward_add(Db *db, int64_t outbox_id, int64_t inbox_id, const char *bytes, gsize length, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FORWARD_ADD);
    db_bind_int64(query, "outbox_id", outbox_id);
    db_bind_int64(query, "inbox_id", inbox_id);
    db_bind_blob(query, "bytes", bytes, length);
    return db_run(query, error);
}

bool forward_load(Db *db, int64_t outbox_id, GBytes **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FORWARD_LOAD);
    db_bind_int64(query, "outbox_id", outbox_id);
    DbStep step = db_step(query, error);
    gsize length = 0;
    const void *bytes = step == DB_ROW ? db_blob(query, "bytes", &length) : NULL;
    *ret = bytes ? g_bytes_new(bytes, length) : NULL;
    return step != DB_FAILED;
}

static bool read_number(DbQuery *query, const char *column, int64_t *ret_number, GError **error)
{
    DbStep step = db_step(query, error);
    *ret_number = step == DB_ROW ? db_int64(query, column) : 0;
    return step != DB_FAILED;
}

bool forward_count(Db *db, int64_t list_id, int64_t since, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FORWARD_COUNT);
    db_bind_int64(query, "list_id", list_id);
    db_bind_int64(query, "since", since);
    return read_number(query, "n", ret_count, error);
}

bool forward_list_of(Db *db, int64_t announcement_id, int64_t *ret_list_id, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FORWARD_LIST_OF);
    db_bind_int64(query, "announcement_id", announcement_id);
    return read_number(query, "id", ret_list_id, error);
}

bool forward_count_finished(Db *db, const char *mailbox, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FORWARD_COUNT_FINISHED);
    db_bind_text(query, "mailbox", mailbox);
    return read_number(query, "n", ret_count, error);
}

bool forward_finish(Db *db, const char *mailbox, const char *tray_folder, int64_t *ret_failed, GError **error)
{
    g_autoptr(DbQuery) fail = db_query(db, SQL_FORWARD_FAIL);
    db_bind_text(fail, "mailbox", mailbox);
    db_bind_text(fail, "tray_folder", tray_folder);
    if (!db_run(fail, error))
        return false;
    *ret_failed = db_changes(db);
    g_autoptr(DbQuery) forget = db_query(db, SQL_FORWARD_FORGET);
    db_bind_text(forget, "mailbox", mailbox);
    return db_run(forget, error);
}
