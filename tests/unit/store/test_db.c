/* store/db: transactions are all or nothing, mistakes of the program end it, and every trouble of the disk is a
 * sentence. */
#include "store/db.h"

/* system */
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* libraries */
#include <glib.h>
#include <glib/gstdio.h>

/* rundbrief */
#include "store/db_driver.h"
#include "store/migrate.h"

typedef struct Fixture {
    char *dir;
    StoreSettings settings;
    Db *db;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("rundbrief-db-XXXXXX", &error);
    g_assert_no_error(error);
    f->settings = (StoreSettings){.path = g_build_filename(f->dir, "news.db", NULL), .busy_timeout_ms = 10000};
    migrate_run(&f->settings, NULL, &error);
    g_assert_no_error(error);
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
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

static bool add_trouble(Db *db, const char *subject, const char *text, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_SET);
    db_bind_text(query, "subject", subject);
    db_bind_text(query, "role", "send");
    db_bind_int64(query, "now", 1);
    db_bind_text(query, "text", text);
    return db_run(query, error);
}

static guint count_troubles(Db *db)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbQuery) query = db_query(db, SQL_TROUBLE_ALL);
    guint count = 0;
    while (db_step(query, &error) == DB_ROW)
        count++;
    g_assert_no_error(error);
    return count;
}

static void every_statement_prepares(Fixture *f, gconstpointer data)
{
    (void)data;
    for (int i = 0; i < SQL_STATEMENT_COUNT; i++) {
        g_autoptr(DbQuery) query = db_query(f->db, (SqlStatement)i);
        g_assert_no_error(db_query_failure(query));
    }
}

static void leaving_the_scope_rolls_back(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    {
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        g_assert_true(add_trouble(f->db, "relay main", "down", &error));
        g_assert_cmpuint(count_troubles(f->db), ==, 1);
    }
    g_assert_false(db_in_transaction(f->db));
    g_assert_cmpuint(count_troubles(f->db), ==, 0);
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(add_trouble(f->db, "relay main", "down", &error));
    g_assert_true(db_commit(&tx, &error));
    g_assert_null(tx);
    g_assert_cmpuint(count_troubles(f->db), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/db/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(every_statement_prepares);
    TEST(leaving_the_scope_rolls_back);
    return g_test_run();
}
