/* outbound/: who pays when a relay refuses. A relay that refuses everybody is the relay's fault, whatever it says; one
 * mail that ends every line holds up nobody. */
#include "engine_fixture.h"
#include "outbound/mistakes.h"

/* To p1@x.test, p2@x.test, …, and this one among them. */
static void announce_with(World *w, const char *address, guint people)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i <= people; i++)
        g_ptr_array_add(addresses, g_strdup_printf("p%u@x.test", i));
    if (!g_ptr_array_find_with_equal_func(addresses, address, g_str_equal, NULL))
        g_ptr_array_insert(addresses, 4, g_strdup(address));
    g_ptr_array_set_size(addresses, (int)people);
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
}

static void announce_to(World *w, guint people)
{
    announce_with(w, "p1@x.test", people);
}

static int64_t count_of(World *w, DeliveryState state)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    return counts[state];
}

static int64_t count_suppressed(World *w)
{
    int64_t count = 0;
    MUST(suppression_count(w->db, &count, &error));
    return count;
}

static void run_until_sent(World *w, Engine *engine, int64_t sent, int64_t within_ms)
{
    int64_t end = clock_monotonic() + within_ms * 1000;
    while (count_of(w, DELIVERY_SENT) < sent && clock_monotonic() < end)
        MUST(engine_turn(engine, 20, &error));
    g_assert_cmpint(count_of(w, DELIVERY_SENT), ==, sent);
}

static void run_for(Engine *engine, int64_t ms)
{
    for (int64_t end = clock_monotonic() + ms * 1000; clock_monotonic() < end;)
        MUST(engine_turn(engine, 20, &error));
}

/* Postfix tells at RCPT that it does not like our name. */
static void invariant_5_refused_at_rcpt_for_what_we_are(World *w, gconstpointer data)
{
    (void)data;
    announce_to(w, 5);
    world_serve(w, "sink",
                WORDS("-o", "/dev/null", "-r", "rcpt * 550 5.7.1 <news.test>: Helo command rejected: Host not found"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *text = world_run_until_told(w, engine, "relay main", true);
    g_assert_nonnull(strstr(text, "site.helo_name"));
    g_assert_cmpint(count_of(w, DELIVERY_FAILED), ==, 0);
    g_assert_cmpint(count_suppressed(w), ==, 0);
}

/* From one domain to the next, as people are. */
static void announce_to_many_domains(World *w, guint people)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i <= people; i++)
        g_ptr_array_add(addresses, g_strdup_printf("p%u@x%u.test", i, i % 7));
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
}

static void assert_nobody_pays(World *w)
{
    g_assert_cmpint(count_of(w, DELIVERY_FAILED), ==, 0);
    g_assert_cmpint(count_suppressed(w), ==, 0);
}

/* Ten in a row, none accepted: nobody pays, not by a second start of the sender either; and all is sent when the relay
 * works again. */
static void invariant_5_relay_that_refuses_everybody(World *w, gconstpointer data)
{
    (void)data;
    announce_to_many_domains(w, 40);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt * 550 5.1.1 <p1@x.test>: user unknown"));
    g_autofree char *port = g_strdup_printf("%d", (int)w->relay.port);
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *text = world_run_until_told(w, engine, "relay main", true);
    g_assert_nonnull(strstr(text, "refused the last 10 recipients"));
    g_assert_null(strchr(text, '@'));
    run_for(engine, 4000);
    assert_nobody_pays(w);
    world_drain(engine, 5);
    engine_free(engine);
    engine = world_engine(w);
    run_for(engine, 3000); /* less than its first pause, or the second one follows */
    assert_nobody_pays(w);
    world_end_server(w, false);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-p", port));
    g_free(world_run_until_told(w, engine, "relay main", false));
    g_assert_cmpint(count_of(w, DELIVERY_SENT), >, 0);
    assert_nobody_pays(w);
}

/* A few dead addresses in a row are dead addresses; the first words of a relay are heard twice. */
static void dead_addresses_in_a_row(World *w, gconstpointer data)
{
    (void)data;
    announce_to(w, 19);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt p?@* 550 5.1.1 no such user"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "deferred 9, sent 10", 5);
    g_assert_cmpint(count_suppressed(w), ==, 0);
    world_run_until(w, engine, "sent 10, failed 9", 8);
    g_autofree char *text = world_told(w, "relay main");
    g_assert_null(text);
    g_assert_cmpint(count_suppressed(w), ==, 9);
}

/* More than it takes to suspect the relay: it is asked on with others, and comes to those that live. */
static void more_dead_addresses_in_a_row(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i <= 25; i++)
        g_ptr_array_add(addresses, g_strdup_printf(i <= 16 ? "dead%u@x%u.test" : "p%u@x%u.test", i, i));
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt dead* 550 5.1.1 no such user"));
    g_autoptr(Engine) engine = world_engine(w);
    run_until_sent(w, engine, 9, 20000);
    g_autofree char *text = world_told(w, "relay main");
    g_assert_null(text);
    g_assert_cmpint(count_suppressed(w), <, 10);
}

/* A quiet night: nothing else is sent that could show whether the relay works. */
static void one_dead_address_alone(World *w, gconstpointer data)
{
    (void)data;
    announce_to(w, 1);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt * 550 5.1.1 no such user"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "deferred 1", 5);
    world_run_until(w, engine, "failed 1", 8);
    g_assert_cmpint(count_suppressed(w), ==, 1);
}

/* Two providers; the relay takes the mail of one. */
static void invariant_5_provider_that_refuses_us(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 1; i <= 40; i++)
        g_ptr_array_add(addresses, g_strdup_printf(i <= 20 ? "g%u@gmail.com" : "p%u@x.test", i));
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", data));
    g_autoptr(Engine) engine = world_engine(w);
    run_until_sent(w, engine, 20, 2000);
    g_autofree char *text = world_run_until_told(w, engine, "provider google", true);
    g_assert_nonnull(strstr(text, "google"));
    g_assert_nonnull(strstr(text, "5.7.26"));
    world_run_until(w, engine, "sent 20, failed 20", 12);
    g_autofree char *of_relay = world_told(w, "relay main");
    g_assert_cmpstr(of_relay, ==, NULL);
    g_assert_cmpint(count_suppressed(w), ==, 0);
}

/* Refused for now, all of them: that is told, the mails are tried on, and nobody fails by it. */
static void invariant_13_relay_that_puts_everybody_off(World *w, gconstpointer data)
{
    (void)data;
    w->settings.retry = (RetrySettings){.first_seconds = 1, .longest_seconds = 1};
    w->settings.patience.notice_hours = 0;
    announce_to(w, 12);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt * 451 4.3.0 lookup failed"));
    g_autoptr(Engine) engine = world_engine(w);
    g_free(world_run_until_told(w, engine, "relay main", true));
    int64_t failed = count_of(w, DELIVERY_FAILED);
    g_assert_cmpint(failed, <, 10);
    for (int i = 0; i < 60; i++)
        MUST(engine_turn(engine, 20, &error));
    g_assert_cmpint(count_of(w, DELIVERY_FAILED), ==, failed);
}

/* Beside one that takes mails. */
static const struct {
    const char *name, *rule, *words;
} bad_relays[] = {
    {"for-good-at-rcpt", "rcpt * 550 5.1.1 user unknown", "has refused the last"},
    {"for-good-at-dot", "dot * 554 5.7.1 spam", "has refused the last"},
    {"for-now", "dot * 451 4.3.0 queue file write error", "Other relays carry the mails"},
};

/* It is left alone, the other one sends all of it at once, but for those it was given first, and nobody pays. */
static void invariant_5_bad_relay_beside_a_good_one(World *w, gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    RelaySettings bad;
    w->settings.retry = (RetrySettings){.first_seconds = 60, .longest_seconds = 60};
    announce_to_many_domains(w, 300);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", bad_relays[i].rule));
    GPid server = w->server;
    int output = w->server_output;
    bad = w->relay;
    bad.name = (char *)"bad";
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_ptr_array_insert(w->settings.relays, 0, &bad);
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *text = world_run_until_told(w, engine, "relay bad", true);
    run_for(engine, 3000);
    g_assert_nonnull(strstr(text, bad_relays[i].words));
    g_assert_cmpint(count_of(w, DELIVERY_SENT), >=, 285);
    assert_nobody_pays(w);
    kill(server, SIGTERM);
    waitpid(server, NULL, 0);
    close(output);
}

static void second_announcement(World *w)
{
    g_autoptr(Announcement) a = NULL;
    MUST(announcement_load(w->db, w->announcement_id, &a, &error));
    a->id = 0;
    DbTransaction *tx = world_begin(w);
    MUST(announcement_insert(w->db, a, clock_now(), &error));
    MUST(announcement_become(w->db, a->id, ANNOUNCEMENT_SCHEDULED, "test", clock_now(), &error));
    MUST(db_commit(&tx, &error));
    w->announcement_id = a->id;
}

/* The relay leaves whenever it hears of one recipient. */
static void invariant_9_one_recipient_that_ends_every_line(World *w, gconstpointer data)
{
    (void)data;
    int64_t first, counts[DELIVERY_STATE_COUNT];
    w->settings.bounce = (BounceSettings){.soft_limit = 10, .soft_window_days = 30};
    w->settings.retry = (RetrySettings){.first_seconds = 1, .longest_seconds = 2};
    w->relay.connections = 1;
    announce_to(w, 50);
    first = w->announcement_id;
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt p1@* 421 4.7.0 try later"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "deferred 1, sent 49", 5);
    second_announcement(w);
    world_run_until(w, engine, "deferred 1, sent 49", 5);
    w->settings.patience.notice_hours = 0;
    MUST(engine_reload(engine, &w->settings, &error));
    world_run_until(w, engine, "sent 49, failed 1", 8);
    w->announcement_id = first;
    world_run_until(w, engine, "sent 49, failed 1", 8);
    MUST(delivery_counts(w->db, first, counts, &error));
    g_assert_cmpint(count_suppressed(w), ==, 0);
    g_autofree char *text = world_told(w, "relay main");
    g_assert_null(text);
}

/* An overloaded relay leaves at every mail: it is left alone. */
static void relay_that_leaves_at_every_mail(World *w, gconstpointer data)
{
    (void)data;
    announce_to(w, 12);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", "rcpt * 421 4.3.2 busy"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *text = world_run_until_told(w, engine, "relay main", true);
    g_assert_nonnull(strstr(text, "closes our connections"));
    g_assert_cmpint(count_of(w, DELIVERY_FAILED), ==, 0);
}

/* Letters beyond ASCII in an address, and a relay that cannot: no bounce, and no sign that the relay works or not. */
static void invariant_5_address_the_relay_has_no_extension_for(World *w, gconstpointer data)
{
    (void)data;
    w->settings.bounce = (BounceSettings){.soft_limit = 10, .soft_window_days = 30};
    world_announce(w, WORDS("jürgen@x.test", "b@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-8"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 1, failed 1", 5);
    g_assert_cmpint(count_suppressed(w), ==, 0);
}

/* SMTPUTF8 without 8BITMIME: that address fails, not the text of everybody. */
static void invariant_5_letters_and_a_relay_without_eight_bits(World *w, gconstpointer data)
{
    (void)data;
    announce_with(w, "jürgen@x.test", 11);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-7"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 10, failed 1", 5);
    g_autofree char *subject = mistake_subject(w->announcement_id), *text = world_told(w, subject);
    g_assert_cmpstr(text, ==, NULL);
}

/* As the sink wrote it down. */
static int64_t size_of_last_mail(const char *log)
{
    g_autofree char *text = NULL;
    MUST(g_file_get_contents(log, &text, NULL, &error));
    return g_ascii_strtoll(strrchr(g_strchomp(text), '\t') + 1, NULL, 10);
}

static void serve_with_limit(World *w, int64_t limit)
{
    g_autofree char *bytes = g_strdup_printf("%" G_GINT64_FORMAT, limit),
                    *port = g_strdup_printf("%" G_GINT64_FORMAT, w->relay.port);
    world_end_server(w, false);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-s", bytes, "-p", port));
}

/* A letter that is too big fails alone where others are sent; when all are, nobody fails and staff are told. */
static void invariant_9_letter_that_is_too_big(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(GString) name = g_string_new("Ann");
    g_autofree char *log = g_build_filename(w->dir, "log", NULL);
    for (int i = 0; i < 300; i++)
        g_string_append(name, " Ann");
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", log));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 1", 5);
    serve_with_limit(w, size_of_last_mail(log) + 500);
    world_announce(w, WORDS("b@x.test", "c@x.test", "d@x.test"));
    world_run_until(w, engine, "sent 4", 5);
    w->person = name->str;
    world_announce(w, WORDS("e@x.test"));
    world_run_until(w, engine, "sent 4, failed 1", 5);
    g_autofree char *subject = mistake_subject(w->announcement_id), *text = world_told(w, subject);
    g_assert_cmpstr(text, ==, NULL);
    serve_with_limit(w, 100);
    world_announce(w, WORDS(NULL));
    g_autofree char *all = mistake_subject(w->announcement_id);
    g_free(world_run_until_told(w, engine, all, true));
    world_run_until(w, engine, "deferred 5", 5);
}

/* One of 200 is refused with words that speak of the relay or of us, or ends the line; beside it goes an urgent
 * announcement. */
static const struct {
    const char *name, *rule, *address, *soon;
} poisons[] = {
    {"relaying", "rcpt p5@* 550 5.7.1 <p5@x.test>... Relaying denied", "p5@x.test", "sent 199, failed 1"},
    {"order", "rcpt p5@* 503 5.5.1 bad sequence of commands", "p5@x.test", "sent 199, failed 1"},
    {"later", "rcpt p5@* 450 4.7.1 <p5@x.test>... Relaying denied", "p5@x.test", "deferred 1, sent 199"},
    {"parameter", "parameters *SMTPUTF8* 555 5.5.4 unsupported option", "jürgen@x.test", "sent 199, failed 1"},
    {"line", "rcpt p5@* drop", "p5@x.test", "deferred 1, sent 199"},
    {"first", "rcpt p1@* 550 5.7.1 <p1@x.test>... Relaying denied", "p1@x.test", "sent 199, failed 1"},
};

/* All others get both at once, and the poisoned one pays with tries of its own. */
static void invariant_9_poison_is_the_mails_own(World *w, gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    w->settings.bounce = (BounceSettings){.soft_limit = 10, .soft_window_days = 30};
    announce_with(w, poisons[i].address, 200);
    int64_t announcements[] = {w->announcement_id, 0};
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", poisons[i].rule));
    g_autoptr(Engine) engine = world_engine(w);
    run_until_sent(w, engine, 199, 3000);
    w->urgent = true;
    world_announce(w, WORDS(NULL));
    announcements[1] = w->announcement_id;
    run_until_sent(w, engine, 199, 1500);
    world_run_until(w, engine, poisons[i].soon, 5);
    w->settings.patience = (PatienceSettings){0};
    MUST(engine_reload(engine, &w->settings, &error));
    for (gsize j = 0; j < G_N_ELEMENTS(announcements); j++) {
        w->announcement_id = announcements[j];
        world_run_until(w, engine, "sent 199, failed 1", 8);
    }
    g_autofree char *text = world_told(w, "relay main");
    g_assert_cmpstr(text, ==, NULL);
    g_assert_cmpint(count_suppressed(w), ==, 0);
}

#define TEST(name) g_test_add("/blame/" #name, World, NULL, world_set_up, name, world_tear_down)

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    TEST(invariant_5_refused_at_rcpt_for_what_we_are);
    TEST(invariant_5_relay_that_refuses_everybody);
    TEST(dead_addresses_in_a_row);
    TEST(more_dead_addresses_in_a_row);
    TEST(one_dead_address_alone);
    g_test_add("/blame/invariant_5_provider_that_refuses_us/objection", World,
               "rcpt *@gmail.com 550 5.7.26 unauthenticated email from news.test is not accepted due to DMARC policy",
               world_set_up, invariant_5_provider_that_refuses_us, world_tear_down);
    g_test_add("/blame/invariant_5_provider_that_refuses_us/refusal", World,
               "dot *@gmail.com 550 5.7.26 this mail is likely spam", world_set_up,
               invariant_5_provider_that_refuses_us, world_tear_down);
    TEST(invariant_13_relay_that_puts_everybody_off);
    TEST(invariant_9_one_recipient_that_ends_every_line);
    TEST(relay_that_leaves_at_every_mail);
    TEST(invariant_5_address_the_relay_has_no_extension_for);
    TEST(invariant_5_letters_and_a_relay_without_eight_bits);
    TEST(invariant_9_letter_that_is_too_big);
    for (gsize i = 0; i < G_N_ELEMENTS(bad_relays); i++) {
        g_autofree char *path = g_strdup_printf("/blame/invariant_5_bad_relay_beside_a_good_one/%s",
                                                bad_relays[i].name);
        g_test_add(path, World, GSIZE_TO_POINTER(i), world_set_up, invariant_5_bad_relay_beside_a_good_one,
                   world_tear_down);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(poisons); i++) {
        g_autofree char *path = g_strdup_printf("/blame/invariant_9_poison_is_the_mails_own/%s", poisons[i].name);
        g_test_add(path, World, GSIZE_TO_POINTER(i), world_set_up, invariant_9_poison_is_the_mails_own,
                   world_tear_down);
    }
    return g_test_run();
}
