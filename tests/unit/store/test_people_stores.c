/* The stores of people: one writer of a subscription's state, evidence that nobody can change, suppression by hash. */
#include "store/consent_store.h"

/* rundbrief */
#include "../subscribers/people.h"
#include "store/db_driver.h"

typedef enum { NONE = -1 } Nothing;

/* By which ways a subscription may go, from none as well. */
static const struct {
    const char *name;
    int from, to;
    bool legal;
} moves[] = {
    {"invited", NONE, SUBSCRIPTION_PENDING, true},
    {"added", NONE, SUBSCRIPTION_ACTIVE, true},
    {"nobody starts as paused", NONE, SUBSCRIPTION_PAUSED, false},
    {"nobody starts as left", NONE, SUBSCRIPTION_LEFT, false},
    {"confirmed", SUBSCRIPTION_PENDING, SUBSCRIPTION_ACTIVE, true},
    {"left before confirming", SUBSCRIPTION_PENDING, SUBSCRIPTION_LEFT, true},
    {"pending is not paused", SUBSCRIPTION_PENDING, SUBSCRIPTION_PAUSED, false},
    {"active does not become pending", SUBSCRIPTION_ACTIVE, SUBSCRIPTION_PENDING, false},
    {"paused", SUBSCRIPTION_ACTIVE, SUBSCRIPTION_PAUSED, true},
    {"left", SUBSCRIPTION_ACTIVE, SUBSCRIPTION_LEFT, true},
    {"who left is not paused", SUBSCRIPTION_LEFT, SUBSCRIPTION_PAUSED, false},
    {"who left asks again", SUBSCRIPTION_LEFT, SUBSCRIPTION_PENDING, true},
};

static int64_t add_person(People *f, const char *address)
{
    Subscriber person = {
        .address = (char *)address, .address_key = (char *)address, .name = (char *)"", .language = (char *)"de"};
    keyring_hash_address(f->keyring, address, person.address_hash);
    IN_TRANSACTION(f, subscriber_insert(f->db, &person, &error));
    return person.id;
}

/* Brings somebody into a state by legal moves only. */
static void bring(People *f, int64_t id, int to)
{
    static const SubscriptionState via[] = {SUBSCRIPTION_ACTIVE};
    bool direct = to == SUBSCRIPTION_PENDING || to == SUBSCRIPTION_ACTIVE;
    for (gsize i = 0; !direct && i < G_N_ELEMENTS(via); i++)
        IN_TRANSACTION(f, subscription_become(f->db, f->list->id, id, via[i], NOW, NULL, &error));
    if (to != NONE)
        IN_TRANSACTION(f, subscription_become(f->db, f->list->id, id, (SubscriptionState)to, NOW, NULL, &error));
}

static void only_legal_moves(People *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_test_message("%s", moves[i].name);
        g_autofree char *address = g_strdup_printf("p%zu@example.org", i);
        g_autoptr(GError) error = NULL;
        bool changed = false;
        int64_t id = add_person(f, address);
        if (moves[i].from != NONE)
            bring(f, id, moves[i].from);
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        bool moved = subscription_become(f->db, f->list->id, id, (SubscriptionState)moves[i].to, NOW + 1, &changed,
                                         &error);
        g_assert_true(moved == moves[i].legal && changed == moves[i].legal);
        if (!moved)
            g_assert_error(error, SUBSCRIPTION_ERROR, SUBSCRIPTION_ERROR_MOVE);
    }
}

static void the_same_state_changes_nothing(People *f, gconstpointer data)
{
    (void)data;
    bool changed = true;
    int64_t id = add_person(f, "anna@example.org");
    bring(f, id, SUBSCRIPTION_ACTIVE);
    IN_TRANSACTION(f, subscription_become(f->db, f->list->id, id, SUBSCRIPTION_ACTIVE, NOW + 5, &changed, &error));
    g_assert_false(changed);
    g_autoptr(GError) failure = NULL;
    Standing standing;
    g_assert_true(subscriber_standing(f->db, f->list->id, "anna@example.org", &standing, &failure));
    g_assert_cmpint(standing.since, ==, NOW);
}

/* Evidence is neither changed nor deleted, not even with SQL. */
static void consent_can_only_be_added(People *f, gconstpointer data)
{
    (void)data;
    static const char *const attacks[] = {"UPDATE consent_record SET wording = 'x'", "DELETE FROM consent_record"};
    people_admit(f, "anna@example.org", NOW);
    for (gsize i = 0; i < G_N_ELEMENTS(attacks); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        g_assert_false(db_exec_schema(f->db, attacks[i], &error));
        g_assert_nonnull(strstr(error->message, "consent records are never"));
    }
    assert_history(f, "anna@example.org", "imported");
}

static void the_first_suppression_stays(People *f, gconstpointer data)
{
    (void)data;
    uint8_t hash[ADDRESS_HASH_SIZE];
    bool added = false, removed = false, found = false;
    g_auto(Suppression) suppression = {0};
    keyring_hash_address(f->keyring, "anna@example.org", hash);
    IN_TRANSACTION(f, suppression_add(f->db, hash, SUPPRESSION_COMPLAINT, "first", NOW, &added, &error));
    g_assert_true(added);
    IN_TRANSACTION(f, suppression_add(f->db, hash, SUPPRESSION_STAFF, "second", NOW, &added, &error));
    g_assert_false(added);
    g_assert_true(suppression_find(f->db, hash, &suppression, &found, NULL) && found);
    g_assert_cmpint(suppression.reason, ==, SUPPRESSION_COMPLAINT);
    g_assert_cmpstr(suppression.evidence, ==, "first");
    IN_TRANSACTION(f, suppression_remove(f->db, hash, &removed, &error));
    g_assert_true(removed);
    IN_TRANSACTION(f, suppression_remove(f->db, hash, &removed, &error));
    g_assert_false(removed);
}

/* "DAY:POINTS …" of what is kept after a bounce. */
static char *bounce_softly(People *f, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t day, int64_t points)
{
    const SoftBounce bounce = {.day = day, .points = points};
    g_autoptr(GError) failure = NULL;
    IN_TRANSACTION(f, soft_bounce_add(f->db, hash, &bounce, day - 30, &error));
    g_autoptr(GArray) days = soft_bounce_days(f->db, hash, 0, &failure);
    g_assert_no_error(failure);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < days->len; i++) {
        const SoftBounce *each = &g_array_index(days, SoftBounce, i);
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT, i ? " " : "", each->day, each->points);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void expect_days(People *f, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t day, int64_t points,
                        const char *want)
{
    g_autofree char *got = bounce_softly(f, hash, day, points);
    g_assert_cmpstr(got, ==, want);
}

static void soft_bounces_keep_the_worst_of_each_day(People *f, gconstpointer data)
{
    (void)data;
    uint8_t hash[ADDRESS_HASH_SIZE], other[ADDRESS_HASH_SIZE];
    keyring_hash_address(f->keyring, "anna@example.org", hash);
    keyring_hash_address(f->keyring, "bob@example.org", other);
    expect_days(f, hash, 1000, 5, "1000:5");
    expect_days(f, hash, 1000, 10, "1000:10");
    expect_days(f, hash, 1000, 5, "1000:10");
    expect_days(f, hash, 1010, 10, "1000:10 1010:10");
    expect_days(f, other, 1010, 5, "1010:5");
    expect_days(f, hash, 1031, 5, "1010:10 1031:5");
    IN_TRANSACTION(f, suppression_remove(f->db, hash, NULL, &error));
    expect_days(f, hash, 1032, 10, "1032:10");
}

static void lists_are_counted_and_changed(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) failure = NULL;
    int64_t counts[SUBSCRIPTION_STATE_COUNT] = {-1, -1, -1, -1};
    people_admit(f, "anna@example.org", NOW);
    bring(f, add_person(f, "bob@example.org"), SUBSCRIPTION_LEFT);
    g_assert_true(list_counts(f->db, f->list->id, counts, &failure));
    g_assert_cmpint(counts[SUBSCRIPTION_ACTIVE], ==, 1);
    g_assert_cmpint(counts[SUBSCRIPTION_LEFT], ==, 1);
    g_assert_cmpint(counts[SUBSCRIPTION_PENDING], ==, 0);
    g_free(f->list->title);
    f->list->title = g_strdup("Neu");
    f->list->joining = JOINING_REQUEST;
    IN_TRANSACTION(f, list_update(f->db, f->list, &error));
    g_autoptr(MailingList) list = NULL;
    MailingList *none = f->list;
    g_assert_true(list_by_slug(f->db, "presse", &list, &failure));
    g_assert_cmpstr(list->title, ==, "Neu");
    g_assert_cmpint(list->joining, ==, JOINING_REQUEST);
    g_assert_true(list_by_slug(f->db, "nix", &none, &failure));
    g_assert_null(none);
    g_assert_no_error(failure);
}

static void pages_follow_each_other(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t count;
    add_person(f, "stranger@example.org");
    people_admit(f, "anna@example.org", NOW);
    people_admit(f, "bob@example.org", NOW);
    SubscriberFilter filter = {.list_id = f->list->id, .limit = 1};
    g_autoptr(GPtrArray) first = subscriber_page(f->db, &filter, &error);
    filter.after_key = ((const Subscriber *)first->pdata[0])->address_key;
    g_autoptr(GPtrArray) second = subscriber_page(f->db, &filter, &error);
    g_assert_cmpstr(((const Subscriber *)first->pdata[0])->address, ==, "anna@example.org");
    g_assert_cmpstr(((const Subscriber *)second->pdata[0])->address, ==, "bob@example.org");
    g_assert_true(subscriber_count(f->db, &filter, &count, &error));
    g_assert_cmpint(count, ==, 2);
    filter.has_state = true;
    filter.state = SUBSCRIPTION_LEFT;
    g_assert_true(subscriber_count(f->db, &filter, &count, &error));
    g_assert_cmpint(count, ==, 0);
    g_assert_true(subscriber_count(f->db, &(SubscriberFilter){0}, &count, &error));
    g_assert_cmpint(count, ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/people/" #name, People, NULL, people_set_up, name, people_tear_down)
    TEST(only_legal_moves);
    TEST(the_same_state_changes_nothing);
    TEST(consent_can_only_be_added);
    TEST(the_first_suppression_stays);
    TEST(soft_bounces_keep_the_worst_of_each_day);
    TEST(lists_are_counted_and_changed);
    TEST(pages_follow_each_other);
    return g_test_run();
}
