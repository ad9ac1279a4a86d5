/* Rows of `delivery_event`. */
#include "store/delivery_event.h"

static char *words_of(const DeliveryNote *note)
{
    const char *detail = note->detail ? note->detail : "";
    const char *reply = note->attempt ? note->attempt->text : "";
    return g_strconcat(detail, *detail && *reply ? ": " : "", reply, NULL);
}

bool delivery_event_add(Db *db, const DeliveryKey *key, int64_t outbox_id, const DeliveryNote *note, int64_t now,
                        GError **error)
{
    g_autofree char *detail = words_of(note);
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_EVENT_ADD);
    db_bind_int64(query, "announcement_id", key ? key->announcement_id : 0);
    db_bind_int64(query, "subscriber_id", key ? key->subscriber_id : 0);
    db_bind_int64(query, "outbox_id", outbox_id);
    db_bind_int64(query, "at", now);
    db_bind_text(query, "kind", delivery_event_kind_word(note->kind));
    db_bind_text(query, "relay", note->relay ? note->relay : "");
    db_bind_text(query, "phase", note->attempt ? smtp_phase_word(note->attempt->phase) : "");
    db_bind_int64(query, "reply", note->attempt ? note->attempt->reply : 0);
    db_bind_text(query, "enhanced", note->attempt ? note->attempt->enhanced : "");
    db_bind_text(query, "detail", detail);
    return db_run(query, error);
}

bool delivery_event_may_have_arrived(Db *db, const DeliveryKey *key, bool *ret_may, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_EVENT_KNOWN);
    db_bind_int64(query, "announcement_id", key->announcement_id);
    db_bind_int64(query, "subscriber_id", key->subscriber_id);
    DbStep step = db_step(query, error);
    *ret_may = step == DB_ROW &&
               g_str_equal(db_text(query, "kind"), delivery_event_kind_word(DELIVERY_EVENT_UNCERTAIN));
    return step != DB_FAILED;
}
