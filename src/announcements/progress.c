/* From scheduled to sent, a short step at a time. Reads first and begins a transaction only where something is to be
 * written: an idle sender never takes the write lock. What it decided on is looked at again inside the transaction. */
#include "announcements/progress.h"

/* rundbrief */
#include "announcements/departure.h"
#include "base/clock.h"
#include "store/announcement_store.h"
#include "store/delivery_store.h"

#define ACTOR "send"
#define STEP  500 /* rows looked at: a millisecond or less */

/* One call of announcements_advance(). */
typedef struct Advance {
    Db *db;
    const Settings *settings;
    int64_t now;
    guint limit;
    bool *ret_more;
    GArray *ended;
} Advance;

static GArray *ids_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static int64_t id_at(const GArray *ids, guint index)
{
    return g_array_index(ids, int64_t, index);
}

/* ---- starting ---------------------------------------------------------------------------------------------------- */

static bool start_due(const Advance *a, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_due(a->db, a->now, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!announcement_depart(a->db, a->settings, id_at(ids, i), a->now, error))
            return false;
    return true;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

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

static bool complete(const Advance *a, int64_t id, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(a->db, error);
    AnnouncementProgress progress;
    bool open;
    if (!tx || !announcement_progress(a->db, id, &progress, error) || !has_open_deliveries(a->db, id, &open, error))
        return false;
    if (progress.state != ANNOUNCEMENT_SENDING || !progress.expanded || open)
        return true;
    if (!announcement_become(a->db, id, ANNOUNCEMENT_SENT, ACTOR, a->now, error) || !db_commit(&tx, error))
        return false;
    g_array_append_val(a->ended, id);
    return true;
}

static bool carry_on(const Advance *a, int64_t id, guint limit, GError **error)
{
    AnnouncementProgress progress;
    bool open, done = true;
    if (!announcement_progress(a->db, id, &progress, error))
        return false;
    if (progress.meeting_at != 0 && progress.meeting_at <= a->now)
        return announcement_end_invitation(a->db, a->settings, id, a->now, error);
    if (!progress.expanded) {
        if (!expand(a->db, id, limit, a->now, &done, error))
            return false;
        *a->ret_more |= !done;
    }
    if (!done)
        return true;
    return has_open_deliveries(a->db, id, &open, error) && (open || complete(a, id, error));
}

static bool carry_on_sending(const Advance *a, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_sending(a->db, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!carry_on(a, id_at(ids, i), MAX(a->limit / ids->len, 1), error))
            return false;
    return true;
}

/* ---- withdrawing ------------------------------------------------------------------------------------------------- */

static bool withdraw_chunk(Db *db, int64_t id, guint limit, int64_t now, GError **error)
{
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    g_autoptr(GArray) subscribers = ids_new();
    if (!tx || !announcement_withdraw_next(db, id, limit, subscribers, error))
        return false;
    for (guint i = 0; i < subscribers->len; i++) {
        const DeliveryKey key = {.announcement_id = id, .subscriber_id = id_at(subscribers, i)};
        if (!delivery_withdraw(db, &tally, key, "the announcement was cancelled", now, error))
            return false;
    }
    return delivery_tally_write(db, &tally, error) && db_commit(&tx, error);
}

static bool finish(const Advance *a, int64_t id, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(a->db, error);
    if (!tx || !announcement_finish(a->db, id, a->now, error) || !db_commit(&tx, error))
        return false;
    g_array_append_val(a->ended, id);
    return true;
}

/* A leased one comes to its end by itself; deferred by then, it is withdrawn on a later turn. */
static bool withdraw(const Advance *a, int64_t id, guint limit, GError **error)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    if (!delivery_counts(a->db, id, counts, error))
        return false;
    if (open_count(counts) == 0)
        return finish(a, id, error);
    if (counts[DELIVERY_PENDING] + counts[DELIVERY_DEFERRED] == 0)
        return true;
    *a->ret_more = true;
    return withdraw_chunk(a->db, id, limit, a->now, error);
}

static bool withdraw_cancelled(const Advance *a, GError **error)
{
    g_autoptr(GArray) ids = ids_new();
    if (!announcement_withdrawing(a->db, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++)
        if (!withdraw(a, id_at(ids, i), MAX(a->limit / ids->len, 1), error))
            return false;
    return true;
}

bool announcements_advance(Db *db, const Settings *settings, int64_t now, guint limit, bool *ret_more, GArray *ended,
                           GError **error)
{
    const Advance advance = {db, settings, now, limit, ret_more, ended};
    *ret_more = false;
    return start_due(&advance, error) && carry_on_sending(&advance, error) && withdraw_cancelled(&advance, error);
}

/* How much a machine does in a given time changes from one moment to the next: the clock is asked, not a guess. */
bool announcements_advance_for(Db *db, const Settings *settings, int64_t now, int64_t longest_us, bool *ret_more,
                               GArray *ended, GError **error)
{
    int64_t until = clock_monotonic() + longest_us;
    do {
        if (!announcements_advance(db, settings, now, STEP, ret_more, ended, error))
            return false;
    } while (*ret_more && clock_monotonic() < until);
    return true;
}
