/* base/file: a signal does not cut a read short, and a limit is a limit. */
#include "base/file.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static int writer;

static void write_late(int number)
{
    static volatile sig_atomic_t times;
    (void)number;
    if (++times == 3 && write(writer, "late", 4) != 4)
        _exit(3);
}

/* The first two signals interrupt a read that has nothing yet. */
static void a_signal_ends_no_read(void)
{
    int ends[2];
    char buffer[16] = "";
    const struct sigaction action = {.sa_handler = write_late}; /* without SA_RESTART */
    const struct itimerval often = {{0, 10000}, {0, 10000}}, never = {0};
    g_assert_cmpint(pipe(ends), ==, 0);
    writer = ends[1];
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &often, NULL);
    ssize_t got = file_read(ends[0], buffer, sizeof buffer);
    setitimer(ITIMER_REAL, &never, NULL);
    g_assert_cmpint(got, ==, 4);
    g_assert_cmpstr(buffer, ==, "late");
    close(ends[0]);
    close(ends[1]);
}

static void a_whole_file_up_to_its_limit(void)
{
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("rundbrief-file-XXXXXX", &path, NULL);
    g_assert_cmpint(write(fd, "one\0two", 7), ==, 7);
    close(fd);
    g_autofree char *text = file_read_whole(path, 7, &length, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(text, length + 1, "one\0two", 8);
    g_assert_null(file_read_whole(path, 6, &length, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
    g_assert_true(g_str_has_prefix(error->message, path));
    g_clear_error(&error);
    g_unlink(path);
    g_assert_null(file_read_whole(path, 7, NULL, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file/a_signal_ends_no_read", a_signal_ends_no_read);
    g_test_add_func("/file/a_whole_file_up_to_its_limit", a_whole_file_up_to_its_limit);
    return g_test_run();
}
