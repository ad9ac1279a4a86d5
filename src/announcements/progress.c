/* From scheduled to sent, a short step at a time. Reads first and begins a transaction only where something is to be written: an
 * idle sender never takes the write lock. What it decided on is looked at again inside the transaction. */
#include "announcements/progress.h"

/* rundbrief */
#include "store/announcement_store.h"
#include "store/delivery_store.h"

#define ACTOR "send"

static GArray *ids_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static int64_t id_at(const GArray *ids, guint index)
{
    return g_array_index(ids, int64_t, index);
}

/* ---- starting ------------------------------------------------------------------------------------------------------ */

static bool start(Db *db, int64_t id, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    if (!tx || !announcement_progress(db, id, &progress, error))
        return false;
    if (progress.state != ANNOUNCEMENT_SCHEDULED || progress.send_at > now) /* staff were faster */
        return true;
    return announcement_become(db, id, ANNOUNCEMENT_SENDING, ACTOR, now, error) && db_commit(&tx, error);
}

static bool start_due(Db *db, int64_t now, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_due(db, now, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!start(db, id_at(ids, i), now, error))
            return false;
    return true;
}

/* ---- sending ------------------------------------------------------------------------------------------------------- */

static bool expand(Db *db, int64_t id, guint limit, int64_t now, bool *ret_done, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    if (!tx || !announcement_progress(db, id, &progress, error))
        return false;
    *ret_done = true;
    if (progress.state != ANNOUNCEMENT_SENDING)
        return true;
    return announcement_expand(db, id, limit, now, ret_done, error) && db_commit(&tx, error);
}

static int64_t open_count(const int64_t counts[static DELIVERY_STATE_COUNT])
{
    int64_t open = 0;
    for (DeliveryState state = 0; state < DELIVERY_STATE_COUNT; state++)
        if (!delivery_is_final(state))
            open += counts[state];
    return open;
}

static bool has_open_deliveries(Db *db, int64_t id, bool *ret_open, GError **error)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    if (!delivery_counts(db, id, counts, error))
        return false;
    *ret_open = open_count(counts) > 0;
    return true;
}

static bool complete(Db *db, int64_t id, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    bool open;
    if (!tx || !announcement_progress(db, id, &progress, error) || !has_open_deliveries(db, id, &open, error))
        return false;
    if (progress.state != ANNOUNCEMENT_SENDING || !progress.expanded || open)
        return true;
    return announcement_become(db, id, ANNOUNCEMENT_SENT, ACTOR, now, error) && db_commit(&tx, error);
}

static bool carry_on(Db *db, int64_t id, guint limit, int64_t now, bool *ret_more, GError **error)
{
    AnnouncementProgress progress;
    bool open, done = true;
    if (!announcement_progress(db, id, &progress, error))
        return false;
    if (!progress.expanded) {
        if (!expand(db, id, limit, now, &done, error))
            return false;
        *ret_more |= !done;
    }
    if (!done)
        return true;
    return has_open_deliveries(db, id, &open, error) && (open || complete(db, id, now, error));
}

static bool carry_on_sending(Db *db, guint limit, int64_t now, bool *ret_more, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_sending(db, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!carry_on(db, id_at(ids, i), MAX(limit / ids->len, 1), now, ret_more, error))
            return false;
    return true;
}

/* ---- withdrawing --------------------------------------------------------------------------------------------------- */

static bool withdraw_chunk(Db *db, int64_t id, guint limit, int64_t now, GError **error)
{
    const DeliveryNote note = {
        .kind = DELIVERY_EVENT_CANCELLED, .relay = "", .detail = "the announcement was cancelled"};
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    g_autoptr(GArray) subscribers = ids_new();
    if (!tx || !announcement_withdraw_next(db, id, limit, subscribers, error))
        return false;
    for (guint i = 0; i < subscribers->len; i++) {
        const DeliveryKey key = {.announcement_id = id, .subscriber_id = id_at(subscribers, i)};
        if (!delivery_become(db, key, DELIVERY_CANCELLED, now, &note, now, error))
            return false;
    }
    return db_commit(&tx, error);
}

static bool finish(Db *db, int64_t id, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && announcement_finish(db, id, now, error) && db_commit(&tx, error);
}

/* A leased one comes to its end by itself; deferred by then, it is withdrawn on a later turn. */
static bool withdraw(Db *db, int64_t id, guint limit, int64_t now, bool *ret_more, GError **error)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    if (!delivery_counts(db, id, counts, error))
        return false;
    if (open_count(counts) == 0)
        return finish(db, id, now, error);
    if (counts[DELIVERY_PENDING] + counts[DELIVERY_DEFERRED] == 0)
        return true;
    *ret_more = true;
    return withdraw_chunk(db, id, limit, now, error);
}

static bool withdraw_cancelled(Db *db, guint limit, int64_t now, bool *ret_more, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_withdrawing(db, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!withdraw(db, id_at(ids, i), MAX(limit / ids->len, 1), now, ret_more, error))
            return false;
    return true;
}

bool announcements_advance(Db *db, int64_t now, guint limit, bool *ret_more, GError **error)
{
    *ret_more = false;
    return start_due(db, now, error) && carry_on_sending(db, limit, now, ret_more, error) &&
           withdraw_cancelled(db, limit, now, ret_more, error);
}
