/* A child process with a pipe at its standard output. What it prints is a secret: wiped when it was used, never logged.
 * Its standard error is ours, so that its own words are found in the journal. */
#include "config/token_source.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "config/secrets.h"

#define RUN_US   (30 * SECOND_US)
#define FRESH_US (5 * MINUTE_US) /* programs that keep a token themselves renew it when it has little left */

struct TokenSource {
    char *command;
    Waiter *waiter;
    GPid pid;        /* 0: it does not run */
    WaitPoint point; /* its standard output */
    char printed[LIMIT_SECRET_BYTES];
    gsize length;
    bool too_much, too_slow;
    int64_t started_at;
    char *token; /* NULL: none */
    guint number;
    int64_t got_at;
    bool worked;
    char *failure; /* not told yet; NULL: none */
};

TokenSource *token_source_new(const char *command, Waiter *waiter)
{
    TokenSource *source = g_new0(TokenSource, 1);
    source->command = g_strdup(command);
    source->waiter = waiter;
    source->point.fd = -1;
    return source;
}

static void forget_token(TokenSource *source)
{
    secret_free(source->token);
    source->token = NULL;
}

static void close_pipe(TokenSource *source)
{
    if (source->point.fd < 0)
        return;
    if (source->waiter)
        waiter_want(source->waiter, &source->point, 0);
    close(source->point.fd);
    source->point.fd = -1;
}

/* With whatever it has started itself: it leads a group. */
static void kill_program(const TokenSource *source)
{
    kill(-source->pid, SIGKILL);
    kill(source->pid, SIGKILL); /* when it has not come to lead one yet */
}

void token_source_free(TokenSource *source)
{
    if (!source)
        return;
    if (source->pid != 0) {
        kill_program(source);
        while (waitpid(source->pid, NULL, 0) < 0 && errno == EINTR)
            continue;
    }
    close_pipe(source);
    forget_token(source);
    explicit_bzero(source->printed, sizeof source->printed);
    g_free(source->failure);
    g_free(source->command);
    g_free(source);
}

/* In the child: nothing of our signals is its business. */
static void become_program(gpointer data)
{
    (void)data;
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    setpgid(0, 0);
}

static void start(TokenSource *source, int64_t now)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) argv = NULL;
    int output = -1;
    source->length = 0;
    source->too_much = source->too_slow = false;
    if (!g_shell_parse_argv(source->command, NULL, &argv, &error) ||
        !g_spawn_async_with_pipes("/", argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, become_program, NULL, &source->pid, NULL,
                                  &output, NULL, &error)) {
        source->pid = 0;
        source->failure = g_strdup_printf("the program of token_command cannot be run: %s", error->message);
        return;
    }
    fcntl(output, F_SETFL, O_NONBLOCK);
    source->started_at = now;
    source->point = (WaitPoint){.fd = output};
    if (source->waiter)
        waiter_want(source->waiter, &source->point, WAIT_READ);
}

/* ---- while it runs ----------------------------------------------------------------------------------------------- */

static void read_output(TokenSource *source)
{
    source->point.ready = 0;
    while (source->point.fd >= 0) {
        char beyond;
        gsize room = sizeof source->printed - source->length;
        ssize_t n = room > 0 ? read(source->point.fd, source->printed + source->length, room)
                             : read(source->point.fd, &beyond, 1);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n > 0 && room > 0)
            source->length += (gsize)n;
        else if (n > 0)
            source->too_much = true;
        if (n <= 0 || source->too_much)
            close_pipe(source);
    }
}

/* RFC 6750 2.1, and whatever else is seen and is no space: it stands in a line of the log-in. */
static bool is_token(const char *text)
{
    for (const char *p = text; *p; p++)
        if (!g_ascii_isgraph(*p))
            return false;
    return *text != '\0';
}

static char *first_line(const TokenSource *source)
{
    gsize length = 0;
    while (length < source->length && !strchr("\r\n", source->printed[length]))
        length++;
    return g_strndup(source->printed, length);
}

static char *why_none(const TokenSource *source, int status)
{
    if (source->too_slow)
        return g_strdup_printf("did not end within %d seconds", (int)(RUN_US / SECOND_US));
    if (source->too_much)
        return g_strdup("printed far more than a token");
    if (WIFSIGNALED(status))
        return g_strdup_printf("was ended by the signal %s", strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != 0)
        return g_strdup_printf("ended with the exit code %d", WEXITSTATUS(status));
    return g_strdup("printed no token on its first line");
}

static void finish(TokenSource *source, int status, int64_t now)
{
    char *token = first_line(source);
    bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !source->too_slow && !source->too_much;
    explicit_bzero(source->printed, sizeof source->printed);
    if (ended_well && is_token(token)) {
        source->token = token;
        source->number++;
        source->got_at = now;
        source->worked = false;
        return;
    }
    secret_free(token);
    g_autofree char *why = why_none(source, status);
    source->failure = g_strdup_printf("the program of token_command %s", why);
}

void token_source_tend(TokenSource *source, int64_t now)
{
    int status;
    if (source->pid == 0)
        return;
    read_output(source);
    if (waitpid(source->pid, &status, WNOHANG) == source->pid) {
        read_output(source); /* what it printed in between */
        close_pipe(source);
        source->pid = 0;
        finish(source, status, now);
    } else if (!source->too_slow && (source->too_much || now - source->started_at > RUN_US)) {
        source->too_slow = !source->too_much;
        kill_program(source);
    }
}

TokenState token_source_ask(TokenSource *source, int64_t now, AccessToken *ret_token, GError **error)
{
    token_source_tend(source, now);
    if (source->token && now - source->got_at > FRESH_US)
        forget_token(source);
    if (source->token) {
        *ret_token = (AccessToken){source->token, source->number};
        return TOKEN_READY;
    }
    if (source->pid == 0 && !source->failure)
        start(source, now);
    if (!source->failure)
        return TOKEN_COMING;
    g_set_error_literal(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, source->failure);
    g_clear_pointer(&source->failure, g_free);
    return TOKEN_FAILED;
}

void token_source_worked(TokenSource *source)
{
    source->worked = true;
}

bool token_source_refused(TokenSource *source, guint number)
{
    if (number != source->number)
        return true;
    forget_token(source);
    return source->worked;
}
