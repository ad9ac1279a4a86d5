/* service/supervise: what ends is started again, with pauses that grow;
 * what is told to stop is drained, then killed. */
#include "service/supervise.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

/* Each test runs a supervisor in a child of its own and reads what its workers write into a file. */
typedef struct Fixture {
    char *dir, *log;
    pid_t supervisor;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-supervise-XXXXXX", NULL);
    f->log = g_build_filename(f->dir, "log", NULL);
    g_assert_true(g_file_set_contents(f->log, "", 0, NULL));
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    if (f->supervisor > 0) {
        kill(f->supervisor, SIGKILL);
        waitpid(f->supervisor, NULL, 0);
    }
    g_unlink(f->log);
    g_rmdir(f->dir);
    g_free(f->log);
    g_free(f->dir);
}

static void start(Fixture *f, const char *script, const SupervisePace *pace)
{
    f->supervisor = fork();
    if (f->supervisor > 0)
        return;
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* ends with a test that fails */
    g_assert_true(g_freopen("/dev/null", "w", stderr) != NULL);
    const char *const argv[] = {"/bin/bash", "-c", script, "worker", f->log, NULL};
    const Worker workers[] = {{"worker", argv}, {0}};
    _exit(supervise_run(workers, pace, NULL) ? 0 : 1);
}

/* How often a word stands in the log. */
static int count(const Fixture *f, const char *word)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
    g_auto(GStrv) parts = g_strsplit(text, word, -1);
    return (int)g_strv_length(parts) - 1;
}

static void await(const Fixture *f, const char *word, int times)
{
    int64_t limit = clock_monotonic() + 10 * SECOND_US;
    while (count(f, word) < times) {
        if (clock_monotonic() > limit)
            g_error("\"%s\" does not come %d times", word, times);
        g_usleep(5000);
    }
}

static int wait_for_end(Fixture *f)
{
    int status;
    g_assert_cmpint(waitpid(f->supervisor, &status, 0), ==, f->supervisor);
    f->supervisor = 0;
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static pid_t last_pid(const Fixture *f)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
    const char *last = g_strrstr(text, "pid=");
    g_assert_nonnull(last);
    return (pid_t)g_ascii_strtoll(last + 4, NULL, 10);
}

static const SupervisePace quick = {10, 40, 10 * 1000, 5 * 1000};

#define OBEDIENT                                                                                                       \
    "trap 'echo drained >> $1; exit 0' TERM; trap 'echo reloaded >> $1' HUP; echo pid=$$ >> $1; while :; do sleep "    \
    "0.02; done"

static void a_killed_worker_is_started_again(Fixture *f, gconstpointer data)
{
    (void)data;
    start(f, OBEDIENT, &quick);
    for (int times = 1; times <= 3; times++) {
        await(f, "pid=", times);
        kill(last_pid(f), SIGKILL);
    }
    await(f, "pid=", 4);
    kill(f->supervisor, SIGTERM);
    g_assert_cmpint(wait_for_end(f), ==, 0);
    g_assert_cmpint(count(f, "drained"), ==, 1);
}

static void pauses_grow(Fixture *f, gconstpointer data)
{
    (void)data;
    start(f, "echo pid=$$ at=${EPOCHREALTIME/./} >> $1; exit 3", &(SupervisePace){60, 240, 10 * 1000, 1000});
    await(f, "at=", 5);
    kill(f->supervisor, SIGTERM);
    wait_for_end(f); /* with 0 or 1: the last one may have been met on its way out */
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(f->log, &text, NULL, NULL));
    int64_t at[5];
    const char *p = text;
    for (int i = 0; i < 5; i++) {
        p = strstr(p, "at=") + 3;
        at[i] = g_ascii_strtoll(p, NULL, 10);
    }
    static const int64_t least_ms[] = {60, 120, 240, 240};
    for (int i = 0; i < 4; i++)
        g_assert_cmpint(at[i + 1] - at[i], >=, least_ms[i] * 1000 - 5000);
    g_assert_cmpint(at[4] - at[3], <, 470 * 1000); /* it does not double for ever */
}

static void a_quiet_time_makes_pauses_short_again(Fixture *f, gconstpointer data)
{
    (void)data;
    /* Every life is longer than the quiet time: with growing pauses six lives would take over two minutes. */
    int64_t begin = clock_monotonic();
    start(f, "echo pid=$$ >> $1; sleep 0.05; exit 3", &(SupervisePace){10, 100 * 1000, 20, 1000});
    await(f, "pid=", 14);
    g_assert_cmpint(clock_monotonic() - begin, <, 8 * SECOND_US);
    kill(f->supervisor, SIGTERM);
    wait_for_end(f);
}

static void hup_is_passed_on(Fixture *f, gconstpointer data)
{
    (void)data;
    signal(SIGHUP, SIG_IGN); /* as nohup(1) starts us */
    start(f, OBEDIENT, &quick);
    signal(SIGHUP, SIG_DFL);
    await(f, "pid=", 1);
    kill(f->supervisor, SIGHUP);
    await(f, "reloaded", 1);
    kill(f->supervisor, SIGINT);
    g_assert_cmpint(wait_for_end(f), ==, 0);
    g_assert_cmpint(count(f, "pid="), ==, 1);
}

static void who_does_not_stop_is_killed(Fixture *f, gconstpointer data)
{
    (void)data;
    start(f, "trap '' TERM; echo pid=$$ >> $1; while :; do sleep 0.02; done", &(SupervisePace){10, 40, 1000, 100});
    await(f, "pid=", 1);
    pid_t worker = last_pid(f);
    kill(f->supervisor, SIGTERM);
    g_assert_cmpint(wait_for_end(f), ==, 1);
    g_assert_cmpint(kill(worker, 0), ==, -1);
}

static void no_worker_outlives_a_killed_supervisor(Fixture *f, gconstpointer data)
{
    (void)data;
    start(f, OBEDIENT, &quick);
    await(f, "pid=", 1);
    kill(f->supervisor, SIGKILL);
    waitpid(f->supervisor, NULL, 0);
    f->supervisor = 0;
    await(f, "drained", 1);
}

static void a_program_that_is_not_there_is_tried_again(Fixture *f, gconstpointer data)
{
    (void)data;
    f->supervisor = fork();
    if (f->supervisor == 0) {
        g_assert_true(g_freopen(f->log, "a", stderr) != NULL);
        const char *const argv[] = {"/nonexistent/program", NULL};
        _exit(supervise_run((const Worker[]){{"ghost", argv}, {0}}, &quick, NULL) ? 0 : 1);
    }
    await(f, "role_process_died", 3);
    kill(f->supervisor, SIGTERM);
    wait_for_end(f);
    g_assert_cmpint(count(f, "cannot execute /nonexistent/program"), >=, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/supervise/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(a_killed_worker_is_started_again);
    TEST(pauses_grow);
    TEST(a_quiet_time_makes_pauses_short_again);
    TEST(hup_is_passed_on);
    TEST(who_does_not_stop_is_killed);
    TEST(no_worker_outlives_a_killed_supervisor);
    TEST(a_program_that_is_not_there_is_tried_again);
    return g_test_run();
}
