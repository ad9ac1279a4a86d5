/* store/delivery_store, store/outbox_store: a mail moves only along the table, with its count and its event, and goes
 * to nobody who has left. */
#include "store/delivery_store.h"

#include <glib.h>
#include <glib/gstdio.h>

#include "store/announcement_store.h"
#include "store/lease_store.h"
#include "store/list_store.h"
#include "store/migrate.h"
#include "store/outbox_store.h"
#include "store/statements.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"

#define PEOPLE 5

typedef struct Fixture {
    char *dir;
    StoreSettings settings;
    Db *db;
    int64_t lists[2];
    int64_t people[PEOPLE];
    int64_t announcement;
} Fixture;

#define MUST(call)                                                                                                     \
    do {                                                                                                               \
        g_autoptr(GError) error = NULL;                                                                                \
        bool call_done = (call);                                                                                       \
        g_assert_no_error(error);                                                                                      \
        g_assert_true(call_done);                                                                                      \
    } while (0)

static DbTransaction *begin(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    DbTransaction *tx = db_begin(f->db, &error);
    g_assert_no_error(error);
    return tx;
}

static void add_list(Fixture *f, int which, const char *slug)
{
    MailingList list = {.slug = (char *)slug,
                        .title = (char *)slug,
                        .description = (char *)"",
                        .language = (char *)"de",
                        .from_name = (char *)"",
                        .from_address = (char *)"",
                        .sender_address = (char *)"",
                        .reply_to = (char *)""};
    MUST(list_insert(f->db, &list, 1, &error));
    f->lists[which] = list.id;
}

static void add_person(Fixture *f, int which, int list)
{
    g_autofree char *address = g_strdup_printf("p%d@example.test", which);
    Subscriber person = {.address = address, .address_key = address, .name = (char *)"P", .language = (char *)"de"};
    person.address_hash[0] = (uint8_t)which;
    MUST(subscriber_insert(f->db, &person, &error));
    f->people[which] = person.id;
    bool changed;
    MUST(subscription_become(f->db, f->lists[list], person.id, SUBSCRIPTION_ACTIVE, 1, &changed, &error));
}

static void add_announcement(Fixture *f)
{
    g_autoptr(Announcement) a = announcement_new();
    a->kind = ANNOUNCEMENT_NOTICE;
    a->language = g_strdup("de");
    a->publisher = (Publisher){g_strdup("o"), g_strdup("p"), g_strdup("a"), g_strdup("t"),
                               g_strdup(""),  g_strdup(""),  g_strdup("")};
    g_ptr_array_add(a->lists, g_strdup("special"));
    g_ptr_array_add(a->lists, g_strdup("general"));
    MUST(announcement_insert(f->db, a, 1, &error));
    f->announcement = a->id;
    bool done = false;
    MUST(announcement_become(f->db, a->id, ANNOUNCEMENT_SCHEDULED, "test", 1, &error));
    MUST(announcement_become(f->db, a->id, ANNOUNCEMENT_SENDING, "test", 1, &error));
    while (!done)
        MUST(announcement_expand(f->db, a->id, 1000, 1, &done, &error));
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-delivery-XXXXXX", NULL);
    f->settings = (StoreSettings){.path = g_build_filename(f->dir, "news.db", NULL), .busy_timeout_ms = 1000};
    MUST(migrate_run(&f->settings, NULL, &error));
    MUST((f->db = db_open(&f->settings, &error)) != NULL);
    DbTransaction *tx = begin(f);
    add_list(f, 0, "general");
    add_list(f, 1, "special");
    for (int i = 0; i < PEOPLE; i++)
        add_person(f, i, i == 1);
    add_announcement(f);
    MUST(db_commit(&tx, &error));
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    db_close(f->db);
    g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(f->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(f->dir);
    g_free(f->settings.path);
    g_free(f->dir);
}

/* ---- helpers ----------------------------------------------------------------------------------------------------- */

static DeliveryKey key_of(const Fixture *f, int person)
{
    return (DeliveryKey){f->announcement, f->people[person]};
}

static GPtrArray *lease(Fixture *f, int64_t *cursor, guint limit, int64_t now)
{
    GPtrArray *leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    DbTransaction *tx = begin(f);
    MUST(delivery_lease(f->db, &tally, f->announcement, cursor, limit, NULL, now, now + 1000, leased, &error));
    MUST(delivery_tally_write(f->db, &tally, &error));
    MUST(db_commit(&tx, &error));
    return leased;
}

/* Leases so many, of which only the rows matter. */
static void lease_only(Fixture *f, int64_t *cursor, guint limit, int64_t now, guint expected)
{
    g_autoptr(GPtrArray) leased = lease(f, cursor, limit, now);
    g_assert_cmpint(leased->len, ==, expected);
}

static void become(Fixture *f, int person, DeliveryState to, int64_t at)
{
    DbTransaction *tx = begin(f);
    MUST(delivery_become(f->db, key_of(f, person), to, at, NULL, 10, &error));
    MUST(db_commit(&tx, &error));
}

static DeliveryState state_of(Fixture *f, int person)
{
    DeliveryState state;
    bool found = false;
    MUST(delivery_state(f->db, key_of(f, person), &state, &found, &error) && found);
    return state;
}

/* "pending 3, sent 2": what delivery_count says. */
static void assert_counts(Fixture *f, const char *expected)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    g_autoptr(GString) text = g_string_new(NULL);
    MUST(delivery_counts(f->db, f->announcement, counts, &error));
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        if (counts[i] != 0)
            g_string_append_printf(text, "%s%s %" G_GINT64_FORMAT, text->len ? ", " : "", delivery_state_word(i),
                                   counts[i]);
    g_assert_cmpstr(text->str, ==, expected);
}

static int64_t count_events(Fixture *f, const char *kind)
{
    int64_t n = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbQuery) query = db_query(f->db, SQL_DELIVERY_EVENTS);
    db_bind_int64(query, "announcement_id", f->announcement);
    while (db_step(query, &error) == DB_ROW)
        n += g_str_equal(db_text(query, "kind"), kind);
    g_assert_no_error(error);
    return n;
}

static void expire(Fixture *f, int64_t now, GArray *uncertain, guint *ret_released)
{
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    MUST(leases_expire(f->db, &tally, INT64_MAX, now, uncertain, ret_released, &error));
    MUST(delivery_tally_write(f->db, &tally, &error));
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

static void lease_tells_the_most_specific_list(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    bool changed;
    DbTransaction *tx = begin(f);
    MUST(subscription_become(f->db, f->lists[1], f->people[2], SUBSCRIPTION_ACTIVE, 2, &changed, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) leased = lease(f, &cursor, PEOPLE, 10);
    static const int lists[PEOPLE] = {0, 1, 1, 0, 0};
    g_assert_cmpint(leased->len, ==, PEOPLE);
    for (int i = 0; i < PEOPLE; i++) {
        const LeasedDelivery *one = leased->pdata[i];
        g_assert_cmpint(one->key.subscriber_id, ==, f->people[i]);
        g_assert_cmpint(one->recipient.list_id, ==, f->lists[lists[i]]);
        g_assert_cmpint(one->attempts, ==, 1);
    }
    assert_counts(f, "leased 5");
    g_autoptr(GPtrArray) none = lease(f, &cursor, PEOPLE, 10);
    g_assert_cmpint(none->len, ==, 0);
}

static void invariant_2_who_leaves_gets_nothing_more(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    bool changed;
    uint8_t hash[ADDRESS_HASH_SIZE] = {3};
    DbTransaction *tx = begin(f);
    MUST(subscription_become(f->db, f->lists[0], f->people[0], SUBSCRIPTION_LEFT, 2, &changed, &error));
    MUST(suppression_add(f->db, hash, SUPPRESSION_COMPLAINT, "test", 2, NULL, &error));
    MUST(subscriber_delete(f->db, f->people[4], &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) leased = lease(f, &cursor, 10, 10);
    g_assert_cmpint(leased->len, ==, 2);
    g_assert_cmpint(state_of(f, 0), ==, DELIVERY_CANCELLED);
    g_assert_cmpint(state_of(f, 3), ==, DELIVERY_CANCELLED);
    g_assert_cmpint(state_of(f, 4), ==, DELIVERY_CANCELLED);
    g_assert_cmpint(count_events(f, "cancelled"), ==, 3);
    assert_counts(f, "leased 2, cancelled 3");
}

static void invariant_2_also_for_a_second_try(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    bool changed;
    lease_only(f, &cursor, 10, 10, 5);
    become(f, 0, DELIVERY_DEFERRED, 50);
    DbTransaction *tx = begin(f);
    MUST(subscription_become(f->db, f->lists[0], f->people[0], SUBSCRIPTION_LEFT, 20, &changed, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) again = lease(f, &cursor, 10, 60);
    g_assert_cmpint(again->len, ==, 0);
    g_assert_cmpint(state_of(f, 0), ==, DELIVERY_CANCELLED);
}

static void move_on(Fixture *f, int person, DeliveryState to, DeliveryEventKind kind)
{
    const DeliveryNote note = {.kind = kind};
    DbTransaction *tx = begin(f);
    MUST(delivery_become(f->db, key_of(f, person), to, 20, &note, 20, &error));
    MUST(db_commit(&tx, &error));
}

/* Of two who leave between two tries one may have got it; of the other it became known that he did not. */
static void who_leaves_after_an_uncertain_try_may_have_got_it(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    bool changed;
    lease_only(f, &cursor, 10, 10, 5);
    DbTransaction *tx = begin(f);
    MUST(subscription_become(f->db, f->lists[0], f->people[0], SUBSCRIPTION_LEFT, 20, &changed, &error));
    MUST(subscription_become(f->db, f->lists[0], f->people[2], SUBSCRIPTION_LEFT, 20, &changed, &error));
    MUST(db_commit(&tx, &error));
    move_on(f, 0, DELIVERY_UNCERTAIN, DELIVERY_EVENT_UNCERTAIN);
    move_on(f, 0, DELIVERY_DEFERRED, DELIVERY_EVENT_RESENT);
    move_on(f, 2, DELIVERY_UNCERTAIN, DELIVERY_EVENT_UNCERTAIN);
    move_on(f, 2, DELIVERY_FAILED, DELIVERY_EVENT_SETTLED);
    move_on(f, 2, DELIVERY_DEFERRED, DELIVERY_EVENT_RESENT);
    lease_only(f, &cursor, 10, 60, 0);
    g_assert_cmpint(state_of(f, 0), ==, DELIVERY_UNCERTAIN);
    g_assert_cmpint(state_of(f, 2), ==, DELIVERY_CANCELLED);
    assert_counts(f, "leased 3, uncertain 1, cancelled 1");
}

static void start_over(Fixture *f, int person)
{
    DbTransaction *tx = begin(f);
    MUST(delivery_start_over(f->db, key_of(f, person), "asked for", 20, &error));
    MUST(db_commit(&tx, &error));
}

/* Its patience had ended, or one try would be all that it gets. Only what may have arrived may arrive twice. */
static void what_staff_send_again_starts_over(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    lease_only(f, &cursor, 10, 10, 5);
    become(f, 0, DELIVERY_DEFERRED, 10);
    lease_only(f, &cursor, 10, 10, 1);
    move_on(f, 0, DELIVERY_FAILED, DELIVERY_EVENT_FAILED);
    move_on(f, 2, DELIVERY_UNCERTAIN, DELIVERY_EVENT_UNCERTAIN);
    start_over(f, 0);
    start_over(f, 2);
    g_assert_cmpint(count_events(f, "retried"), ==, 1);
    g_assert_cmpint(count_events(f, "resent"), ==, 1);
    g_autoptr(GPtrArray) again = lease(f, &cursor, 10, 20);
    g_assert_cmpint(again->len, ==, 2);
    for (guint i = 0; i < again->len; i++)
        g_assert_cmpint(((const LeasedDelivery *)again->pdata[i])->attempts, ==, 1);
    assert_counts(f, "leased 5");
}

static void invariant_3_only_legal_moves(Fixture *f, gconstpointer data)
{
    (void)data;
    for (int from = 0; from < DELIVERY_STATE_COUNT; from++) {
        for (int to = 0; to < DELIVERY_STATE_COUNT; to++) {
            g_autoptr(GError) error = NULL;
            DbTransaction *tx = begin(f);
            g_autoptr(DbQuery) query = db_query(f->db, SQL_DELIVERY_MOVE);
            db_bind_int64(query, "announcement_id", f->announcement);
            db_bind_int64(query, "subscriber_id", f->people[0]);
            db_bind_int64(query, "from", DELIVERY_PENDING);
            db_bind_int64(query, "to", from);
            db_bind_int64(query, "at", 1);
            db_bind_int64(query, "tries", 0);
            g_assert_true(db_run(query, &error));
            bool moved = delivery_become(f->db, key_of(f, 0), to, 1, NULL, 1, &error);
            g_assert_true(moved == delivery_may_become(from, to));
            if (!moved)
                g_assert_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MOVE);
            g_assert_cmpint(state_of(f, 0), ==, moved ? to : from);
            db_rollback(tx);
        }
    }
}

static void invariant_3_event_and_count_in_one_transaction(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    lease_only(f, &cursor, 2, 10, 2);
    const Attempt attempt = {.phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1", .text = "no such user"};
    const DeliveryNote note = {.kind = DELIVERY_EVENT_FAILED, .relay = "main", .attempt = &attempt};
    DbTransaction *tx = begin(f);
    MUST(delivery_become(f->db, key_of(f, 0), DELIVERY_FAILED, 20, &note, 20, &error));
    db_rollback(tx);
    assert_counts(f, "pending 3, leased 2");
    g_assert_cmpint(count_events(f, "failed"), ==, 0);
    tx = begin(f);
    MUST(delivery_become(f->db, key_of(f, 0), DELIVERY_FAILED, 20, &note, 20, &error));
    MUST(db_commit(&tx, &error));
    assert_counts(f, "pending 3, leased 1, failed 1");
    g_assert_cmpint(count_events(f, "failed"), ==, 1);
}

static void no_such_delivery(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    DbTransaction *tx = begin(f);
    g_assert_false(delivery_become(f->db, (DeliveryKey){f->announcement, 999}, DELIVERY_LEASED, 1, NULL, 1, &error));
    g_assert_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MISSING);
    db_rollback(tx);
}

static void deferred_come_first_when_due(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    lease_only(f, &cursor, 2, 10, 2);
    become(f, 0, DELIVERY_DEFERRED, 100);
    int64_t due;
    MUST(delivery_next_due(f->db, f->announcement, &due, &error));
    g_assert_cmpint(due, ==, 100);
    g_autoptr(GPtrArray) early = lease(f, &cursor, 1, 99);
    g_assert_cmpint(((LeasedDelivery *)early->pdata[0])->key.subscriber_id, ==, f->people[2]);
    g_autoptr(GPtrArray) late = lease(f, &cursor, 2, 100);
    g_assert_cmpint(((LeasedDelivery *)late->pdata[0])->key.subscriber_id, ==, f->people[0]);
    g_assert_cmpint(((LeasedDelivery *)late->pdata[0])->attempts, ==, 2);
    g_assert_cmpint(((LeasedDelivery *)late->pdata[1])->key.subscriber_id, ==, f->people[3]);
    become(f, 0, DELIVERY_SENT, 110);
    become(f, 1, DELIVERY_SENT, 110);
    assert_counts(f, "pending 1, leased 2, sent 2");
}

static void invariant_4_only_begun_leases_are_uncertain(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    lease_only(f, &cursor, 3, 10, 3);
    DbTransaction *tx = begin(f);
    MUST(delivery_begin(f->db, key_of(f, 1), &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GArray) uncertain = g_array_new(FALSE, FALSE, sizeof(UncertainMail));
    guint released = 0;
    tx = begin(f);
    expire(f, 20, uncertain, &released);
    MUST(db_commit(&tx, &error));
    g_assert_cmpint(uncertain->len, ==, 1);
    g_assert_cmpint(g_array_index(uncertain, UncertainMail, 0).key.subscriber_id, ==, f->people[1]);
    g_assert_cmpint(g_array_index(uncertain, UncertainMail, 0).attempts, ==, 1);
    g_assert_cmpint(released, ==, 2);
    assert_counts(f, "pending 2, deferred 2, uncertain 1");
    g_assert_cmpint(count_events(f, "uncertain"), ==, 1);
    g_autoptr(GPtrArray) again = lease(f, &cursor, 1, 20);
    g_assert_cmpint(((LeasedDelivery *)again->pdata[0])->attempts, ==, 1);
}

/* A second try that was begun leaves no mark on the third. */
static void begun_ends_with_the_lease(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    lease_only(f, &cursor, 1, 10, 1);
    DbTransaction *tx = begin(f);
    MUST(delivery_begin(f->db, key_of(f, 0), &error));
    MUST(db_commit(&tx, &error));
    become(f, 0, DELIVERY_DEFERRED, 20);
    lease_only(f, &cursor, 1, 20, 1);
    g_autoptr(GArray) uncertain = g_array_new(FALSE, FALSE, sizeof(UncertainMail));
    guint released = 0;
    tx = begin(f);
    expire(f, 30, uncertain, &released);
    MUST(db_commit(&tx, &error));
    g_assert_cmpint(uncertain->len, ==, 0);
    g_assert_cmpint(released, ==, 1);
}

static void latest_of_a_subscriber(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t cursor = 0;
    DeliveryKey key;
    bool found;
    MUST(delivery_latest(f->db, f->people[0], 0, &key, &found, &error));
    g_assert_false(found);
    lease_only(f, &cursor, 1, 10, 1);
    become(f, 0, DELIVERY_SENT, 20);
    MUST(delivery_latest(f->db, f->people[0], 0, &key, &found, &error));
    g_assert_true(found);
    g_assert_cmpint(key.announcement_id, ==, f->announcement);
    MUST(delivery_latest(f->db, f->people[0], 2, &key, &found, &error));
    g_assert_false(found);
}

/* ---- single mails
 * ---------------------------------------------------------------------------------------------------- */

static int64_t add_single_at(Fixture *f, int person, int priority, int64_t at)
{
    int64_t id;
    const Recipient to = {.subscriber_id = person < 0 ? 0 : f->people[person],
                          .list_id = f->lists[0],
                          .address = (char *)"x@example.test",
                          .name = (char *)"X",
                          .language = (char *)"de"};
    DbTransaction *tx = begin(f);
    MUST(outbox_add(f->db, "confirm", &to, "{}", priority, at, &id, &error));
    MUST(db_commit(&tx, &error));
    return id;
}

static int64_t add_single(Fixture *f, int person, int priority)
{
    return add_single_at(f, person, priority, 5);
}

static GPtrArray *lease_single(Fixture *f, guint limit, int64_t now)
{
    GPtrArray *leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    DbTransaction *tx = begin(f);
    MUST(outbox_lease(f->db, NULL, limit, now, now + 1000, leased, &error));
    MUST(db_commit(&tx, &error));
    return leased;
}

static void urgent_single_mails_first(Fixture *f, gconstpointer data)
{
    (void)data;
    add_single_at(f, 0, OUTBOX_PRIORITY_RECEIPT, 5);
    int64_t confirmation = add_single_at(f, -1, OUTBOX_PRIORITY_CONFIRMATION, 6);
    g_autoptr(GPtrArray) leased = lease_single(f, 1, 10);
    const OutboxMail *mail = leased->pdata[0];
    g_assert_cmpint(mail->id, ==, confirmation);
    g_assert_cmpstr(mail->template, ==, "confirm");
    g_assert_cmpstr(mail->recipient.address, ==, "x@example.test");
    g_assert_cmpint(mail->recipient.subscriber_id, ==, 0);
    g_assert_cmpint(mail->attempts, ==, 1);
}

static void invariant_2_no_single_mail_to_the_suppressed(Fixture *f, gconstpointer data)
{
    (void)data;
    uint8_t hash[ADDRESS_HASH_SIZE] = {3};
    DbTransaction *tx = begin(f);
    MUST(suppression_add(f->db, hash, SUPPRESSION_COMPLAINT, "test", 2, NULL, &error));
    MUST(db_commit(&tx, &error));
    add_single(f, 3, 10);
    g_autoptr(GPtrArray) leased = lease_single(f, 5, 10);
    g_assert_cmpint(leased->len, ==, 0);
    bool waits = true;
    MUST(outbox_has_work(f->db, NULL, INT64_MAX, &waits, &error));
    g_assert_false(waits);
}

static bool single_may_begin(Fixture *f, int64_t id)
{
    bool may;
    MUST(outbox_may_begin(f->db, id, &may, &error));
    return may;
}

/* One to nobody whom we know may; one to an erased person may not, nor is it tried again later. */
static void invariant_2_single_mails_that_may_not_begin(Fixture *f, gconstpointer data)
{
    (void)data;
    uint8_t hash[ADDRESS_HASH_SIZE] = {3};
    int64_t suppressed = add_single(f, 3, 10), erased = add_single(f, 4, 10), unknown = add_single(f, -1, 10);
    g_autoptr(GPtrArray) leased = lease_single(f, 5, 10);
    g_assert_cmpuint(leased->len, ==, 3);
    g_assert_true(single_may_begin(f, suppressed) && single_may_begin(f, erased) && single_may_begin(f, unknown));
    DbTransaction *tx = begin(f);
    MUST(suppression_add(f->db, hash, SUPPRESSION_COMPLAINT, "test", 2, NULL, &error));
    MUST(subscriber_delete(f->db, f->people[4], &error));
    MUST(db_commit(&tx, &error));
    g_assert_false(single_may_begin(f, suppressed) || single_may_begin(f, erased));
    g_assert_true(single_may_begin(f, unknown));
    tx = begin(f);
    MUST(outbox_release(f->db, erased, 11, NULL, 11, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) again = lease_single(f, 5, 20);
    g_assert_cmpuint(again->len, ==, 0);
}

static void no_first_copy_of_what_was_cancelled(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t id;
    g_autofree char *announcement = g_strdup_printf("%" G_GINT64_FORMAT, f->announcement);
    const Recipient to = {.list_id = f->lists[0], .address = (char *)"amt@example.test", .language = (char *)"de"};
    DbTransaction *tx = begin(f);
    MUST(outbox_add(f->db, "first-copy", &to, announcement, 15, 5, &id, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) leased = lease_single(f, 5, 10);
    g_assert_cmpuint(leased->len, ==, 1);
    g_assert_true(single_may_begin(f, id));
    tx = begin(f);
    MUST(announcement_become(f->db, f->announcement, ANNOUNCEMENT_CANCELLED, "test", 11, &error));
    g_assert_false(single_may_begin(f, id));
    MUST(outbox_release(f->db, id, 11, NULL, 11, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) again = lease_single(f, 5, 20);
    g_assert_cmpuint(again->len, ==, 0);
    g_autofree char *words = NULL;
    MUST(outbox_last_words(f->db, id, &words, &error));
    g_assert_nonnull(strstr(words, "the announcement was cancelled"));
}

static void single_mails_expire_alike(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t begun = add_single(f, 0, 10), waiting = add_single(f, 1, 20);
    g_autoptr(GPtrArray) leased = lease_single(f, 5, 10);
    g_assert_cmpint(leased->len, ==, 2);
    g_autoptr(GArray) uncertain = g_array_new(FALSE, FALSE, sizeof(UncertainMail));
    guint released;
    DbTransaction *tx = begin(f);
    MUST(outbox_begin(f->db, begun, &error));
    expire(f, 20, uncertain, &released);
    MUST(db_commit(&tx, &error));
    g_assert_cmpint(uncertain->len, ==, 1);
    g_assert_cmpint(g_array_index(uncertain, UncertainMail, 0).outbox_id, ==, begun);
    g_assert_cmpint(g_array_index(uncertain, UncertainMail, 0).attempts, ==, 1);
    g_autoptr(GPtrArray) again = lease_single(f, 5, 20);
    g_assert_cmpint(again->len, ==, 1);
    g_assert_cmpint(((OutboxMail *)again->pdata[0])->id, ==, waiting);
    g_autoptr(GError) error = NULL;
    tx = begin(f);
    g_assert_false(outbox_become(f->db, begun, DELIVERY_LEASED, 1, NULL, 1, &error));
    g_assert_error(error, DELIVERY_STORE_ERROR, DELIVERY_STORE_ERROR_MOVE);
    db_rollback(tx);
}

/* The numbers that stand in sql/statements and in the schema's partial indexes. */
static void states_are_what_the_statements_say(void)
{
    g_assert_cmpint(DELIVERY_PENDING, ==, 0);
    g_assert_cmpint(DELIVERY_LEASED, ==, 1);
    g_assert_cmpint(DELIVERY_DEFERRED, ==, 2);
    g_assert_cmpint(DELIVERY_SENT, ==, 3);
    g_assert_cmpint(DELIVERY_FAILED, ==, 4);
    g_assert_cmpint(DELIVERY_UNCERTAIN, ==, 5);
    g_assert_cmpint(DELIVERY_CANCELLED, ==, 6);
}

#define TEST(name) g_test_add("/delivery_store/" #name, Fixture, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/delivery_store/states_are_what_the_statements_say", states_are_what_the_statements_say);
    TEST(lease_tells_the_most_specific_list);
    TEST(invariant_2_who_leaves_gets_nothing_more);
    TEST(invariant_2_also_for_a_second_try);
    TEST(who_leaves_after_an_uncertain_try_may_have_got_it);
    TEST(what_staff_send_again_starts_over);
    TEST(invariant_3_only_legal_moves);
    TEST(invariant_3_event_and_count_in_one_transaction);
    TEST(no_such_delivery);
    TEST(deferred_come_first_when_due);
    TEST(invariant_4_only_begun_leases_are_uncertain);
    TEST(begun_ends_with_the_lease);
    TEST(latest_of_a_subscriber);
    TEST(urgent_single_mails_first);
    TEST(invariant_2_no_single_mail_to_the_suppressed);
    TEST(invariant_2_single_mails_that_may_not_begin);
    TEST(no_first_copy_of_what_was_cancelled);
    TEST(single_mails_expire_alike);
    return g_test_run();
}
