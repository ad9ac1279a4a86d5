#pragma once
/* What store tests begin with: a fresh database in a folder of its own, both gone at the end.
 *   #define TEST(name) g_test_add("/noun/" #name, Database, NULL, database_set_up, name, database_tear_down) */
#include <glib.h>
#include <glib/gstdio.h>

#include "store/db.h"
#include "store/migrate.h"
#include "store/role_store.h"

typedef struct Database {
    char *dir;
    StoreSettings settings;
    Db *db;
} Database;

static inline void database_set_up(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("rundbrief-test-XXXXXX", &error);
    g_assert_no_error(error);
    f->settings = (StoreSettings){.path = g_build_filename(f->dir, "news.db", NULL), .busy_timeout_ms = 10000};
    migrate_run(&f->settings, NULL, &error);
    g_assert_no_error(error);
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
}

static inline void database_tear_down(Database *f, gconstpointer data)
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

/* ---- rows to write and to count, for tests that do not care what is in them -------------------------------------- */

static inline bool set_trouble(Db *db, const char *subject, const char *text, GError **error)
{
    return trouble_set(db, subject, "send", text, 1, error);
}

/* In a transaction of its own. */
static inline bool store_trouble(Db *db, const char *subject, const char *text, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && set_trouble(db, subject, text, error) && db_commit(&tx, error);
}

static inline guint count_troubles(Db *db)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) troubles = trouble_all(db, &error);
    g_assert_no_error(error);
    return troubles->len;
}
