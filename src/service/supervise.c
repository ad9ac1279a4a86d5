/* Starts, restarts and stops processes. Sends signals only to children it has not reaped yet, whose numbers can
 * therefore belong to nobody else. As the first process of a container it reaps strangers' orphans too. */
#include "service/supervise.h"

/* system */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

/* rundbrief */
#include "base/clock.h"
#include "base/log.h"
#include "service/ready.h"
#include "service/signals.h"

const SupervisePace supervise_pace = {1000, 60 * 1000, 60 * 1000, 90 * 1000};

#define MS_US INT64_C(1000)

typedef struct Child {
    const Worker *worker;
    pid_t pid;          /* 0: not running */
    int64_t started_at; /* these two: monotonic */
    int64_t start_at;   /* when not running: the next try */
    int64_t pause_ms;
} Child;

typedef struct Supervisor {
    const SupervisePace *pace;
    GArray *children; /* of Child */
    int signal_fd;
    bool stopping, all_well;
    int64_t kill_at; /* monotonic; when stopping */
} Supervisor;

static Child *child_at(const Supervisor *supervisor, guint index)
{
    return &g_array_index(supervisor->children, Child, index);
}

/* ---- start ------------------------------------------------------------------------------------------------------- */

/* In the child: dies with its parent, however that dies, and begins with a clean slate. A group of its own, so that
 * Ctrl-C at a terminal reaches it once, through us, and not twice. Never returns. */
static void become(const Worker *worker, pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent) /* it died before we asked */
        _exit(1);
    ready_forget();
    signals_restore();
    execv(worker->argv[0], (char *const *)worker->argv);
    log_event(LOG_LEVEL_ERROR, "role_not_started", NULL, "cannot execute %s: %s", worker->argv[0], g_strerror(errno));
    _exit(127);
}

/* A child that cannot be started is one that ended at once. */
static void put_off(Supervisor *supervisor, Child *child, int64_t now)
{
    const SupervisePace *pace = supervisor->pace;
    bool was_quiet = child->started_at && now - child->started_at >= pace->quiet_ms * MS_US;
    child->pause_ms = was_quiet || child->pause_ms == 0 ? pace->first_pause_ms
                                                        : MIN(child->pause_ms * 2, pace->longest_pause_ms);
    child->start_at = now + child->pause_ms * MS_US;
}

static void start(Supervisor *supervisor, Child *child)
{
    pid_t parent = getpid(), pid = fork();
    int64_t now = clock_monotonic();
    if (pid == 0)
        become(child->worker, parent);
    child->started_at = now;
    if (pid < 0) {
        log_event(LOG_LEVEL_ERROR, "role_not_started", LOG_FIELDS(LOG_TEXT("name", child->worker->name)),
                  "cannot start %s: %s", child->worker->name, g_strerror(errno));
        put_off(supervisor, child, now);
        return;
    }
    child->pid = pid;
    log_event(LOG_LEVEL_INFO, "role_process_started",
              LOG_FIELDS(LOG_TEXT("name", child->worker->name), LOG_NUMBER("pid", pid)), "Started %s",
              child->worker->name);
}

static void start_due(Supervisor *supervisor)
{
    int64_t now = clock_monotonic();
    for (guint i = 0; i < supervisor->children->len && !supervisor->stopping; i++) {
        Child *child = child_at(supervisor, i);
        if (child->pid == 0 && child->start_at <= now)
            start(supervisor, child);
    }
}

/* ---- end --------------------------------------------------------------------------------------------------------- */

static char *end_in_words(int status)
{
    if (WIFSIGNALED(status))
        return g_strdup_printf("was killed by signal %d (%s)", WTERMSIG(status), g_strsignal(WTERMSIG(status)));
    return g_strdup_printf("ended with code %d", WEXITSTATUS(status));
}

static void note_end(Supervisor *supervisor, Child *child, int status)
{
    bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    g_autofree char *words = end_in_words(status);
    const char *name = child->worker->name;
    child->pid = 0;
    if (supervisor->stopping) {
        supervisor->all_well &= well;
        log_event(well ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "role_process_stopped", LOG_FIELDS(LOG_TEXT("name", name)),
                  "%s %s", name, words);
        return;
    }
    put_off(supervisor, child, clock_monotonic());
    log_event(LOG_LEVEL_WARNING, "role_process_died",
              LOG_FIELDS(LOG_TEXT("name", name), LOG_NUMBER("pause_ms", child->pause_ms)),
              "%s %s; it starts again in %.1f s", name, words, (double)child->pause_ms / 1000);
}

static void reap(Supervisor *supervisor)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (guint i = 0; i < supervisor->children->len; i++)
            if (child_at(supervisor, i)->pid == pid)
                note_end(supervisor, child_at(supervisor, i), status);
}

static void pass_on(const Supervisor *supervisor, int signal_number)
{
    for (guint i = 0; i < supervisor->children->len; i++)
        if (child_at(supervisor, i)->pid > 0)
            kill(child_at(supervisor, i)->pid, signal_number);
}

static void begin_stop(Supervisor *supervisor)
{
    if (!supervisor->stopping) {
        ready_stopping();
        supervisor->kill_at = clock_monotonic() + supervisor->pace->drain_ms * MS_US;
    }
    supervisor->stopping = true;
    pass_on(supervisor, SIGTERM);
}

static bool all_ended(const Supervisor *supervisor)
{
    for (guint i = 0; i < supervisor->children->len; i++)
        if (child_at(supervisor, i)->pid > 0)
            return false;
    return true;
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static void handle_signals(Supervisor *supervisor)
{
    for (int number; (number = signals_next(supervisor->signal_fd)) != 0;) {
        if (number == SIGTERM || number == SIGINT)
            begin_stop(supervisor);
        else if (number == SIGHUP)
            pass_on(supervisor, SIGHUP);
    }
    /* Several SIGCHLD may arrive as one, and one may be about a child that is gone already: so just look. */
    reap(supervisor);
}

static int64_t next_moment(const Supervisor *supervisor)
{
    int64_t next = supervisor->stopping ? supervisor->kill_at : INT64_MAX;
    for (guint i = 0; i < supervisor->children->len && !supervisor->stopping; i++)
        if (child_at(supervisor, i)->pid == 0)
            next = MIN(next, child_at(supervisor, i)->start_at);
    return next;
}

static void wait_for_news(const Supervisor *supervisor)
{
    int64_t next = next_moment(supervisor), now = clock_monotonic();
    int64_t wait_ms = next == INT64_MAX ? -1 : next <= now ? 0 : MIN((next - now) / MS_US + 1, 60 * 1000);
    struct pollfd entry = {.fd = supervisor->signal_fd, .events = POLLIN};
    poll(&entry, 1, (int)wait_ms);
}

static void kill_late(Supervisor *supervisor)
{
    if (!supervisor->stopping || clock_monotonic() < supervisor->kill_at)
        return;
    log_event(LOG_LEVEL_ERROR, "drain_too_long", NULL, "Not everything ended within %.0f s; it is killed now",
              (double)supervisor->pace->drain_ms / 1000);
    pass_on(supervisor, SIGKILL);
    supervisor->kill_at = clock_monotonic() + 5 * SECOND_US;
}

bool supervise_run(const Worker workers[], const SupervisePace *pace, GError **error)
{
    Supervisor supervisor = {.pace = pace, .all_well = true};
    supervisor.signal_fd = signals_open(error);
    if (supervisor.signal_fd < 0)
        return false;
    g_autoptr(GArray) children = g_array_new(FALSE, TRUE, sizeof(Child));
    supervisor.children = children;
    for (; workers->name; workers++)
        g_array_append_val(children, ((Child){.worker = workers}));
    start_due(&supervisor);
    ready_started();
    while (!supervisor.stopping || !all_ended(&supervisor)) {
        wait_for_news(&supervisor);
        handle_signals(&supervisor);
        kill_late(&supervisor);
        start_due(&supervisor);
    }
    close(supervisor.signal_fd);
    if (!supervisor.all_well)
        g_set_error(error, SERVICE_ERROR, SERVICE_ERROR_SYSTEM, "not every role ended well; the log above says which");
    return supervisor.all_well;
}
