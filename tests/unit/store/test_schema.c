/* store/sql: what the tables themselves guarantee, whatever the program does, and that every statement of the program
 * is fit for them. */
#include "store/statements.h"

/* libraries */
#include <sqlite3.h>

/* rundbrief */
#include "database.h"
#include "store/db_driver.h"

typedef struct Fixture {
    Database database;
    sqlite3 *handle;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    database_set_up(&f->database, data);
    g_assert_cmpint(sqlite3_open(f->database.settings.path, &f->handle), ==, SQLITE_OK);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    sqlite3_close(f->handle);
    database_tear_down(&f->database, data);
}

/* On the program's own connection, whose settings are part of what the tables promise. */
static void accept(Fixture *f, const char *sql)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->database.db, &error);
    bool done = tx && db_exec_schema(f->database.db, sql, &error) && db_commit(&tx, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

/* Refused, in words that hold `why`. */
static void refuse(Fixture *f, const char *sql, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->database.db, &error);
    bool done = db_exec_schema(f->database.db, sql, &error) && db_commit(&tx, &error);
    if (done || !strstr(error->message, why))
        g_error("%s: should be refused with \"%s\", but: %s", sql, why, done ? "was accepted" : error->message);
    g_assert_error(error, DB_ERROR, DB_ERROR_CONSTRAINT);
}

static int64_t number(Fixture *f, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    g_assert_cmpint(sqlite3_prepare_v2(f->handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(stmt), ==, SQLITE_ROW);
    int64_t value = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    return value;
}

#define ADD_DELIVERY "INSERT INTO delivery (announcement_id, subscriber_id, state, attempts, at) VALUES (4, 7, 0, 0, 0)"

/* Some rows to stand on. */
static void add_rows(Fixture *f)
{
    accept(f, "INSERT INTO list (id, slug, title, language, joining, legal_basis, created_at) VALUES (1, 'presse', "
              "'Presse', 'de', 'open', 'consent', 0)");
    accept(f, "INSERT INTO subscriber VALUES (7, 'a@example.test', 'a@example.test', x'00', '', 'de', 'html', 0)");
    accept(f, "INSERT INTO subscription VALUES (1, 7, 'active', 0)");
    accept(f,
           "INSERT INTO announcement (id, kind, state, language, publisher_office, publisher_person, publisher_address,"
           " publisher_phone, created_at) VALUES (4, 'notice', 'draft', 'de', 'o', 'p', 'a', '1', 0)");
    accept(f, ADD_DELIVERY);
    accept(f, "INSERT INTO consent_record VALUES (1, 7, x'00', 1, 0, 'added', 'consent', 'w', 's', 'a')");
    accept(f, "INSERT INTO audit VALUES (1, 0, 'cli:ann', 'list.add', 'list 1', '')");
}

/* ---- the statements ---------------------------------------------------------------------------------------------- */

static void every_statement_prepares(Fixture *f, gconstpointer data)
{
    (void)data;
    g_assert_cmpint(SQL_STATEMENT_COUNT, >, 10);
    for (int i = 0; i < SQL_STATEMENT_COUNT; i++) {
        g_autoptr(DbQuery) query = db_query(f->database.db, (SqlStatement)i);
        g_assert_no_error(db_query_failure(query));
    }
}

static void every_parameter_has_its_number(Fixture *f, gconstpointer data)
{
    (void)data;
    for (const SqlText *text = sql_texts; text->name; text++) {
        g_autofree char *sql = sql_expand(&sql_dialect_sqlite, text->text);
        sqlite3_stmt *stmt = NULL;
        g_assert_cmpint(sqlite3_prepare_v2(f->handle, sql, -1, &stmt, NULL), ==, SQLITE_OK);
        int named = (int)g_strv_length((char **)text->parameters);
        g_assert_cmpint(sqlite3_bind_parameter_count(stmt), ==, named);
        for (int i = 1; i <= named; i++) {
            g_autofree char *number = g_strdup_printf("$%d", i);
            g_assert_cmpstr(sqlite3_bind_parameter_name(stmt, i), ==, number);
        }
        sqlite3_finalize(stmt);
    }
}

/* Results are read by name: two columns of one name, or one whose name the engine makes up, cannot be. */
static void every_column_has_a_name_of_its_own(Fixture *f, gconstpointer data)
{
    (void)data;
    for (const SqlText *text = sql_texts; text->name; text++) {
        g_autofree char *sql = sql_expand(&sql_dialect_sqlite, text->text);
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        sqlite3_stmt *stmt = NULL;
        sqlite3_prepare_v2(f->handle, sql, -1, &stmt, NULL);
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *name = sqlite3_column_name(stmt, i);
            if (strspn(name, "abcdefghijklmnopqrstuvwxyz_0123456789") != strlen(name) ||
                !g_hash_table_add(seen, g_strdup(name)))
                g_error("%s: the column \"%s\" needs a name of its own (AS …)", text->name, name);
        }
        sqlite3_finalize(stmt);
    }
}

static void each_engine_gets_its_own_words(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    static const struct {
        const char *text, *sqlite, *pgsql;
    } cases[] = {
        {"SELECT 1 @INT64@;", "SELECT 1 INTEGER;", "SELECT 1 BIGINT;"},
        {"(a @INT64@, b @BLOB@) @TABLE@", "(a INTEGER, b BLOB) STRICT", "(a BIGINT, b BYTEA) "},
        {"(a TEXT) @KEYED@", "(a TEXT) STRICT, WITHOUT ROWID", "(a TEXT) "},
        {"a -- not @ID@", "a -- not @ID@", "a -- not @ID@"},
        {"'it''s @ID@' || a @> b @INT64@", "'it''s @ID@' || a @> b INTEGER", "'it''s @ID@' || a @> b BIGINT"},
        {"'--' @INT64@, \"@ID@\" - 1", "'--' INTEGER, \"@ID@\" - 1", "'--' BIGINT, \"@ID@\" - 1"},
        {"1\n-- @sqlite\n2\n-- @pgsql\n3\n-- @both\n4", "1\n2\n4", "1\n3\n4"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *sqlite = sql_expand(&sql_dialect_sqlite, cases[i].text);
        g_autofree char *pgsql = sql_expand(&sql_dialect_pgsql, cases[i].text);
        g_autofree char *sqlite_wanted = g_strconcat(cases[i].sqlite, "\n", NULL);
        g_autofree char *pgsql_wanted = g_strconcat(cases[i].pgsql, "\n", NULL);
        g_assert_cmpstr(sqlite, ==, sqlite_wanted);
        g_assert_cmpstr(pgsql, ==, pgsql_wanted);
    }
}

/* ---- what must always hold --------------------------------------------------------------------------------------- */

static void invariant_1_one_delivery_per_announcement_and_subscriber(Fixture *f, gconstpointer data)
{
    (void)data;
    add_rows(f);
    refuse(f, ADD_DELIVERY, "UNIQUE constraint failed: delivery");
    accept(f, ADD_DELIVERY " ON CONFLICT (announcement_id, subscriber_id) DO NOTHING");
}

static void evidence_is_never_changed(Fixture *f, gconstpointer data)
{
    (void)data;
    add_rows(f);
    refuse(f, "UPDATE consent_record SET wording = 'other'", "consent records are never changed");
    refuse(f, "DELETE FROM consent_record", "consent records are never deleted");
    refuse(f, "REPLACE INTO consent_record VALUES (1, 7, x'00', 1, 0, 'left', 'consent', 'w', 's', 'a')", "never");
    refuse(f, "UPDATE audit SET actor = 'nobody'", "audit rows are never changed");
    refuse(f, "DELETE FROM audit WHERE id = 1", "audit rows are never deleted");
    refuse(f, "REPLACE INTO audit VALUES (1, 0, 'nobody', 'x', 'y', '')", "never");
}

static void evidence_outlives_the_person(Fixture *f, gconstpointer data)
{
    (void)data;
    add_rows(f);
    accept(f, "DELETE FROM subscriber WHERE id = 7");
    g_assert_cmpint(number(f, "SELECT count(*) FROM subscription"), ==, 0);
    g_assert_cmpint(number(f, "SELECT count(*) FROM consent_record WHERE subscriber_id = 7"), ==, 1);
    g_assert_cmpint(number(f, "SELECT count(*) FROM delivery WHERE subscriber_id = 7"), ==, 1);
}

static void numbers_are_never_used_again(Fixture *f, gconstpointer data)
{
    (void)data;
    add_rows(f);
    accept(f, "DELETE FROM subscriber WHERE id = 7");
    accept(f, "INSERT INTO subscriber (address, address_key, address_hash, language, format, created_at)"
              " VALUES ('b@example.test', 'b@example.test', x'01', 'de', 'html', 0)");
    g_assert_cmpint(number(f, "SELECT id FROM subscriber"), ==, 8);
}

static void wrong_values_are_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    static const struct {
        const char *sql, *why;
    } cases[] = {
        {"UPDATE delivery SET state = 'sent'", "cannot store TEXT value in INTEGER"},
        {"UPDATE delivery SET at = 1.5", "cannot store REAL value in INTEGER"},
        {"UPDATE subscriber SET address = x'00'", "cannot store BLOB value in TEXT"},
        {"UPDATE subscriber SET address_hash = 'text'", "cannot store TEXT value in BLOB"},
        {"UPDATE subscriber SET name = NULL", "NOT NULL"},
        {"UPDATE subscriber SET format = 'fax'", "CHECK"},
        {"UPDATE subscription SET state = 'maybe'", "CHECK"},
        {"UPDATE subscription SET list_id = 99", "FOREIGN KEY"},
        {"UPDATE list SET joining = ''", "CHECK"},
        {"UPDATE announcement SET state = 'gone'", "CHECK"},
        {"DELETE FROM list", "FOREIGN KEY"},
        {"INSERT INTO suppression VALUES (NULL, 'staff', 0, '')", "NOT NULL"},
        {"INSERT INTO role VALUES (NULL, 1, 1, 1, '')", "NOT NULL"},
    };
    add_rows(f);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        refuse(f, cases[i].sql, cases[i].why);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/schema/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(every_statement_prepares);
    TEST(every_parameter_has_its_number);
    TEST(every_column_has_a_name_of_its_own);
    TEST(each_engine_gets_its_own_words);
    TEST(invariant_1_one_delivery_per_announcement_and_subscriber);
    TEST(evidence_is_never_changed);
    TEST(evidence_outlives_the_person);
    TEST(numbers_are_never_used_again);
    TEST(wrong_values_are_refused);
    return g_test_run();
}
