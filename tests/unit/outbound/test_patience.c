/* outbound/settle: a mail that is refused for now again and again, for days of a clock of our own: the pauses grow and
 * are spread, and it fails when the patience of its kind ends. */
#include "engine_fixture.h"
#include "outbound/lease.h"
#include "outbound/settle.h"
#include "outbound/verdict.h"

#define START (1000 * DAY_US)

typedef struct Case {
    const char *name;
    AnnouncementKind kind;
    bool urgent, single;
    int64_t hours;
} Case;

static const PatienceSettings patience = {
    .press_release_hours = 72, .invitation_hours = 120, .notice_hours = 36, .urgent_hours = 8, .single_hours = 20};

static const Case cases[] = {
    {"press_release", ANNOUNCEMENT_PRESS_RELEASE, false, false, 72},
    {"invitation", ANNOUNCEMENT_INVITATION, false, false, 120},
    {"notice", ANNOUNCEMENT_NOTICE, false, false, 36},
    {"urgent", ANNOUNCEMENT_INVITATION, true, false, 8},
    {"single", ANNOUNCEMENT_NOTICE, false, true, 20},
};

static void queue_mail(World *w, const Case *c)
{
    bool done = false;
    const Recipient to = {.address = (char *)"grey@x.test"};
    w->kind = c->kind;
    w->urgent = c->urgent;
    world_announce(w, c->single ? WORDS(NULL) : WORDS("grey@x.test"));
    DbTransaction *tx = world_begin(w);
    if (c->single)
        MUST(outbox_add(w->db, "confirm", &to, "{}", OUTBOX_PRIORITY_CONFIRMATION, START, NULL, &error));
    MUST(announcement_become(w->db, w->announcement_id, ANNOUNCEMENT_SENDING, "test", 1, &error));
    while (!done)
        MUST(announcement_expand(w->db, w->announcement_id, 10, 1, &done, &error));
    MUST(db_commit(&tx, &error));
}

/* Leases what is due at that moment, and lets a server put it off. How many mails there were. */
static guint try_at(World *w, Leaser *leaser, int64_t now)
{
    bool work;
    const SettleRules rules = {
        .retry = w->settings.retry, .patience = patience, .bounce = {.soft_limit = 45, .soft_window_days = 30}};
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GPtrArray) parcels = g_ptr_array_new();
    g_autoptr(Rooms) rooms = rooms_new();
    rooms_add(rooms, "main", 5, 5);
    leaser_wake(leaser);
    MUST(leaser_look(leaser, w->db, now, now, &work, &error));
    DbTransaction *tx = world_begin(w);
    MUST(leaser_take(leaser, w->db, &tally, rooms, now, parcels, &error));
    for (guint i = 0; i < parcels->len; i++) {
        Outcome *outcome = g_new0(Outcome, 1);
        outcome->parcel = parcels->pdata[i];
        outcome->relay = g_strdup("main");
        outcome->attempt = (Attempt){.phase = SMTP_RCPT, .reply = 451, .enhanced = "4.2.1", .text = "try later"};
        outcome->verdict = verdict_of(&outcome->attempt);
        g_assert_cmpint(outcome->verdict, ==, VERDICT_DEFERRED);
        MUST(outcome_settle(outcome, &rules, w->db, &tally, now, &error));
        outcome_free(outcome);
    }
    MUST(delivery_tally_write(w->db, &tally, &error));
    MUST(db_commit(&tx, &error));
    leaser_keep(leaser);
    return parcels->len;
}

static bool is_due(World *w, int64_t at)
{
    int64_t due_at;
    bool single;
    MUST(outbox_has_work(w->db, NULL, at, &single, &error));
    MUST(delivery_next_due(w->db, w->announcement_id, &due_at, &error));
    return single || (due_at != 0 && due_at <= at);
}

/* When it is tried again, to the microsecond; 0: never. */
static int64_t next_due(World *w, int64_t now)
{
    int64_t early = now, late = now + 30 * DAY_US;
    if (!is_due(w, late))
        return 0;
    while (late - early > 1) {
        int64_t middle = early + (late - early) / 2;
        if (is_due(w, middle))
            late = middle;
        else
            early = middle;
    }
    return late;
}

static void assert_pause(int64_t pause_us, int64_t seconds)
{
    g_assert_cmpint(pause_us, >=, seconds * SECOND_US * 3 / 4);
    g_assert_cmpint(pause_us, <=, seconds * SECOND_US * 5 / 4);
}

static void ends_with_its_kind(World *w, gconstpointer data)
{
    const Case *c = data;
    int64_t now = START, seconds = 300, waited = 0, spread_us = 0, due_at;
    w->settings.retry = (RetrySettings){.first_seconds = 300, .longest_seconds = 14400};
    queue_mail(w, c);
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    for (;;) {
        g_assert_cmpuint(try_at(w, leaser, now), ==, 1);
        due_at = next_due(w, now);
        if (due_at == 0)
            break;
        assert_pause(due_at - now, seconds);
        spread_us += ABS(due_at - now - seconds * SECOND_US);
        g_assert_cmpuint(try_at(w, leaser, due_at - 1), ==, 0);
        waited += seconds;
        seconds = MIN(2 * seconds, 14400);
        now = due_at;
    }
    g_assert_cmpint(waited, <, c->hours * 3600);
    g_assert_cmpint(waited + seconds, >=, c->hours * 3600);
    g_assert_cmpint(spread_us, >, 0);
    g_autofree char *counts = world_counts(w);
    g_assert_cmpstr(counts, ==, c->single ? "" : "failed 1");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/patience/%s", cases[i].name);
        g_test_add(path, World, &cases[i], world_set_up, ends_with_its_kind, world_tear_down);
    }
    return g_test_run();
}
