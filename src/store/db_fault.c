/* A database that fails, or kills the program, at a chosen call: for tests that must know what is left after each.
 * Does nothing unless the environment says so:
 *   RUNDBRIEF_TEST_DB_FAULT=fail:N[:busy|full|io]   the N-th point fails (full)
 *   RUNDBRIEF_TEST_DB_FAULT=kill:N                  SIGKILL at the N-th point
 *   RUNDBRIEF_TEST_DB_FAULT=while:FILE[:busy|full|io]
 *                       no commit or sync succeeds while this file exists; reading does, as on a full disk
 * Points are counted from 1 since the last connection was opened: each begin, each step of a statement, each commit
 * before it is done and, for kill only, again after it. A test that loops over N has seen them all when nothing happens
 * any more. */
#include "store/db_driver.h"

/* system */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *name;
    DbError error;
    const char *text;
} kinds[] = {
    {"full", DB_ERROR_UNAVAILABLE, "the disk is full (a test says so)"},
    {"busy", DB_ERROR_BUSY, "another process keeps writing (a test says so)"},
    {"io", DB_ERROR_UNAVAILABLE, "the disk reports an error (a test says so)"},
};

/* One plan per process, as there is one environment. */
static struct {
    const DbDriver *real;
    DbDriver driver; /* the real one but for the calls below */
    bool kill;
    char *file;    /* NULL: at a point */
    guint64 point; /* where it happens */
    guint64 passed;
    gsize kind;
} plan;

static bool fail(GError **error)
{
    g_set_error_literal(error, DB_ERROR, kinds[plan.kind].error, kinds[plan.kind].text);
    return true;
}

/* True when this point is the chosen one and the call must fail. */
static bool strikes(GError **error, bool may_fail)
{
    if (plan.file)
        return false;
    if (!plan.kill && !may_fail)
        return false;
    if (++plan.passed != plan.point)
        return false;
    if (plan.kill)
        kill(getpid(), SIGKILL);
    return fail(error);
}

static DbConnection *fault_open(const StoreSettings *settings, GError **error)
{
    DbConnection *connection = plan.real->open(settings, error);
    plan.passed = 0;
    return connection;
}

static bool fault_begin(DbConnection *connection, GError **error)
{
    return !strikes(error, true) && plan.real->begin(connection, error);
}

static DbStep fault_step(DbStatement *statement, GError **error)
{
    return strikes(error, true) ? DB_FAILED : plan.real->step(statement, error);
}

static bool refuses(GError **error)
{
    return plan.file && g_file_test(plan.file, G_FILE_TEST_EXISTS) && fail(error);
}

static bool fault_commit(DbConnection *connection, GError **error)
{
    if (refuses(error) || strikes(error, true)) {
        plan.real->rollback(connection);
        return false;
    }
    return plan.real->commit(connection, error) && !strikes(error, false);
}

static bool fault_sync(DbConnection *connection, GError **error)
{
    return !refuses(error) && plan.real->sync(connection, error);
}

static bool kind_read(const char *name)
{
    for (plan.kind = 0; name && plan.kind < G_N_ELEMENTS(kinds); plan.kind++)
        if (strcmp(kinds[plan.kind].name, name) == 0)
            break;
    return plan.kind < G_N_ELEMENTS(kinds);
}

static bool plan_read(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ":", 3);
    g_clear_pointer(&plan.file, g_free);
    if (g_strv_length(parts) < 2)
        return false;
    if (strcmp(parts[0], "while") == 0) {
        plan.file = g_strdup(parts[1]);
        return *parts[1] && kind_read(parts[2]);
    }
    plan.kill = strcmp(parts[0], "kill") == 0;
    if (!g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXUINT32, &plan.point, NULL))
        return false;
    return plan.kill ? !parts[2] : strcmp(parts[0], "fail") == 0 && kind_read(parts[2]);
}

const DbDriver *db_fault_wrap(const DbDriver *driver)
{
    const char *text = g_getenv("RUNDBRIEF_TEST_DB_FAULT");
    if (!text)
        return driver;
    if (!plan_read(text)) {
        fprintf(stderr,
                "RUNDBRIEF_TEST_DB_FAULT is fail:N[:busy|full|io], while:FILE[:busy|full|io] or kill:N, "
                "not \"%s\"\n",
                text);
        exit(2);
    }
    plan.real = driver;
    plan.driver = *driver;
    plan.driver.open = fault_open;
    plan.driver.begin = fault_begin;
    plan.driver.step = fault_step;
    plan.driver.commit = fault_commit;
    plan.driver.sync = fault_sync;
    return &plan.driver;
}
