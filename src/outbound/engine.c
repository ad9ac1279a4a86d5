/* The turn of the sender, in its five steps. Rows are written in write_turn() and nowhere else while it runs; nothing
 * of a mail's body leaves us before the commit that says so. */
#include "outbound/engine_private.h"

/* system */
#include <unistd.h>

/* rundbrief */
#include "announcements/departure.h"
#include "announcements/progress.h"
#include "announcements/quiet.h"
#include "base/clock.h"
#include "store/lock.h"

#define ADVANCE_US       (SECOND_US / 20)  /* how often announcements are carried forward */
#define ADVANCE_FOR_US   (SECOND_US / 100) /* how long in one turn */
#define OUTCOMES_TOLD_US HOUR_US           /* that an outcome was lost: long enough for somebody to look */
#define GATHER           8   /* a turn is for a quarter of the lines, each with two mails, if that is soon */
#define BUSY_WAIT_MS     50  /* while lines are open, look for more to do so often at least, */
#define IDLE_WAIT_MS     500 /* and else so often */

/* ---- life -------------------------------------------------------------------------------------------------------- */

static void take_rules(Engine *engine, const Settings *settings)
{
    engine->settings = settings;
    engine->rules = (SettleRules){.retry = settings->retry,
                                  .patience = settings->patience,
                                  .uncertain = settings->uncertain,
                                  .bounce = settings->bounce};
}

Engine *engine_new(const Settings *settings, Db *db, const Keyring *keyring, GError **error)
{
    guint uncertain;
    g_autoptr(Engine) engine = g_new0(Engine, 1);
    engine->lock = -1;
    engine->db = db;
    engine->keyring = keyring;
    engine->outcomes = g_ptr_array_new_with_free_func((GDestroyNotify)outcome_free);
    engine->ready = g_ptr_array_new();
    engine->withheld = g_ptr_array_new();
    engine->stock = stock_new();
    take_rules(engine, settings);
    if ((engine->lock = store_lock(&settings->store, "send", "sender", error)) < 0 ||
        !(engine->hub = link_hub_new(error)) || !(engine->letters = letter_box_new(settings, keyring, error)) ||
        !(engine->mistakes = mistakes_new(db, error)) ||
        !(engine->paces = paces_new(settings, db, link_hub_waiter(engine->hub), error)) ||
        !announcements_return(db, settings, clock_now(), error) ||
        !leaser_recover(db, &settings->uncertain, clock_now(), &uncertain, error))
        return NULL;
    engine->tally[VERDICT_UNCERTAIN] = uncertain;
    engine->pool = relay_pool_new(settings, engine->hub);
    engine->rooms = rooms_new();
    engine->leaser = leaser_new(engine->paces);
    return g_steal_pointer(&engine);
}

static void forget_parcels_in_dialogues(Engine *engine)
{
    for (guint i = 0; engine->pool && i < relay_pool_count(engine->pool); i++) {
        SmtpEvent event;
        SmtpDialogue *dialogue = link_dialogue(relay_pool_line(engine->pool, i)->link);
        if (!dialogue)
            continue;
        smtp_dialogue_lost(dialogue, "the sender ends");
        while (smtp_dialogue_event(dialogue, &event))
            if (event.kind != SMTP_EVENT_READY)
                parcel_free(event.owner);
    }
}

void engine_free(Engine *engine)
{
    if (!engine)
        return;
    forget_parcels_in_dialogues(engine);
    relay_pool_free(engine->pool);
    rooms_free(engine->rooms);
    leaser_free(engine->leaser);
    paces_free(engine->paces);
    link_hub_free(engine->hub);
    letter_box_free(engine->letters);
    mistakes_free(engine->mistakes);
    g_ptr_array_unref(engine->outcomes);
    g_ptr_array_unref(engine->ready);
    g_ptr_array_unref(engine->withheld);
    stock_free(engine->stock);
    if (engine->lock >= 0)
        close(engine->lock);
    g_free(engine);
}

void engine_watch(Engine *engine, int fd)
{
    link_hub_watch(engine->hub, fd);
}

bool engine_heard(const Engine *engine)
{
    return engine->heard;
}

void engine_wake(Engine *engine)
{
    leaser_wake(engine->leaser);
    engine->advance_at = 0;
}

void engine_stop(Engine *engine)
{
    engine->stopping = true;
    relay_pool_retire_all(engine->pool);
}

bool engine_finished(const Engine *engine)
{
    return engine->stopping && relay_pool_count(engine->pool) == 0 && engine->outcomes->len == 0 &&
           stock_count(engine->stock) == 0;
}

bool engine_reload(Engine *engine, const Settings *settings, GError **error)
{
    g_autoptr(LetterBox) letters = letter_box_new(settings, engine->keyring, error);
    if (!letters || !paces_reload(engine->paces, settings, error))
        return false;
    letter_box_free(engine->letters);
    engine->letters = g_steal_pointer(&letters);
    take_rules(engine, settings);
    engine->quiet_look_at = 0;
    relay_pool_reload(engine->pool, settings);
    return true;
}

/* ---- write down -------------------------------------------------------------------------------------------------- */

/* A row that somebody else has changed meanwhile stays as it is: one outcome must not hold up all others for ever. */
static bool settle_one(Engine *engine, const Outcome *outcome, DeliveryTally *tally, int64_t now, GError **error)
{
    g_autoptr(GError) failure = NULL;
    if (outcome_settle(outcome, &engine->rules, engine->db, tally, now, &failure))
        return true;
    if (failure->domain != DELIVERY_STORE_ERROR) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return false;
    }
    g_autofree char *sentence = g_strdup_printf("What became of a mail could not be written down, for its row was "
                                                "changed meanwhile: %s. See who else writes to the database",
                                                failure->message);
    mistakes_note_until(engine->mistakes, MISTAKE_OUTCOMES, sentence, clock_monotonic() + OUTCOMES_TOLD_US);
    return true;
}

static bool settle_outcomes(Engine *engine, DeliveryTally *tally, int64_t now, GError **error)
{
    for (guint i = 0; i < engine->outcomes->len; i++)
        if (!settle_one(engine, engine->outcomes->pdata[i], tally, now, error))
            return false;
    return true;
}

static bool tell(Engine *engine, int64_t now, GError **error)
{
    return relay_pool_tell(engine->pool, engine->db, now, error) &&
           mistakes_tell(engine->mistakes, engine->db, now, error) && paces_tell(engine->paces, engine->db, error);
}

/* Whoever has left since the lease gets nothing, nor does anybody while the announcement is paused. Where nothing has
 * changed nobody is looked at. */
static bool begin_one(Engine *engine, Parcel *parcel, int64_t version, GError **error)
{
    bool may = true;
    if (parcel->version != version && !parcel_may_begin(parcel, engine->db, &may, error))
        return false;
    if (may)
        return parcel_begin(parcel, engine->db, error);
    g_ptr_array_add(engine->withheld, parcel);
    return true;
}

/* A parcel whose line broke since it was ready is among the outcomes too, and still has its row's lease here. */
static bool begin_ready(Engine *engine, int64_t version, GError **error)
{
    g_ptr_array_set_size(engine->withheld, 0);
    for (guint i = 0; i < engine->ready->len; i++)
        if (!begin_one(engine, engine->ready->pdata[i], version, error))
            return false;
    return true;
}

static bool write_rows(Engine *engine, bool may_take, int64_t version, int64_t now, GError **error)
{
    GPtrArray *shelf = stock_shelf(engine->stock);
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    return begin_ready(engine, version, error) && settle_outcomes(engine, &tally, now, error) &&
           (!may_take || leaser_take(engine->leaser, engine->db, &tally, engine->rooms, now, shelf, error)) &&
           delivery_tally_write(engine->db, &tally, error) && tell(engine, now, error);
}

static bool has_rows(const Engine *engine)
{
    return engine->outcomes->len > 0 || engine->ready->len > 0 || relay_pool_has_news(engine->pool) ||
           mistakes_have_news(engine->mistakes) || paces_have_news(engine->paces);
}

/* The one transaction of a turn. When it fails, everything stays in memory as it was. */
static bool write_turn(Engine *engine, bool may_take, int64_t now, GError **error)
{
    int64_t version;
    if (!may_take && !has_rows(engine))
        return true;
    g_autoptr(DbTransaction) tx = db_begin(engine->db, error);
    if (!tx || !db_version(engine->db, &version, error) || !write_rows(engine, may_take, version, now, error) ||
        !db_commit(&tx, error)) {
        stock_undo(engine->stock);
        leaser_undo(engine->leaser);
        return false;
    }
    stock_keep(engine->stock, version);
    leaser_keep(engine->leaser);
    relay_pool_told(engine->pool);
    mistakes_told(engine->mistakes);
    paces_told(engine->paces);
    g_ptr_array_set_size(engine->outcomes, 0);
    g_ptr_array_set_size(engine->ready, 0);
    return true;
}

/* ---- the turn ---------------------------------------------------------------------------------------------------- */

static void forget_announcement(Engine *engine, int64_t id)
{
    letter_box_forget(engine->letters, id);
    mistakes_over_with(engine->mistakes, id);
}

/* The zone's rules are read from a file: once a second will do. */
static void keep_quiet(Engine *engine, int64_t now, int64_t monotonic)
{
    if (monotonic < engine->quiet_look_at)
        return;
    engine->quiet_look_at = monotonic + SECOND_US;
    leaser_be_quiet(engine->leaser, quiet_until(&engine->settings->quiet_hours, engine->settings->site.zone, now));
}

static bool advance(Engine *engine, int64_t now, int64_t monotonic, GError **error)
{
    if (engine->stopping || (!engine->advance_more && monotonic < engine->advance_at))
        return true;
    engine->advance_at = monotonic + ADVANCE_US;
    keep_quiet(engine, now, monotonic);
    g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(int64_t));
    bool good = announcements_advance_for(engine->db, engine->settings, now, ADVANCE_FOR_US, &engine->advance_more,
                                          ended, error);
    for (guint i = 0; i < ended->len; i++)
        forget_announcement(engine, g_array_index(ended, int64_t, i));
    return good;
}

/* What is in stock has its places already; where the sender is fast, a moment's worth is leased beyond them. */
static void claim_rooms(Engine *engine, int64_t monotonic)
{
    relay_pool_rooms(engine->pool, monotonic, engine->rooms);
    guint room = rooms_for(engine->rooms, ""), want = stock_want(engine->stock, room);
    guint stocked = MIN(stock_count(engine->stock), room);
    rooms_take(engine->rooms, "", stocked);
    if (want > room - stocked)
        rooms_add_ahead(engine->rooms, want - (room - stocked));
}

/* Where there is more than the lines can take, or no line at all, another line may help. */
static void grow(Engine *engine, int64_t monotonic)
{
    const Routes *routes = leaser_routes(engine->leaser);
    for (guint i = 0; i < routes_count(routes); i++) {
        const Route *route = routes_at(routes, i);
        if (route->has_work && rooms_for(engine->rooms, route->relay) == 0)
            relay_pool_grow(engine->pool, route->relay, monotonic);
    }
}

/* Leases as many as the lines can take now, or a moment's worth. */
static bool work(Engine *engine, int64_t now, int64_t monotonic, GError **error)
{
    bool more = false;
    paces_tend(engine->paces, now);
    if (!mistakes_tend(engine->mistakes, engine->db, monotonic, error))
        return false;
    if (!engine->stopping && !leaser_look(engine->leaser, engine->db, now, monotonic, &more, error))
        return false;
    routes_check(leaser_routes(engine->leaser), engine->settings->relays, engine->mistakes);
    if (more || stock_count(engine->stock) > 0)
        claim_rooms(engine, monotonic);
    if (!write_turn(engine, more && routes_may_take(leaser_routes(engine->leaser), engine->rooms), now, error))
        return false;
    if (more)
        grow(engine, monotonic);
    if (!engine->stopping)
        relay_pool_probe(engine->pool, monotonic);
    engine_withhold(engine);
    engine_go_ahead(engine);
    engine_hand_out(engine, now, monotonic);
    engine_speak(engine, monotonic);
    engine_write_ahead(engine, now);
    engine_give_back_surplus(engine, monotonic);
    return true;
}

/* Whatever waits to be written down does not wait for the relays. */
static int64_t patience_ms(const Engine *engine, int64_t max_wait_ms)
{
    if (engine->outcomes->len > 0 || engine->ready->len > 0 || engine->advance_more || engine_finished(engine))
        return 0;
    return MIN(max_wait_ms, relay_pool_count(engine->pool) > 0 ? BUSY_WAIT_MS : IDLE_WAIT_MS);
}

/* That announcements cannot be carried forward does not hold up the outcomes, nor the other way round. */
bool engine_turn(Engine *engine, int64_t max_wait_ms, GError **error)
{
    GError *failure = NULL;
    int64_t now = clock_now(), monotonic = clock_monotonic();
    engine_collect(engine, monotonic);
    advance(engine, now, monotonic, &failure);
    if (!work(engine, now, monotonic, failure ? NULL : &failure) || failure) {
        if (failure)
            g_propagate_error(error, failure);
        return false;
    }
    if (!link_hub_wait(engine->hub, patience_ms(engine, max_wait_ms), engine->in_flight / GATHER, &engine->heard,
                       error))
        return false;
    if (engine->heard)
        engine_wake(engine);
    return true;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

static void append_count(GString *text, uint64_t n, const char *what)
{
    if (n > 0)
        g_string_append_printf(text, ", %" G_GUINT64_FORMAT " %s", n, what);
}

char *engine_summary(const Engine *engine)
{
    guint lines = relay_pool_count(engine->pool);
    const char *doing = engine->stopping ? "ending" : engine->in_flight > 0 ? "sending" : "waiting";
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "%s: %u connection%s", doing, lines, lines == 1 ? "" : "s");
    for (int verdict = 0; verdict <= VERDICT_UNCERTAIN; verdict++)
        append_count(text, engine->tally[verdict], verdict_word(verdict));
    append_count(text, paces_slowed(engine->paces), "providers that want mail more slowly");
    return g_string_free(g_steal_pointer(&text), FALSE);
}
