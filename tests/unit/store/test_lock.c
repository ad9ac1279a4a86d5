/* store/lock: one holder, and a run as root locks nobody out. */
#include "store/lock.h"

#include <sys/stat.h>
#include <unistd.h>

#include "database.h"

static int lock(Database *f)
{
    g_autoptr(GError) error = NULL;
    int fd = store_lock(&f->settings, "send", "sender", &error);
    g_assert_no_error(error);
    return fd;
}

static void one_holder_per_role(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int first = lock(f);
    g_assert_cmpint(store_lock(&f->settings, "send", "sender", &error), ==, -1);
    g_assert_error(error, STORE_LOCK_ERROR, STORE_LOCK_ERROR_HELD);
    g_assert_true(g_str_has_prefix(error->message, "another sender works on "));
    int other = store_lock(&f->settings, "inbox", "inbox role", NULL);
    g_assert_cmpint(other, >=, 0);
    close(first);
    close(lock(f));
    close(other);
}

/* Also what an earlier run left behind. */
static void root_leaves_it_to_the_owner_of_the_database(Database *f, gconstpointer data)
{
    (void)data;
    const uid_t nobody = 65534;
    struct stat status;
    g_autofree char *path = g_strconcat(f->settings.path, ".send.lock", NULL);
    if (geteuid() != 0) {
        g_test_skip("needs root");
        return;
    }
    close(lock(f));
    g_assert_cmpint(chmod(f->settings.path, 0640) + chown(f->settings.path, nobody, nobody), ==, 0);
    close(lock(f));
    g_assert_cmpint(stat(path, &status), ==, 0);
    g_assert_cmpint(status.st_uid, ==, nobody);
    g_assert_cmpint(status.st_gid, ==, nobody);
    g_assert_cmpint(status.st_mode & 0777, ==, 0640);
}

static void no_database_no_lock(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    const StoreSettings missing = {.path = g_build_filename(f->dir, "missing", NULL)};
    g_assert_cmpint(store_lock(&missing, "send", "sender", &error), ==, -1);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_free(missing.path);
}

#define TEST(name) g_test_add("/lock/" #name, Database, NULL, database_set_up, name, database_tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(one_holder_per_role);
    TEST(root_leaves_it_to_the_owner_of_the_database);
    TEST(no_database_no_lock);
    return g_test_run();
}
