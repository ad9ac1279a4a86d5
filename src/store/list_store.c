/* Rows of `list`. Knows nothing of who may join one, or why. */
#include "store/list_store.h"

/* rundbrief */
#include "store/role_store.h"

static MailingList *read_list(const DbQuery *query)
{
    MailingList *list = g_new0(MailingList, 1);
    list->id = db_int64(query, "id");
    list->slug = g_strdup(db_text(query, "slug"));
    list->title = g_strdup(db_text(query, "title"));
    list->description = g_strdup(db_text(query, "description"));
    list->language = g_strdup(db_text(query, "language"));
    joining_rule_from_word(db_text(query, "joining"), &list->joining);
    legal_basis_from_word(db_text(query, "legal_basis"), &list->legal_basis);
    list->from_name = g_strdup(db_text(query, "from_name"));
    list->from_address = g_strdup(db_text(query, "from_address"));
    list->sender_address = g_strdup(db_text(query, "sender_address"));
    list->reply_to = g_strdup(db_text(query, "reply_to"));
    list->rate_per_minute = db_int64(query, "rate_per_minute");
    list->weight = db_int64(query, "weight");
    list->hold_seconds = db_int64(query, "hold_seconds");
    list->office_address = g_strdup(db_text(query, "office_address"));
    list->contact_address = g_strdup(db_text(query, "contact_address"));
    list->relay = g_strdup(db_text(query, "relay"));
    list->dkim = db_int64(query, "dkim") != 0;
    return list;
}

static const char *office_of(const MailingList *list)
{
    return list->office_address ? list->office_address : "";
}

static void bind_changeable(DbQuery *query, const MailingList *list)
{
    db_bind_text(query, "title", list->title);
    db_bind_text(query, "description", list->description);
    db_bind_text(query, "language", list->language);
    db_bind_text(query, "joining", joining_rule_word(list->joining));
    db_bind_text(query, "legal_basis", legal_basis_word(list->legal_basis));
    db_bind_text(query, "from_name", list->from_name);
    db_bind_text(query, "from_address", list->from_address);
    db_bind_text(query, "sender_address", list->sender_address);
    db_bind_text(query, "reply_to", list->reply_to);
    db_bind_int64(query, "rate_per_minute", list->rate_per_minute);
    db_bind_int64(query, "weight", list->weight);
    db_bind_int64(query, "hold_seconds", list->hold_seconds);
    db_bind_text(query, "office_address", office_of(list));
    db_bind_text(query, "contact_address", list->contact_address ? list->contact_address : "");
    db_bind_text(query, "relay", list->relay ? list->relay : "");
    db_bind_int64(query, "dkim", list->dkim);
}

bool list_insert(Db *db, MailingList *list, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_INSERT);
    db_bind_text(query, "slug", list->slug);
    bind_changeable(query, list);
    db_bind_int64(query, "now", now);
    if (db_step(query, error) != DB_ROW)
        return false;
    list->id = db_int64(query, "id");
    return true;
}

static bool end_trouble_of_office(Db *db, const MailingList *list, GError **error)
{
    g_autoptr(MailingList) before = NULL;
    if (!list_load(db, list->id, &before, error))
        return false;
    if (!before || g_str_equal(before->office_address, office_of(list)))
        return true;
    g_autofree char *subject = trouble_of_office(before->slug);
    return trouble_clear(db, subject, error);
}

bool list_update(Db *db, const MailingList *list, GError **error)
{
    if (!end_trouble_of_office(db, list, error))
        return false;
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_UPDATE);
    db_bind_int64(query, "id", list->id);
    bind_changeable(query, list);
    return db_run(query, error);
}

bool list_load(Db *db, int64_t id, MailingList **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_BY_ID);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? read_list(query) : NULL;
    return step != DB_FAILED;
}

bool list_by_slug(Db *db, const char *slug, MailingList **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_BY_SLUG);
    db_bind_text(query, "slug", slug);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? read_list(query) : NULL;
    return step != DB_FAILED;
}

static void free_list(gpointer list)
{
    mailing_list_free(list);
}

GPtrArray *list_all(Db *db, GError **error)
{
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(free_list);
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_ALL);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(lists, read_list(query));
    return step == DB_DONE ? g_steal_pointer(&lists) : NULL;
}

static void list_relay_free(gpointer data)
{
    ListRelay *list = data;
    g_free(list->slug);
    g_free(list->relay);
    g_free(list);
}

GPtrArray *list_relays(Db *db, GError **error)
{
    g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func(list_relay_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_RELAYS);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        ListRelay *list = g_new0(ListRelay, 1);
        *list = (ListRelay){db_int64(query, "id"), g_strdup(db_text(query, "slug")), g_strdup(db_text(query, "relay"))};
        g_ptr_array_add(lists, list);
    }
    return step == DB_DONE ? g_steal_pointer(&lists) : NULL;
}

bool list_counts(Db *db, int64_t list_id, int64_t ret_counts[static SUBSCRIPTION_STATE_COUNT], GError **error)
{
    int64_t counts[SUBSCRIPTION_STATE_COUNT] = {0};
    g_autoptr(DbQuery) query = db_query(db, SQL_LIST_COUNTS);
    db_bind_int64(query, "list_id", list_id);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        SubscriptionState state;
        if (subscription_state_from_word(db_text(query, "state"), &state))
            counts[state] = db_int64(query, "n");
    }
    if (step == DB_DONE)
        memcpy(ret_counts, counts, sizeof counts);
    return step == DB_DONE;
}
