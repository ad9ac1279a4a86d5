/* inbound/imap_stream: deadlines, byte budget and the end of the line, each as an error with words.
 * The servers are talks. */
#include "inbound/imap_stream.h"

#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static char *talkd;

static ImapStream *connect_to(const char *talk, GPid *ret_pid)
{
    const char *source = g_getenv("SOURCE") ? g_getenv("SOURCE") : ".";
    g_autofree char *path = g_strdup_printf("%s/tests/talks/imap/%s.talk", source, talk);
    char *arguments[] = {talkd, path, NULL};
    char line[64] = "";
    int output;
    g_autoptr(GError) error = NULL;
    g_spawn_async_with_pipes(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                             ret_pid, NULL, &output, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(read(output, line, sizeof line - 1), >, 0);
    close(output);
    ImapStream *stream = imap_stream_connect("127.0.0.1", atoi(line + strlen("port ")), -1, 5000, &error);
    g_assert_no_error(error);
    return stream;
}

/* Reads until something goes wrong. */
static void read_all(mailstream *stream)
{
    char buffer[512];
    while (mailstream_read(stream, buffer, sizeof buffer) > 0)
        ;
}

static void test_troubles(void)
{
    static const struct {
        const char *talk;
        int64_t timeout_ms, budget;
        const char *want;
    } cases[] = {
        {"silent", 200, 100000, "the server did not answer in time"},
        {"slow-drip", 200, 100000, "the server did not answer in time"},
        {"half-line", 5000, 10, "the server sent more than it was asked for"},
        {"deep-answer", 5000, 100000, "the server's answer nests deeper, or announces more, than what was asked for"},
        {"close-at-once", 5000, 100000, "the server closed the connection"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s: %s", cases[i].talk, cases[i].want);
        GPid pid = 0;
        ImapStream *stream = connect_to(cases[i].talk, &pid);
        mailstream *etpan = imap_stream_for_libetpan(stream);
        int64_t begin = clock_monotonic();
        imap_stream_allow(stream, cases[i].timeout_ms, cases[i].budget);
        read_all(etpan);
        g_assert_cmpstr(imap_stream_trouble(stream), ==, cases[i].want);
        g_assert_cmpint(clock_monotonic() - begin, <, 3 * SECOND_US);
        imap_stream_abandon(stream);
        mailstream_close(etpan);
        kill(pid, SIGTERM);
        waitpid(pid, NULL, 0);
    }
}

static void test_no_such_host(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(imap_stream_connect("no-such-host.invalid", 993, -1, 1000, &error));
    g_assert_error(error, IMAP_ERROR, IMAP_ERROR_CONNECT);
    g_assert_nonnull(strstr(error->message, "no address for no-such-host.invalid"));
}

static void test_tls_with_a_server_that_has_none(void)
{
    GPid pid = 0;
    g_autoptr(GError) error = NULL;
    ImapStream *stream = connect_to("silent", &pid);
    imap_stream_allow(stream, 500, 100000);
    g_assert_false(imap_stream_begin_tls(stream, "127.0.0.1", "", &error));
    g_assert_error(error, IMAP_ERROR, IMAP_ERROR_TLS);
    imap_stream_free(stream);
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_autofree char *here = g_path_get_dirname(argv[0]);
    talkd = g_build_filename(here, "../../fake/talkd", NULL);
    g_test_add_func("/imap_stream/troubles", test_troubles);
    g_test_add_func("/imap_stream/no_such_host", test_no_such_host);
    g_test_add_func("/imap_stream/tls_with_a_server_that_has_none", test_tls_with_a_server_that_has_none);
    int result = g_test_run();
    g_free(talkd);
    return result;
}
