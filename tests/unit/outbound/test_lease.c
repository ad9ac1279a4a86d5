/* outbound/lease: what a sender that was killed leaves behind is sent again as the rule says, and not for ever. */
#include "outbound/lease.h"

#include "engine_fixture.h"
#include "outbound/parcel.h"

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
        MUST(delivery_lease(w->db, &tally, w->announcement_id, &cursor, 9, now, now + 5, deliveries, &error));
    MUST(outbox_lease(w->db, 9, now, now + 5, singles, &error));
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
    MUST(outbox_has_work(w->db, HOUR_US, &waits, &error));
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

#define TEST(name) g_test_add("/lease/" #name, World, NULL, world_set_up, name, world_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(deliveries_are_held_after_three_tries);
    TEST(single_mails_are_held_after_three_tries);
    g_test_add("/lease/rule_of_single_mails", World, GINT_TO_POINTER(true), world_set_up, the_rule_is_that_of_the_mail,
               world_tear_down);
    g_test_add("/lease/rule_of_deliveries", World, GINT_TO_POINTER(false), world_set_up, the_rule_is_that_of_the_mail,
               world_tear_down);
    return g_test_run();
}
