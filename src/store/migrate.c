/* Brings a database to this program's schema. Applies what is missing, in order, each file with its version row in one
 * transaction; never changes a file's meaning and never goes back. */
#include "store/migrate.h"

/* rundbrief */
#include "base/clock.h"
#include "store/db_driver.h"

#define COPY_NAMES_MAX 1000

static bool add_version(Db *db, const SchemaFile *file, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_SCHEMA_ADD);
    db_bind_int64(query, "version", file->number);
    db_bind_text(query, "name", file->name);
    db_bind_int64(query, "applied_at", clock_now());
    return db_run(query, error);
}

/* Applies one file unless another process was faster. */
static bool apply(Db *db, const SchemaFile *file, bool *ret_applied, GError **error)
{
    int version;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !db_schema_version(db, &version, error))
        return false;
    *ret_applied = version < file->number;
    if (!*ret_applied)
        return true;
    return db_exec_schema(db, file->text, error) && add_version(db, file, error) && db_commit(&tx, error);
}

/* PATH.before-0002, or the first of PATH.before-0002.1, .2 … that does not exist. */
static char *copy_path(const char *path, int number)
{
    g_autofree char *base = g_strdup_printf("%s.before-%04d", path, number);
    g_autofree char *name = g_strdup(base);
    for (int i = 1; i < COPY_NAMES_MAX && g_file_test(name, G_FILE_TEST_EXISTS); i++) {
        g_free(name);
        name = g_strdup_printf("%s.%d", base, i);
    }
    return g_steal_pointer(&name);
}

static bool copy_before(Db *db, const StoreSettings *settings, int number, GError **error)
{
    g_autofree char *path = copy_path(settings->path, number);
    return db_copy(db, path, NULL, NULL, error);
}

static bool apply_from(Db *db, const StoreSettings *settings, int version, guint *applied, GError **error)
{
    bool copied = version == 0; /* nothing to keep */
    for (const SchemaFile *file = schema_files; file->name; file++) {
        bool done = false;
        if (file->number <= version)
            continue;
        if (!copied && !copy_before(db, settings, file->number, error))
            return false;
        copied = true;
        if (!apply(db, file, &done, error)) {
            g_prefix_error(error, "%s: schema file %s was not applied: ", settings->path, file->name);
            return false;
        }
        *applied += done;
    }
    return true;
}

bool migrate_run(const StoreSettings *settings, guint *ret_applied, GError **error)
{
    guint applied = 0;
    int version;
    if (!db_create(settings, error))
        return false;
    g_autoptr(Db) db = db_open_any(settings, error);
    if (!db || !db_schema_version(db, &version, error))
        return false;
    if (version > schema_newest()) {
        g_set_error(error, DB_ERROR, DB_ERROR_SCHEMA,
                    "%s has schema version %d, newer than the %d this program knows; install the newer rundbrief again",
                    settings->path, version, schema_newest());
        return false;
    }
    if (!apply_from(db, settings, version, &applied, error))
        return false;
    if (ret_applied)
        *ret_applied = applied;
    return true;
}
