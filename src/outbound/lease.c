/* The order of sending: single mails, urgent announcements, the others. A cursor over the deliveries of each makes a
 * turn cost the same at the first and at the last recipient. Owns no row; every change is the stores'. */
#include "outbound/lease.h"

/* rundbrief */
#include "base/clock.h"
#include "outbound/parcel.h"
#include "outbound/runs.h"
#include "store/outbox_store.h"

#define LOOK_US  (SECOND_US / 50)
#define PUT_OFF  500     /* a turn puts off that many at most */
#define LEASE_US HOUR_US /* longer than any conversation; matters only where several senders share a database */

struct Leaser {
    Runs *runs;
    Paces *paces;
    DeliveryGate gate;
    guint put_off; /* so many in this turn, for their provider is slow */
    int64_t looked_at;
    bool has_work;
    bool awake;
};

static int64_t ask_pace(void *keeper, const char *address, bool has_waited, int64_t now)
{
    Leaser *leaser = keeper;
    int64_t at = paces_ask(leaser->paces, address, has_waited, now);
    leaser->put_off += at != 0;
    return at;
}

Leaser *leaser_new(Paces *paces)
{
    Leaser *leaser = g_new0(Leaser, 1);
    leaser->runs = runs_new();
    leaser->awake = true;
    leaser->paces = paces;
    leaser->gate = (DeliveryGate){ask_pace, leaser};
    return leaser;
}

void leaser_free(Leaser *leaser)
{
    if (!leaser)
        return;
    runs_free(leaser->runs);
    g_free(leaser);
}

void leaser_be_quiet(Leaser *leaser, int64_t until)
{
    runs_be_quiet(leaser->runs, until);
}

void leaser_wake(Leaser *leaser)
{
    leaser->awake = true;
}

/* ---- looking ----------------------------------------------------------------------------------------------------- */

void leaser_rest(Leaser *leaser, int64_t announcement_id, int64_t until)
{
    Run *run = runs_find(leaser->runs, announcement_id);
    if (run)
        run->rests_until = until;
}

static bool run_has_work(Leaser *leaser, Db *db, const Run *run, int64_t now, bool *ret_work, GError **error)
{
    int64_t counts[DELIVERY_STATE_COUNT], due_at;
    *ret_work = false;
    if (!run_may_go(leaser->runs, run, now))
        return true;
    if (!delivery_counts(db, run->lane.id, counts, error) || !delivery_next_due(db, run->lane.id, &due_at, error))
        return false;
    *ret_work = counts[DELIVERY_PENDING] > 0 || (due_at != 0 && due_at <= now);
    return true;
}

static bool look(Leaser *leaser, Db *db, int64_t now, GError **error)
{
    leaser->has_work = false;
    if (!runs_refresh(leaser->runs, db, error) || !outbox_has_work(db, now, &leaser->has_work, error))
        return false;
    for (guint i = 0; i < runs_count(leaser->runs) && !leaser->has_work; i++)
        if (!run_has_work(leaser, db, runs_at(leaser->runs, i), now, &leaser->has_work, error))
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

/* Those of slow providers are put off; the next ones come in their place. */
static bool lease_past_slow(Leaser *leaser, Db *db, DeliveryTally *tally, Run *run, guint want, int64_t now,
                            GPtrArray *leased, GError **error)
{
    const DeliveryGate *gate = leaser->paces ? &leaser->gate : NULL;
    guint put_off;
    do {
        put_off = leaser->put_off;
        if (!delivery_lease(db, tally, run->lane.id, &run->cursor, want - leased->len, gate, now, now + LEASE_US,
                            leased, error))
            return false;
    } while (leased->len < want && leaser->put_off > put_off && leaser->put_off < PUT_OFF);
    return true;
}

/* Takes the run's share, or what its list's rate leaves of it. When that is not all, the run has no more this turn. */
static bool take_run(Leaser *leaser, Db *db, DeliveryTally *tally, Run *run, int64_t now, GPtrArray *parcels,
                     GError **error)
{
    guint room = run->throttle ? throttle_room(run->throttle, now, run->share) : run->share;
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    if (room > 0 && !lease_past_slow(leaser, db, tally, run, room, now, leased, error))
        return false;
    run->dry = leased->len < run->share;
    while (leased->len > 0) {
        g_ptr_array_add(parcels,
                        parcel_of_delivery(g_ptr_array_steal_index(leased, 0), run->lane.kind, run->lane.urgent));
        if (run->throttle)
            throttle_take(run->throttle, now);
    }
    return true;
}

/* What one leaves over the others get, until there is no room or nobody has more. */
static bool take_lane(Leaser *leaser, Db *db, DeliveryTally *tally, bool urgent, guint limit, int64_t now,
                      GPtrArray *parcels, GError **error)
{
    while (parcels->len < limit && runs_share_out(leaser->runs, urgent, limit - parcels->len, now))
        for (guint i = 0; i < runs_count(leaser->runs); i++) {
            Run *run = runs_at(leaser->runs, i);
            if (run->share > 0 && !take_run(leaser, db, tally, run, now, parcels, error))
                return false;
        }
    return true;
}

/* What a turn that is rolled back took from a rate is lost to it: that only makes it slower for a moment. */
bool leaser_take(Leaser *leaser, Db *db, DeliveryTally *tally, guint want, int64_t now, GPtrArray *parcels,
                 GError **error)
{
    guint limit = parcels->len + want;
    leaser->put_off = 0;
    for (guint i = 0; i < runs_count(leaser->runs); i++)
        runs_at(leaser->runs, i)->dry = false;
    if (!take_singles(db, want, now, parcels, error) ||
        !take_lane(leaser, db, tally, true, limit, now, parcels, error) ||
        !take_lane(leaser, db, tally, false, limit, now, parcels, error))
        return false;
    if (parcels->len < limit && leaser->put_off < PUT_OFF)
        leaser->has_work = false; /* until the next look */
    return true;
}

void leaser_keep(Leaser *leaser)
{
    for (guint i = 0; i < runs_count(leaser->runs); i++)
        runs_at(leaser->runs, i)->kept_cursor = runs_at(leaser->runs, i)->cursor;
}

void leaser_undo(Leaser *leaser)
{
    for (guint i = 0; i < runs_count(leaser->runs); i++)
        runs_at(leaser->runs, i)->cursor = runs_at(leaser->runs, i)->kept_cursor;
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
