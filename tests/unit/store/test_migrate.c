/* store/migrate: each file wholly or not at all, a copy before the first change, never a database that is not ours. */
#include "store/migrate.h"

/* system */
#include <sys/stat.h>

/* libraries */
#include <sqlite3.h>

/* rundbrief */
#include "database.h"

/* What a later program might bring. The first file is our own, which as_first_released()
 * has applied. */
#define FIRST                                                                                                          \
    {                                                                                                                  \
        1, "0001_initial", "this text is not looked at any more"                                                       \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        0, NULL, NULL                                                                                                  \
    }
static const SchemaFile with_second[] = {
    FIRST,
    {2, "0002_rooms",
     "CREATE TABLE room (id @ID@, name TEXT NOT NULL) @TABLE@;\nINSERT INTO room (name) VALUES ('x');"},
    END,
};
static const SchemaFile with_broken_third[] = {
    FIRST,
    {2, "0002_rooms", "CREATE TABLE room (id @ID@) @TABLE@;"},
    {3, "0003_broken", "CREATE TABLE chair (id @ID@) @TABLE@;\n\n-- wrong\nINSERT INTO chairs VALUES (1);\nSELECT 1;"},
    END,
};

static int version_of(const StoreSettings *settings)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open_any(settings, &error);
    g_assert_no_error(error);
    g_autoptr(DbQuery) query = db_query(db, SQL_SCHEMA_CURRENT);
    g_assert_cmpint(db_step(query, &error), ==, DB_ROW);
    return (int)db_int64(query, "version");
}

/* What another program may have done to a database. */
static void run_sql(const char *path, const char *sql)
{
    sqlite3 *handle = NULL;
    g_assert_cmpint(sqlite3_open(path, &handle), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(handle);
}

/* A database as the first release made it. */
static StoreSettings as_first_released(const Database *f, char **ret_path)
{
    g_autoptr(GError) error = NULL;
    const SchemaFile first_only[] = {schema_files[0], END};
    *ret_path = g_build_filename(f->dir, "first.db", NULL);
    StoreSettings settings = {.path = *ret_path, .busy_timeout_ms = 100};
    g_auto(MigrateReport) report = {0};
    migrate_files(&settings, first_only, &report, &error);
    g_assert_no_error(error);
    return settings;
}

static void a_new_database_needs_no_copy(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(MigrateReport) report = {0};
    g_autofree char *path = g_build_filename(f->dir, "new.db", NULL);
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    migrate_files(&settings, schema_files, &report, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(report.applied, ==, schema_newest());
    g_assert_null(report.copy);
    struct stat file;
    g_assert_cmpint(stat(path, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0137, ==, 0);
}

static void nothing_is_done_twice(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(MigrateReport) report = {.applied = 99};
    g_assert_true(migrate_run(&f->settings, &report, &error));
    g_assert_cmpuint(report.applied, ==, 0);
    g_assert_null(report.copy);
    g_autofree char *copy = g_strconcat(f->settings.path, ".before-0001", NULL);
    g_assert_false(g_file_test(copy, G_FILE_TEST_EXISTS));
}

static void the_old_one_is_kept_beside_it(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    StoreSettings settings = as_first_released(f, &path);
    g_autofree char *taken = g_strconcat(path, ".before-0002", NULL);
    g_autofree char *free_name = g_strconcat(taken, ".1", NULL);
    g_assert_true(g_file_set_contents(taken, "an earlier try", -1, NULL));
    g_auto(MigrateReport) report = {0};
    migrate_files(&settings, with_second, &report, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(report.applied, ==, 1);
    g_assert_cmpstr(report.copy, ==, free_name);
    g_assert_cmpint(version_of(&settings), ==, 2);
    StoreSettings before = {.path = report.copy, .busy_timeout_ms = 100};
    g_assert_cmpint(version_of(&before), ==, 1);
    struct stat file;
    g_assert_cmpint(stat(report.copy, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0137, ==, 0);
    g_autofree char *still = NULL;
    g_assert_true(g_file_get_contents(taken, &still, NULL, NULL));
    g_assert_cmpstr(still, ==, "an earlier try");
}

static void a_broken_file_leaves_what_was_before(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_auto(MigrateReport) report = {0};
    g_autofree char *path = NULL;
    StoreSettings settings = as_first_released(f, &path);
    g_assert_false(migrate_files(&settings, with_broken_third, &report, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_SCHEMA);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_nonnull(strstr(error->message, "0003_broken"));
    g_assert_nonnull(strstr(error->message, "\"INSERT INTO chairs VALUES (1);\""));
    g_assert_cmpuint(report.applied, ==, 1);
    g_assert_cmpint(version_of(&settings), ==, 2);
    run_sql(path, "CREATE TABLE chair (x)"); /* fails if the first half of 0003 had stayed */
}

static void what_the_first_release_wrote_is_kept(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    StoreSettings settings = as_first_released(f, &path);
    run_sql(path, "INSERT INTO list (slug, title, language, joining, legal_basis, created_at) "
                  "VALUES ('presse', 'Presse', 'de', 'open', 'consent', 1)");
    g_assert_true(migrate_run(&settings, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(version_of(&settings), ==, (int)schema_newest());
    run_sql(path, "CREATE TABLE kept (n INTEGER CHECK (n = 1)); INSERT INTO kept SELECT count(*) FROM list");
}

static void an_older_or_newer_schema_is_refused(Database *f, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *sql, *advice;
    } cases[] = {
        {"DELETE FROM schema_version WHERE version > 1; UPDATE schema_version SET version = 0",
         "run \"rundbrief db migrate\""},
        {"UPDATE schema_version SET version = 4711", "install the newer rundbrief again"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        run_sql(f->settings.path, cases[i].sql);
        g_assert_null(db_open(&f->settings, &error));
        g_assert_error(error, DB_ERROR, DB_ERROR_SCHEMA);
        g_assert_nonnull(strstr(error->message, cases[i].advice));
        g_assert_nonnull(strstr(error->message, f->settings.path));
    }
    g_autoptr(GError) error = NULL;
    g_assert_false(migrate_run(&f->settings, NULL, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_SCHEMA);
    g_assert_nonnull(strstr(error->message, "4711"));
}

static void a_foreign_database_is_left_alone(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "foreign.db", NULL);
    run_sql(path, "CREATE TABLE recipes (name TEXT)");
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    g_assert_false(migrate_run(&settings, NULL, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_SCHEMA);
    g_assert_nonnull(strstr(error->message, "another program"));
    run_sql(path, "CREATE TABLE list (x)"); /* fails if ours were there */
}

static void a_missing_folder_is_told(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "no", "such", "news.db", NULL);
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    g_assert_false(migrate_run(&settings, NULL, &error));
    g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
    g_assert_nonnull(strstr(error->message, path));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/migrate/" #name, Database, NULL, database_set_up, name, database_tear_down)
    TEST(a_new_database_needs_no_copy);
    TEST(nothing_is_done_twice);
    TEST(the_old_one_is_kept_beside_it);
    TEST(a_broken_file_leaves_what_was_before);
    TEST(what_the_first_release_wrote_is_kept);
    TEST(an_older_or_newer_schema_is_refused);
    TEST(a_foreign_database_is_left_alone);
    TEST(a_missing_folder_is_told);
    return g_test_run();
}
