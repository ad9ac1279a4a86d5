/* Rows of `outbox`. outbox_become() and outbox_release() are the only code that writes outbox.state. */
#include "store/outbox_store.h"

/* rundbrief */
#include "store/delivery_store.h"

void outbox_mail_free(OutboxMail *mail)
{
    if (!mail)
        return;
    g_free(mail->template);
    g_free(mail->data);
    recipient_clear(&mail->recipient);
    g_free(mail);
}

bool outbox_add(Db *db, const char *template, const Recipient *recipient, const char *data, int priority, int64_t now,
                int64_t *ret_id, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_ADD);
    db_bind_text(query, "template", template);
    db_bind_text(query, "language", recipient->language ? recipient->language : "");
    db_bind_int64(query, "subscriber_id", recipient->subscriber_id);
    db_bind_int64(query, "list_id", recipient->list_id);
    db_bind_text(query, "address", recipient->address);
    db_bind_text(query, "name", recipient->name ? recipient->name : "");
    db_bind_text(query, "data", data);
    db_bind_int64(query, "priority", priority);
    db_bind_int64(query, "now", now);
    if (db_step(query, error) != DB_ROW)
        return false;
    if (ret_id)
        *ret_id = db_int64(query, "id");
    return true;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

static bool check_move(int64_t id, DeliveryState from, DeliveryState to, GError **error)
{
    if (delivery_may_become(from, to))
        return true;
    g_set_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MOVE,
                "single mail %" G_GINT64_FORMAT " is %s and cannot become %s", id, delivery_state_word(from),
                delivery_state_word(to));
    return false;
}

bool outbox_state(Db *db, int64_t id, DeliveryState *ret_state, bool *ret_found, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_RECORD);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW;
    if (*ret_found)
        *ret_state = (DeliveryState)db_int64(query, "state");
    return step != DB_FAILED;
}

static bool read_state(Db *db, int64_t id, DeliveryState *ret_state, GError **error)
{
    bool found;
    if (!outbox_state(db, id, ret_state, &found, error))
        return false;
    if (!found)
        g_set_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MISSING,
                    "there is no single mail %" G_GINT64_FORMAT, id);
    return found;
}

static bool move(Db *db, int64_t id, DeliveryState to, int64_t at, int tries, const DeliveryNote *note, int64_t now,
                 GError **error)
{
    DeliveryState from;
    if (!read_state(db, id, &from, error) || !check_move(id, from, to, error))
        return false;
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_MOVE);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "from", from);
    db_bind_int64(query, "to", to);
    db_bind_int64(query, "at", at);
    db_bind_int64(query, "tries", tries);
    return db_run(query, error) && (!note || delivery_event_add(db, NULL, id, note, now, error));
}

bool outbox_become(Db *db, int64_t id, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now,
                   GError **error)
{
    return move(db, id, to, at, to == DELIVERY_LEASED ? 1 : 0, note, now, error);
}

bool outbox_release(Db *db, int64_t id, int64_t at, const DeliveryNote *note, int64_t now, GError **error)
{
    return move(db, id, DELIVERY_DEFERRED, at, -1, note, now, error);
}

bool outbox_start_over(Db *db, int64_t id, const char *detail, int64_t now, GError **error)
{
    const DeliveryNote note = {.kind = DELIVERY_EVENT_RESENT, .detail = detail};
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_START_OVER);
    db_bind_int64(query, "id", id);
    return outbox_become(db, id, DELIVERY_DEFERRED, now, &note, now, error) && db_run(query, error);
}

bool outbox_may_begin(Db *db, int64_t id, bool *ret_may, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_STANDING);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret_may = step == DB_ROW;
    return step != DB_FAILED;
}

bool outbox_begin(Db *db, int64_t id, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_BEGIN);
    db_bind_int64(query, "id", id);
    return db_run(query, error);
}

/* ---- leasing ----------------------------------------------------------------------------------------------------- */

typedef struct Candidate {
    OutboxMail *mail;
    const char *hindrance; /* NULL: none */
} Candidate;

static void candidate_clear(gpointer data)
{
    outbox_mail_free(((Candidate *)data)->mail);
}

static const char *hindrance_of(const DbQuery *query)
{
    if (db_int64(query, "suppressed") > 0)
        return "the address is suppressed";
    return db_int64(query, "cancelled") > 0 ? "the announcement was cancelled" : NULL;
}

static Candidate read_candidate(const DbQuery *query)
{
    OutboxMail *mail = g_new0(OutboxMail, 1);
    mail->id = db_int64(query, "id");
    mail->template = g_strdup(db_text(query, "template"));
    mail->data = g_strdup(db_text(query, "data"));
    mail->attempts = (int)db_int64(query, "attempts") + 1;
    mail->recipient = (Recipient){
        .subscriber_id = db_int64(query, "subscriber_id"),
        .list_id = db_int64(query, "list_id"),
        .address = g_strdup(db_text(query, "address")),
        .name = g_strdup(db_text(query, "name")),
        .language = g_strdup(db_text(query, "language")),
        .wants_text = g_strcmp0(db_text(query, "format"), "text") == 0,
    };
    return (Candidate){mail, hindrance_of(query)};
}

static bool read_candidates(Db *db, const char *relay, guint limit, int64_t now, GArray *candidates, GError **error)
{
    DbStep step;
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_NEXT);
    db_bind_text(query, "relay", relay);
    db_bind_int64(query, "now", now);
    db_bind_int64(query, "limit", limit);
    while ((step = db_step(query, error)) == DB_ROW) {
        Candidate candidate = read_candidate(query);
        g_array_append_val(candidates, candidate);
    }
    return step == DB_DONE;
}

static bool take(Db *db, Candidate *candidate, int64_t now, int64_t until, GPtrArray *leased, GError **error)
{
    int64_t id = candidate->mail->id;
    if (candidate->hindrance) {
        const DeliveryNote note = {.kind = DELIVERY_EVENT_CANCELLED, .detail = candidate->hindrance};
        return outbox_become(db, id, DELIVERY_CANCELLED, now, &note, now, error);
    }
    if (!outbox_become(db, id, DELIVERY_LEASED, until, NULL, now, error))
        return false;
    g_ptr_array_add(leased, g_steal_pointer(&candidate->mail));
    return true;
}

bool outbox_lease(Db *db, const char *relay, guint limit, int64_t now, int64_t until, GPtrArray *leased, GError **error)
{
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_array_set_clear_func(candidates, candidate_clear);
    if (!read_candidates(db, relay, limit, now, candidates, error))
        return false;
    for (guint i = 0; i < candidates->len; i++)
        if (!take(db, &g_array_index(candidates, Candidate, i), now, until, leased, error))
            return false;
    return true;
}

bool outbox_has_work(Db *db, const char *relay, int64_t now, bool *ret_work, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_WAITS);
    db_bind_text(query, "relay", relay);
    db_bind_int64(query, "now", now);
    DbStep step = db_step(query, error);
    *ret_work = step == DB_ROW;
    return step != DB_FAILED;
}

bool outbox_is_open(Db *db, bool *ret_open, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_OPEN);
    DbStep step = db_step(query, error);
    *ret_open = step == DB_ROW;
    return step != DB_FAILED;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static void outbox_doubt_free(gpointer data)
{
    OutboxDoubt *doubt = data;
    g_free(doubt->template);
    g_free(doubt->address);
    g_free(doubt);
}

GPtrArray *outbox_uncertain(Db *db, int64_t id, GError **error)
{
    DbStep step;
    g_autoptr(GPtrArray) doubts = g_ptr_array_new_with_free_func(outbox_doubt_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_UNCERTAIN);
    db_bind_int64(query, "id", id);
    while ((step = db_step(query, error)) == DB_ROW) {
        OutboxDoubt *doubt = g_new0(OutboxDoubt, 1);
        doubt->id = db_int64(query, "id");
        doubt->template = g_strdup(db_text(query, "template"));
        doubt->address = g_strdup(db_text(query, "address"));
        doubt->at = db_int64(query, "at");
        g_ptr_array_add(doubts, doubt);
    }
    return step == DB_DONE ? g_steal_pointer(&doubts) : NULL;
}

void outbox_office_clear(OutboxOffice *office)
{
    g_clear_pointer(&office->list, g_free);
    g_clear_pointer(&office->address, g_free);
}

bool outbox_office(Db *db, int64_t id, OutboxOffice *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_OFFICE);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        *ret = (OutboxOffice){g_strdup(db_text(query, "slug")), g_strdup(db_text(query, "address"))};
    return step != DB_FAILED;
}

bool outbox_subscriber(Db *db, int64_t outbox_id, int64_t *ret_subscriber_id, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_SUBSCRIBER);
    db_bind_int64(query, "id", outbox_id);
    DbStep step = db_step(query, error);
    *ret_subscriber_id = step == DB_ROW ? db_int64(query, "subscriber_id") : 0;
    return step != DB_FAILED;
}

bool outbox_last_words(Db *db, int64_t id, char **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_LAST_EVENT);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret = NULL;
    if (step == DB_FAILED)
        return false;
    if (step == DB_DONE)
        return true;
    const char *relay = db_text(query, "relay");
    g_autofree char *said = attempt_said((int)db_int64(query, "reply"), db_text(query, "enhanced"),
                                         db_text(query, "detail"));
    *ret = relay[0] ? g_strdup_printf("relay %s: %s", relay, said) : g_steal_pointer(&said);
    return true;
}
