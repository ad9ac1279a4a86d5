/* Reads the leases first, then ends them: a query must not meet the rows that it makes us change. */
#include "store/lease_store.h"

/* rundbrief */
#include "store/outbox_store.h"

typedef struct Lease {
    UncertainMail mail; /* if it was begun */
    bool begun;
} Lease;

static bool read_deliveries(Db *db, int64_t until, GArray *leases, GError **error)
{
    DbStep step;
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_LEASES);
    db_bind_int64(query, "until", until);
    while ((step = db_step(query, error)) == DB_ROW) {
        Lease lease = {.begun = db_int64(query, "begun") != 0};
        lease.mail.key = (DeliveryKey){db_int64(query, "announcement_id"), db_int64(query, "subscriber_id")};
        lease.mail.attempts = (int)db_int64(query, "attempts");
        g_array_append_val(leases, lease);
    }
    return step == DB_DONE;
}

static bool read_singles(Db *db, int64_t until, GArray *leases, GError **error)
{
    DbStep step;
    g_autoptr(DbQuery) query = db_query(db, SQL_OUTBOX_LEASES);
    db_bind_int64(query, "until", until);
    while ((step = db_step(query, error)) == DB_ROW) {
        Lease lease = {.begun = db_int64(query, "begun") != 0};
        lease.mail.outbox_id = db_int64(query, "id");
        lease.mail.attempts = (int)db_int64(query, "attempts");
        g_array_append_val(leases, lease);
    }
    return step == DB_DONE;
}

static bool doubt(Db *db, DeliveryTally *tally, const UncertainMail *mail, int64_t now, GError **error)
{
    const Attempt attempt = {.phase = SMTP_DOT, .line_lost = true};
    const DeliveryNote note = {.kind = DELIVERY_EVENT_UNCERTAIN,
                               .attempt = &attempt,
                               .detail = "the sender ended while the mail was under way"};
    return mail->outbox_id != 0 ? outbox_become(db, mail->outbox_id, DELIVERY_UNCERTAIN, now, &note, now, error)
                                : delivery_move(db, tally, mail->key, DELIVERY_UNCERTAIN, now, &note, now, error);
}

static bool release(Db *db, DeliveryTally *tally, const UncertainMail *mail, int64_t now, GError **error)
{
    return mail->outbox_id != 0 ? outbox_release(db, mail->outbox_id, now, NULL, now, error)
                                : delivery_release(db, tally, mail->key, now, NULL, now, error);
}

bool leases_expire(Db *db, DeliveryTally *tally, int64_t until, int64_t now, GArray *ret_uncertain, guint *ret_released,
                   GError **error)
{
    g_autoptr(GArray) leases = g_array_new(FALSE, FALSE, sizeof(Lease));
    if (!read_deliveries(db, until, leases, error) || !read_singles(db, until, leases, error))
        return false;
    *ret_released = 0;
    for (guint i = 0; i < leases->len; i++) {
        const Lease *lease = &g_array_index(leases, Lease, i);
        if (!(lease->begun ? doubt : release)(db, tally, &lease->mail, now, error))
            return false;
        if (lease->begun)
            g_array_append_val(ret_uncertain, lease->mail);
        else
            (*ret_released)++;
    }
    return true;
}
