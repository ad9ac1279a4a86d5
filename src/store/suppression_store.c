/* Rows of `suppression` and `soft_bounce`: keyed hashes, no addresses. Who gets into them is for
 * subscribers/bounce_policy.c and for staff to say. */
#include "store/suppression_store.h"

static bool run_by_hash(Db *db, SqlStatement statement, const uint8_t hash[static ADDRESS_HASH_SIZE], GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, statement);
    db_bind_blob(query, "hash", hash, ADDRESS_HASH_SIZE);
    return db_run(query, error);
}

bool suppression_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], SuppressionReason reason,
                     const char *evidence, int64_t now, bool *ret_added, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUPPRESSION_ADD);
    db_bind_blob(query, "hash", hash, ADDRESS_HASH_SIZE);
    db_bind_text(query, "reason", suppression_reason_word(reason));
    db_bind_text(query, "evidence", evidence);
    db_bind_int64(query, "now", now);
    if (!db_run(query, error))
        return false;
    db_touch(db);
    if (ret_added)
        *ret_added = db_changes(db) > 0;
    return true;
}

bool suppression_remove(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], bool *ret_removed, GError **error)
{
    if (!run_by_hash(db, SQL_SUPPRESSION_REMOVE, hash, error))
        return false;
    if (ret_removed)
        *ret_removed = db_changes(db) > 0;
    return run_by_hash(db, SQL_SOFT_BOUNCE_FORGET, hash, error);
}

void suppression_clear(Suppression *suppression)
{
    g_clear_pointer(&suppression->evidence, g_free);
}

static void read_suppression(const DbQuery *query, Suppression *ret)
{
    suppression_reason_from_word(db_text(query, "reason"), &ret->reason);
    ret->at = db_int64(query, "at");
    ret->evidence = g_strdup(db_text(query, "evidence"));
}

bool suppression_find(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], Suppression *ret, bool *ret_found,
                      GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUPPRESSION_FIND);
    db_bind_blob(query, "hash", hash, ADDRESS_HASH_SIZE);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW;
    if (*ret_found)
        read_suppression(query, ret);
    return step != DB_FAILED;
}

bool suppression_count(Db *db, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUPPRESSION_COUNT);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}

static void free_row(gpointer data)
{
    SuppressionRow *row = data;
    suppression_clear(&row->suppression);
    g_free(row->address);
    g_free(row);
}

static SuppressionRow *read_row(const DbQuery *query)
{
    SuppressionRow *row = g_new0(SuppressionRow, 1);
    gsize size = 0;
    const void *hash = db_blob(query, "address_hash", &size);
    if (size == ADDRESS_HASH_SIZE)
        memcpy(row->hash, hash, size);
    read_suppression(query, &row->suppression);
    row->address = g_strdup(db_text(query, "address"));
    return row;
}

GPtrArray *suppression_page(Db *db, int64_t limit, int64_t offset, GError **error)
{
    g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(DbQuery) query = db_query(db, SQL_SUPPRESSION_PAGE);
    db_bind_int64(query, "limit", limit);
    db_bind_int64(query, "offset", offset);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(page, read_row(query));
    return step == DB_DONE ? g_steal_pointer(&page) : NULL;
}

bool soft_bounce_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], const SoftBounce *bounce, int64_t since_day,
                     GError **error)
{
    g_autoptr(DbQuery) add = db_query(db, SQL_SOFT_BOUNCE_ADD);
    db_bind_blob(add, "hash", hash, ADDRESS_HASH_SIZE);
    db_bind_int64(add, "day", bounce->day);
    db_bind_int64(add, "points", bounce->points);
    db_bind_int64(add, "inbox_id", bounce->inbox_id);
    if (!db_run(add, error))
        return false;
    g_autoptr(DbQuery) expire = db_query(db, SQL_SOFT_BOUNCE_EXPIRE);
    db_bind_blob(expire, "hash", hash, ADDRESS_HASH_SIZE);
    db_bind_int64(expire, "since_day", since_day);
    return db_run(expire, error);
}

bool soft_bounce_take_back(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t inbox_id, bool *ret_found,
                           GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SOFT_BOUNCE_TAKE_BACK);
    db_bind_blob(query, "hash", hash, ADDRESS_HASH_SIZE);
    db_bind_int64(query, "inbox_id", inbox_id);
    if (!db_run(query, error))
        return false;
    *ret_found = db_changes(db) > 0;
    return true;
}

GArray *soft_bounce_days(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t since_day, GError **error)
{
    g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(SoftBounce));
    g_autoptr(DbQuery) query = db_query(db, SQL_SOFT_BOUNCE_DAYS);
    db_bind_blob(query, "hash", hash, ADDRESS_HASH_SIZE);
    db_bind_int64(query, "since_day", since_day);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        SoftBounce bounce = {.day = db_int64(query, "day"), .points = db_int64(query, "points")};
        g_array_append_val(days, bounce);
    }
    return step == DB_DONE ? g_steal_pointer(&days) : NULL;
}
