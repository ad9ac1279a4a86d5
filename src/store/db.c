/* The database above its drivers: transactions and queries by name. Knows no SQL and no engine; owns the connection,
 * the one transaction it may have, and every query that was ever prepared on it. Mistakes of the program (a name that
 * does not exist, a change outside a transaction) end it at once, so that no test can miss them. */
#include "store/db.h"

/* system */
#include <stdlib.h>

/* rundbrief */
#include "base/clock.h"
#include "store/db_driver.h"

struct DbTransaction {
    Db *db;
    bool open;
    GError *failure; /* the first one; nothing more will be done then */
};

struct DbQuery {
    Db *db;
    const SqlText *text;
    DbStatement *statement; /* NULL: could not be prepared, see failure */
    GError *failure;
    char **columns; /* names, in order; ends with NULL */
    bool used;      /* handed out */
    bool stepped;   /* needs a reset before it can be bound again */
    bool on_row;
    bool cut_off; /* begin or commit ended it */
    bool writes;
    bool spare; /* a second one of its text, made because the first was in use */
};

struct Db {
    const DbDriver *driver;
    DbConnection *connection;
    DbTransaction transaction;
    int64_t touches;                           /* db_touch() so often */
    DbQuery *queries[SQL_STATEMENT_COUNT + 1]; /* by statement; NULL: not yet prepared */
    GPtrArray *all;                            /* of DbQuery, spare ones too; owns them */
    int64_t sync_within_us;                    /* 0: each commit waits for the disk */
    int64_t sync_at;                           /* monotonic; INT64_MAX: nothing waits for it */
};

G_DEFINE_QUARK(rundbrief_db_error, db_error)

static void G_GNUC_NORETURN G_GNUC_PRINTF(1, 2) mistake(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_assertion_message(G_LOG_DOMAIN, __FILE__, __LINE__, G_STRFUNC, text);
    abort(); /* not reached */
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static void query_destroy(gpointer data)
{
    DbQuery *query = data;
    if (query->statement)
        query->db->driver->finalize(query->statement);
    g_clear_error(&query->failure);
    g_strfreev(query->columns);
    g_free(query);
}

static const DbDriver *driver_of(const StoreSettings *settings)
{
    (void)settings; /* one engine so far */
    return db_fault_wrap(&db_driver_sqlite);
}

bool db_create(const StoreSettings *settings, GError **error)
{
    return driver_of(settings)->create(settings, error);
}

Db *db_open_any(const StoreSettings *settings, GError **error)
{
    const DbDriver *driver = driver_of(settings);
    DbConnection *connection = driver->open(settings, error);
    if (!connection)
        return NULL;
    Db *db = g_new0(Db, 1);
    db->driver = driver;
    db->connection = connection;
    db->transaction.db = db;
    db->sync_at = INT64_MAX;
    db->all = g_ptr_array_new_with_free_func(query_destroy);
    return db;
}

void db_close(Db *db)
{
    if (!db)
        return;
    if (db->transaction.open)
        db_rollback(&db->transaction);
    db_sync(db, NULL);
    g_ptr_array_unref(db->all);
    db->driver->close(db->connection);
    g_free(db);
}

bool db_schema_version(Db *db, int *ret_version, GError **error)
{
    bool ours = false, anybody = false;
    if (!db->driver->has_table(db->connection, "schema_version", &ours, error) ||
        !db->driver->has_table(db->connection, NULL, &anybody, error))
        return false;
    *ret_version = 0;
    if (!ours && anybody) {
        g_set_error(error, DB_ERROR, DB_ERROR_SCHEMA,
                    "the database holds tables of another program; check the setting store.path");
        return false;
    }
    if (!ours)
        return true;
    g_autoptr(DbQuery) query = db_query(db, SQL_SCHEMA_CURRENT);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_version = (int)db_int64(query, "version");
    return true;
}

static bool schema_fits(Db *db, const StoreSettings *settings, GError **error)
{
    int version;
    if (!db_schema_version(db, &version, error)) {
        g_prefix_error(error, "%s: ", settings->path);
        return false;
    }
    if (version == schema_newest())
        return true;
    g_set_error(
        error, DB_ERROR, DB_ERROR_SCHEMA,
        version < schema_newest()
            ? "%s has schema version %d, this program needs %d; run \"rundbrief db migrate\""
            : "%s has schema version %d, newer than the %d this program knows; install the newer rundbrief again",
        settings->path, version, schema_newest());
    return false;
}

Db *db_open(const StoreSettings *settings, GError **error)
{
    g_autoptr(Db) db = db_open_any(settings, error);
    return db && schema_fits(db, settings, error) ? g_steal_pointer(&db) : NULL;
}

bool db_exec_schema(Db *db, const char *text, GError **error)
{
    if (!db->transaction.open)
        mistake("a schema file is run outside a transaction");
    g_autofree char *sql = sql_expand(db->driver->dialect, text);
    return db->driver->exec(db->connection, sql, error);
}

bool db_copy(Db *db, const char *path, DbCopyProgress progress, gpointer data, GError **error)
{
    return db->driver->copy(db->connection, path, progress, data, error);
}

bool db_check(Db *db, GPtrArray *findings, GError **error)
{
    return db->driver->check(db->connection, findings, error);
}

int64_t db_changes(const Db *db)
{
    return db->driver->changes(db->connection);
}

/* ---- transactions ------------------------------------------------------------------------------------------------ */

static void query_reset(DbQuery *query)
{
    if (query->stepped && query->statement)
        query->db->driver->reset(query->statement);
    query->stepped = query->on_row = false;
}

/* An open read would make begin work on an old snapshot, which SQLite refuses at once, and outlive a commit. */
static void cut_off_queries(Db *db)
{
    for (guint i = 0; i < db->all->len; i++) {
        DbQuery *query = g_ptr_array_index(db->all, i);
        if (!query->on_row)
            continue;
        query_reset(query);
        query->cut_off = true;
    }
}

DbTransaction *db_begin(Db *db, GError **error)
{
    if (db->transaction.open)
        mistake("a transaction is begun within another");
    cut_off_queries(db);
    if (!db->driver->begin(db->connection, error))
        return NULL;
    db->transaction.open = true;
    return &db->transaction;
}

static void transaction_end(DbTransaction *tx)
{
    tx->open = false;
    g_clear_error(&tx->failure);
}

void db_rollback(DbTransaction *tx)
{
    if (!tx)
        return;
    cut_off_queries(tx->db);
    tx->db->driver->rollback(tx->db->connection);
    transaction_end(tx);
}

/* Due at half of the time: the other half is for the turn that goes on then, and for the disk. */
static void note_unsynced(Db *db)
{
    if (db->sync_within_us > 0 && db->sync_at == INT64_MAX)
        db->sync_at = clock_monotonic() + db->sync_within_us / 2;
}

bool db_commit(DbTransaction **tx, GError **error)
{
    DbTransaction *ending = g_steal_pointer(tx);
    if (ending->failure) {
        g_propagate_error(error, g_error_copy(ending->failure));
        db_rollback(ending);
        return false;
    }
    cut_off_queries(ending->db);
    bool stored = ending->db->driver->commit(ending->db->connection, error);
    if (stored)
        note_unsynced(ending->db);
    transaction_end(ending);
    return stored;
}

bool db_in_transaction(const Db *db)
{
    return db->transaction.open;
}

/* Both only grow, so that their sum never comes back to an old value. */
bool db_version(Db *db, int64_t *ret_version, GError **error)
{
    if (!db->driver->version(db->connection, ret_version, error))
        return false;
    *ret_version += db->touches;
    return true;
}

void db_touch(Db *db)
{
    db->touches++;
}

/* ---- what a power cut undoes ------------------------------------------------------------------------------------- */

bool db_sync_within(Db *db, int64_t within_us, GError **error)
{
    if (!db_sync(db, error) || !db->driver->sync_each(db->connection, within_us == 0, error))
        return false;
    db->sync_within_us = within_us;
    return true;
}

int64_t db_sync_at(const Db *db)
{
    return db->sync_at;
}

bool db_sync(Db *db, GError **error)
{
    if (db->sync_at == INT64_MAX)
        return true;
    db->sync_at = INT64_MAX;
    if (db->driver->sync(db->connection, error))
        return true;
    note_unsynced(db);
    return false;
}

/* ---- queries ----------------------------------------------------------------------------------------------------- */

static char **column_names(const DbDriver *driver, DbStatement *statement)
{
    int count = driver->column_count(statement);
    char **names = g_new0(char *, (gsize)count + 1);
    for (int i = 0; i < count; i++)
        names[i] = g_strdup(driver->column_name(statement, i));
    return names;
}

static DbQuery *query_new(Db *db, SqlStatement statement)
{
    DbQuery *query = g_new0(DbQuery, 1);
    query->db = db;
    query->text = &sql_texts[statement];
    g_autofree char *sql = sql_expand(db->driver->dialect, query->text->text);
    query->statement = db->driver->prepare(db->connection, sql, &query->failure);
    g_prefix_error(&query->failure, "%s: ", query->text->name);
    if (query->statement) {
        query->columns = column_names(db->driver, query->statement);
        query->writes = db->driver->writes(query->statement);
    }
    g_ptr_array_add(db->all, query);
    return query;
}

DbQuery *db_query(Db *db, SqlStatement statement)
{
    DbQuery *query = db->queries[statement];
    if (query && !query->used && !query->statement) {
        g_ptr_array_remove_fast(db->all, query); /* what could not be prepared then may be fine now */
        query = NULL;
    }
    bool spare = query && query->used;
    if (!query || spare)
        query = query_new(db, statement);
    if (!spare)
        db->queries[statement] = query;
    query->used = true;
    query->spare = spare;
    query->cut_off = false;
    return query;
}

void db_query_free(DbQuery *query)
{
    if (!query)
        return;
    query_reset(query);
    query->used = false;
    if (query->spare)
        g_ptr_array_remove_fast(query->db->all, query);
    else if (query->statement)
        query->db->driver->unbind(query->statement);
}

const GError *db_query_failure(const DbQuery *query)
{
    return query->failure;
}

/* Its place among the names; -1: it is not there. Names are literals, and the linker makes equal ones the same: most
 * are found without a look at their letters. */
static int place_of(const char *const *names, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (names[i] == name)
            return i;
    for (int i = 0; names[i]; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

/* The number of a parameter; 0: there is nothing to bind to. */
static int parameter_of(DbQuery *query, const char *name)
{
    int place = place_of(query->text->parameters, name);
    if (place < 0)
        mistake("%s has no parameter :%s", query->text->name, name);
    query_reset(query);
    return query->statement ? place + 1 : 0;
}

void db_bind_int64(DbQuery *query, const char *name, int64_t value)
{
    int parameter = parameter_of(query, name);
    if (parameter)
        query->db->driver->bind_int64(query->statement, parameter, value);
}

void db_bind_text(DbQuery *query, const char *name, const char *value)
{
    int parameter = parameter_of(query, name);
    if (parameter && value)
        query->db->driver->bind_text(query->statement, parameter, value);
    else if (parameter)
        query->db->driver->bind_null(query->statement, parameter);
}

void db_bind_blob(DbQuery *query, const char *name, const void *value, gsize size)
{
    int parameter = parameter_of(query, name);
    if (parameter)
        query->db->driver->bind_blob(query->statement, parameter, value, size);
}

void db_bind_null(DbQuery *query, const char *name)
{
    int parameter = parameter_of(query, name);
    if (parameter)
        query->db->driver->bind_null(query->statement, parameter);
}

static DbStep step_failed(DbQuery *query, GError *failure, GError **error)
{
    DbTransaction *tx = &query->db->transaction;
    query->on_row = false;
    if (tx->open && !tx->failure)
        tx->failure = g_error_copy(failure);
    g_propagate_error(error, failure);
    return DB_FAILED;
}

DbStep db_step(DbQuery *query, GError **error)
{
    const DbTransaction *tx = &query->db->transaction;
    if (query->cut_off)
        mistake("%s is stepped after a transaction began or ended", query->text->name);
    if (query->writes && !tx->open)
        mistake("%s changes rows outside a transaction", query->text->name);
    const GError *before = tx->failure ? tx->failure : query->failure;
    if (before)
        return step_failed(query, g_error_copy(before), error);
    if (query->stepped && !query->on_row)
        query_reset(query);
    GError *failure = NULL;
    query->stepped = true;
    DbStep step = query->db->driver->step(query->statement, &failure);
    query->on_row = step == DB_ROW;
    if (step != DB_FAILED)
        return step;
    g_prefix_error(&failure, "%s: ", query->text->name);
    return step_failed(query, failure, error);
}

bool db_run(DbQuery *query, GError **error)
{
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        mistake("%s returns rows; step it", query->text->name);
    return step == DB_DONE;
}

static int column_of(const DbQuery *query, const char *name)
{
    if (!query->on_row)
        mistake("%s is read without a row", query->text->name);
    for (int i = 0; query->columns[i]; i++)
        if (strcmp(query->columns[i], name) == 0)
            return i;
    mistake("%s has no column %s", query->text->name, name);
}

bool db_is_null(const DbQuery *query, const char *column)
{
    return query->db->driver->is_null(query->statement, column_of(query, column));
}

int64_t db_int64(const DbQuery *query, const char *column)
{
    return query->db->driver->int64(query->statement, column_of(query, column));
}

const char *db_text(const DbQuery *query, const char *column)
{
    return query->db->driver->text(query->statement, column_of(query, column));
}

const void *db_blob(const DbQuery *query, const char *column, gsize *ret_size)
{
    return query->db->driver->blob(query->statement, column_of(query, column), ret_size);
}
