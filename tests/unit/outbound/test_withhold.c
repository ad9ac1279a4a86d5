/* outbound/engine: who leaves, is suppressed or erased after the lease gets no word of a mail that has not begun, and
 * nobody gets one while the announcement is paused. */
#include "engine_fixture.h"

#define PAUSE_MS 400 /* the relay thinks so long about the first mail; the second waits behind it on the same line */

typedef enum { SUPPRESS, LEAVE, ERASE, PAUSE, CANCEL } Deed;

typedef struct Case {
    const char *name;
    Deed deed;
    bool by_sender; /* on its own connection to the database, as when a relay's refusal suppresses */
    const char *counts;
} Case;

static const Case cases[] = {
    {"suppressed", SUPPRESS, false, "sent 1, cancelled 1"},
    {"suppressed_by_the_sender", SUPPRESS, true, "sent 1, cancelled 1"},
    {"left", LEAVE, false, "sent 1, cancelled 1"},
    {"left_by_the_sender", LEAVE, true, "sent 1, cancelled 1"},
    {"erased", ERASE, false, "sent 1, cancelled 1"},
    {"erased_by_the_sender", ERASE, true, "sent 1, cancelled 1"},
    {"paused", PAUSE, false, "deferred 1, sent 1"},
    {"paused_by_the_sender", PAUSE, true, "deferred 1, sent 1"},
    {"cancelled", CANCEL, false, "sent 1, cancelled 1"},
};

static DbTransaction *begin(Db *db)
{
    DbTransaction *tx;
    MUST((tx = db_begin(db, &error)) != NULL);
    return tx;
}

static Db *connect_again(World *w)
{
    Db *db;
    MUST((db = db_open(&w->settings.store, &error)) != NULL);
    return db;
}

static void do_it(World *w, Db *db, Deed deed)
{
    g_autoptr(Subscriber) person = NULL;
    bool changed;
    DbTransaction *tx = begin(db);
    MUST(subscriber_by_key(db, "b@x.test", &person, &error));
    switch (deed) {
    case SUPPRESS:
        MUST(suppression_add(db, person->address_hash, SUPPRESSION_STAFF, "test", 1, NULL, &error));
        break;
    case LEAVE:
        MUST(subscription_become(db, w->list_id, person->id, SUBSCRIPTION_LEFT, 1, &changed, &error));
        break;
    case ERASE:
        MUST(subscriber_delete(db, person->id, &error));
        break;
    case PAUSE:
        MUST(announcement_become(db, w->announcement_id, ANNOUNCEMENT_PAUSED, "test", 1, &error));
        break;
    case CANCEL:
        MUST(announcement_become(db, w->announcement_id, ANNOUNCEMENT_CANCELLED, "test", 1, &error));
        break;
    }
    MUST(db_commit(&tx, &error));
}

/* Turns until both are on the line, the relay thinking about the first. */
static void run_until_leased(World *w, Engine *engine)
{
    int64_t end = clock_monotonic() + 5 * SECOND_US, counts[DELIVERY_STATE_COUNT];
    do {
        MUST(engine_turn(engine, 5, &error));
        MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    } while (counts[DELIVERY_LEASED] < 2 && clock_monotonic() < end);
    for (int i = 0; i < 10; i++)
        MUST(engine_turn(engine, 5, &error));
    g_autofree char *now = world_counts(w);
    g_assert_cmpstr(now, ==, "leased 2");
}

static guint copies_to(const char *log, const char *address)
{
    g_autofree char *text = NULL;
    guint n = 0;
    MUST(g_file_get_contents(log, &text, NULL, &error));
    for (const char *at = text; (at = strstr(at, address)); at++)
        n++;
    return n;
}

static void invariant_2_not_begun(World *w, gconstpointer data)
{
    const Case *c = data;
    g_autofree char *log = g_build_filename(w->dir, "log", NULL), *pause = g_strdup_printf("%d", PAUSE_MS);
    w->relay.connections = 1;
    world_announce(w, WORDS("a@x.test", "b@x.test"));
    world_serve(w, "sink", WORDS("-o", log, "-d", pause));
    g_autoptr(Engine) engine = world_engine(w);
    g_autoptr(Db) other = connect_again(w);
    run_until_leased(w, engine);
    do_it(w, c->by_sender ? w->db : other, c->deed);
    world_run_until(w, engine, c->counts, 5);
    g_assert_cmpuint(copies_to(log, "\ta@x.test\t"), ==, 1);
    g_assert_cmpuint(copies_to(log, "\tb@x.test\t"), ==, 0);
    g_assert_null(world_told(w, "relay main"));
    if (c->deed == PAUSE) {
        DbTransaction *tx = begin(w->db);
        MUST(announcement_become(w->db, w->announcement_id, ANNOUNCEMENT_SENDING, "test", 1, &error));
        MUST(db_commit(&tx, &error));
        world_run_until(w, engine, "sent 2", 5);
        g_assert_cmpuint(copies_to(log, "\tb@x.test\t"), ==, 1);
    }
}

/* A change that concerns none of the mails under way costs a look, and nothing else. */
static void others_go_on(World *w, gconstpointer data)
{
    (void)data;
    w->relay.connections = 1;
    world_announce(w, WORDS("a@x.test", "b@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-d", "400"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autoptr(Db) other = connect_again(w);
    run_until_leased(w, engine);
    DbTransaction *tx = begin(other);
    MUST(trouble_set(other, "relay spare", "inbox", "down", 1, &error));
    MUST(db_commit(&tx, &error));
    world_run_until(w, engine, "sent 2", 5);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    world_init_paths(argv[0]);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/withhold/invariant_2_%s", cases[i].name);
        g_test_add(path, World, &cases[i], world_set_up, invariant_2_not_begun, world_tear_down);
    }
    g_test_add("/withhold/others_go_on", World, NULL, world_set_up, others_go_on, world_tear_down);
    return g_test_run();
}
