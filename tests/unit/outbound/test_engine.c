/* outbound/engine: from a due announcement to a server's log, with every outcome in its row. */
#include "announcements/letter.h"
#include "announcements/resolve.h"
#include "engine_fixture.h"
#include "outbound/engine_private.h"
#include "store/lock.h"
#include "store/report_store.h"

static void sends_to_everybody(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 5", 5);
    g_autofree char *summary = engine_summary(engine);
    g_assert_true(g_str_has_suffix(summary, ", 5 sent"));
    world_drain(engine, 3);
    AnnouncementProgress progress;
    MUST(announcement_progress(w->db, w->announcement_id, &progress, &error));
}

/* Whoever sends for months must not keep what has been sent. */
static void letters_are_forgotten_with_their_announcement(World *w, gconstpointer data)
{
    (void)data;
    AnnouncementProgress progress;
    gsize most = 0;
    world_announce(w, WORDS("a@x.test", "b@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    int64_t end = clock_monotonic() + 5 * SECOND_US;
    do {
        MUST(engine_turn(engine, 20, &error));
        most = MAX(most, letter_box_bytes(engine->letters));
        MUST(announcement_progress(w->db, w->announcement_id, &progress, &error));
    } while (progress.state != ANNOUNCEMENT_SENT && clock_monotonic() < end);
    g_assert_cmpint(progress.state, ==, ANNOUNCEMENT_SENT);
    g_assert_cmpuint(most, >, 0);
    g_assert_cmpuint(letter_box_bytes(engine->letters), ==, 0);
}

static AnnouncementState state_of_announcement(World *w)
{
    AnnouncementProgress progress;
    MUST(announcement_progress(w->db, w->announcement_id, &progress, &error));
    return progress.state;
}

static void what_was_interrupted_long_ago_waits_for_staff(World *w, gconstpointer data)
{
    (void)data;
    w->settings.sending.late_hours = 6;
    world_announce(w, WORDS("a@x.test"));
    Engine *engine = world_engine(w);
    MUST(engine_turn(engine, 0, &error));
    engine_free(engine);
    g_assert_cmpint(state_of_announcement(w), ==, ANNOUNCEMENT_SENDING);
    DbTransaction *tx = world_begin(w);
    MUST(role_beat(w->db, "send", 1, 1, "", clock_now() - 7 * HOUR_US, &error));
    MUST(db_commit(&tx, &error));
    engine_free(world_engine(w));
    g_assert_cmpint(state_of_announcement(w), ==, ANNOUNCEMENT_PAUSED);
}

static void judges_each_recipient(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "nobody@x.test", "grey@x.test", "spam@x.test", "lost@x.test", "f@x.test"));
    world_serve(w, "sink",
                WORDS("-o", "/dev/null", "-r", "rcpt nobody@* 550 5.1.1 no such user", "-r",
                      "rcpt grey@* once 451 4.7.1 greylisted", "-r", "dot spam@* 554 5.7.1 spam", "-r",
                      "dot lost@* take-drop"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 3, failed 2, uncertain 1", 10);
}

/* Her address needs an extension that the relay lacks: for good, told to nobody as a fault of the relay, and the others
 * get theirs. */
static void letters_beyond_ascii(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("jörg@x.test", "a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-8"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 1, failed 1", 8);
    g_assert_null(world_told(w, "relay main"));
}

/* Nine mails behind each other, three of which are refused at three places. */
static void chunks(World *w, gconstpointer data)
{
    (void)data;
    w->relay.chunking = true;
    w->relay.connections = 1;
    w->relay.depth = 9;
    world_announce(w, WORDS("a@x.test", "b@x.test", "no@x.test", "c@x.test", "later@x.test", "d@x.test", "spam@x.test",
                            "e@x.test", "f@x.test"));
    world_serve(w, "sink",
                WORDS("-o", "/dev/null", "-C", "-r", "rcpt no@* 550 5.1.1 unknown", "-r",
                      "rcpt later@* once 451 4.2.0 later", "-r", "dot spam@* 554 5.6.0 no"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 7, failed 2", 8);
}

static void lock_step(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "nobody@x.test", "c@x.test", "d@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-P", "-r", "rcpt nobody@* 550 5.1.1 no such user"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 3, failed 1", 5);
}

static void relay_that_wants_new_connections(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-x", "1"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 5", 10);
    g_autoptr(GPtrArray) troubles = trouble_all(w->db, NULL);
    g_assert_cmpint(troubles->len, ==, 0);
}

static void uncertain_again(World *w, gconstpointer data)
{
    (void)data;
    w->settings.uncertain.notice = UNCERTAIN_AGAIN;
    world_announce(w, WORDS("a@x.test", "lost@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "dot lost@* once take-drop"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 2", 10);
}

/* What kills every line is held in the end, whatever the rule, and stops nobody else. */
static void invariant_9_poisoned_mail_stops_alone(World *w, gconstpointer data)
{
    (void)data;
    w->settings.uncertain.notice = UNCERTAIN_AGAIN;
    world_announce(w, WORDS("poison@x.test", "b@x.test", "c@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "dot poison@* drop"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 2, uncertain 1", 20);
}

/* Among chunks it takes the line's others with it once; when they come again, each travels alone. */
static void invariant_9_poisoned_chunk_stops_alone(World *w, gconstpointer data)
{
    (void)data;
    w->settings.uncertain.notice = UNCERTAIN_AGAIN;
    w->relay.chunking = true;
    w->relay.connections = 1;
    w->relay.depth = 9;
    world_announce(w, WORDS("poison@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-C", "-r", "dot poison@* drop"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 5, uncertain 1", 20);
}

static bool note_reason(const DeliveryRow *row, gpointer data)
{
    *(char **)data = g_strdup_printf("%s: %s", row->address, row->detail);
    return false;
}

/* A recipient whose letter cannot be filled fails with the reason; his neighbours get theirs. */
static void invariant_9_slot_that_cannot_be_filled(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test, c@x.test", "d@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 2, failed 1", 5);
    g_autofree char *reason = NULL;
    MUST(report_deliveries(w->db, w->announcement_id, REPORT_TROUBLED, note_reason, &reason, &error));
    g_assert_cmpstr(reason, ==, "b@x.test, c@x.test: To: the value is not one mail address");
}

/* A single mail that cannot be written holds up nobody else, and waits. */
static void invariant_9_letter_that_cannot_be_written(World *w, gconstpointer data)
{
    (void)data;
    int64_t id;
    const Recipient to = {.address = (char *)"x@x.test", .name = (char *)"X", .language = (char *)"de"};
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, "no-such-template", &to, "{}", 10, 1, &id, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 1", 5);
    MUST(engine_turn(engine, 20, &error));
    bool waits = false;
    MUST(outbox_has_work(w->db, NULL, INT64_MAX, &waits, &error));
    g_assert_true(waits);
}

static void appoint_office(World *w, const char *address)
{
    g_autoptr(MailingList) list = NULL;
    MUST(list_load(w->db, w->list_id, &list, &error));
    g_free(list->office_address);
    list->office_address = g_strdup(address);
    DbTransaction *tx = world_begin(w);
    MUST(list_update(w->db, list, &error));
    MUST(db_commit(&tx, &error));
}

static void first_copy(World *w, Engine *engine, const char *office)
{
    const Recipient to = {.list_id = w->list_id, .address = (char *)office, .language = (char *)"de"};
    g_autofree char *announcement = g_strdup_printf("%" G_GINT64_FORMAT, w->announcement_id);
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, LETTER_FIRST_COPY, &to, announcement, OUTBOX_PRIORITY_FIRST_COPY, 1, NULL, &error));
    MUST(db_commit(&tx, &error));
    engine_wake(engine);
}

/* Whoever should see mistakes before everybody else does not see them: that is told until a copy arrives. */
static void invariant_13_office_that_gets_no_first_copy(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt amt@* once 550 5.1.1 unknown"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 1", 5);
    appoint_office(w, "amt@x.test");
    first_copy(w, engine, "amt@x.test");
    g_autofree char *told = world_run_until_told(w, engine, "office of list presse", true);
    g_assert_nonnull(
        strstr(told, "to amt@x.test: unknown. Nobody there sees what goes out; 'rundbrief list change presse "));
    first_copy(w, engine, "amt@x.test");
    g_free(world_run_until_told(w, engine, "office of list presse", false));
}

/* That the office before got none, or gets none still, is nothing to staff who have named another. */
static void office_that_is_none_any_more(World *w, gconstpointer data)
{
    (void)data;
    bool waits = true;
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt amt@* 550 5.1.1 unknown"));
    g_autoptr(Engine) engine = world_engine(w);
    appoint_office(w, "amt@x.test");
    first_copy(w, engine, "amt@x.test");
    g_free(world_run_until_told(w, engine, "office of list presse", true));
    appoint_office(w, "presse@x.test");
    g_assert_null(world_told(w, "office of list presse"));
    first_copy(w, engine, "amt@x.test");
    for (int64_t end = clock_monotonic() + 5 * SECOND_US; waits && clock_monotonic() < end;) {
        MUST(engine_turn(engine, 20, &error));
        MUST(outbox_has_work(w->db, NULL, INT64_MAX, &waits, &error));
    }
    world_drain(engine, 3);
    g_assert_null(world_told(w, "office of list presse"));
}

static int64_t uncertain_mail(World *w)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = outbox_uncertain(w->db, 0, &error);
    g_assert_no_error(error);
    return mails->len == 1 ? ((const OutboxDoubt *)mails->pdata[0])->id : 0;
}

/* One that is held, or lies in the hands of a sender that was killed, is told, until staff know more. */
static void invariant_13_office_whose_first_copy_is_uncertain(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "dot amt@* once take-drop"));
    Engine *engine = world_engine(w);
    appoint_office(w, "amt@x.test");
    first_copy(w, engine, "amt@x.test");
    g_autofree char *told = world_run_until_told(w, engine, "office of list presse", true);
    int64_t id = uncertain_mail(w);
    g_autofree char *remedy = g_strdup_printf("'rundbrief mail resend %" G_GINT64_FORMAT "'", id);
    g_assert_nonnull(strstr(told, remedy));
    MUST(resolve_single(w->db, id, DELIVERY_DEFERRED, "cli:test", clock_now(), &error));
    engine_wake(engine);
    g_free(world_run_until_told(w, engine, "office of list presse", false));
    g_assert_cmpint(uncertain_mail(w), ==, 0);
    engine_free(engine);

    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    const Recipient to = {.list_id = w->list_id, .address = (char *)"amt@x.test", .language = (char *)"de"};
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, LETTER_FIRST_COPY, &to, "1", OUTBOX_PRIORITY_FIRST_COPY, 1, &id, &error));
    MUST(outbox_lease(w->db, NULL, 1, 1, 2, leased, &error));
    MUST(outbox_begin(w->db, id, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(Engine) next = world_engine(w);
    g_assert_cmpint(uncertain_mail(w), ==, id);
    g_free(world_run_until_told(w, next, "office of list presse", true));
    MUST(resolve_single(w->db, id, DELIVERY_FAILED, "cli:test", clock_now(), &error));
    g_autofree char *known = world_told(w, "office of list presse");
    g_assert_nonnull(strstr(known, "could not be delivered to amt@x.test: as cli:test found out"));
}

/* Who leaves while a send runs gets nothing more: the first is sent, the second has begun. */
static void invariant_2_leaving_during_a_send(World *w, gconstpointer data)
{
    (void)data;
    bool changed;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test", "g@x.test"));
    w->relay.connections = 1;
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-d", "100"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *counts = NULL;
    do {
        MUST(engine_turn(engine, 20, &error));
        g_free(counts);
        counts = world_counts(w);
    } while (!strstr(counts, "sent 1"));
    DbTransaction *tx = world_begin(w);
    for (int64_t id = 1; id <= 7; id++)
        MUST(subscription_become(w->db, w->list_id, id, SUBSCRIPTION_LEFT, clock_now(), &changed, &error));
    MUST(db_commit(&tx, &error));
    world_run_until(w, engine, "sent 2, cancelled 5", 5);
}

/* The relay is down: nobody pays, staff are told what to do, and it is taken back when it works. */
static void invariant_5_relay_that_is_down(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test", "g@x.test",
                            "h@x.test", "i@x.test", "j@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "mail * once 550 5.7.1 who are you"));
    int64_t port = w->relay.port;
    g_autoptr(Engine) engine = world_engine(w);
    g_autoptr(GPtrArray) troubles = NULL;
    const Trouble *trouble = NULL;
    for (int i = 0; i < 200 && (!trouble || trouble->until == 0); i++) {
        MUST(engine_turn(engine, 20, &error));
        g_clear_pointer(&troubles, g_ptr_array_unref);
        troubles = trouble_all(w->db, NULL);
        trouble = troubles->len > 0 ? troubles->pdata[0] : NULL;
    }
    g_assert_cmpint(troubles->len, ==, 1);
    g_assert_cmpstr(trouble->subject, ==, "relay main");
    g_assert_nonnull(strstr(trouble->text, "site.bounce_address"));
    g_assert_cmpint(trouble->until, >, clock_now());
    g_assert_nonnull(strstr(trouble->text, "who are you"));
    g_assert_cmpint(port, ==, w->relay.port);
    world_run_until(w, engine, "sent 10", 12);
    MUST(engine_turn(engine, 20, &error));
    g_autoptr(GPtrArray) gone = trouble_all(w->db, NULL);
    g_assert_cmpint(gone->len, ==, 0);
}

/* It is back before there is anything to send: nothing is wrong any more. */
static void invariant_13_relay_that_is_back_is_not_wrong_until_the_next_mail(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "connect * once 421 4.3.2 busy"));
    g_autoptr(Engine) engine = world_engine(w);
    g_free(world_run_until_told(w, engine, "relay main", true));
    DbTransaction *tx = world_begin(w);
    MUST(announcement_become(w->db, w->announcement_id, ANNOUNCEMENT_CANCELLED, "test", clock_now(), &error));
    MUST(db_commit(&tx, &error));
    world_run_until(w, engine, "cancelled 1", 3);
    g_free(world_run_until_told(w, engine, "relay main", false));
}

static void one_sender_only(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    w->relay.port = 1;
    g_autoptr(Engine) engine = world_engine(w);
    g_autoptr(Engine) second = engine_new(&w->settings, w->db, w->keyring, &error);
    g_assert_nonnull(engine);
    g_assert_null(second);
    g_assert_error(error, STORE_LOCK_ERROR, STORE_LOCK_ERROR_HELD);
    g_assert_true(g_str_has_prefix(error->message, "another sender works on "));
}

/* Ends in the middle: what was begun is completed, the rest given back, nothing stays leased. */
static void drains(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test", "g@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-d", "100"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *counts = NULL;
    do {
        MUST(engine_turn(engine, 20, &error));
        g_free(counts);
        counts = world_counts(w);
    } while (!strstr(counts, "leased 4"));
    world_drain(engine, 3);
    g_autofree char *after = world_counts(w);
    g_assert_null(strstr(after, "leased"));
    g_assert_null(strstr(after, "uncertain"));
    g_assert_nonnull(strstr(after, "sent"));
}

static void reload_changes_the_relay(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test"));
    w->relay.port = 1; /* nobody listens there */
    g_autoptr(Engine) engine = world_engine(w);
    for (int i = 0; i < 10; i++)
        MUST(engine_turn(engine, 20, &error));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    MUST(engine_reload(engine, &w->settings, &error));
    world_run_until(w, engine, "sent 1", 5);
}

static void killed(World *w, Engine *engine)
{
    (void)w;
    engine_free(engine); /* what it holds on disk stays as a kill would leave it */
}

static void invariant_4_killed_sender_leaves_what_was_begun(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test", "g@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-d", "300"));
    Engine *first = world_engine(w);
    g_autofree char *counts = NULL;
    do {
        MUST(engine_turn(first, 20, &error));
        g_free(counts);
        counts = world_counts(w);
    } while (!strstr(counts, "sent 2"));
    killed(w, first);
    g_autoptr(Engine) second = world_engine(w);
    int64_t numbers[DELIVERY_STATE_COUNT];
    MUST(delivery_counts(w->db, w->announcement_id, numbers, &error));
    g_assert_cmpint(numbers[DELIVERY_LEASED], ==, 0);
    g_assert_cmpint(numbers[DELIVERY_UNCERTAIN], >, 0);
    g_assert_cmpint(numbers[DELIVERY_UNCERTAIN], <=, w->relay.connections);
    g_autofree char *end = g_strdup_printf("sent %d, uncertain %d", 7 - (int)numbers[DELIVERY_UNCERTAIN],
                                           (int)numbers[DELIVERY_UNCERTAIN]);
    world_run_until(w, second, end, 5);
}

#define TEST(name) g_test_add("/engine/" #name, World, NULL, world_set_up, name, world_tear_down)

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    TEST(sends_to_everybody);
    TEST(letters_are_forgotten_with_their_announcement);
    TEST(what_was_interrupted_long_ago_waits_for_staff);
    TEST(judges_each_recipient);
    TEST(letters_beyond_ascii);
    TEST(chunks);
    TEST(lock_step);
    TEST(relay_that_wants_new_connections);
    TEST(uncertain_again);
    TEST(invariant_9_poisoned_mail_stops_alone);
    TEST(invariant_9_poisoned_chunk_stops_alone);
    TEST(invariant_9_slot_that_cannot_be_filled);
    TEST(invariant_9_letter_that_cannot_be_written);
    TEST(invariant_2_leaving_during_a_send);
    TEST(invariant_13_office_that_gets_no_first_copy);
    TEST(invariant_13_office_whose_first_copy_is_uncertain);
    TEST(office_that_is_none_any_more);
    TEST(invariant_4_killed_sender_leaves_what_was_begun);
    TEST(invariant_5_relay_that_is_down);
    TEST(invariant_13_relay_that_is_back_is_not_wrong_until_the_next_mail);
    TEST(one_sender_only);
    TEST(drains);
    TEST(reload_changes_the_relay);
    return g_test_run();
}
