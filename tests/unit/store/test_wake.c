/* store/wake: a datagram arrives where somebody listens, and is nobody's trouble where nobody does. */
#include "store/wake.h"

/* system */
#include <poll.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <glib.h>
#include <glib/gstdio.h>

typedef struct Fixture {
    FileSettings files;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->files.runtime_dir = g_dir_make_tmp("rundbrief-wake-XXXXXX", NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *socket = g_build_filename(f->files.runtime_dir, "wake-send", NULL);
    g_unlink(socket);
    g_rmdir(f->files.runtime_dir);
    g_free(f->files.runtime_dir);
}

static bool readable(int fd)
{
    struct pollfd look = {.fd = fd, .events = POLLIN};
    return poll(&look, 1, 0) == 1;
}

static void waking_is_heard_until_drained(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int fd = wake_listen(&f->files, "send", &error);
    g_assert_no_error(error);
    g_assert_false(readable(fd));
    wake_role(&f->files, "inbox"); /* somebody else */
    g_assert_false(readable(fd));
    wake_role(&f->files, "send");
    wake_role(&f->files, "send");
    g_assert_true(readable(fd));
    wake_drain(fd);
    g_assert_false(readable(fd));
    wake_drain(fd); /* does not block */
    close(fd);
}

static void nobody_listens(Fixture *f, gconstpointer data)
{
    (void)data;
    wake_role(&f->files, "send"); /* no socket */
    int fd = wake_listen(&f->files, "send", NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    wake_role(&f->files, "send"); /* a socket whose process is gone */
    fd = wake_listen(&f->files, "send", NULL);
    g_assert_false(readable(fd));
    wake_role(&f->files, "send");
    g_assert_true(readable(fd));
    close(fd);
}

static void a_full_queue_does_not_block(Fixture *f, gconstpointer data)
{
    (void)data;
    int fd = wake_listen(&f->files, "send", NULL);
    for (int i = 0; i < 5000; i++)
        wake_role(&f->files, "send");
    g_assert_true(readable(fd));
    wake_drain(fd);
    g_assert_false(readable(fd));
    close(fd);
}

static void strangers_may_not_wake(Fixture *f, gconstpointer data)
{
    (void)data;
    int fd = wake_listen(&f->files, "send", NULL);
    g_autofree char *path = g_build_filename(f->files.runtime_dir, "wake-send", NULL);
    struct stat file;
    g_assert_cmpint(stat(path, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0777, ==, 0660);
    close(fd);
}

static void a_folder_that_does_not_do_is_told(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *missing = g_build_filename(f->files.runtime_dir, "missing", NULL);
    g_autofree char *long_name = g_strnfill(200, 'x');
    char *folders[] = {missing, long_name};
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autoptr(GError) error = NULL;
        FileSettings files = {.runtime_dir = folders[i]};
        g_assert_cmpint(wake_listen(&files, "send", &error), ==, -1);
        g_assert_error(error, WAKE_ERROR, WAKE_ERROR_SOCKET);
        g_assert_nonnull(strstr(error->message, folders[i]));
        g_assert_nonnull(strstr(error->message, "files.runtime_dir"));
        wake_role(&files, "send");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/wake/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(waking_is_heard_until_drained);
    TEST(nobody_listens);
    TEST(a_full_queue_does_not_block);
    TEST(strangers_may_not_wake);
    TEST(a_folder_that_does_not_do_is_told);
    return g_test_run();
}
