/* The SQLite driver: WAL, one writer at a time, and every error of the engine turned into a sentence. Holds no policy
 * and knows no table of ours. Owns one sqlite3 connection. */
#include "store/db_driver.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <sqlite3.h>

/* rundbrief */
#include "base/clock.h"

#define FILE_MODE      0640 /* addresses are inside */
#define STEPS_PER_LOOK 10000
#define LOOK_EVERY_US  (SECOND_US / 4)
#define WAIT_US        1000 /* how long to sleep before the lock is asked for again */

struct DbConnection {
    sqlite3 *handle;
    char *path;
    int64_t busy_timeout_us;
    int64_t busy_since;                     /* monotonic: of the wait that goes on */
    sqlite3_stmt *begin, *commit, *version; /* prepared once: a sender needs them each turn */
};

/* The driver's statement is the engine's; the connection is found through it. */
static sqlite3_stmt *stmt_of(DbStatement *statement)
{
    return (sqlite3_stmt *)statement;
}

/* ---- errors ------------------------------------------------------------------------------------------------------ */

static const struct {
    int code; /* SQLite's primary result code */
    DbError error;
    const char *advice; /* NULL: the engine's own text says it */
} kinds[] = {
    {SQLITE_BUSY, DB_ERROR_BUSY, "another process keeps writing; try again"},
    {SQLITE_LOCKED, DB_ERROR_BUSY, "another process keeps writing; try again"},
    {SQLITE_CONSTRAINT, DB_ERROR_CONSTRAINT, NULL},
    {SQLITE_FULL, DB_ERROR_UNAVAILABLE, "the disk is full; free some space, nothing was changed"},
    {SQLITE_READONLY, DB_ERROR_UNAVAILABLE,
     "it may not be written; check owner and mode of the file and its folder, and that the disk is not read-only"},
    {SQLITE_CANTOPEN, DB_ERROR_UNAVAILABLE,
     "it cannot be opened; check owner and mode of the file and its folder, and that the disk is not read-only"},
    {SQLITE_PERM, DB_ERROR_UNAVAILABLE, "it may not be used; check owner and mode of the file and its folder"},
    {SQLITE_AUTH, DB_ERROR_UNAVAILABLE, "it may not be used; check owner and mode of the file and its folder"},
    {SQLITE_IOERR, DB_ERROR_UNAVAILABLE, "the disk reports an error; check the system's log"},
    {SQLITE_CORRUPT, DB_ERROR_CORRUPT, "the database is damaged; stop rundbrief and restore a backup"},
    {SQLITE_NOTADB, DB_ERROR_CORRUPT, "this is no database, or it is damaged; stop rundbrief and restore a backup"},
    {SQLITE_MISMATCH, DB_ERROR_CONSTRAINT, NULL},
    {SQLITE_TOOBIG, DB_ERROR_CONSTRAINT, NULL},
};

static void set_error(GError **error, const char *path, int code, const char *engine_text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (kinds[i].code != (code & 0xff))
            continue;
        if (kinds[i].advice)
            g_set_error(error, DB_ERROR, kinds[i].error, "%s: %s (%s)", path, kinds[i].advice, engine_text);
        else
            g_set_error(error, DB_ERROR, kinds[i].error, "%s", engine_text);
        return;
    }
    g_set_error(error, DB_ERROR, DB_ERROR_SCHEMA, "%s: %s", path, engine_text);
}

static bool failed(const DbConnection *c, GError **error)
{
    set_error(error, c->path, sqlite3_extended_errcode(c->handle), sqlite3_errmsg(c->handle));
    return false;
}

/* ---- connections ------------------------------------------------------------------------------------------------- */

static bool create(const StoreSettings *settings, GError **error)
{
    /* Never opens an existing file: closing it would drop the locks of this process's other connections. */
    int fd = open(settings->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd >= 0) {
        close(fd);
        return true;
    }
    if (errno == EEXIST)
        return true;
    g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "cannot create %s: %s", settings->path, g_strerror(errno));
    return false;
}

static void close_connection(DbConnection *c)
{
    sqlite3_finalize(c->begin);
    sqlite3_finalize(c->commit);
    sqlite3_finalize(c->version);
    sqlite3_close(c->handle);
    g_free(c->path);
    g_free(c);
}

/* Runs all statements of a script; ret_failed, if wanted, is where the one that failed begins. */
static bool run(DbConnection *c, const char *script, const char **ret_failed, GError **error)
{
    while (*script) {
        sqlite3_stmt *stmt = NULL;
        const char *rest = script;
        int code = sqlite3_prepare_v2(c->handle, script, -1, &stmt, &rest);
        while (stmt && (code = sqlite3_step(stmt)) == SQLITE_ROW)
            continue;
        bool done = code == SQLITE_OK || code == SQLITE_DONE || failed(c, error);
        sqlite3_finalize(stmt);
        if (!done) {
            if (ret_failed)
                *ret_failed = script;
            return false;
        }
        script = rest;
    }
    return true;
}

/* The first line of a statement that is neither empty nor a comment. Caller frees. */
static char *first_line(const char *statement)
{
    while (g_ascii_isspace(*statement) || g_str_has_prefix(statement, "--"))
        statement += g_ascii_isspace(*statement) ? 1 : strcspn(statement, "\n");
    return g_strndup(statement, strcspn(statement, "\n"));
}

static bool exec(DbConnection *c, const char *script, GError **error)
{
    const char *culprit;
    if (run(c, script, &culprit, error))
        return true;
    g_autofree char *line = first_line(culprit);
    g_prefix_error(error, "\"%s\": ", line);
    return false;
}

/* The engine's own handler sleeps longer each time, up to 100 ms: beside a sender that takes the lock again and again
 * it would sleep through every gap. */
static int wait_for_lock(void *data, int tries)
{
    DbConnection *c = data;
    int64_t now = clock_monotonic();
    if (tries == 0)
        c->busy_since = now;
    if (now - c->busy_since >= c->busy_timeout_us)
        return 0;
    g_usleep(WAIT_US);
    return 1;
}

/* FULL syncs the log at each commit, NORMAL only before its pages are copied into the database. */
static bool sync_each(DbConnection *c, bool each, GError **error)
{
    return run(c, each ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL", NULL, error);
}

/* The log holds what all connections have committed: syncing it is all that FULL would have done. */
static bool sync_log(DbConnection *c, GError **error)
{
    sqlite3_file *log = NULL;
    sqlite3_file_control(c->handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    int code = log && log->pMethods ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL) : SQLITE_OK;
    if (code != SQLITE_OK)
        set_error(error, c->path, code, sqlite3_errstr(code));
    return code == SQLITE_OK;
}

static bool configure(DbConnection *c, const StoreSettings *settings, GError **error)
{
    sqlite3_extended_result_codes(c->handle, 1);
    c->busy_timeout_us = settings->busy_timeout_ms * 1000;
    sqlite3_busy_handler(c->handle, wait_for_lock, c);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "x" is a name, never a text */
    sqlite3_db_config(c->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    /* Recursive triggers make REPLACE run into the triggers that keep rows from being deleted. */
    return run(c, "PRAGMA recursive_triggers = ON;", NULL, error) &&
           run(c, "PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;", NULL, error) &&
           run(c, "PRAGMA secure_delete = ON;", NULL, error) && /* an erased address leaves no copy in free pages */
           run(c, "PRAGMA journal_mode = WAL; PRAGMA journal_size_limit = 16777216;", NULL, error) &&
           sync_each(c, true, error);
}

static bool prepare_own(DbConnection *c, GError **error)
{
    unsigned keep = SQLITE_PREPARE_PERSISTENT;
    return (sqlite3_prepare_v3(c->handle, "BEGIN IMMEDIATE", -1, keep, &c->begin, NULL) == SQLITE_OK &&
            sqlite3_prepare_v3(c->handle, "COMMIT", -1, keep, &c->commit, NULL) == SQLITE_OK &&
            sqlite3_prepare_v3(c->handle, "PRAGMA data_version", -1, keep, &c->version, NULL) == SQLITE_OK) ||
           failed(c, error);
}

static DbConnection *open_connection(const StoreSettings *settings, GError **error)
{
    if (access(settings->path, F_OK) != 0 && errno == ENOENT) {
        g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "there is no database %s; run \"rundbrief db migrate\"",
                    settings->path);
        return NULL;
    }
    DbConnection *c = g_new0(DbConnection, 1);
    c->path = g_strdup(settings->path);
    int code = sqlite3_open_v2(settings->path, &c->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK && configure(c, settings, error) && prepare_own(c, error))
        return c;
    if (code != SQLITE_OK)
        failed(c, error);
    close_connection(c);
    return NULL;
}

/* Runs a statement that is prepared already and has neither parameters nor rows. */
static bool run_prepared(DbConnection *c, sqlite3_stmt *stmt, GError **error)
{
    bool done = sqlite3_step(stmt) == SQLITE_DONE || failed(c, error);
    sqlite3_reset(stmt);
    return done;
}

static bool begin(DbConnection *c, GError **error)
{
    return run_prepared(c, c->begin, error);
}

static void rollback(DbConnection *c)
{
    /* The engine has already rolled back by itself after some errors. */
    if (!sqlite3_get_autocommit(c->handle))
        run(c, "ROLLBACK", NULL, NULL);
}

static bool commit(DbConnection *c, GError **error)
{
    GError *failure = NULL;
    if (run_prepared(c, c->commit, &failure))
        return true;
    /* When fsync fails, the commit may be in the log all the same and come back to life after a crash. */
    if ((sqlite3_extended_errcode(c->handle) & 0xff) == SQLITE_IOERR)
        failure->code = DB_ERROR_UNCERTAIN;
    rollback(c);
    g_propagate_error(error, failure);
    return false;
}

static int64_t changes(DbConnection *c)
{
    return sqlite3_changes64(c->handle);
}

static bool version(DbConnection *c, int64_t *ret_version, GError **error)
{
    bool known = sqlite3_step(c->version) == SQLITE_ROW;
    if (known)
        *ret_version = sqlite3_column_int64(c->version, 0);
    else
        failed(c, error);
    sqlite3_reset(c->version);
    return known;
}

/* ---- statements -------------------------------------------------------------------------------------------------- */

static DbStatement *prepare(DbConnection *c, const char *sql, GError **error)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v3(c->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK)
        failed(c, error);
    return (DbStatement *)stmt;
}

static void finalize(DbStatement *statement)
{
    sqlite3_finalize(stmt_of(statement));
}

static bool writes(DbStatement *statement)
{
    return !sqlite3_stmt_readonly(stmt_of(statement));
}

static void bind_int64(DbStatement *statement, int parameter, int64_t value)
{
    sqlite3_bind_int64(stmt_of(statement), parameter, value);
}

static void bind_text(DbStatement *statement, int parameter, const char *value)
{
    sqlite3_bind_text(stmt_of(statement), parameter, value, -1, SQLITE_STATIC);
}

static void bind_blob(DbStatement *statement, int parameter, const void *value, gsize size)
{
    /* A NULL pointer would bind NULL; no bytes are bytes all the same. */
    sqlite3_bind_blob64(stmt_of(statement), parameter, value ? value : "", size, SQLITE_STATIC);
}

static void bind_null(DbStatement *statement, int parameter)
{
    sqlite3_bind_null(stmt_of(statement), parameter);
}

static DbStep step(DbStatement *statement, GError **error)
{
    sqlite3_stmt *stmt = stmt_of(statement);
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW)
        return DB_ROW;
    if (code == SQLITE_DONE)
        return DB_DONE;
    sqlite3 *handle = sqlite3_db_handle(stmt);
    set_error(error, sqlite3_db_filename(handle, "main"), code, sqlite3_errmsg(handle));
    return DB_FAILED;
}

static void reset(DbStatement *statement)
{
    sqlite3_reset(stmt_of(statement)); /* repeats the last error, which was told */
}

static void unbind(DbStatement *statement)
{
    sqlite3_clear_bindings(stmt_of(statement));
}

static int column_count(DbStatement *statement)
{
    return sqlite3_column_count(stmt_of(statement));
}

static const char *column_name(DbStatement *statement, int column)
{
    return sqlite3_column_name(stmt_of(statement), column);
}

static bool is_null(DbStatement *statement, int column)
{
    return sqlite3_column_type(stmt_of(statement), column) == SQLITE_NULL;
}

static int64_t column_int64(DbStatement *statement, int column)
{
    return sqlite3_column_int64(stmt_of(statement), column);
}

static const char *column_text(DbStatement *statement, int column)
{
    return (const char *)sqlite3_column_text(stmt_of(statement), column);
}

static const void *column_blob(DbStatement *statement, int column, gsize *ret_size)
{
    const void *bytes = sqlite3_column_blob(stmt_of(statement), column);
    *ret_size = (gsize)sqlite3_column_bytes(stmt_of(statement), column);
    return bytes;
}

/* Runs sql and hands over the first column of every row. */
static bool each_row(DbConnection *c, const char *sql, void (*row)(sqlite3_stmt *stmt, gpointer data), gpointer data,
                     GError **error)
{
    sqlite3_stmt *stmt = NULL;
    int code = sqlite3_prepare_v2(c->handle, sql, -1, &stmt, NULL);
    while (stmt && (code = sqlite3_step(stmt)) == SQLITE_ROW)
        row(stmt, data);
    bool done = code == SQLITE_DONE || failed(c, error);
    sqlite3_finalize(stmt);
    return done;
}

static void take_int64(sqlite3_stmt *stmt, gpointer data)
{
    *(int64_t *)data = sqlite3_column_int64(stmt, 0);
}

static bool has_table(DbConnection *c, const char *name, bool *ret_has, GError **error)
{
    char *sql = sqlite3_mprintf("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND (%d OR name = %Q)",
                                name == NULL, name ? name : "");
    int64_t count = 0;
    bool told = each_row(c, sql, take_int64, &count, error);
    sqlite3_free(sql);
    *ret_has = count > 0;
    return told;
}

/* ---- the database as a whole ------------------------------------------------------------------------------------- */

typedef struct Watch {
    const char *path;
    int64_t total, looked_at;
    DbCopyProgress progress;
    gpointer data;
} Watch;

static int look(void *data)
{
    Watch *watch = data;
    int64_t now = clock_monotonic();
    struct stat copy;
    if (now - watch->looked_at >= LOOK_EVERY_US && stat(watch->path, &copy) == 0) {
        watch->looked_at = now;
        watch->progress(copy.st_size, watch->total, watch->data);
    }
    return 0;
}

static bool vacuum_into(DbConnection *c, const char *path, GError **error)
{
    char *sql = sqlite3_mprintf("VACUUM INTO %Q", path);
    bool copied = run(c, sql, NULL, error);
    sqlite3_free(sql);
    return copied;
}

/* VACUUM INTO reads one snapshot and is never restarted by writers, as sqlite3_backup_step() is;
 * but it does not sync. */
static bool copy(DbConnection *c, const char *path, DbCopyProgress progress, gpointer data, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "cannot create the copy %s: %s", path, g_strerror(errno));
        return false;
    }
    Watch watch = {.path = path, .progress = progress, .data = data, .looked_at = clock_monotonic()};
    each_row(c, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", take_int64, &watch.total,
             NULL);
    if (progress)
        sqlite3_progress_handler(c->handle, STEPS_PER_LOOK, look, &watch);
    bool copied = vacuum_into(c, path, error);
    sqlite3_progress_handler(c->handle, 0, NULL, NULL);
    if (copied && fsync(fd) != 0) {
        g_set_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE, "cannot write the copy %s: %s", path, g_strerror(errno));
        copied = false;
    }
    close(fd);
    if (!copied)
        unlink(path);
    return copied;
}

static void add_damage(sqlite3_stmt *stmt, gpointer findings)
{
    const char *text = (const char *)sqlite3_column_text(stmt, 0);
    if (g_strcmp0(text, "ok") != 0)
        g_ptr_array_add(findings, g_strdup_printf("the file is damaged: %s", text));
}

static void add_orphan(sqlite3_stmt *stmt, gpointer findings)
{
    g_ptr_array_add(findings, g_strdup_printf("a row of %s names a row of %s that does not exist",
                                              sqlite3_column_text(stmt, 0), sqlite3_column_text(stmt, 2)));
}

static bool check(DbConnection *c, GPtrArray *findings, GError **error)
{
    return each_row(c, "PRAGMA integrity_check(20)", add_damage, findings, error) &&
           each_row(c, "PRAGMA foreign_key_check", add_orphan, findings, error);
}

const DbDriver db_driver_sqlite = {
    .dialect = &sql_dialect_sqlite,
    .create = create,
    .open = open_connection,
    .close = close_connection,
    .exec = exec,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .changes = changes,
    .version = version,
    .sync_each = sync_each,
    .sync = sync_log,
    .has_table = has_table,
    .prepare = prepare,
    .finalize = finalize,
    .writes = writes,
    .bind_int64 = bind_int64,
    .bind_text = bind_text,
    .bind_blob = bind_blob,
    .bind_null = bind_null,
    .step = step,
    .reset = reset,
    .unbind = unbind,
    .column_count = column_count,
    .column_name = column_name,
    .is_null = is_null,
    .int64 = column_int64,
    .text = column_text,
    .blob = column_blob,
    .copy = copy,
    .check = check,
};
