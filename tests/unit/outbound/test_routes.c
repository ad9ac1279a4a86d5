/* outbound/: mails of a list that names a relay go by that alone, wait for it alone, and hold up nobody else. */
#include "outbound/routes.h"

#include "engine_fixture.h"
#include "outbound/lease.h"
#include "outbound/parcel.h"

static void bind_list(World *w, const char *slug, const char *relay)
{
    MailingList *list;
    DbTransaction *tx = world_begin(w);
    MUST(list_by_slug(w->db, slug, &list, &error));
    g_free(list->relay);
    list->relay = g_strdup(relay);
    MUST(list_update(w->db, list, &error));
    MUST(db_commit(&tx, &error));
    mailing_list_free(list);
}

static void set_up(World *w, gconstpointer data)
{
    world_set_up(w, data);
    world_add_list(w, "any", 0, 1);
    world_add_list(w, "bound", 0, 1);
    bind_list(w, "bound", "x");
}

static void add_single(World *w, int64_t list_id)
{
    const Recipient to = {.address = (char *)"single@x.test", .list_id = list_id};
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, "confirm", &to, "{}", OUTBOX_PRIORITY_CONFIRMATION, 1, NULL, &error));
    MUST(db_commit(&tx, &error));
}

static int64_t id_of_list(World *w, const char *slug)
{
    MailingList *list;
    MUST(list_by_slug(w->db, slug, &list, &error));
    int64_t id = list->id;
    mailing_list_free(list);
    return id;
}

/* To a1, a2 … on the list "any", b1, b2 … on "bound", and both1, who is on both; "bound" is named first. */
static void announce_to_both(World *w, int n)
{
    bool changed;
    w->list = "any";
    w->list_id = id_of_list(w, "any");
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (int i = 1; i <= n; i++)
        g_ptr_array_add(addresses, g_strdup_printf("a%d@x.test", i));
    g_ptr_array_add(addresses, g_strdup("both1@x.test"));
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
    DbTransaction *tx = world_begin(w);
    g_autoptr(DbQuery) query = db_query(w->db, SQL_ANNOUNCEMENT_ADD_LIST);
    db_bind_int64(query, "id", w->announcement_id);
    db_bind_int64(query, "position", -1);
    db_bind_text(query, "slug", "bound");
    MUST(db_run(query, &error));
    w->list_id = id_of_list(w, "bound");
    MUST(subscription_become(w->db, w->list_id, n + 1, SUBSCRIPTION_ACTIVE, 1, &changed, &error));
    for (int i = 1; i <= n; i++) {
        g_autofree char *address = g_strdup_printf("b%d@x.test", i);
        world_add_person(w, address);
    }
    MUST(db_commit(&tx, &error));
}

static void expand(World *w)
{
    bool done = false;
    DbTransaction *tx = world_begin(w);
    MUST(announcement_become(w->db, w->announcement_id, ANNOUNCEMENT_SENDING, "test", 1, &error));
    while (!done)
        MUST(announcement_expand(w->db, w->announcement_id, 10, 1, &done, &error));
    MUST(db_commit(&tx, &error));
}

/* A turn of the leaser, with so much room by any relay but x, and by x. "a1 a2 | b1": who was leased for any, and who for x.
 * Caller frees. */
static char *take(World *w, Leaser *leaser, guint other, guint x, int64_t now)
{
    bool work;
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GString) any = g_string_new(NULL), bound = g_string_new(NULL);
    g_autoptr(GPtrArray) parcels = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
    g_autoptr(Rooms) rooms = rooms_new();
    rooms_add(rooms, "main", other, other);
    rooms_add(rooms, "x", x, 0); /* has had its share */
    leaser_wake(leaser);
    MUST(leaser_look(leaser, w->db, now, now, &work, &error));
    DbTransaction *tx = world_begin(w);
    MUST(leaser_take(leaser, w->db, &tally, rooms, now, parcels, &error));
    MUST(delivery_tally_write(w->db, &tally, &error));
    MUST(db_commit(&tx, &error));
    leaser_keep(leaser);
    for (guint i = 0; i < parcels->len; i++) {
        GString *text = parcel_is_bound(parcels->pdata[i]) ? bound : any;
        const char *address = parcel_address(parcels->pdata[i]);
        g_string_append_printf(text, "%.*s ", (int)strcspn(address, "@"), address);
    }
    g_string_append_printf(any, "| %s", bound->str);
    return g_strchomp(g_string_free(g_steal_pointer(&any), FALSE));
}

#define ASSERT_TAKES(other, x, now, expected)                                                                          \
    do {                                                                                                               \
        g_autofree char *taken = take(w, leaser, other, x, now);                                                       \
        g_assert_cmpstr(taken, ==, expected);                                                                          \
    } while (0)

/* A person gets it by the list that the letter names, and so by that list's relay. */
static void the_list_named_in_the_letter_rules(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 3);
    expand(w);
    ASSERT_TAKES(9, 9, SECOND_US, "a1 a2 a3 | both1 b1 b2 b3");
}

static void who_waits_for_a_relay_holds_up_nobody(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 3);
    expand(w);
    add_single(w, id_of_list(w, "bound"));
    add_single(w, id_of_list(w, "any"));
    ASSERT_TAKES(2, 0, SECOND_US, "single a1 |");
    ASSERT_TAKES(9, 0, 2 * SECOND_US, "a2 a3 |");
    ASSERT_TAKES(9, 2, 3 * SECOND_US, "| single both1");
    ASSERT_TAKES(0, 9, 4 * SECOND_US, "| b1 b2 b3");
}

/* Those that were deferred stand at the head, and are passed over as well. */
static void deferred_ones_are_passed_over(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 3);
    expand(w);
    DbTransaction *tx = world_begin(w);
    for (int64_t id = 1; id <= 7; id++) {
        DeliveryKey key = {w->announcement_id, id};
        MUST(delivery_become(w->db, key, DELIVERY_DEFERRED, 100 - id, NULL, 1, &error));
    }
    MUST(db_commit(&tx, &error));
    ASSERT_TAKES(2, 0, SECOND_US, "a3 a2 |");
    ASSERT_TAKES(2, 9, 2 * SECOND_US, "a1 | b3 b2 b1 both1");
}

/* Behind the cursor of the run that has them now: found all the same, once all runs are through. */
static void who_comes_to_another_relay_is_not_forgotten(World *w, gconstpointer data)
{
    (void)data;
    bool changed;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 3);
    expand(w);
    ASSERT_TAKES(9, 0, SECOND_US, "a1 a2 a3 |");
    ASSERT_TAKES(9, 0, 2 * SECOND_US, "|");
    DbTransaction *tx = world_begin(w);
    MUST(subscription_become(w->db, id_of_list(w, "bound"), 4, SUBSCRIPTION_LEFT, 1, &changed, &error));
    MUST(db_commit(&tx, &error));
    ASSERT_TAKES(9, 9, 3 * SECOND_US, "| b1 b2 b3");
    ASSERT_TAKES(9, 9, 4 * SECOND_US, "|");
    ASSERT_TAKES(9, 9, 6 * SECOND_US, "both1 |");
}

/* Many of the others' do not end the search. */
static void a_thousand_of_others_are_passed_over(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 1100);
    expand(w);
    ASSERT_TAKES(0, 1, SECOND_US, "|");
    ASSERT_TAKES(0, 1, 2 * SECOND_US, "| both1");
}

/* What a list says now holds at once. */
static void a_change_of_the_list_holds_at_once(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_to_both(w, 3);
    expand(w);
    ASSERT_TAKES(1, 0, SECOND_US, "a1 |");
    bind_list(w, "bound", "");
    ASSERT_TAKES(9, 0, 2 * SECOND_US, "a2 a3 both1 b1 b2 b3 |");
}

/* The relay was taken out of the settings: its mails wait, staff are told, and a word of theirs ends it. */
static void a_relay_that_is_not_in_the_settings(World *w, gconstpointer data)
{
    (void)data;
    announce_to_both(w, 2);
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "pending 3, sent 2", 5);
    g_autofree char *told = world_told(w, "relays of lists");
    g_assert_nonnull(strstr(told, "list bound wait"));
    g_assert_nonnull(strstr(told, "relay x alone"));
    bind_list(w, "bound", "main");
    world_run_until(w, engine, "sent 5", 5);
    g_assert_null(world_told(w, "relays of lists"));
}

/* One that is left alone: the other sends on, and the bound mails wait. */
static void a_relay_that_is_down(World *w, gconstpointer data)
{
    (void)data;
    announce_to_both(w, 2);
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    RelaySettings x = w->relay;
    x.name = (char *)"x";
    x.port = 1; /* nobody listens there */
    g_ptr_array_add(w->settings.relays, &x);
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "pending 3, sent 2", 5);
    g_autofree char *told = world_told(w, "relay x");
    g_assert_nonnull(told);
    for (int i = 0; i < 20; i++)
        MUST(engine_turn(engine, 20, &error));
    world_run_until(w, engine, "pending 3, sent 2", 1);
}

#define TEST(name) g_test_add("/routes/" #name, World, NULL, set_up, name, world_tear_down)

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    TEST(the_list_named_in_the_letter_rules);
    TEST(who_waits_for_a_relay_holds_up_nobody);
    TEST(deferred_ones_are_passed_over);
    TEST(who_comes_to_another_relay_is_not_forgotten);
    TEST(a_thousand_of_others_are_passed_over);
    TEST(a_change_of_the_list_holds_at_once);
    TEST(a_relay_that_is_not_in_the_settings);
    TEST(a_relay_that_is_down);
    return g_test_run();
}
