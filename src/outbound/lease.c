/* The order of sending: single mails, urgent announcements, the others. A cursor over the deliveries of each makes a
 * turn cost the same at the first and at the last recipient. Owns no row; every change is the stores'. */
#include "outbound/lease.h"

/* rundbrief */
#include "base/clock.h"
#include "outbound/parcel.h"
#include "outbound/runs.h"
#include "store/lease_store.h"
#include "store/outbox_store.h"

#define LOOK_US  (SECOND_US / 50)
#define PUT_OFF  500     /* a turn puts off that many at most */
#define LEASE_US HOUR_US /* longer than any conversation; matters only where several senders share a database */

struct Leaser {
    Routes *routes;
    Runs *runs;
    Paces *paces;
    const Run *current; /* the one that is being asked for */
    guint turn;
    guint put_off;      /* so many in this turn, for their provider is slow */
    int64_t looked_at;  /* monotonic, as the next */
    int64_t rewound_at; /* looked at whether to, that is */
    bool awake;
};

static int64_t ask_pace(void *keeper, const char *address, bool has_waited, int64_t now)
{
    Leaser *leaser = keeper;
    int64_t at = paces_ask(leaser->paces, address, has_waited, now);
    leaser->put_off += at != 0;
    return at;
}

static bool goes_by_this(void *keeper, int64_t list_id)
{
    const Leaser *leaser = keeper;
    return routes_relay(leaser->routes, list_id) == leaser->current->lane.relay;
}

Leaser *leaser_new(Paces *paces)
{
    Leaser *leaser = g_new0(Leaser, 1);
    leaser->routes = routes_new();
    leaser->runs = runs_new();
    leaser->awake = true;
    leaser->paces = paces;
    return leaser;
}

void leaser_free(Leaser *leaser)
{
    if (!leaser)
        return;
    routes_free(leaser->routes);
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
    runs_rest(leaser->runs, announcement_id, until);
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

static bool look_for(Leaser *leaser, Db *db, Route *route, int64_t now, GError **error)
{
    if (!outbox_has_work(db, route->relay, now, &route->has_work, error))
        return false;
    for (guint i = 0; i < runs_count(leaser->runs) && !route->has_work; i++) {
        const Run *run = runs_at(leaser->runs, i);
        if (run->lane.relay == route->relay && !run_has_work(leaser, db, run, now, &route->has_work, error))
            return false;
    }
    return true;
}

static bool look(Leaser *leaser, Db *db, int64_t now, GError **error)
{
    if (!routes_refresh(leaser->routes, db, error) || !runs_refresh(leaser->runs, db, error))
        return false;
    for (guint i = 0; i < routes_count(leaser->routes); i++)
        if (!look_for(leaser, db, routes_at(leaser->routes, i), now, error))
            return false;
    return true;
}

static bool has_work(const Leaser *leaser)
{
    for (guint i = 0; i < routes_count(leaser->routes); i++)
        if (routes_at(leaser->routes, i)->has_work)
            return true;
    return false;
}

static void rewind_runs(Leaser *leaser, int64_t monotonic)
{
    if (monotonic - leaser->rewound_at < SECOND_US)
        return;
    leaser->rewound_at = monotonic;
    runs_rewind(leaser->runs);
}

bool leaser_look(Leaser *leaser, Db *db, int64_t now, int64_t monotonic, bool *ret_work, GError **error)
{
    if (leaser->awake || monotonic - leaser->looked_at >= LOOK_US) {
        if (!look(leaser, db, now, error))
            return false;
        leaser->looked_at = monotonic;
        leaser->awake = false;
        rewind_runs(leaser, monotonic);
    }
    *ret_work = has_work(leaser);
    return true;
}

const Routes *leaser_routes(const Leaser *leaser)
{
    return leaser->routes;
}

/* ---- taking ------------------------------------------------------------------------------------------------------ */

/* What is leased in a turn, and where it goes. */
typedef struct Taking {
    Leaser *leaser;
    Db *db;
    DeliveryTally *tally;
    Rooms *rooms;
    int64_t now;
    GPtrArray *parcels;
} Taking;

static void put_in(const Taking *taking, Parcel *parcel, const char *relay)
{
    parcel->relay = relay;
    g_ptr_array_add(taking->parcels, parcel);
    rooms_take(taking->rooms, relay, 1);
}

static bool take_singles(const Taking *taking, const char *relay, GError **error)
{
    guint want = rooms_for(taking->rooms, relay);
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    if (want > 0 && !outbox_lease(taking->db, relay, want, taking->now, taking->now + LEASE_US, leased, error))
        return false;
    while (leased->len > 0)
        put_in(taking, parcel_of_single(g_ptr_array_steal_index(leased, 0)), relay);
    return true;
}

/* Those of slow providers are put off; the next ones come in their place. */
static bool lease_past_slow(const Taking *taking, Run *run, guint want, GPtrArray *leased, GError **error)
{
    Leaser *leaser = taking->leaser;
    const DeliveryGate gate = {leaser->paces ? ask_pace : NULL, run->lane.is_divided ? goes_by_this : NULL, leaser};
    int64_t now = taking->now, cursor = run->cursor;
    guint put_off, put_off_before = leaser->put_off;
    leaser->current = run;
    do {
        put_off = leaser->put_off;
        if (!delivery_lease(taking->db, taking->tally, run->lane.id, &run->cursor, want - leased->len, &gate, now,
                            now + LEASE_US, leased, error))
            return false;
    } while (leased->len < want && leaser->put_off > put_off && leaser->put_off < PUT_OFF);
    run->at_end = leased->len == 0 && run->cursor == cursor && leaser->put_off == put_off_before;
    return true;
}

/* Takes the run's share, or what its list's rate leaves of it. When that is not all, the run has no more this turn. */
static bool take_run(const Taking *taking, Run *run, GError **error)
{
    guint room = run->throttle ? throttle_room(run->throttle, taking->now, run->share) : run->share;
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    if (room > 0 && !lease_past_slow(taking, run, room, leased, error))
        return false;
    run->dry = leased->len < run->share;
    while (leased->len > 0) {
        Parcel *parcel = parcel_of_delivery(g_ptr_array_steal_index(leased, 0), run->lane.kind, run->lane.urgent);
        put_in(taking, parcel, run->lane.relay);
        if (run->throttle)
            throttle_take(run->throttle, taking->now);
    }
    return true;
}

/* What one leaves over the others get, until there is no room or nobody has more. */
static bool take_lane(const Taking *taking, const char *relay, bool urgent, GError **error)
{
    guint room;
    Runs *runs = taking->leaser->runs;
    while ((room = rooms_for(taking->rooms, relay)) > 0 && runs_share_out(runs, relay, urgent, room, taking->now))
        for (guint i = 0; i < runs_count(runs); i++)
            if (runs_at(runs, i)->share > 0 && !take_run(taking, runs_at(runs, i), error))
                return false;
    return true;
}

typedef enum { TAKE_SINGLES, TAKE_URGENT, TAKE_OTHERS, TAKE_STAGES } TakeStage;

static bool take_by(const Taking *taking, Route *route, TakeStage stage, GError **error)
{
    if (!route->has_work)
        return true;
    if (stage == TAKE_SINGLES)
        return take_singles(taking, route->relay, error);
    return take_lane(taking, route->relay, stage == TAKE_URGENT, error);
}

/* What a turn that is rolled back took from a rate is lost to it: that only makes it slower for a moment. Each route is
 * the first in its turn, so that none takes the last place each time. */
bool leaser_take(Leaser *leaser, Db *db, DeliveryTally *tally, Rooms *rooms, int64_t now, GPtrArray *parcels,
                 GError **error)
{
    const Taking taking = {leaser, db, tally, rooms, now, parcels};
    guint n = routes_count(leaser->routes), first = leaser->turn++;
    leaser->put_off = 0;
    for (guint i = 0; i < runs_count(leaser->runs); i++)
        runs_at(leaser->runs, i)->dry = false;
    for (TakeStage stage = TAKE_SINGLES; stage < TAKE_STAGES; stage++)
        for (guint i = 0; i < n; i++)
            if (!take_by(&taking, routes_at(leaser->routes, (first + i) % n), stage, error))
                return false;
    for (guint i = 0; i < n && leaser->put_off < PUT_OFF; i++) {
        Route *route = routes_at(leaser->routes, i);
        route->has_work = route->has_work && rooms_for(rooms, route->relay) == 0; /* else until the next look */
    }
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

static bool doubt(Db *db, DeliveryTally *tally, const UncertainMail *lost, const UncertainSettings *rules, int64_t now,
                  GError **error)
{
    OutboxMail single = {.id = lost->outbox_id, .attempts = lost->attempts};
    LeasedDelivery delivery = {.key = lost->key, .attempts = lost->attempts};
    Parcel parcel = {0};
    if (lost->outbox_id != 0)
        parcel.single = &single;
    else
        parcel.delivery = &delivery;
    if (parcel.delivery && !announcement_kind(db, lost->key.announcement_id, &parcel.kind, error))
        return false;
    return parcel_doubt(&parcel, rules, db, tally, now, now, error);
}

bool leaser_recover(Db *db, const UncertainSettings *rules, int64_t now, guint *ret_uncertain, GError **error)
{
    guint released;
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GArray) lost = g_array_new(FALSE, FALSE, sizeof(UncertainMail));
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !leases_expire(db, &tally, INT64_MAX, now, lost, &released, error))
        return false;
    for (guint i = 0; i < lost->len; i++)
        if (!doubt(db, &tally, &g_array_index(lost, UncertainMail, i), rules, now, error))
            return false;
    *ret_uncertain = lost->len;
    return delivery_tally_write(db, &tally, error) && db_commit(&tx, error);
}
