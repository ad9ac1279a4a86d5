#pragma once
/* What a database engine must offer to db.c. A driver holds no policy: it neither retries nor judges, numbers its
 * parameters from 1 and its columns from 0, and turns the engine's errors into DbError with a sentence that says what
 * to do. */
#include "store/db.h"
#include "store/statements.h"

typedef struct DbConnection DbConnection; /* each driver's own */
typedef struct DbStatement DbStatement;   /* likewise */

typedef struct DbDriver {
    const SqlDialect *dialect;

    /** Makes an empty database where there is none; true when there is one. */
    bool (*create)(const StoreSettings *settings, GError **error);
    DbConnection *(*open)(const StoreSettings *settings, GError **error); /* never creates */
    void (*close)(DbConnection *connection);

    /** Runs any number of statements that return nothing; the error quotes the one that failed. */
    bool (*exec)(DbConnection *connection, const char *script, GError **error);
    bool (*begin)(DbConnection *connection, GError **error);  /* for writing */
    bool (*commit)(DbConnection *connection, GError **error); /* after a failure no transaction is open */
    void (*rollback)(DbConnection *connection);               /* harmless when none is open */
    int64_t (*changes)(DbConnection *connection);
    /* Another number after each commit of another connection; an engine that cannot tell never says the same twice. */
    bool (*version)(DbConnection *connection, int64_t *ret_version, GError **error);

    /** Whether a commit waits until the disk has it, as it does at first; then, what was committed is on disk after
     * sync(). Outside a transaction. */
    bool (*sync_each)(DbConnection *connection, bool each, GError **error);
    bool (*sync)(DbConnection *connection, GError **error);
    bool (*has_table)(DbConnection *connection, const char *name, bool *ret_has, GError **error); /* name NULL: any */

    DbStatement *(*prepare)(DbConnection *connection, const char *sql, GError **error);
    void (*finalize)(DbStatement *statement);
    bool (*writes)(DbStatement *statement);
    void (*bind_int64)(DbStatement *statement, int parameter, int64_t value);
    void (*bind_text)(DbStatement *statement, int parameter, const char *value);
    void (*bind_blob)(DbStatement *statement, int parameter, const void *value, gsize size);
    void (*bind_null)(DbStatement *statement, int parameter);
    DbStep (*step)(DbStatement *statement, GError **error);
    void (*reset)(DbStatement *statement);  /* keeps what was bound */
    void (*unbind)(DbStatement *statement); /* after a reset */

    int (*column_count)(DbStatement *statement);
    const char *(*column_name)(DbStatement *statement, int column);
    bool (*is_null)(DbStatement *statement, int column);
    int64_t (*int64)(DbStatement *statement, int column);
    const char *(*text)(DbStatement *statement, int column);
    const void *(*blob)(DbStatement *statement, int column, gsize *ret_size);

    bool (*copy)(DbConnection *connection, const char *path, DbCopyProgress progress, gpointer data, GError **error);
    bool (*check)(DbConnection *connection, GPtrArray *ret_findings, GError **error);
} DbDriver;

extern const DbDriver db_driver_sqlite;

/** The driver itself, or, when RUNDBRIEF_TEST_DB_FAULT is set, one that fails or dies at a chosen call (db_fault.c). */
const DbDriver *db_fault_wrap(const DbDriver *driver);

/* ---- what migrate.c needs beyond db.h ---------------------------------------------------------------------------- */

bool db_create(const StoreSettings *settings, GError **error);

/** Runs a schema file's text inside the transaction that is open. */
bool db_exec_schema(Db *db, const char *text, GError **error);

/** The version of the database; 0 when it is empty. A database of somebody else is DB_ERROR_SCHEMA. */
bool db_schema_version(Db *db, int *ret_version, GError **error);

/** Why the statement could not be prepared; NULL: it could. Owned by the query. */
const GError *db_query_failure(const DbQuery *query);
