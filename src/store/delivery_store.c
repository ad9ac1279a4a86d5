/* Rows of `delivery` and `delivery_count`. Only move() and lease_pending() write delivery.state; they ask the table in
 * model/delivery.c first. Who is next, and with what result, is for outbound/ to say. */
#include "store/delivery_store.h"

G_DEFINE_QUARK(rundbrief_delivery_store_error, delivery_store_error)

static void bind_key(DbQuery *query, DeliveryKey key)
{
    db_bind_int64(query, "announcement_id", key.announcement_id);
    db_bind_int64(query, "subscriber_id", key.subscriber_id);
}

/* ---- counting ---------------------------------------------------------------------------------------------------- */

typedef struct TallyRow {
    int64_t announcement_id;
    int64_t change[DELIVERY_STATE_COUNT];
} TallyRow;

void delivery_tally_init(DeliveryTally *tally)
{
    tally->rows = g_array_new(FALSE, TRUE, sizeof(TallyRow));
}

void delivery_tally_clear(DeliveryTally *tally)
{
    g_clear_pointer(&tally->rows, g_array_unref);
}

/* There are as many rows as announcements being sent: a handful. */
static TallyRow *tally_row(DeliveryTally *tally, int64_t announcement_id)
{
    for (guint i = 0; i < tally->rows->len; i++) {
        TallyRow *row = &g_array_index(tally->rows, TallyRow, i);
        if (row->announcement_id == announcement_id)
            return row;
    }
    g_array_append_val(tally->rows, (TallyRow){.announcement_id = announcement_id});
    return &g_array_index(tally->rows, TallyRow, tally->rows->len - 1);
}

static void tally_move(DeliveryTally *tally, int64_t announcement_id, DeliveryState from, DeliveryState to, int64_t n)
{
    TallyRow *row = tally_row(tally, announcement_id);
    row->change[from] -= n;
    row->change[to] += n;
}

static bool tally_write_row(Db *db, const TallyRow *row, GError **error)
{
    for (int state = 0; state < DELIVERY_STATE_COUNT; state++) {
        if (row->change[state] == 0)
            continue;
        g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_TALLY);
        db_bind_int64(query, "announcement_id", row->announcement_id);
        db_bind_int64(query, "state", state);
        db_bind_int64(query, "n", row->change[state]);
        if (!db_run(query, error))
            return false;
    }
    return true;
}

bool delivery_tally_write(Db *db, DeliveryTally *tally, GError **error)
{
    for (guint i = 0; i < tally->rows->len; i++)
        if (!tally_write_row(db, &g_array_index(tally->rows, TallyRow, i), error))
            return false;
    g_array_set_size(tally->rows, 0);
    return true;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

static bool check_move(DeliveryKey key, DeliveryState from, DeliveryState to, GError **error)
{
    if (delivery_may_become(from, to))
        return true;
    g_set_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MOVE,
                "the delivery of announcement %" G_GINT64_FORMAT " to subscriber %" G_GINT64_FORMAT
                " is %s and cannot become %s",
                key.announcement_id, key.subscriber_id, delivery_state_word(from), delivery_state_word(to));
    return false;
}

/* A move as its caller believes it to be. tries: how the number of attempts changes. */
typedef struct Move {
    DeliveryState from, to;
    int64_t at;
    int tries;
} Move;

/* ret_moved: the row was there, and in the state that was believed. */
static bool change_row(Db *db, DeliveryKey key, const Move *move, bool *ret_moved, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_MOVE);
    bind_key(query, key);
    db_bind_int64(query, "from", move->from);
    db_bind_int64(query, "to", move->to);
    db_bind_int64(query, "at", move->at);
    db_bind_int64(query, "tries", move->tries);
    if (!db_run(query, error))
        return false;
    *ret_moved = db_changes(db) == 1;
    return true;
}

static bool read_state(Db *db, DeliveryKey key, DeliveryState *ret_state, GError **error)
{
    bool found;
    if (!delivery_state(db, key, ret_state, &found, error))
        return false;
    if (!found)
        g_set_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MISSING,
                    "there is no delivery of announcement %" G_GINT64_FORMAT " to subscriber %" G_GINT64_FORMAT,
                    key.announcement_id, key.subscriber_id);
    return found;
}

/* One statement, where what is believed is so: the row is read only when it is not. */
static bool move(Db *db, DeliveryTally *tally, DeliveryKey key, Move move, const DeliveryNote *note, int64_t now,
                 GError **error)
{
    bool moved = false;
    if (delivery_may_become(move.from, move.to) && !change_row(db, key, &move, &moved, error))
        return false;
    if (!moved && (!read_state(db, key, &move.from, error) || !check_move(key, move.from, move.to, error) ||
                   !change_row(db, key, &move, &moved, error)))
        return false;
    if (note && !delivery_event_add(db, &key, 0, note, now, error))
        return false;
    tally_move(tally, key.announcement_id, move.from, move.to, 1);
    return true;
}

/* Nearly every move ends a lease. */
bool delivery_move(Db *db, DeliveryTally *tally, DeliveryKey key, DeliveryState to, int64_t at,
                   const DeliveryNote *note, int64_t now, GError **error)
{
    const Move believed = {.from = DELIVERY_LEASED, .to = to, .at = at, .tries = to == DELIVERY_LEASED};
    return move(db, tally, key, believed, note, now, error);
}

bool delivery_become(Db *db, DeliveryKey key, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now,
                     GError **error)
{
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    return delivery_move(db, &tally, key, to, at, note, now, error) && delivery_tally_write(db, &tally, error);
}

bool delivery_start_over(Db *db, DeliveryKey key, const char *detail, int64_t now, GError **error)
{
    bool may_have_arrived;
    if (!delivery_event_may_have_arrived(db, &key, &may_have_arrived, error))
        return false;
    const DeliveryNote note = {.kind = may_have_arrived ? DELIVERY_EVENT_RESENT : DELIVERY_EVENT_RETRIED,
                               .detail = detail};
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_START_OVER);
    bind_key(query, key);
    return delivery_become(db, key, DELIVERY_DEFERRED, now, &note, now, error) && db_run(query, error);
}

bool delivery_release(Db *db, DeliveryTally *tally, DeliveryKey key, int64_t at, const DeliveryNote *note, int64_t now,
                      GError **error)
{
    const Move believed = {.from = DELIVERY_LEASED, .to = DELIVERY_DEFERRED, .at = at, .tries = -1};
    return move(db, tally, key, believed, note, now, error);
}

bool delivery_withdraw(Db *db, DeliveryTally *tally, DeliveryKey key, const char *why, int64_t now, GError **error)
{
    bool may_have_arrived;
    if (!delivery_event_may_have_arrived(db, &key, &may_have_arrived, error))
        return false;
    g_autofree char *detail = g_strconcat(why, may_have_arrived ? "; the try before may have arrived" : "", NULL);
    const DeliveryNote note = {.kind = may_have_arrived ? DELIVERY_EVENT_UNCERTAIN : DELIVERY_EVENT_CANCELLED,
                               .detail = detail};
    const Move believed = {.from = may_have_arrived ? DELIVERY_DEFERRED : DELIVERY_PENDING,
                           .to = may_have_arrived ? DELIVERY_UNCERTAIN : DELIVERY_CANCELLED,
                           .at = now};
    return move(db, tally, key, believed, &note, now, error);
}

bool delivery_begin(Db *db, DeliveryKey key, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_BEGIN);
    bind_key(query, key);
    return db_run(query, error);
}

bool delivery_add_event(Db *db, DeliveryKey key, const DeliveryNote *note, int64_t now, GError **error)
{
    return delivery_event_add(db, &key, 0, note, now, error);
}

/* ---- leasing ----------------------------------------------------------------------------------------------------- */

#define REACH 1000 /* rows: a few milliseconds */

/* A delivery that could be next, and what speaks against it. */
typedef struct Candidate {
    LeasedDelivery *leased;
    const char *hindrance; /* NULL: none */
    bool has_waited;       /* it was deferred */
} Candidate;

static void candidate_clear(gpointer data)
{
    leased_delivery_free(((Candidate *)data)->leased);
}

void leased_delivery_free(LeasedDelivery *delivery)
{
    if (!delivery)
        return;
    recipient_clear(&delivery->recipient);
    g_free(delivery);
}

static const char *hindrance_of(const DbQuery *query)
{
    if (db_is_null(query, "known_id"))
        return "the subscriber was erased";
    if (db_int64(query, "suppressed") > 0)
        return "the address is suppressed";
    return db_is_null(query, "list_id") ? "the subscriber has left the list" : NULL;
}

bool delivery_may_begin(Db *db, DeliveryKey key, bool *ret_may, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_STANDING);
    bind_key(query, key);
    DbStep step = db_step(query, error);
    *ret_may = step == DB_ROW && !hindrance_of(query);
    return step != DB_FAILED;
}

static LeasedDelivery *read_leased(const DbQuery *query, int64_t announcement_id)
{
    LeasedDelivery *leased = g_new0(LeasedDelivery, 1);
    leased->key = (DeliveryKey){announcement_id, db_int64(query, "subscriber_id")};
    leased->attempts = (int)db_int64(query, "attempts") + 1;
    leased->recipient = (Recipient){
        .subscriber_id = leased->key.subscriber_id,
        .list_id = db_int64(query, "list_id"),
        .address = g_strdup(db_text(query, "address")),
        .name = g_strdup(db_text(query, "name")),
        .language = g_strdup(db_text(query, "language")),
        .wants_text = g_strcmp0(db_text(query, "format"), "text") == 0,
    };
    return leased;
}

/* A search for candidates. */
typedef struct Search {
    int64_t announcement_id;
    guint limit;
    const DeliveryGate *gate; /* NULL: everybody passes */
    GArray *candidates;
} Search;

static bool is_for_others(const Search *search, const Candidate *candidate)
{
    const DeliveryGate *gate = search->gate;
    return gate && gate->takes && !candidate->hindrance &&
           !gate->takes(gate->keeper, candidate->leased->recipient.list_id);
}

/* How many rows are looked at to find them. */
static guint reach(const Search *search)
{
    guint wanted = search->limit - search->candidates->len;
    return search->gate && search->gate->takes ? MAX(wanted, REACH) : wanted;
}

/* Reads all of them before any moves: a query must not meet the rows that it makes us change. ret_seen: rows looked at;
 * ret_last: the last one's subscriber. */
static bool read_candidates(DbQuery *query, const Search *search, bool have_waited, guint *ret_seen, int64_t *ret_last,
                            GError **error)
{
    DbStep step = DB_DONE;
    db_bind_int64(query, "announcement_id", search->announcement_id);
    db_bind_int64(query, "limit", reach(search));
    *ret_seen = 0;
    while (search->candidates->len < search->limit && (step = db_step(query, error)) == DB_ROW) {
        Candidate candidate = {read_leased(query, search->announcement_id), hindrance_of(query), have_waited};
        (*ret_seen)++;
        *ret_last = candidate.leased->key.subscriber_id;
        if (is_for_others(search, &candidate))
            candidate_clear(&candidate);
        else
            g_array_append_val(search->candidates, candidate);
    }
    return step != DB_FAILED;
}

static bool read_deferred(Db *db, const Search *search, int64_t now, GError **error)
{
    guint seen;
    int64_t last;
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_NEXT_DEFERRED);
    db_bind_int64(query, "now", now);
    return read_candidates(query, search, true, &seen, &last, error);
}

/* Where the scan found nothing more, the cursor goes to the last row:
 * looking again costs nothing until new rows come. */
static bool skip_to_last(Db *db, int64_t announcement_id, int64_t *cursor, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_LAST);
    db_bind_int64(query, "announcement_id", announcement_id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *cursor = MAX(*cursor, db_int64(query, "subscriber_id"));
    return true;
}

static bool read_pending(Db *db, const Search *search, int64_t *cursor, GError **error)
{
    guint seen, most = reach(search);
    int64_t last = *cursor;
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_NEXT_PENDING);
    db_bind_int64(query, "after", *cursor);
    if (!read_candidates(query, search, false, &seen, &last, error))
        return false;
    if (search->candidates->len < search->limit && seen < most)
        return skip_to_last(db, search->announcement_id, cursor, error);
    *cursor = last;
    return true;
}

/* Whoever cannot be leased now moves elsewhere: withdrawn, or put off. */
static bool turn_away(Db *db, DeliveryTally *tally, Candidate *candidate, const DeliveryGate *gate, int64_t now,
                      bool *ret_away, GError **error)
{
    DeliveryKey key = candidate->leased->key;
    Move away = {.from = candidate->has_waited ? DELIVERY_DEFERRED : DELIVERY_PENDING, .to = DELIVERY_DEFERRED};
    *ret_away = true;
    if (candidate->hindrance)
        return delivery_withdraw(db, tally, key, candidate->hindrance, now, error);
    if (gate && gate->ask)
        away.at = gate->ask(gate->keeper, candidate->leased->recipient.address, candidate->has_waited, now);
    *ret_away = away.at != 0;
    return !*ret_away || move(db, tally, key, away, NULL, now, error);
}

/* A cursor's step as one statement: who was turned away is no longer pending, the others between `after` and `last`
 * are the n that were looked at. */
static bool lease_pending(Db *db, DeliveryTally *tally, int64_t after, DeliveryKey last, guint n, int64_t until,
                          GError **error)
{
    if (n == 0)
        return true;
    if (!check_move(last, DELIVERY_PENDING, DELIVERY_LEASED, error))
        return false;
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_LEASE);
    db_bind_int64(query, "announcement_id", last.announcement_id);
    db_bind_int64(query, "after", after);
    db_bind_int64(query, "last", last.subscriber_id);
    db_bind_int64(query, "until", until);
    if (!db_run(query, error))
        return false;
    g_assert(db_changes(db) == n); /* they were read in the same transaction */
    tally_move(tally, last.announcement_id, DELIVERY_PENDING, DELIVERY_LEASED, n);
    return true;
}

static bool lease_one(Db *db, DeliveryTally *tally, const Candidate *candidate, int64_t until, int64_t now,
                      GError **error)
{
    const Move lease = {.from = candidate->has_waited ? DELIVERY_DEFERRED : DELIVERY_PENDING,
                        .to = DELIVERY_LEASED,
                        .at = until,
                        .tries = 1};
    return move(db, tally, candidate->leased->key, lease, NULL, now, error);
}

/* Those of candidates who may go now are leased and handed over. */
static bool take(Db *db, DeliveryTally *tally, GArray *candidates, int64_t after, const DeliveryGate *gate, int64_t now,
                 int64_t until, GPtrArray *leased, GError **error)
{
    guint pending = 0;
    DeliveryKey last = {0};
    bool have_gaps = gate && gate->takes; /* of those that are for others */
    for (guint i = 0; i < candidates->len; i++) {
        bool away;
        Candidate *candidate = &g_array_index(candidates, Candidate, i);
        if (!turn_away(db, tally, candidate, gate, now, &away, error))
            return false;
        if (away)
            continue;
        last = candidate->leased->key;
        if (!candidate->has_waited && !have_gaps)
            pending++;
        else if (!lease_one(db, tally, candidate, until, now, error))
            return false;
        g_ptr_array_add(leased, g_steal_pointer(&candidate->leased));
    }
    return lease_pending(db, tally, after, last, pending, until, error);
}

/* One round leases up to limit; when some were cancelled instead, the next call goes on from there. */
bool delivery_lease(Db *db, DeliveryTally *tally, int64_t announcement_id, int64_t *cursor, guint limit,
                    const DeliveryGate *gate, int64_t now, int64_t until, GPtrArray *leased, GError **error)
{
    int64_t moved_cursor = *cursor;
    g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_array_set_clear_func(candidates, candidate_clear);
    const Search search = {announcement_id, limit, gate, candidates};
    if (!read_deferred(db, &search, now, error))
        return false;
    if (candidates->len < limit && !read_pending(db, &search, &moved_cursor, error))
        return false;
    if (!take(db, tally, candidates, *cursor, gate, now, until, leased, error))
        return false;
    *cursor = moved_cursor;
    return true;
}

bool delivery_next_due(Db *db, int64_t announcement_id, int64_t *ret_at, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_NEXT_DUE);
    db_bind_int64(query, "announcement_id", announcement_id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_at = db_int64(query, "at");
    return true;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

bool delivery_state(Db *db, DeliveryKey key, DeliveryState *ret_state, bool *ret_found, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_RECORD);
    bind_key(query, key);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW;
    if (*ret_found)
        *ret_state = (DeliveryState)db_int64(query, "state");
    return step != DB_FAILED;
}

bool delivery_counts(Db *db, int64_t announcement_id, int64_t ret_counts[static DELIVERY_STATE_COUNT], GError **error)
{
    DbStep step;
    memset(ret_counts, 0, sizeof(int64_t) * DELIVERY_STATE_COUNT);
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_COUNTS);
    db_bind_int64(query, "announcement_id", announcement_id);
    while ((step = db_step(query, error)) == DB_ROW) {
        int64_t state = db_int64(query, "state");
        if (state >= 0 && state < DELIVERY_STATE_COUNT)
            ret_counts[state] = db_int64(query, "n");
    }
    return step == DB_DONE;
}

bool delivery_count_begun(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_COUNT_BEGUN);
    db_bind_int64(query, "announcement_id", announcement_id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}

bool delivery_latest(Db *db, int64_t subscriber_id, int64_t since, DeliveryKey *ret_key, bool *ret_found,
                     GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DELIVERY_LATEST);
    db_bind_int64(query, "subscriber_id", subscriber_id);
    db_bind_int64(query, "since", since);
    DbStep step = db_step(query, error);
    *ret_found = step == DB_ROW;
    if (*ret_found)
        *ret_key = (DeliveryKey){db_int64(query, "announcement_id"), subscriber_id};
    return step != DB_FAILED;
}
