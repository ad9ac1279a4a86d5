#pragma once
/* The database as the rest of the store sees it: blocking, narrow, one way to do each thing. Only src/store includes
 * this for its statements; everyone else passes a Db * through to the stores and opens transactions.
 *
 * A statement is an SQL text in sql/statements/NAME.sql under "-- name: noun_verb"; SQL_NOUN_VERB names it here.
 * Values are bound and read by name. One connection belongs to one process; it is not shared by threads. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "store/statements.h"

#define DB_ERROR (db_error_quark())
GQuark db_error_quark(void);
typedef enum {
    DB_ERROR_BUSY,       /* another writer held the lock longer than store.busy_timeout_ms; try the transaction again */
    DB_ERROR_CONSTRAINT, /* the row is refused by a UNIQUE, CHECK, NOT NULL or foreign key rule */
    DB_ERROR_UNAVAILABLE, /* cannot open, disk full, read-only, server gone: nothing was changed */
    DB_ERROR_UNCERTAIN,   /* the connection broke while COMMIT was under way: may or may not be stored */
    DB_ERROR_CORRUPT,     /* the file is damaged; stop and restore */
    DB_ERROR_SCHEMA,      /* older or newer than this program */
} DbError;

typedef struct Db Db;

/** Opens the database; never creates it. Fails with DB_ERROR_SCHEMA unless it has exactly our schema version;
 * db_open_any() leaves that check to its caller (migrate, check). */
Db *db_open(const StoreSettings *settings, GError **error);
Db *db_open_any(const StoreSettings *settings, GError **error);
void db_close(Db *db); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Db, db_close)

/* ---- transactions ---------------------------------------------------------------------------------------------
 * g_autoptr(DbTransaction) tx = db_begin(db, error);   // BEGIN IMMEDIATE
 * if (!tx || !first_change(db, error) || !second_change(db, error))
 *     return false;                                    // leaving the scope rolls back
 * return db_commit(&tx, error);
 * Every change of rows happens inside one; a store function that writes never opens its own, so that callers can
 * put several into one. Keep them short: there is one writer.
 * A statement that fails spoils its transaction, whatever the reason (PostgreSQL knows no other way): what follows
 * fails too, and so does the commit. Expected conflicts are met with ON CONFLICT. Begin and commit end every query that
 * is still open. A second db_begin, or a change outside a transaction, is a mistake of ours and aborts. */
typedef struct DbTransaction DbTransaction;
DbTransaction *db_begin(Db *db, GError **error);
bool db_commit(DbTransaction **tx, GError **error); /* *tx is NULL afterwards, whatever the result */
void db_rollback(DbTransaction *tx);                /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbTransaction, db_rollback)
bool db_in_transaction(const Db *db);

/** A number that is another one when, since it was last asked for, another connection has committed or db_touch() was
 * called on this one; what was known under the same number is still true. Exact inside a transaction. */
bool db_version(Db *db, int64_t *ret_version, GError **error);

/** For those who write what others remember under a version: who may get mail, and which announcement may be sent. */
void db_touch(Db *db);

/* ---- what a power cut undoes --------------------------------------------------------------------------------------
 * A commit is safe from the end of this process at once, and from a power cut when db_commit() returns: whatever cannot
 * be taken back outside (a mail moved, an answer given) may follow it. A connection that writes without end may be set
 * to wait for the disk more rarely, and then must keep its word:
 *     if (clock_monotonic() >= db_sync_at(db) && !db_sync(db, error)) … */

/** From now on what is committed is on disk at most within_us later, if db_sync() is called when it is time; closing
 * does so too. 0: as at first. Outside a transaction. */
bool db_sync_within(Db *db, int64_t within_us, GError **error);

/** When db_sync() is to be called (monotonic); INT64_MAX: nothing waits for it. */
int64_t db_sync_at(const Db *db);

/** Returns when all that was committed is on disk; at once when nothing waits for it. */
bool db_sync(Db *db, GError **error);

/* ---- statements -------------------------------------------------------------------------------------------------
 * g_autoptr(DbQuery) query = db_query(db, SQL_SUBSCRIBER_BY_KEY);
 * db_bind_text(query, "key", key);
 * switch (db_step(query, error)) { case DB_ROW: … db_int64(query, "id") …  case DB_DONE: …  case DB_FAILED: … }
 * A query is prepared once per connection and kept; freeing it only resets it. What was bound stays until then: to run
 * a query again, step it to its end and bind what changes. A parameter that was never bound is NULL. A name that the
 * statement does not have is a mistake of ours and aborts. */
typedef struct DbQuery DbQuery;
typedef enum { DB_FAILED = -1, DB_DONE = 0, DB_ROW = 1 } DbStep;

/** The statement, ready to be bound; never NULL. A statement that cannot be prepared fails in its first step. */
DbQuery *db_query(Db *db, SqlStatement statement);
void db_query_free(DbQuery *query); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DbQuery, db_query_free)

/** Each gives a parameter its value, by its name without the colon. */
void db_bind_int64(DbQuery *query, const char *name, int64_t value);
void db_bind_text(DbQuery *query, const char *name,
                  const char *value); /* NULL binds NULL; the text must live until the last step */
void db_bind_blob(DbQuery *query, const char *name, const void *value, gsize size); /* likewise */
void db_bind_null(DbQuery *query, const char *name);

/** Goes on to the next row. DB_ROW: its columns can be read; DB_DONE: there is none left, changes are made; DB_FAILED:
 * error says why, and the transaction is spoilt. */
DbStep db_step(DbQuery *query, GError **error);

bool db_is_null(const DbQuery *query, const char *column);
int64_t db_int64(const DbQuery *query, const char *column); /* NULL reads as 0 */
const char *db_text(const DbQuery *query,
                    const char *column); /* valid until the next step, begin or commit; NULL for NULL */
const void *db_blob(const DbQuery *query, const char *column, gsize *ret_size); /* likewise */

/** Runs a statement that returns no row. */
bool db_run(DbQuery *query, GError **error);

/** Rows changed by the last statement that ended. */
int64_t db_changes(const Db *db);

/* ---- the database as a whole ------------------------------------------------------------------------------------- */

/** Called a few times a second while a copy is made; in bytes, total is an estimate. */
typedef void (*DbCopyProgress)(int64_t done, int64_t total, gpointer data);

/** A consistent copy while others write. Refuses to overwrite a file. progress may be NULL. */
bool db_copy(Db *db, const char *path, DbCopyProgress progress, gpointer data, GError **error);

/** Looks for damage: appends a sentence for each to findings (of char *, freed by the array). False only when the look
 * itself failed. */
bool db_check(Db *db, GPtrArray *findings, GError **error);
