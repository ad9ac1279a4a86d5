/* service/role: a role lives through broken settings and a missing database, and stops when it is told to. */
#include "service/role.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "service/signals.h"
#include "store/migrate.h"
#include "store/role_store.h"
#include "store/wake.h"

typedef struct Fixture Fixture;

/* The engine of these tests: each turn calls the script with the turn's number, from 1. */
struct Fixture {
    char *dir, *config, *log;
    int stderr_fd;
    bool (*script)(Fixture *f, int turn, GError **error);
    const Settings *settings;
    Db *db;
    int turns, wakes, reloads, stops, last_turn; /* last_turn: finished after it; 0: after stop() */
    int watched_fd;
    int64_t max_wait_ms, committed_at;
    bool refuses_reload;
    int refuses_open; /* so often, as a database does that somebody else keeps locked */
};

static Fixture *fixture;

static void *fake_open(const Settings *settings, Db *db, const Keyring *keyring, GError **error)
{
    if (fixture->refuses_open > 0) {
        fixture->refuses_open--;
        g_set_error(error, DB_ERROR, DB_ERROR_BUSY, "another process keeps writing");
        return NULL;
    }
    g_assert_nonnull(keyring);
    fixture->settings = settings;
    fixture->db = db;
    return fixture;
}

static void fake_close(void *work)
{
    (void)work;
}

static void fake_watch(void *work, int fd)
{
    ((Fixture *)work)->watched_fd = fd;
}

static bool fake_turn(void *work, int64_t max_wait_ms, GError **error)
{
    Fixture *f = work;
    g_assert_cmpint(max_wait_ms, >, 0);
    g_assert_cmpint(max_wait_ms, <=, ROLE_BEAT_SECONDS * 1000 + 1);
    g_assert_cmpint(f->turns, <, 1000);
    f->max_wait_ms = max_wait_ms;
    return f->script(f, ++f->turns, error);
}

static void fake_wake(void *work)
{
    ((Fixture *)work)->wakes++;
}

static void fake_stop(void *work)
{
    ((Fixture *)work)->stops++;
}

static bool fake_is_finished(const void *work)
{
    const Fixture *f = work;
    return f->stops > 0 && f->turns >= f->last_turn;
}

static bool fake_reload(void *work, const Settings *settings, GError **error)
{
    Fixture *f = work;
    f->reloads++;
    if (f->refuses_reload) {
        g_set_error(error, SERVICE_ERROR, SERVICE_ERROR_SYSTEM, "the password is missing");
        return false;
    }
    f->settings = settings;
    return true;
}

static char *fake_summary(const void *work)
{
    return g_strdup_printf("turned %s", ((const Fixture *)work)->turns ? "already" : "not yet");
}

static const RoleKind fake = {
    .name = "fake",
    .alone = true,
    .open = fake_open,
    .close = fake_close,
    .watch = fake_watch,
    .turn = fake_turn,
    .wake = fake_wake,
    .stop = fake_stop,
    .is_finished = fake_is_finished,
    .reload = fake_reload,
    .summary = fake_summary,
};

static const char config_text[] = "site = { name = \"K\"; from_address = \"a@k.example\"; bounce_address = "
                                  "\"b@k.example\"; reply_address = \"i@k.example\";\n"
                                  "  help_address = \"h@k.example\"; };\n"
                                  "relays = ( { name = \"main\"; host = \"localhost\"; } );\n"
                                  "store = { path = \"%s/db\"; busy_timeout_ms = 100; sync_ms = 200; };\n"
                                  "files = { keys = \"%s/keys\"; runtime_dir = \"%s\"; };\n";

/* `more` is line 6. */
static void write_config(const Fixture *f, const char *more)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, config_text, f->dir, f->dir, f->dir);
    g_string_append(text, more);
    g_assert_true(g_file_set_contents(f->config, text->str, -1, NULL));
}

static StoreSettings store_of(const char *path)
{
    return (StoreSettings){.path = (char *)path, .busy_timeout_ms = 100};
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    *f = (Fixture){.dir = g_dir_make_tmp("rundbrief-role-XXXXXX", NULL)};
    fixture = f;
    f->config = g_build_filename(f->dir, "conf", NULL);
    f->log = g_build_filename(f->dir, "log", NULL);
    write_config(f, "");
    g_autofree char *keys = g_build_filename(f->dir, "keys", NULL), *path = g_build_filename(f->dir, "db", NULL);
    StoreSettings store = store_of(path);
    keyring_create(keys, &error);
    g_assert_no_error(error);
    migrate_run(&store, NULL, &error);
    g_assert_no_error(error);
    f->stderr_fd = dup(STDERR_FILENO);
    int log = open(f->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    dup2(log, STDERR_FILENO);
    close(log);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    dup2(f->stderr_fd, STDERR_FILENO);
    close(f->stderr_fd);
    g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(f->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(f->dir);
    g_free(f->dir);
    g_free(f->config);
    g_free(f->log);
}

static int logged(const Fixture *f, const char *words)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, words, -1);
    return (int)g_strv_length(parts) - 1;
}

/* The trouble of a subject as the database has it now; NULL: none. Caller frees. */
static char *trouble(const Fixture *f, const char *subject)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "db", NULL);
    StoreSettings store = store_of(path);
    g_autoptr(Db) db = db_open(&store, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) troubles = trouble_all(db, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < troubles->len; i++) {
        const Trouble *row = troubles->pdata[i];
        if (g_str_equal(row->subject, subject))
            return g_strdup(row->text);
    }
    return NULL;
}

static void tell_trouble_before(const Fixture *f, const char *subject, const char *role)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "db", NULL);
    StoreSettings store = store_of(path);
    g_autoptr(Db) db = db_open(&store, &error);
    g_autoptr(DbTransaction) tx = db_begin(db, &error);
    g_assert_true(trouble_set(db, subject, role, "It is gone", 1, &error));
    g_assert_true(db_commit(&tx, &error));
}

static void expect_trouble(const Fixture *f, const char *subject, const char *words)
{
    g_autofree char *text = trouble(f, subject);
    if (words)
        g_assert_nonnull(strstr(text ? text : "", words));
    else
        g_assert_cmpstr(text, ==, NULL);
}

static RoleEnd live(Fixture *f, bool (*script)(Fixture *f, int turn, GError **error))
{
    f->script = script;
    return role_run(&fake, f->config);
}

static void tell(int signal_number)
{
    kill(getpid(), signal_number);
}

/* ---- stopping ---------------------------------------------------------------------------------------------------- */

static bool term_at_three(Fixture *f, int turn, GError **error)
{
    (void)f, (void)error;
    if (turn == 3)
        tell(SIGTERM);
    return true;
}

static void it_drains_on_term(Fixture *f, gconstpointer data)
{
    (void)data;
    f->last_turn = 6;
    g_assert_cmpint(live(f, term_at_three), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 6);
    g_assert_cmpint(f->stops, ==, 1);
    g_autofree char *path = g_build_filename(f->dir, "db", NULL);
    StoreSettings store = store_of(path);
    g_autoptr(Db) db = db_open(&store, NULL);
    g_autoptr(GPtrArray) roles = role_all(db, NULL);
    g_assert_cmpuint(roles->len, ==, 1);
    const RoleState *role = roles->pdata[0];
    g_assert_cmpint(role->pid, ==, 0);
    g_assert_cmpstr(role->summary, ==, "stopped");
}

static bool term_twice(Fixture *f, int turn, GError **error)
{
    (void)f, (void)error;
    if (turn == 2 || turn == 4)
        tell(SIGTERM);
    return true;
}

static void the_second_term_cuts(Fixture *f, gconstpointer data)
{
    (void)data;
    f->last_turn = 500;
    g_assert_cmpint(live(f, term_twice), ==, ROLE_CUT);
    g_assert_cmpint(f->turns, ==, 4);
}

/* ---- settings ---------------------------------------------------------------------------------------------------- */

static bool break_and_mend_settings(Fixture *f, int turn, GError **error)
{
    (void)error;
    g_autofree char *text = turn > 1 ? trouble(f, "settings of fake") : NULL;
    switch (turn) {
    case 1:
        write_config(f, "retry = { first_seconds = 0; };\nlog = { level = \"loud\"; };\n");
        tell(SIGHUP);
        break;
    case 2:
        g_assert_cmpint(f->reloads, ==, 0);
        g_assert_cmpint(f->settings->retry.first_seconds, ==, 300);
        g_assert_nonnull(strstr(text, "/conf:6: retry.first_seconds"));
        g_assert_nonnull(strstr(text, "/conf:7: log.level"));
        g_assert_cmpint(logged(f, "settings_mistake"), ==, 2);
        write_config(f, "retry = { first_seconds = 7; };\n");
        tell(SIGHUP);
        break;
    case 3:
        g_assert_cmpint(f->reloads, ==, 1);
        g_assert_cmpint(f->settings->retry.first_seconds, ==, 7);
        g_assert_null(text);
        tell(SIGTERM);
        break;
    }
    return true;
}

static void broken_settings_leave_the_old_ones(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(live(f, break_and_mend_settings), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 3);
    g_assert_cmpint(logged(f, "[settings_refused"), ==, 1);
    g_assert_cmpint(logged(f, "[settings_reloaded"), ==, 1);
}

static bool hup_then_term(Fixture *f, int turn, GError **error)
{
    (void)error;
    if (turn == 1)
        tell(SIGHUP);
    if (turn == 2) {
        g_autofree char *text = trouble(f, "settings of fake");
        g_assert_nonnull(strstr(text, "the password is missing"));
        g_assert_cmpint(f->settings->retry.first_seconds, ==, 300); /* still there to be read */
        tell(SIGTERM);
    }
    return true;
}

static void settings_the_engine_refuses_are_not_taken(Fixture *f, gconstpointer data)
{
    (void)data;
    f->refuses_reload = true;
    g_assert_cmpint(live(f, hup_then_term), ==, ROLE_DRAINED);
    g_assert_cmpint(f->reloads, ==, 1);
    g_assert_cmpint(logged(f, "[settings_reloaded"), ==, 0);
}

static bool look_for_old_troubles(Fixture *f, int turn, GError **error)
{
    (void)error;
    expect_trouble(f, "relay renamed", NULL);
    expect_trouble(f, "settings of other", "It is gone");
    if (turn == 1) {
        tell_trouble_before(f, "relay renamed", "fake");
        tell(SIGHUP);
    } else {
        tell(SIGTERM);
    }
    return true;
}

/* Nobody else would clear the trouble of a relay that has another name now. */
static void troubles_of_earlier_settings_are_forgotten(Fixture *f, gconstpointer data)
{
    (void)data;
    tell_trouble_before(f, "relay renamed", "fake");
    tell_trouble_before(f, "settings of other", "other");
    g_assert_cmpint(live(f, look_for_old_troubles), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 2);
    g_assert_cmpint(f->reloads, ==, 1);
}

static void with_broken_settings_it_does_not_start(Fixture *f, gconstpointer data)
{
    (void)data;
    write_config(f, "log = { level = 5; };\n");
    g_assert_cmpint(live(f, term_at_three), ==, ROLE_SETTINGS);
    g_assert_cmpint(f->turns, ==, 0);
    g_assert_cmpint(logged(f, "conf:6: log.level"), ==, 1);
}

static void without_keys_it_does_not_start(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *keys = g_build_filename(f->dir, "keys", NULL);
    g_unlink(keys);
    g_assert_cmpint(live(f, term_at_three), ==, ROLE_FAULT);
    g_assert_cmpint(f->turns, ==, 0);
    g_assert_cmpint(logged(f, "Not started"), ==, 1);
    expect_trouble(f, "start of fake", "Not started: ");
    g_assert_true(keyring_create(keys, NULL));
    g_assert_cmpint(live(f, term_at_three), ==, ROLE_DRAINED);
    expect_trouble(f, "start of fake", NULL);
}

/* ---- the database ------------------------------------------------------------------------------------------------ */

static bool away_for_a_while(Fixture *f, int turn, GError **error)
{
    (void)f;
    if (turn == 2 || turn == 3) {
        g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "the disk is full");
        return false;
    }
    if (turn == 5)
        tell(SIGTERM);
    return true;
}

static void a_database_that_is_away_is_waited_for(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t begin = clock_monotonic();
    g_assert_cmpint(live(f, away_for_a_while), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 5);
    g_assert_cmpint(clock_monotonic() - begin, >=, 900 * 1000); /* half a second, then longer, up to the next beat */
    g_assert_cmpint(logged(f, "the disk is full"), ==, 1);
    g_assert_cmpint(logged(f, "[database_back"), ==, 1);
}

static bool term_at_once(Fixture *f, int turn, GError **error)
{
    (void)f, (void)turn, (void)error;
    tell(SIGTERM);
    return true;
}

static void a_locked_database_is_waited_for_at_start(Fixture *f, gconstpointer data)
{
    (void)data;
    f->refuses_open = 2;
    g_assert_cmpint(live(f, term_at_once), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 1);
    expect_trouble(f, "start of fake", NULL);
}

/* As mailboxes do: fails when it has something to store, and turns well in between, while nothing can be stored. */
static bool full_for_a_while(Fixture *f, int turn, GError **error)
{
    g_autofree char *full = g_build_filename(f->dir, "full", NULL);
    if (turn == 2)
        g_assert_true(g_file_set_contents(full, "", 0, NULL));
    if (turn == 8) {
        g_assert_cmpint(logged(f, "[database_away"), ==, 1);
        g_assert_cmpint(logged(f, "[database_back"), ==, 0);
        g_unlink(full);
    }
    if (turn > 8 && logged(f, "[database_back") == 1)
        tell(SIGTERM);
    if (turn >= 2 && turn <= 8 && turn % 2 == 0)
        g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "the disk is full");
    else
        g_usleep(20 * 1000);
    return turn < 2 || turn > 8 || turn % 2 == 1;
}

static void it_is_back_when_something_was_stored(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *plan = g_strdup_printf("while:%s/full", f->dir);
    g_setenv("RUNDBRIEF_TEST_DB_FAULT", plan, TRUE);
    RoleEnd end = live(f, full_for_a_while);
    g_unsetenv("RUNDBRIEF_TEST_DB_FAULT");
    g_assert_cmpint(end, ==, ROLE_DRAINED);
    g_assert_cmpint(logged(f, "[database_away"), ==, 1);
    g_assert_cmpint(logged(f, "[database_back"), ==, 1);
}

/* Nothing is turned before old troubles are forgotten; it tries after half a second, then after a second. */
static void it_starts_on_a_full_disk(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *full = g_build_filename(f->dir, "full", NULL), *plan = g_strdup_printf("while:%s", full);
    tell_trouble_before(f, "relay renamed", "fake");
    g_assert_true(g_file_set_contents(full, "", 0, NULL));
    g_setenv("RUNDBRIEF_TEST_DB_FAULT", plan, TRUE);
    int64_t begin = clock_monotonic();
    g_autofree char *make_room = g_strdup_printf("sh -c 'sleep 0.6; rm %s'", full);
    g_assert_true(g_spawn_command_line_async(make_room, NULL));
    RoleEnd end = live(f, term_at_once);
    g_unsetenv("RUNDBRIEF_TEST_DB_FAULT");
    g_assert_cmpint(end, ==, ROLE_DRAINED);
    g_assert_cmpint(clock_monotonic() - begin, >=, 1300 * 1000);
    g_assert_cmpint(logged(f, "[database_away"), ==, 1);
    g_assert_cmpint(logged(f, "[database_back"), ==, 1);
    expect_trouble(f, "relay renamed", NULL);
}

/* The first turn commits, and takes as long as it may; by the second one it is on disk. */
static bool commit_once(Fixture *f, int turn, GError **error)
{
    if (turn == 2) {
        g_assert_cmpint(db_sync_at(f->db), ==, INT64_MAX);
        g_assert_cmpint(clock_monotonic(), <=, f->committed_at + 200 * 1000);
        tell(SIGTERM);
    }
    if (turn > 1)
        return true;
    g_autoptr(DbTransaction) tx = db_begin(f->db, error);
    f->committed_at = clock_monotonic();
    g_assert_true(tx && trouble_set(f->db, "relay", "fake", "It is gone", 1, error) && db_commit(&tx, error));
    g_assert_cmpint(db_sync_at(f->db), <, INT64_MAX);
    g_usleep((gulong)f->max_wait_ms * 1000);
    return true;
}

static void what_it_commits_is_on_disk_in_time(Fixture *f, gconstpointer data)
{
    (void)data;
    RoleKind kind = fake;
    kind.syncs_later = true;
    f->script = commit_once;
    g_assert_cmpint(role_run(&kind, f->config), ==, ROLE_DRAINED);
}

static bool damaged(Fixture *f, int turn, GError **error)
{
    (void)f, (void)turn;
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "the file is damaged");
    return false;
}

static void a_damaged_database_ends_it(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(live(f, damaged), ==, ROLE_FAULT);
    g_assert_cmpint(f->turns, ==, 1);
}

static bool open_beside(Fixture *f, int turn, GError **error)
{
    (void)error;
    if (turn == 1) {
        fixture = &(Fixture){0}; /* the second role must not get as far as our engine */
        g_assert_cmpint(role_run(&fake, f->config), ==, ROLE_FAULT);
        g_assert_cmpint(fixture->turns, ==, 0);
        fixture = f;
        tell(SIGTERM);
    }
    return true;
}

static void one_role_works_on_a_database(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(live(f, open_beside), ==, ROLE_DRAINED);
    g_assert_cmpint(logged(f, "another fake role works on"), ==, 1);
    expect_trouble(f, "start of fake", NULL); /* the other one does the work */
}

static bool hold_the_lock(Fixture *f, int turn, GError **error)
{
    (void)error;
    g_autofree char *path = g_build_filename(f->dir, "db", NULL);
    StoreSettings store = store_of(path);
    g_autoptr(Db) db = db_open(&store, NULL);
    g_autoptr(DbTransaction) tx = db_begin(db, NULL);
    g_assert_nonnull(tx);
    if (turn == 1) { /* the trouble cannot be stored; the old settings must stay all the same */
        write_config(f, "log = { level = 5; };\n");
        tell(SIGHUP);
    }
    if (turn == 3)
        tell(SIGTERM);
    return true;
}

static void a_busy_writer_does_not_end_it(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(live(f, hold_the_lock), ==, ROLE_DRAINED);
    g_assert_cmpint(f->turns, ==, 3);
    g_assert_cmpint(logged(f, "[database_"), ==, 0); /* a lock that is held is no news */
}

/* ---- news and systemd -------------------------------------------------------------------------------------------- */

static bool is_readable(int fd)
{
    struct pollfd entry = {.fd = fd, .events = POLLIN};
    return poll(&entry, 1, 0) == 1;
}

static bool wake_up(Fixture *f, int turn, GError **error)
{
    (void)error;
    g_assert_false(is_readable(f->watched_fd)); /* the last news was taken */
    if (turn == 1) {
        wake_role(&(FileSettings){.runtime_dir = f->dir}, "fake");
        g_assert_true(is_readable(f->watched_fd));
    }
    g_assert_cmpint(f->wakes, ==, turn - 1);
    if (turn == 2) {
        tell(SIGTERM);
        g_assert_true(is_readable(f->watched_fd));
    }
    return true;
}

static void news_end_the_waiting(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(live(f, wake_up), ==, ROLE_DRAINED);
}

static bool hup_and_term(Fixture *f, int turn, GError **error)
{
    (void)f, (void)error;
    tell(turn == 1 ? SIGHUP : SIGTERM);
    return true;
}

static void systemd_is_told(Fixture *f, gconstpointer data)
{
    (void)data;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_snprintf(address.sun_path, sizeof address.sun_path, "%s/notify", f->dir);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, sizeof address), ==, 0);
    g_setenv("NOTIFY_SOCKET", address.sun_path, TRUE);
    g_assert_cmpint(live(f, hup_and_term), ==, ROLE_DRAINED);
    g_unsetenv("NOTIFY_SOCKET");
    g_autoptr(GString) heard = g_string_new(NULL);
    char message[512];
    for (ssize_t got; (got = recv(fd, message, sizeof message, 0)) > 0;) {
        g_string_append_len(heard, message, got);
        g_string_append_c(heard, '\n');
    }
    close(fd);
    static const char *const order[] = {
        "READY=1\n", "STATUS=turned not yet\n", "WATCHDOG=1\n", "RELOADING=1\n", "READY=1\n", "STOPPING=1\n"};
    const char *p = heard->str;
    for (gsize i = 0; i < G_N_ELEMENTS(order); i++) {
        p = strstr(p, order[i]);
        if (!p)
            g_error("%s does not come in its turn; heard:\n%s", order[i], heard->str);
        p += strlen(order[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/role/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(it_drains_on_term);
    TEST(the_second_term_cuts);
    TEST(broken_settings_leave_the_old_ones);
    TEST(settings_the_engine_refuses_are_not_taken);
    TEST(troubles_of_earlier_settings_are_forgotten);
    TEST(with_broken_settings_it_does_not_start);
    TEST(without_keys_it_does_not_start);
    TEST(a_database_that_is_away_is_waited_for);
    TEST(a_locked_database_is_waited_for_at_start);
    TEST(it_starts_on_a_full_disk);
    TEST(it_is_back_when_something_was_stored);
    TEST(what_it_commits_is_on_disk_in_time);
    TEST(a_damaged_database_ends_it);
    TEST(one_role_works_on_a_database);
    TEST(a_busy_writer_does_not_end_it);
    TEST(news_end_the_waiting);
    TEST(systemd_is_told);
    return g_test_run();
}
