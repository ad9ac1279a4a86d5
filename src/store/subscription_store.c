/* Rows of `subscription`. subscription_become() is the only code that writes their state. */
#include "store/subscription_store.h"

G_DEFINE_QUARK(rundbrief_subscription_error, subscription_error)

static bool write_state(Db *db, SqlStatement statement, int64_t list_id, int64_t subscriber_id, SubscriptionState to,
                        int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, statement);
    db_bind_int64(query, "list_id", list_id);
    db_bind_int64(query, "subscriber_id", subscriber_id);
    db_bind_text(query, "state", subscription_state_word(to));
    db_bind_int64(query, "now", now);
    db_touch(db);
    return db_run(query, error);
}

static bool read_state(Db *db, int64_t list_id, int64_t subscriber_id, SubscriptionState *ret_state, bool *ret_found,
                       GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIPTION_STATE);
    db_bind_int64(query, "list_id", list_id);
    db_bind_int64(query, "subscriber_id", subscriber_id);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW && subscription_state_from_word(db_text(query, "state"), ret_state);
    return step != DB_FAILED;
}

static bool refuse_move(const char *from, SubscriptionState to, GError **error)
{
    g_set_error(error, SUBSCRIPTION_ERROR, SUBSCRIPTION_ERROR_MOVE, "a subscription cannot go from %s to %s", from,
                subscription_state_word(to));
    return false;
}

bool subscription_become(Db *db, int64_t list_id, int64_t subscriber_id, SubscriptionState to, int64_t now,
                         bool *ret_changed, GError **error)
{
    SubscriptionState from;
    bool found;
    if (!read_state(db, list_id, subscriber_id, &from, &found, error))
        return false;
    bool changes = !found || from != to;
    if (!found && to != SUBSCRIPTION_PENDING && to != SUBSCRIPTION_ACTIVE)
        return refuse_move("nothing", to, error);
    if (found && changes && !subscription_may_become(from, to))
        return refuse_move(subscription_state_word(from), to, error);
    SqlStatement statement = found ? SQL_SUBSCRIPTION_UPDATE : SQL_SUBSCRIPTION_INSERT;
    if (changes && !write_state(db, statement, list_id, subscriber_id, to, now, error))
        return false;
    if (ret_changed)
        *ret_changed = changes;
    return true;
}

static Subscription *read_subscription(const DbQuery *query)
{
    Subscription *subscription = g_new0(Subscription, 1);
    subscription->list_id = db_int64(query, "list_id");
    subscription->slug = g_strdup(db_text(query, "slug"));
    subscription->title = g_strdup(db_text(query, "title"));
    legal_basis_from_word(db_text(query, "legal_basis"), &subscription->legal_basis);
    subscription_state_from_word(db_text(query, "state"), &subscription->state);
    subscription->since = db_int64(query, "since");
    return subscription;
}

static void free_subscription(gpointer data)
{
    Subscription *subscription = data;
    g_free(subscription->slug);
    g_free(subscription->title);
    g_free(subscription);
}

GPtrArray *subscription_all(Db *db, int64_t subscriber_id, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_subscription);
    g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIPTION_ALL);
    db_bind_int64(query, "subscriber_id", subscriber_id);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(all, read_subscription(query));
    return step == DB_DONE ? g_steal_pointer(&all) : NULL;
}
