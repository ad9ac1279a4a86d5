/* outbound/: what is wrong on our own side costs no recipient, and is told until it is mended. */
#include "engine_fixture.h"
#include "outbound/mistakes.h"

static void run_program(const char *const *argv)
{
    int status = -1;
    MUST(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, &error));
    g_assert_cmpint(status, ==, 0);
}

/* With templates of its own, that a test may spoil. */
static void set_up(World *w, gconstpointer data)
{
    (void)data;
    world_set_up(w, NULL);
    w->settings.files.templates_dir = g_build_filename(w->dir, "templates", NULL);
    run_program(WORDS("cp", "-r", "templates", w->settings.files.templates_dir));
}

static void tear_down(World *w, gconstpointer data)
{
    (void)data;
    run_program(WORDS("rm", "-r", w->settings.files.templates_dir));
    g_free(w->settings.files.templates_dir);
    world_tear_down(w, NULL);
}

static void turn(Engine *engine, int times)
{
    for (int i = 0; i < times; i++)
        MUST(engine_turn(engine, 20, &error));
}

static void press_release(World *w)
{
    g_autoptr(Announcement) a = NULL;
    MUST(announcement_load(w->db, w->announcement_id, &a, &error));
    a->id = 0;
    a->kind = ANNOUNCEMENT_PRESS_RELEASE;
    DbTransaction *tx = world_begin(w);
    MUST(announcement_insert(w->db, a, clock_now(), &error));
    MUST(announcement_become(w->db, a->id, ANNOUNCEMENT_SCHEDULED, "test", clock_now(), &error));
    MUST(db_commit(&tx, &error));
    w->announcement_id = a->id;
}

/* As if the minute were over. */
static void make_due(World *w)
{
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    DbTransaction *tx = world_begin(w);
    for (int64_t id = 1; id <= 6; id++) {
        bool found;
        DeliveryState state;
        const DeliveryKey key = {w->announcement_id, id};
        MUST(delivery_state(w->db, key, &state, &found, &error));
        if (state != DELIVERY_DEFERRED)
            continue;
        MUST(delivery_move(w->db, &tally, key, DELIVERY_LEASED, 1, NULL, 1, &error));
        MUST(delivery_release(w->db, &tally, key, 1, NULL, 1, &error));
    }
    MUST(delivery_tally_write(w->db, &tally, &error));
    MUST(db_commit(&tx, &error));
}

static void invariant_5_template_that_is_missing(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename(w->settings.files.templates_dir, "mail", "notice.txt.mustache", NULL),
                    *away = g_strconcat(path, ".away", NULL);
    g_assert_cmpint(g_rename(path, away), ==, 0);
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test", "e@x.test", "f@x.test"));
    int64_t notice = w->announcement_id;
    g_autofree char *subject = mistake_subject(notice);
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    Engine *engine = world_engine(w);
    g_free(world_run_until_told(w, engine, subject, true));
    turn(engine, 10);
    g_autofree char *counts = world_counts(w), *text = world_told(w, subject);
    g_assert_null(strstr(counts, "failed"));
    g_assert_null(strstr(counts, "sent"));
    g_assert_nonnull(strstr(text, "notice"));
    press_release(w);
    world_run_until(w, engine, "sent 6", 5);
    w->announcement_id = notice;
    engine_free(engine);
    g_assert_cmpint(g_rename(away, path), ==, 0);
    make_due(w);
    engine = world_engine(w);
    world_run_until(w, engine, "sent 6", 5);
    g_free(world_run_until_told(w, engine, subject, false));
    engine_free(engine);
}

/* It rests, is tried again, and is told no more once it has ended. */
static void mistake_of_what_has_ended(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *path = g_build_filename(w->settings.files.templates_dir, "mail", "notice.txt.mustache", NULL);
    g_assert_cmpint(g_unlink(path), ==, 0);
    world_announce(w, WORDS("a@x.test"));
    g_autofree char *subject = mistake_subject(w->announcement_id);
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    g_free(world_run_until_told(w, engine, subject, true));
    DbTransaction *tx = world_begin(w);
    MUST(announcement_become(w->db, w->announcement_id, ANNOUNCEMENT_CANCELLED, "test", clock_now(), &error));
    MUST(db_commit(&tx, &error));
    g_free(world_run_until_told(w, engine, subject, false));
}

/* Its tries count, so that it ends; until then it is told. */
static void single_mail_that_cannot_be_written(World *w, gconstpointer data)
{
    (void)data;
    bool waits = false;
    int64_t id, end = clock_monotonic() + 8 * SECOND_US;
    const Recipient to = {.address = (char *)"x@x.test", .name = (char *)"X", .language = (char *)"de"};
    w->settings.retry = (RetrySettings){.first_seconds = 1, .longest_seconds = 1};
    world_announce(w, WORDS("a@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    DbTransaction *tx = world_begin(w);
    MUST(outbox_add(w->db, "no-such-template", &to, "{}", 10, 1, &id, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(Engine) engine = world_engine(w);
    g_free(world_run_until_told(w, engine, "single mails", true));
    MUST(outbox_has_work(w->db, NULL, INT64_MAX, &waits, &error));
    g_assert_true(waits);
    w->settings.patience.single_hours = 0;
    MUST(engine_reload(engine, &w->settings, &error));
    while (waits && clock_monotonic() < end) {
        turn(engine, 1);
        MUST(outbox_has_work(w->db, NULL, INT64_MAX, &waits, &error));
    }
    g_assert_false(waits);
    g_free(world_run_until_told(w, engine, "single mails", false));
    world_run_until(w, engine, "sent 1", 3);
}

/* Another process takes a row from under us: the others are written down. */
static void row_that_was_changed_meanwhile(World *w, gconstpointer data)
{
    (void)data;
    world_announce(w, WORDS("a@x.test", "b@x.test", "c@x.test", "d@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-d", "200"));
    g_autoptr(Engine) engine = world_engine(w);
    g_autofree char *counts = NULL;
    do {
        turn(engine, 1);
        g_free(counts);
        counts = world_counts(w);
    } while (!strstr(counts, "leased"));
    const DeliveryKey key = {w->announcement_id, 1};
    DbTransaction *tx = world_begin(w);
    MUST(delivery_become(w->db, key, DELIVERY_DEFERRED, clock_now() + HOUR_US, NULL, clock_now(), &error));
    MUST(db_commit(&tx, &error));
    world_run_until(w, engine, "deferred 1, sent 3", 5);
    g_autofree char *text = world_told(w, MISTAKE_OUTCOMES);
    g_assert_nonnull(text);
}

static char *told(World *w, Mistakes *mistakes)
{
    DbTransaction *tx = world_begin(w);
    MUST(mistakes_tell(mistakes, w->db, clock_now(), &error));
    MUST(db_commit(&tx, &error));
    mistakes_told(mistakes);
    return world_told(w, MISTAKE_OUTCOMES);
}

/* Nothing could end what was only an event. */
static void what_happened_once_is_told_for_a_while(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(Mistakes) mistakes = mistakes_new(w->db, NULL);
    mistakes_note_until(mistakes, MISTAKE_OUTCOMES, "lost", 90);
    g_autofree char *first = told(w, mistakes);
    mistakes_note_until(mistakes, MISTAKE_OUTCOMES, "lost", 100);
    MUST(mistakes_tend(mistakes, w->db, 99, &error));
    g_autofree char *before = told(w, mistakes);
    MUST(mistakes_tend(mistakes, w->db, 100, &error));
    g_assert_true(mistakes_have_news(mistakes));
    g_autofree char *after = told(w, mistakes);
    g_assert_cmpstr(first, ==, "lost");
    g_assert_cmpstr(before, ==, "lost");
    g_assert_null(after);
}

#define TEST(name) g_test_add("/mistakes/" #name, World, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    TEST(invariant_5_template_that_is_missing);
    TEST(mistake_of_what_has_ended);
    TEST(single_mail_that_cannot_be_written);
    TEST(row_that_was_changed_meanwhile);
    TEST(what_happened_once_is_told_for_a_while);
    return g_test_run();
}
