/* store/db: transactions are all or nothing, values come back as they went in, and mistakes of the program end it. */
#include "store/db.h"

/* system */
#include <sys/syscall.h>
#include <unistd.h>

/* rundbrief */
#include "base/clock.h"
#include "database.h"
#include "store/db_driver.h"

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static void leaving_the_scope_rolls_back(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    {
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        g_assert_true(set_trouble(f->db, "relay main", "down", &error));
        g_assert_cmpuint(count_troubles(f->db), ==, 1);
    }
    g_assert_false(db_in_transaction(f->db));
    g_assert_cmpuint(count_troubles(f->db), ==, 0);
}

static void commit_keeps(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(db_in_transaction(f->db));
    g_assert_true(set_trouble(f->db, "relay main", "down", &error));
    g_assert_cmpint(db_changes(f->db), ==, 1);
    g_assert_true(db_commit(&tx, &error));
    g_assert_null(tx);
    g_assert_false(db_in_transaction(f->db));
    g_clear_pointer(&f->db, db_close);
    f->db = db_open(&f->settings, &error);
    g_assert_cmpuint(count_troubles(f->db), ==, 1);
}

static int64_t version(Db *db)
{
    g_autoptr(GError) error = NULL;
    int64_t version = -1;
    DbTransaction *tx;
    g_assert_nonnull(tx = db_begin(db, &error));
    g_assert_true(db_version(db, &version, &error));
    db_rollback(tx);
    return version;
}

static void a_version_is_new_when_somebody_else_wrote(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) other = db_open(&f->settings, &error);
    int64_t first = version(f->db);
    g_assert_true(store_trouble(f->db, "relay main", "down", &error));
    g_assert_cmpint(version(f->db), ==, first);
    g_assert_true(store_trouble(other, "relay spare", "down", &error));
    int64_t second = version(f->db);
    g_assert_cmpint(second, !=, first);
    g_assert_cmpint(version(f->db), ==, second);
    db_touch(f->db);
    g_assert_cmpint(version(f->db), !=, second);
    g_assert_cmpint(version(f->db), !=, first);
}

static void closing_rolls_back(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_nonnull(db_begin(f->db, &error));
    g_assert_true(set_trouble(f->db, "relay main", "down", &error));
    g_clear_pointer(&f->db, db_close);
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_troubles(f->db), ==, 0);
}

static void a_failed_statement_spoils_its_transaction(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(set_trouble(f->db, "first", "stays out", &error));
    g_assert_false(set_trouble(f->db, "second", NULL, &error)); /* NOT NULL */
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
    g_assert_nonnull(strstr(error->message, "trouble.text"));
    g_clear_error(&error);
    g_assert_false(set_trouble(f->db, "third", "too late", &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
    g_clear_error(&error);
    g_assert_false(db_commit(&tx, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
    g_clear_error(&error);
    g_assert_cmpuint(count_troubles(f->db), ==, 0);
    g_assert_true(store_trouble(f->db, "fourth", "in a fresh one", &error));
    g_assert_cmpuint(count_troubles(f->db), ==, 1);
}

static void a_commit_that_is_refused_leaves_no_transaction(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    /* Looked at only by the commit. */
    db_exec_schema(f->db, "PRAGMA defer_foreign_keys = ON; INSERT INTO subscription VALUES (99, 99, 'left', 0)",
                   &error);
    g_assert_no_error(error);
    g_assert_false(db_commit(&tx, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
    g_assert_null(tx);
    g_clear_error(&error);
    g_assert_true(store_trouble(f->db, "relay", "x", &error));
    g_assert_cmpuint(count_troubles(f->db), ==, 1);
}

static void a_query_left_open_does_not_break_the_commit(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_trouble(f->db, "first", "x", &error));
    g_autoptr(DbQuery) before = db_query(f->db, SQL_TROUBLE_ALL);
    g_assert_cmpint(db_step(before, &error), ==, DB_ROW);
    /* While it is open, somebody else writes: what it sees is old, and to write from there is refused by SQLite. */
    g_autoptr(Db) other = db_open(&f->settings, &error);
    g_assert_true(store_trouble(other, "second", "x", &error));
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_no_error(error);
    g_autoptr(DbQuery) within = db_query(f->db, SQL_TROUBLE_ALL);
    g_assert_cmpint(db_step(within, &error), ==, DB_ROW);
    g_assert_true(set_trouble(f->db, "third", "x", &error));
    g_assert_true(db_commit(&tx, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(count_troubles(other), ==, 3);
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */

static void values_come_back(Database *f, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *name;
        int64_t number;
        const char *text;
    } cases[] = {
        {"smallest", INT64_MIN, ""},
        {"largest", INT64_MAX, "„Grüße“ aus Steinfurt"},
        {"quotes", 0, "it's \"so\"; -- DROP TABLE role"},
    };
    g_autoptr(GError) error = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        g_assert_true(role_beat(f->db, cases[i].name, cases[i].number, 0, cases[i].text, 0, &error));
        g_autoptr(DbQuery) query = db_query(f->db, SQL_ROLE_ALL);
        g_assert_cmpint(db_step(query, &error), ==, DB_ROW);
        g_assert_cmpstr(db_text(query, "name"), ==, cases[i].name);
        g_assert_cmpint(db_int64(query, "pid"), ==, cases[i].number);
        g_assert_cmpstr(db_text(query, "summary"), ==, cases[i].text);
        g_assert_false(db_is_null(query, "summary"));
        g_assert_cmpint(db_step(query, &error), ==, DB_DONE);
    }
    g_assert_no_error(error);
}

static void a_query_runs_again_with_what_changed(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_autoptr(DbQuery) query = db_query(f->db, SQL_TROUBLE_SET);
    db_bind_text(query, "role", "send");
    db_bind_text(query, "text", "x");
    db_bind_int64(query, "now", 7);
    for (int i = 0; i < 3; i++) {
        g_autofree char *subject = g_strdup_printf("relay %d", i);
        db_bind_text(query, "subject", subject);
        g_assert_true(db_run(query, &error));
    }
    g_assert_true(db_commit(&tx, &error));
    g_autoptr(GPtrArray) troubles = trouble_all(f->db, &error);
    g_assert_cmpuint(troubles->len, ==, 3);
    const Trouble *last = g_ptr_array_index(troubles, 2);
    g_assert_cmpstr(last->subject, ==, "relay 2");
    g_assert_cmpint(last->since, ==, 7);
}

static void what_was_bound_ends_with_the_query(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_trouble(f->db, "relay", "x", &error));
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_nonnull(tx);
    g_autoptr(DbQuery) query = db_query(f->db, SQL_TROUBLE_SET); /* nothing bound: all NULL */
    g_assert_cmpint(db_step(query, &error), ==, DB_FAILED);
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
}

static void one_statement_serves_two_queries_at_once(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_trouble(f->db, "a", "x", &error));
    g_assert_true(store_trouble(f->db, "b", "x", &error));
    g_autoptr(DbQuery) outer = db_query(f->db, SQL_TROUBLE_ALL);
    guint pairs = 0;
    while (db_step(outer, &error) == DB_ROW) {
        g_autoptr(DbQuery) inner = db_query(f->db, SQL_TROUBLE_ALL);
        while (db_step(inner, &error) == DB_ROW)
            pairs++;
    }
    g_assert_no_error(error);
    g_assert_cmpuint(pairs, ==, 4);
}

/* ---- mistakes of the program ------------------------------------------------------------------------------------- */

static void begin_twice(Db *db)
{
    g_autoptr(DbTransaction) first = db_begin(db, NULL);
    g_autoptr(DbTransaction) second = db_begin(db, NULL);
    g_assert_true(first == second);
}

static void change_outside(Db *db)
{
    set_trouble(db, "relay", "x", NULL);
}

static void bind_unknown(Db *db)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_CLEAR);
    db_bind_text(query, "subjekt", "relay");
}

static void read_unknown(Db *db)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SCHEMA_CURRENT);
    db_step(query, NULL);
    db_int64(query, "versoin");
}

static void read_without_row(Db *db)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SCHEMA_CURRENT);
    db_int64(query, "version");
}

static void step_after_commit(Db *db)
{
    g_autoptr(DbTransaction) tx = db_begin(db, NULL);
    set_trouble(db, "relay", "x", NULL);
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_ALL);
    db_step(query, NULL);
    db_commit(&tx, NULL);
    db_step(query, NULL);
}

static const struct {
    const char *name;
    void (*make)(Db *db);
    const char *told; /* a pattern */
} mistakes[] = {
    {"begin twice", begin_twice, "*begun within another*"},
    {"change outside a transaction", change_outside, "*trouble_set changes rows outside a transaction*"},
    {"unknown parameter", bind_unknown, "*trouble_clear has no parameter :subjekt*"},
    {"unknown column", read_unknown, "*schema_current has no column versoin*"},
    {"no row", read_without_row, "*schema_current is read without a row*"},
    {"step after commit", step_after_commit, "*trouble_all is stepped after*"},
};

static void mistakes_end_the_program(Database *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_strdup_printf("/db/subprocess/%s", mistakes[i].name);
        g_setenv("RUNDBRIEF_TEST_PATH", f->settings.path, TRUE);
        g_test_trap_subprocess(path, 0, G_TEST_SUBPROCESS_DEFAULT);
        g_test_trap_assert_failed();
        g_test_trap_assert_stderr(mistakes[i].told);
    }
}

/* Run in a process of its own by the test above. */
static void make_mistake(gconstpointer data)
{
    StoreSettings settings = {.path = (char *)g_getenv("RUNDBRIEF_TEST_PATH"), .busy_timeout_ms = 1000};
    g_autoptr(Db) db = db_open(&settings, NULL);
    mistakes[GPOINTER_TO_SIZE(data)].make(db);
}

/* ---- what a power cut undoes ------------------------------------------------------------------------------------- */

static guint syncs;

/* In place of the C library's: the engine reaches the disk by nothing else. */
int fdatasync(int fd)
{
    syncs++;
    return (int)syscall(SYS_fdatasync, fd);
}

static guint syncs_of_commit(Db *db)
{
    g_autoptr(GError) error = NULL;
    static int number;
    g_autofree char *text = g_strdup_printf("down for the time %d", ++number);
    syncs = 0;
    g_assert_true(store_trouble(db, "relay main", text, &error));
    return syncs;
}

static void sync_within(Db *db, int64_t within_us)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(db_sync_within(db, within_us, &error));
    g_assert_no_error(error);
}

static void a_commit_is_on_disk(Database *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpuint(syncs_of_commit(f->db), >, 0);
    g_assert_cmpuint(syncs_of_commit(f->db), ==, 1);
    g_assert_cmpint(db_sync_at(f->db), ==, INT64_MAX);
}

static void a_commit_may_be_on_disk_later(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    syncs_of_commit(f->db); /* the log is there now */
    sync_within(f->db, SECOND_US);
    int64_t before = clock_monotonic();
    g_assert_cmpuint(syncs_of_commit(f->db), ==, 0);
    int64_t due = db_sync_at(f->db);
    g_assert_cmpint(due, >, before);
    g_assert_cmpint(due, <, clock_monotonic() + SECOND_US);
    g_assert_cmpuint(syncs_of_commit(f->db), ==, 0);
    g_assert_cmpint(db_sync_at(f->db), ==, due); /* the first one counts */
    g_assert_true(db_sync(f->db, &error));
    g_assert_cmpuint(syncs, ==, 1);
    g_assert_cmpint(db_sync_at(f->db), ==, INT64_MAX);
    g_assert_true(db_sync(f->db, &error));
    g_assert_cmpuint(syncs, ==, 1);
    sync_within(f->db, 0);
    g_assert_cmpuint(syncs_of_commit(f->db), ==, 1);
}

/* Beside others that go on: the last one to close copies the log into the database, and syncs both anyway. */
static void closing_leaves_nothing_behind(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(Db) other = db_open(&f->settings, NULL);
    syncs_of_commit(f->db);
    sync_within(other, SECOND_US);
    g_assert_cmpuint(syncs_of_commit(other), ==, 0);
    db_close(g_steal_pointer(&other));
    g_assert_cmpuint(syncs, >, 0); /* a connection's first sync takes the folder with it */
}

static void a_sync_that_fails_is_tried_again(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *full = g_strdup_printf("%s/full", f->dir), *plan = g_strdup_printf("while:%s:io", full);
    g_setenv("RUNDBRIEF_TEST_DB_FAULT", plan, TRUE);
    g_autoptr(Db) db = db_open(&f->settings, NULL);
    g_unsetenv("RUNDBRIEF_TEST_DB_FAULT");
    sync_within(db, SECOND_US);
    syncs_of_commit(db);
    g_assert_true(g_file_set_contents(full, "", 0, NULL));
    g_assert_false(db_sync(db, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
    g_assert_cmpint(db_sync_at(db), <, INT64_MAX);
    g_unlink(full);
    g_assert_true(db_sync(db, NULL));
    g_assert_cmpuint(syncs, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/db/" #name, Database, NULL, database_set_up, name, database_tear_down)
    TEST(leaving_the_scope_rolls_back);
    TEST(commit_keeps);
    TEST(closing_rolls_back);
    TEST(a_version_is_new_when_somebody_else_wrote);
    TEST(a_failed_statement_spoils_its_transaction);
    TEST(a_commit_that_is_refused_leaves_no_transaction);
    TEST(a_query_left_open_does_not_break_the_commit);
    TEST(values_come_back);
    TEST(a_query_runs_again_with_what_changed);
    TEST(what_was_bound_ends_with_the_query);
    TEST(one_statement_serves_two_queries_at_once);
    TEST(a_commit_is_on_disk);
    TEST(a_commit_may_be_on_disk_later);
    TEST(closing_leaves_nothing_behind);
    TEST(a_sync_that_fails_is_tried_again);
    TEST(mistakes_end_the_program);
    for (gsize i = 0; i < G_N_ELEMENTS(mistakes); i++) {
        g_autofree char *path = g_strdup_printf("/db/subprocess/%s", mistakes[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), make_mistake);
    }
    return g_test_run();
}
