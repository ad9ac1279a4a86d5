/* Brings a database to a schema. Applies what is missing, in order; before the first file that changes an existing
 * database a copy is made beside it. Never goes back, and never touches a database it does not know. */
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

static bool make_copy(Db *db, const StoreSettings *settings, int number, MigrateReport *report, GError **error)
{
    g_autofree char *path = copy_path(settings->path, number);
    if (!db_copy(db, path, NULL, NULL, error))
        return false;
    report->copy = g_steal_pointer(&path);
    return true;
}

static bool apply_missing(Db *db, const StoreSettings *settings, int version, const SchemaFile *files,
                          MigrateReport *report, GError **error)
{
    for (const SchemaFile *file = files; file->name; file++) {
        bool applied = false;
        if (file->number <= version)
            continue;
        if (version > 0 && !report->copy && !make_copy(db, settings, file->number, report, error))
            return false;
        if (!apply(db, file, &applied, error)) {
            g_prefix_error(error, "schema file %s was not applied: ", file->name);
            return false;
        }
        report->applied += applied;
    }
    return true;
}

static bool refuse_newer(int version, const SchemaFile *files, GError **error)
{
    int newest = 0;
    for (const SchemaFile *file = files; file->name; file++)
        newest = file->number;
    if (version <= newest)
        return true;
    g_set_error(error, DB_ERROR, DB_ERROR_SCHEMA,
                "has schema version %d, newer than the %d this program knows; install the newer rundbrief again",
                version, newest);
    return false;
}

bool migrate_files(const StoreSettings *settings, const SchemaFile *files, MigrateReport *ret, GError **error)
{
    int version;
    *ret = (MigrateReport){0};
    if (!db_create(settings, error))
        return false;
    g_autoptr(Db) db = db_open_any(settings, error);
    if (!db)
        return false;
    if (db_schema_version(db, &version, error) && refuse_newer(version, files, error) &&
        apply_missing(db, settings, version, files, ret, error))
        return true;
    g_prefix_error(error, "%s: ", settings->path);
    return false;
}

bool migrate_run(const StoreSettings *settings, MigrateReport *ret, GError **error)
{
    g_auto(MigrateReport) report = {0};
    return migrate_files(settings, schema_files, ret ? ret : &report, error);
}

void migrate_report_clear(MigrateReport *report)
{
    g_clear_pointer(&report->copy, g_free);
}
