/* config/secrets: passwords come from private files or systemd credentials, and from nowhere else. */
#include "config/secrets.h"

#include <glib/gstdio.h>

typedef struct Fixture {
    char *dir;
    char *path;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-secret-XXXXXX", NULL);
    f->path = g_build_filename(f->dir, "relay-password", NULL);
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_unlink(f->path);
    g_rmdir(f->dir);
    g_free(f->path);
    g_free(f->dir);
}

static void write_secret(const Fixture *f, const char *bytes, gssize length, int mode)
{
    g_assert_true(g_file_set_contents(f->path, bytes, length, NULL));
    g_assert_cmpint(g_chmod(f->path, mode), ==, 0);
}

static void line_end_is_taken_off(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const written[] = {"geheim ", "geheim \n", "geheim \r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(written); i++) {
        write_secret(f, written[i], -1, 0600);
        char *secret = secret_read(f->path, NULL);
        g_assert_cmpstr(secret, ==, "geheim ");
        secret_free(secret);
    }
}

static void bare_name_is_a_credential(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    write_secret(f, "geheim", -1, 0400);
    g_assert_null(secret_read("relay-password", &error));
    g_assert_nonnull(strstr(error->message, "LoadCredential"));
    g_setenv("CREDENTIALS_DIRECTORY", f->dir, TRUE);
    char *secret = secret_read("relay-password", NULL);
    g_assert_cmpstr(secret, ==, "geheim");
    secret_free(secret);
    g_unsetenv("CREDENTIALS_DIRECTORY");
}

static const struct {
    const char *name, *bytes;
    gssize length;
    int mode;
    const char *told;
} refused[] = {
    {"readable by everybody", "geheim\n", -1, 0604, "everybody may read"},
    {"empty", "", -1, 0600, "is empty"},
    {"only a line end", "\n", -1, 0600, "is empty"},
    {"with a NUL byte", "ge\0heim", 7, 0600, "NUL"},
};

static void a_bad_file_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        write_secret(f, refused[i].bytes, refused[i].length, refused[i].mode);
        g_assert_null(secret_read(f->path, &error));
        g_test_message("%s: %s", refused[i].name, error->message);
        g_assert_nonnull(strstr(error->message, refused[i].told));
        g_assert_nonnull(strstr(error->message, f->path));
        g_assert_null(strstr(error->message, "geheim"));
    }
}

static void what_is_no_file_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) folder = NULL, missing = NULL;
    g_chmod(f->dir, 0700);
    g_assert_null(secret_read(f->dir, &folder));
    g_assert_nonnull(strstr(folder->message, "is not a file"));
    g_assert_null(secret_read(f->path, &missing));
    g_assert_error(missing, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/secrets/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(line_end_is_taken_off);
    TEST(bare_name_is_a_credential);
    TEST(a_bad_file_is_refused);
    TEST(what_is_no_file_is_refused);
    return g_test_run();
}
