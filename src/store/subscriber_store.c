/* Rows of `subscriber`: the one table that holds people's addresses. Never decides who may be in it. */
#include "store/subscriber_store.h"

static Subscriber *read_subscriber(const DbQuery *query)
{
    Subscriber *subscriber = g_new0(Subscriber, 1);
    subscriber->id = db_int64(query, "id");
    subscriber->address = g_strdup(db_text(query, "address"));
    subscriber->address_key = g_strdup(db_text(query, "address_key"));
    gsize size = 0;
    const void *hash = db_blob(query, "address_hash", &size);
    if (size == ADDRESS_HASH_SIZE)
        memcpy(subscriber->address_hash, hash, size);
    subscriber->name = g_strdup(db_text(query, "name"));
    subscriber->language = g_strdup(db_text(query, "language"));
    subscriber->wants_text = g_str_equal(db_text(query, "format"), "text");
    subscriber->created_at = db_int64(query, "created_at");
    return subscriber;
}

bool subscriber_insert(Db *db, Subscriber *subscriber, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_INSERT);
    db_bind_text(query, "address", subscriber->address);
    db_bind_text(query, "key", subscriber->address_key);
    db_bind_blob(query, "hash", subscriber->address_hash, ADDRESS_HASH_SIZE);
    db_bind_text(query, "name", subscriber->name);
    db_bind_text(query, "language", subscriber->language);
    db_bind_text(query, "format", subscriber->wants_text ? "text" : "html");
    db_bind_int64(query, "now", subscriber->created_at);
    if (db_step(query, error) != DB_ROW)
        return false;
    subscriber->id = db_int64(query, "id");
    return true;
}

bool subscriber_load(Db *db, int64_t id, Subscriber **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_BY_ID);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? read_subscriber(query) : NULL;
    return step != DB_FAILED;
}

bool subscriber_by_key(Db *db, const char *address_key, Subscriber **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_BY_KEY);
    db_bind_text(query, "key", address_key);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? read_subscriber(query) : NULL;
    return step != DB_FAILED;
}

static bool run_by_id(Db *db, SqlStatement statement, int64_t id, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, statement);
    db_bind_int64(query, "id", id);
    return db_run(query, error);
}

bool subscriber_delete(Db *db, int64_t id, GError **error)
{
    db_touch(db);
    return run_by_id(db, SQL_SUBSCRIBER_FORGET_MAILS, id, error) && run_by_id(db, SQL_SUBSCRIBER_DELETE, id, error);
}

bool subscriber_standing(Db *db, int64_t list_id, const char *address_key, Standing *ret, GError **error)
{
    *ret = (Standing){0};
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_STANDING);
    db_bind_int64(query, "list_id", list_id);
    db_bind_text(query, "key", address_key);
    DbStep step = db_step(query, error);
    if (step == DB_ROW) {
        ret->subscriber_id = db_int64(query, "id");
        ret->has_state = subscription_state_from_word(db_text(query, "state"), &ret->state);
        ret->since = db_int64(query, "since");
    }
    return step != DB_FAILED;
}

static void bind_filter(DbQuery *query, const SubscriberFilter *filter)
{
    db_bind_int64(query, "list_id", filter->list_id);
    db_bind_text(query, "state", filter->has_state ? subscription_state_word(filter->state) : "");
}

static void free_subscriber(gpointer subscriber)
{
    subscriber_free(subscriber);
}

GPtrArray *subscriber_page(Db *db, const SubscriberFilter *filter, GError **error)
{
    g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func(free_subscriber);
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_PAGE);
    bind_filter(query, filter);
    db_bind_text(query, "after", filter->after_key ? filter->after_key : "");
    db_bind_int64(query, "limit", filter->limit);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(page, read_subscriber(query));
    return step == DB_DONE ? g_steal_pointer(&page) : NULL;
}

bool subscriber_count(Db *db, const SubscriberFilter *filter, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_COUNT);
    bind_filter(query, filter);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}
