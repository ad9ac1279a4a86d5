/* outbound/lease: what a sender that was killed leaves behind is sent again as the rule says, and not for ever. */
#include "outbound/lease.h"

#include "engine_fixture.h"
#include "outbound/parcel.h"

static void become(World *w, int64_t announcement_id, AnnouncementState state)
{
    DbTransaction *tx = world_begin(w);
    MUST(announcement_become(w->db, announcement_id, state, "test", 1, &error));
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

static int64_t add_single(World *w)
{
    int64_t id;
    const Recipient to = {.address = (char *)"x@x.test"};
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, "confirm", &to, "{}", OUTBOX_PRIORITY_CONFIRMATION, 1, &id, &error));
    MUST(db_commit(&tx, &error));
    return id;
}

/* Leases all there is, begins it, and finds it again as the next sender does. How many mails nobody knows of. */
static guint die_and_recover(World *w, int64_t now)
{
    guint uncertain;
    int64_t cursor = 0;
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GPtrArray) deliveries = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    g_autoptr(GPtrArray) singles = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    DbTransaction *tx = world_begin(w);
    if (w->announcement_id)
        MUST(delivery_lease(w->db, &tally, w->announcement_id, &cursor, 9, NULL, now, now + 5, deliveries, &error));
    MUST(outbox_lease(w->db, NULL, 9, now, now + 5, singles, &error));
    MUST(delivery_tally_write(w->db, &tally, &error));
    for (guint i = 0; i < deliveries->len; i++)
        MUST(delivery_begin(w->db, ((LeasedDelivery *)deliveries->pdata[i])->key, &error));
    for (guint i = 0; i < singles->len; i++)
        MUST(outbox_begin(w->db, ((OutboxMail *)singles->pdata[i])->id, &error));
    MUST(db_commit(&tx, &error));
    MUST(leaser_recover(w->db, &w->settings.uncertain, now + 10, &uncertain, &error));
    return uncertain;
}

static void assert_counts(World *w, const char *expected)
{
    g_autofree char *counts = world_counts(w);
    g_assert_cmpstr(counts, ==, expected);
}

static bool outbox_waits(World *w)
{
    bool waits;
    MUST(outbox_has_work(w->db, NULL, HOUR_US, &waits, &error));
    return waits;
}

/* Invariant 9: a mail that kills the sender itself is not what every next sender begins with. */
static void deliveries_are_held_after_three_tries(World *w, gconstpointer data)
{
    (void)data;
    w->settings.uncertain.notice = UNCERTAIN_AGAIN;
    world_announce(w, (const char *const[]){"a@x.test", "b@x.test", NULL});
    expand(w);
    for (int try = 1; try < UNCERTAIN_TRIES; try++) {
        g_assert_cmpint(die_and_recover(w, 100 * try), ==, 2);
        assert_counts(w, "deferred 2");
    }
    g_assert_cmpint(die_and_recover(w, 1000), ==, 2);
    assert_counts(w, "uncertain 2");
}

static void single_mails_are_held_after_three_tries(World *w, gconstpointer data)
{
    (void)data;
    w->settings.uncertain.single = UNCERTAIN_AGAIN;
    add_single(w);
    for (int try = 1; try < UNCERTAIN_TRIES; try++) {
        g_assert_cmpint(die_and_recover(w, 100 * try), ==, 1);
        g_assert_true(outbox_waits(w));
    }
    g_assert_cmpint(die_and_recover(w, 1000), ==, 1);
    g_assert_false(outbox_waits(w));
}

/* Each has a rule of its own. */
static void the_rule_is_that_of_the_mail(World *w, gconstpointer data)
{
    bool single_again = GPOINTER_TO_INT(data);
    w->settings.uncertain.single = single_again ? UNCERTAIN_AGAIN : UNCERTAIN_HOLD;
    w->settings.uncertain.notice = single_again ? UNCERTAIN_HOLD : UNCERTAIN_AGAIN;
    world_announce(w, (const char *const[]){"a@x.test", NULL});
    expand(w);
    add_single(w);
    g_assert_cmpint(die_and_recover(w, 100), ==, 2);
    assert_counts(w, single_again ? "uncertain 1" : "deferred 1");
    g_assert_true(outbox_waits(w) == single_again);
}

/* ---- whose turn it is -------------------------------------------------------------------------------------------- */

/* Leases as many mails as there is room for as a turn does; how many there were of the announcement, 0 of any. */
static guint take_into(World *w, Leaser *leaser, Rooms *rooms, int64_t now, int64_t announcement_id)
{
    bool work;
    guint n = 0;
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GPtrArray) parcels = g_ptr_array_new_with_free_func((GDestroyNotify)parcel_free);
    leaser_wake(leaser);
    MUST(leaser_look(leaser, w->db, now, now, &work, &error));
    DbTransaction *tx = world_begin(w);
    MUST(leaser_take(leaser, w->db, &tally, rooms, now, parcels, &error));
    MUST(delivery_tally_write(w->db, &tally, &error));
    MUST(db_commit(&tx, &error));
    leaser_keep(leaser);
    for (guint i = 0; i < parcels->len; i++)
        n += announcement_id == 0 || parcel_announcement(parcels->pdata[i]) == announcement_id;
    return n;
}

static guint take(World *w, Leaser *leaser, guint want, int64_t now, int64_t announcement_id)
{
    g_autoptr(Rooms) rooms = rooms_new();
    rooms_add(rooms, "main", want, want);
    return take_into(w, leaser, rooms, now, announcement_id);
}

static const char *const six_of_a[] = {"a1@x.test", "a2@x.test", "a3@x.test", "a4@x.test",
                                       "a5@x.test", "a6@x.test", NULL};
static const char *const six_of_b[] = {"b1@x.test", "b2@x.test", "b3@x.test", "b4@x.test",
                                       "b5@x.test", "b6@x.test", NULL};

/* Two lists of six, each with an announcement that is being sent. */
static void announce_two(World *w, int64_t weight_of_b, int64_t *ret_a, int64_t *ret_b)
{
    world_add_list(w, "a", 0, 1);
    world_announce(w, six_of_a);
    expand(w);
    *ret_a = w->announcement_id;
    world_add_list(w, "b", 0, weight_of_b);
    world_announce(w, six_of_b);
    expand(w);
    *ret_b = w->announcement_id;
}

static void announcements_share_by_weight(World *w, gconstpointer data)
{
    (void)data;
    int64_t a, b;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_two(w, 3, &a, &b);
    g_assert_cmpuint(take(w, leaser, 4, 100, b), ==, 3);
    guint of_b = 0;
    for (int i = 0; i < 4; i++) /* also when there is room for one at a time only */
        of_b += take(w, leaser, 1, 100, b);
    g_assert_cmpuint(of_b, ==, 3);
}

static void what_one_leaves_over_the_other_gets(World *w, gconstpointer data)
{
    (void)data;
    int64_t a, b;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_two(w, 1, &a, &b);
    g_assert_cmpuint(take(w, leaser, 8, 100, 0), ==, 8);
    become(w, b, ANNOUNCEMENT_PAUSED);
    g_assert_cmpuint(take(w, leaser, 8, 100, a), ==, 2);
    become(w, b, ANNOUNCEMENT_SENDING);
    g_assert_cmpuint(take(w, leaser, 8, 100, b), ==, 2);
}

static void urgent_ones_come_first(World *w, gconstpointer data)
{
    (void)data;
    int64_t a, b;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_two(w, 1, &a, &b);
    DbTransaction *tx = world_begin(w);
    MUST(announcement_set_urgent(w->db, b, true, &error));
    MUST(db_commit(&tx, &error));
    g_assert_cmpuint(take(w, leaser, 4, 100, b), ==, 4);
    g_assert_cmpuint(take(w, leaser, 4, 100, b), ==, 2);
}

/* Sixty a minute: one at once, and one each second, for two announcements together. */
static void a_list_keeps_to_its_rate(World *w, gconstpointer data)
{
    (void)data;
    int64_t now = 100;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    world_add_list(w, "slow", 60, 1);
    world_announce(w, six_of_a);
    expand(w);
    world_announce(w, (const char *const[]){NULL});
    expand(w);
    g_assert_cmpuint(take(w, leaser, 8, now, 0), ==, 1);
    g_assert_cmpuint(take(w, leaser, 8, now + SECOND_US - 1, 0), ==, 0);
    for (int second = 1; second < 12; second++)
        g_assert_cmpuint(take(w, leaser, 8, now + second * SECOND_US, 0), ==, 1);
    g_assert_cmpuint(take(w, leaser, 8, now + HOUR_US, 0), ==, 0);
}

static void quiet_hours_hold_what_is_not_urgent(World *w, gconstpointer data)
{
    (void)data;
    int64_t a, b;
    g_autoptr(Leaser) leaser = leaser_new(NULL);
    announce_two(w, 1, &a, &b);
    add_single(w);
    DbTransaction *tx = world_begin(w);
    MUST(announcement_set_urgent(w->db, b, true, &error));
    MUST(db_commit(&tx, &error));
    leaser_be_quiet(leaser, HOUR_US);
    g_assert_cmpuint(take(w, leaser, 20, 100, 0), ==, 7); /* the single mail and all of b */
    g_assert_cmpuint(take(w, leaser, 20, HOUR_US - 1, 0), ==, 0);
    g_assert_cmpuint(take(w, leaser, 20, HOUR_US, a), ==, 6);
}

/* A slow provider's mails are put off, each to a place of its own; the others overtake them at once. */
static void a_slow_provider_is_overtaken(World *w, gconstpointer data)
{
    (void)data;
    ProviderSettings gmx = {.name = (char *)"web.de", .rate_per_minute = 60};
    g_ptr_array_add(w->settings.providers, &gmx);
    g_autoptr(Paces) paces = paces_new(&w->settings, w->db, NULL, NULL);
    g_autoptr(Leaser) leaser = leaser_new(paces);
    world_announce(w,
                   (const char *const[]){"1@gmx.de", "2@GMX.de", "3@web.de", "4@gmx.de", "5@x.test", "6@x.test", NULL});
    expand(w);
    g_assert_cmpuint(take(w, leaser, 3, 100, 0), ==, 3); /* one of gmx, both others */
    assert_counts(w, "leased 3, deferred 3");
    g_assert_cmpuint(take(w, leaser, 3, 100 + SECOND_US - 1, 0), ==, 0);
    for (int second = 1; second <= 3; second++)
        g_assert_cmpuint(take(w, leaser, 3, 100 + second * SECOND_US, 0), ==, 1);
    assert_counts(w, "leased 6");
}

/* What was learned is there for the next sender, until it is forgotten. */
static void what_was_learned_stays(World *w, gconstpointer data)
{
    (void)data;
    const int64_t now = HOUR_US;
    for (int sender = 0; sender < 2; sender++) {
        g_autoptr(Paces) paces = paces_new(&w->settings, w->db, NULL, NULL);
        g_assert_cmpuint(paces_slowed(paces), ==, sender);
        if (sender == 0) {
            paces_ask(paces, "a@gmx.de", false, now);
            for (int whom = 1; whom <= 3; whom++)
                paces_complain(paces, "a@gmx.de", whom, "450 4.7.1 slow down", now);
        } else {
            for (int i = 1; paces_slowed(paces) > 0; i++)
                paces_tend(paces, now + i * HOUR_US);
        }
        g_assert_true(paces_have_news(paces));
        DbTransaction *tx = world_begin(w);
        MUST(paces_tell(paces, w->db, &error));
        MUST(db_commit(&tx, &error));
        paces_told(paces);
        g_assert_false(paces_have_news(paces));
    }
    g_autoptr(Paces) third = paces_new(&w->settings, w->db, NULL, NULL);
    g_assert_cmpuint(paces_slowed(third), ==, 0);
}

#define TEST(name) g_test_add("/lease/" #name, World, NULL, world_set_up, name, world_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(deliveries_are_held_after_three_tries);
    TEST(single_mails_are_held_after_three_tries);
    TEST(announcements_share_by_weight);
    TEST(what_one_leaves_over_the_other_gets);
    TEST(urgent_ones_come_first);
    TEST(a_list_keeps_to_its_rate);
    TEST(quiet_hours_hold_what_is_not_urgent);
    TEST(a_slow_provider_is_overtaken);
    TEST(what_was_learned_stays);
    g_test_add("/lease/rule_of_single_mails", World, GINT_TO_POINTER(true), world_set_up, the_rule_is_that_of_the_mail,
               world_tear_down);
    g_test_add("/lease/rule_of_deliveries", World, GINT_TO_POINTER(false), world_set_up, the_rule_is_that_of_the_mail,
               world_tear_down);
    return g_test_run();
}
