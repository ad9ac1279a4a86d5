/* The order of sending. Keeps, for each announcement being sent, a cursor over its deliveries, so that a turn costs the
 * same at the first and at the last recipient. Owns no row; every change is the stores'. */
#include "outbound/lease.h"

/* rundbrief */
#include "base/clock.h"
#include "outbound/parcel.h"
#include "store/announcement_store.h"
#include "store/outbox_store.h"

#define LOOK_US  (SECOND_US / 50)
#define LEASE_US HOUR_US /* longer than any conversation; matters only where several senders share a database */

typedef struct Run {
    int64_t announcement_id;
    AnnouncementKind kind;
    int64_t cursor;
    int64_t kept_cursor; /* as of the last commit */
    int64_t rests_until; /* 0: it does not */
} Run;

struct Leaser {
    GArray *runs; /* of Run: announcements being sent */
    guint turn;   /* whose turn it is */
    int64_t looked_at;
    bool has_work;
    bool awake;
};

Leaser *leaser_new(void)
{
    Leaser *leaser = g_new0(Leaser, 1);
    leaser->runs = g_array_new(FALSE, FALSE, sizeof(Run));
    leaser->awake = true;
    return leaser;
}

void leaser_free(Leaser *leaser)
{
    if (!leaser)
        return;
    g_array_unref(leaser->runs);
    g_free(leaser);
}

void leaser_wake(Leaser *leaser)
{
    leaser->awake = true;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static Run *find_run(GArray *runs, int64_t announcement_id)
{
    for (guint i = 0; i < runs->len; i++)
        if (g_array_index(runs, Run, i).announcement_id == announcement_id)
            return &g_array_index(runs, Run, i);
    return NULL;
}

/* Announcements that began or ended since the last look; the others keep their cursor. */
static bool refresh_runs(Leaser *leaser, Db *db, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!announcement_sending(db, ids, error))
        return false;
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(Run));
    for (guint i = 0; i < ids->len; i++) {
        Run run = {.announcement_id = g_array_index(ids, int64_t, i)};
        const Run *known = find_run(leaser->runs, run.announcement_id);
        if (known)
            run = *known;
        else if (!announcement_kind(db, run.announcement_id, &run.kind, error))
            return false;
        g_array_append_val(runs, run);
    }
    g_array_unref(leaser->runs);
    leaser->runs = g_steal_pointer(&runs);
    return true;
}

void leaser_rest(Leaser *leaser, int64_t announcement_id, int64_t until)
{
    Run *run = find_run(leaser->runs, announcement_id);
    if (run)
        run->rests_until = until;
}

static bool run_has_work(Db *db, const Run *run, int64_t now, bool *ret_work, GError **error)
{
    *ret_work = false;
    if (run->rests_until > now)
        return true;
    int64_t announcement_id = run->announcement_id;
    int64_t counts[DELIVERY_STATE_COUNT], due_at;
    if (!delivery_counts(db, announcement_id, counts, error) || !delivery_next_due(db, announcement_id, &due_at, error))
        return false;
    *ret_work = counts[DELIVERY_PENDING] > 0 || (due_at != 0 && due_at <= now);
    return true;
}

static bool look(Leaser *leaser, Db *db, int64_t now, GError **error)
{
    leaser->has_work = false;
    if (!refresh_runs(leaser, db, error) || !outbox_has_work(db, now, &leaser->has_work, error))
        return false;
    for (guint i = 0; i < leaser->runs->len && !leaser->has_work; i++)
        if (!run_has_work(db, &g_array_index(leaser->runs, Run, i), now, &leaser->has_work, error))
            return false;
    return true;
}

bool leaser_look(Leaser *leaser, Db *db, int64_t now, int64_t monotonic, bool *ret_work, GError **error)
{
    if (leaser->awake || monotonic - leaser->looked_at >= LOOK_US) {
        if (!look(leaser, db, now, error))
            return false;
        leaser->looked_at = monotonic;
        leaser->awake = false;
    }
    *ret_work = leaser->has_work;
    return true;
}

/* ---- taking ------------------------------------------------------------------------------------------------------ */

static bool take_singles(Db *db, guint want, int64_t now, GPtrArray *parcels, GError **error)
{
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    if (!outbox_lease(db, want, now, now + LEASE_US, leased, error))
        return false;
    while (leased->len > 0)
        g_ptr_array_add(parcels, parcel_of_single(g_ptr_array_steal_index(leased, 0)));
    return true;
}

static bool take_run(Db *db, DeliveryTally *tally, Run *run, guint want, int64_t now, GPtrArray *parcels,
                     GError **error)
{
    if (run->rests_until > now)
        return true;
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    if (!delivery_lease(db, tally, run->announcement_id, &run->cursor, want, now, now + LEASE_US, leased, error))
        return false;
    while (leased->len > 0)
        g_ptr_array_add(parcels, parcel_of_delivery(g_ptr_array_steal_index(leased, 0), run->kind));
    return true;
}

/* Each run gets its share of what is left, the next turn begins with the next run. */
bool leaser_take(Leaser *leaser, Db *db, DeliveryTally *tally, guint want, int64_t now, GPtrArray *parcels,
                 GError **error)
{
    guint limit = parcels->len + want;
    if (!take_singles(db, want, now, parcels, error))
        return false;
    for (guint i = 0, runs = leaser->runs->len; i < runs && parcels->len < limit; i++) {
        Run *run = &g_array_index(leaser->runs, Run, (leaser->turn + i) % runs);
        guint share = (limit - parcels->len + runs - i - 1) / (runs - i);
        if (!take_run(db, tally, run, share, now, parcels, error))
            return false;
    }
    leaser->turn++;
    if (parcels->len < limit)
        leaser->has_work = false; /* until the next look */
    return true;
}

void leaser_keep(Leaser *leaser)
{
    for (guint i = 0; i < leaser->runs->len; i++) {
        Run *run = &g_array_index(leaser->runs, Run, i);
        run->kept_cursor = run->cursor;
    }
}

void leaser_undo(Leaser *leaser)
{
    for (guint i = 0; i < leaser->runs->len; i++) {
        Run *run = &g_array_index(leaser->runs, Run, i);
        run->cursor = run->kept_cursor;
    }
    leaser->awake = true;
}

/* ---- after a crash ----------------------------------------------------------------------------------------------- */

static bool repeat_delivery(Db *db, DeliveryTally *tally, const UncertainDelivery *lost, const UncertainSettings *rules,
                            int64_t now, GError **error)
{
    LeasedDelivery delivery = {.key = lost->key, .attempts = lost->attempts};
    Parcel parcel = {.delivery = &delivery};
    if (!announcement_kind(db, lost->key.announcement_id, &parcel.kind, error))
        return false;
    return !parcel_may_repeat(&parcel, rules) || parcel_repeat(&parcel, db, tally, now, now, error);
}

static bool recover_deliveries(Db *db, const UncertainSettings *rules, int64_t now, guint *ret_uncertain,
                               GError **error)
{
    guint released;
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(UncertainDelivery));
    if (!delivery_expire_leases(db, INT64_MAX, now, lost, &released, error))
        return false;
    for (guint i = 0; i < lost->len; i++)
        if (!repeat_delivery(db, &tally, &g_array_index(lost, UncertainDelivery, i), rules, now, error))
            return false;
    *ret_uncertain = lost->len;
    return delivery_tally_write(db, &tally, error);
}

static bool repeat_single(Db *db, const UncertainMail *lost, const UncertainSettings *rules, int64_t now,
                          GError **error)
{
    OutboxMail mail = {.id = lost->id, .attempts = lost->attempts};
    const Parcel parcel = {.single = &mail};
    return !parcel_may_repeat(&parcel, rules) || parcel_repeat(&parcel, db, NULL, now, now, error);
}

static bool recover_singles(Db *db, const UncertainSettings *rules, int64_t now, guint *ret_uncertain, GError **error)
{
    guint released;
    g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(UncertainMail));
    if (!outbox_expire_leases(db, INT64_MAX, now, lost, &released, error))
        return false;
    for (guint i = 0; i < lost->len; i++)
        if (!repeat_single(db, &g_array_index(lost, UncertainMail, i), rules, now, error))
            return false;
    *ret_uncertain = lost->len;
    return true;
}

bool leaser_recover(Db *db, const UncertainSettings *rules, int64_t now, guint *ret_uncertain, GError **error)
{
    guint deliveries, singles;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !recover_deliveries(db, rules, now, &deliveries, error) ||
        !recover_singles(db, rules, now, &singles, error))
        return false;
    *ret_uncertain = deliveries + singles;
    return db_commit(&tx, error);
}
