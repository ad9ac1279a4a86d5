/* store/db when things go wrong: other processes, SIGKILL, the disk. Nothing acknowledged is lost, and every trouble is
 * a sentence for the person who can end it. */
#include "store/db.h"

/* system */
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* rundbrief */
#include "database.h"

#define NOBODY 65534

/* The pid column of role "counter" goes up by one. */
static bool count_up(Db *db, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    g_autoptr(GPtrArray) roles = tx ? role_all(db, error) : NULL;
    if (!roles)
        return false;
    int64_t before = roles->len > 0 ? ((RoleState *)g_ptr_array_index(roles, 0))->pid : 0;
    return role_beat(db, "counter", before + 1, 0, "", 0, error) && db_commit(&tx, error);
}

static int64_t counted(Db *db)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) roles = role_all(db, &error);
    g_assert_no_error(error);
    return roles->len > 0 ? ((RoleState *)g_ptr_array_index(roles, 0))->pid : 0;
}

/* A message that names the file and says what to do. */
static void assert_advice(GError *error, int code, const char *path, const char *advice)
{
    g_assert_error(error, DB_ERROR, code);
    g_assert_nonnull(strstr(error->message, path));
    g_assert_nonnull(strstr(error->message, advice));
}

static void assert_child(pid_t child, int status_wanted)
{
    int status;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(status, ==, status_wanted);
}

/* ---- several processes ------------------------------------------------------------------------------------------- */

static void writers_wait_for_each_other(Database *f, gconstpointer data)
{
    (void)data;
    enum { WRITERS = 3, ROUNDS = 60 };
    pid_t children[WRITERS];
    for (int i = 0; i < WRITERS; i++) {
        children[i] = fork();
        if (children[i] != 0)
            continue;
        Db *db = db_open(&f->settings, NULL); /* the parent's must not be used here */
        int done = 0;
        while (db && done < ROUNDS && count_up(db, NULL))
            done++;
        db_close(db);
        _exit(done == ROUNDS ? 0 : 1);
    }
    for (int i = 0; i < WRITERS; i++)
        assert_child(children[i], 0);
    g_assert_cmpint(counted(f->db), ==, WRITERS * ROUNDS);
}

static void a_writer_that_never_ends_is_busy(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) other = db_open(&f->settings, &error);
    g_autoptr(DbTransaction) holding = db_begin(other, &error);
    g_assert_nonnull(holding);
    StoreSettings hasty = f->settings;
    hasty.busy_timeout_ms = 20;
    g_autoptr(Db) db = db_open(&hasty, &error);
    g_assert_no_error(error);
    g_assert_null(db_begin(db, &error));
    assert_advice(error, DB_ERROR_BUSY, f->settings.path, "try again");
    g_assert_false(db_in_transaction(db));
    g_assert_cmpuint(count_troubles(db), ==, 0); /* reading goes on */
}

/* Says every number on the pipe as soon as it is stored. */
static void G_GNUC_NORETURN count_until_killed(const StoreSettings *settings, int acknowledge)
{
    Db *db = db_open(settings, NULL);
    while (db && count_up(db, NULL)) {
        int64_t number = counted(db);
        if (write(acknowledge, &number, sizeof number) != sizeof number)
            break;
    }
    _exit(1);
}

static void kill_loses_nothing_acknowledged(Database *f, gconstpointer data)
{
    (void)data;
    int64_t acknowledged = 0;
    for (int round = 0; round < 15; round++) {
        int ends[2];
        g_assert_cmpint(pipe(ends), ==, 0);
        pid_t child = fork();
        if (child == 0)
            count_until_killed(&f->settings, ends[1]);
        close(ends[1]);
        for (int i = 0; i <= round % 5; i++)
            g_assert_cmpint(read(ends[0], &acknowledged, sizeof acknowledged), ==, sizeof acknowledged);
        g_usleep((gulong)g_random_int_range(0, 2000));
        kill(child, SIGKILL);
        assert_child(child, SIGKILL);
        for (int64_t number; read(ends[0], &number, sizeof number) == sizeof number;)
            acknowledged = number;
        close(ends[0]);
        g_assert_cmpint(counted(f->db), >=, acknowledged);
        g_assert_cmpint(counted(f->db), <=, acknowledged + 1);
    }
}

/* ---- the disk ---------------------------------------------------------------------------------------------------- */

static void a_missing_database_is_not_created(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "other.db", NULL);
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    g_assert_null(db_open(&settings, &error));
    assert_advice(error, DB_ERROR_UNAVAILABLE, path, "rundbrief db migrate");
    g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
}

static void only_we_may_read_it(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_trouble(f->db, "relay", "x", &error));
    static const char *const suffixes[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        g_autofree char *path = g_strconcat(f->settings.path, suffixes[i], NULL);
        struct stat file;
        g_assert_cmpint(stat(path, &file), ==, 0);
        g_assert_cmpint(file.st_mode & 0137, ==, 0);
    }
}

static void a_folder_that_may_not_be_written_is_told(Database *f, gconstpointer data)
{
    (void)data;
    g_clear_pointer(&f->db, db_close); /* its -wal goes with it */
    g_assert_cmpint(chmod(f->dir, 0555), ==, 0);
    g_assert_cmpint(chmod(f->settings.path, 0444), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        g_autoptr(GError) error = NULL;
        if (geteuid() == 0 && setuid(NOBODY) != 0)
            _exit(2);
        g_autoptr(Db) db = db_open(&f->settings, &error);
        g_autoptr(DbTransaction) tx = db ? db_begin(db, &error) : NULL;
        g_assert_null(tx);
        assert_advice(error, DB_ERROR_UNAVAILABLE, f->settings.path, "check owner and mode");
        g_clear_error(&error);
        _exit(0);
    }
    g_assert_cmpint(chmod(f->dir, 0755), ==, 0);
    assert_child(child, 0);
}

/* Stores until it fails. */
static GError *fill(Db *db, gsize size, guint *ret_stored)
{
    g_autofree char *text = g_strnfill(size, 'x');
    GError *error = NULL;
    for (*ret_stored = 0;; (*ret_stored)++) {
        g_autofree char *subject = g_strdup_printf("trouble %u", *ret_stored);
        if (!store_trouble(db, subject, text, &error))
            return error;
    }
}

static void assert_full_disk(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(dir, "full.db", NULL);
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    migrate_run(&settings, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(Db) db = db_open(&settings, &error);
    guint stored;
    g_autoptr(GError) full = fill(db, 40000, &stored);
    assert_advice(full, DB_ERROR_UNAVAILABLE, path, "the disk is full; free some space");
    g_assert_cmpuint(stored, >, 3);
    g_assert_cmpuint(count_troubles(db), ==, stored);
    g_autoptr(DbTransaction) next = db_begin(db, &error);
    g_assert_no_error(error);
    g_clear_pointer(&next, db_rollback);
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(db_check(db, findings, &error));
    g_assert_cmpuint(findings->len, ==, 0);
}

static void a_full_disk_is_told_and_harms_nothing(Database *f, gconstpointer data)
{
    (void)data;
    g_autofree char *dir = g_build_filename(f->dir, "small", NULL);
    g_assert_cmpint(mkdir(dir, 0700), ==, 0);
    if (mount("tmpfs", dir, "tmpfs", 0, "size=1m") != 0) {
        g_test_skip("needs root and a kernel that lets it mount a small tmpfs");
        rmdir(dir);
        return;
    }
    pid_t child = fork();
    if (child == 0) { /* so that the mount goes whatever happens */
        assert_full_disk(dir);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    umount2(dir, MNT_DETACH);
    rmdir(dir);
    g_assert_cmpint(status, ==, 0);
}

static void damage(const char *path, off_t offset, const char *bytes)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    for (int i = 0; i < 200; i++)
        g_assert_cmpint(pwrite(fd, bytes, strlen(bytes), offset + i * (off_t)strlen(bytes)), >, 0);
    close(fd);
}

static void a_file_that_is_no_database_is_told(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&f->db, db_close);
    damage(f->settings.path, 0, "this is a letter, ");
    g_assert_null(db_open(&f->settings, &error));
    assert_advice(error, DB_ERROR_CORRUPT, f->settings.path, "restore a backup");
}

static void a_damaged_file_is_told(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    guint stored;
    for (stored = 0; stored < 50; stored++) {
        g_autofree char *subject = g_strdup_printf("trouble %u", stored);
        g_autofree char *text = g_strnfill(3000, 'x');
        g_assert_true(store_trouble(f->db, subject, text, &error));
    }
    g_clear_pointer(&f->db, db_close);
    struct stat file;
    g_assert_cmpint(stat(f->settings.path, &file), ==, 0);
    for (off_t page = file.st_size / 4096 - 30; page < file.st_size / 4096; page++)
        damage(f->settings.path, page * 4096, "\377\376");
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) troubles = trouble_all(f->db, &error);
    g_assert_null(troubles);
    assert_advice(error, DB_ERROR_CORRUPT, f->settings.path, "restore a backup");
    g_clear_error(&error);
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(db_check(f->db, findings, &error));
    g_assert_cmpuint(findings->len, >, 0);
}

static void a_copy_is_complete_and_overwrites_nothing(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "it's a copy.db", NULL);
    g_assert_true(store_trouble(f->db, "relay", "x", &error));
    g_assert_true(db_copy(f->db, path, NULL, NULL, &error));
    g_assert_false(db_copy(f->db, path, NULL, NULL, &error));
    assert_advice(error, DB_ERROR_UNAVAILABLE, path, "File exists");
    g_clear_error(&error);
    struct stat file;
    g_assert_cmpint(stat(path, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0137, ==, 0);
    StoreSettings settings = {.path = path, .busy_timeout_ms = 100};
    g_autoptr(Db) copy = db_open(&settings, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_troubles(copy), ==, 1);
}

/* ---- the failing driver ------------------------------------------------------------------------------------------ */

static void every_point_can_fail(Database *f, gconstpointer data)
{
    (void)data;
    guint failures = 0;
    for (guint n = 1; n < 20; n++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *fault = g_strdup_printf("fail:%u:busy", n);
        g_setenv("RUNDBRIEF_TEST_DB_FAULT", fault, TRUE);
        g_autoptr(Db) db = db_open_any(&f->settings, &error); /* db_open would look at the version: a point more */
        g_unsetenv("RUNDBRIEF_TEST_DB_FAULT");
        g_assert_no_error(error);
        bool stored = store_trouble(db, "relay", "x", &error);
        g_assert_cmpuint(count_troubles(f->db), ==, stored);
        if (stored)
            break;
        g_assert_error(error, DB_ERROR, DB_ERROR_BUSY);
        failures++;
    }
    g_assert_cmpuint(failures, ==, 3); /* begin, step, commit */
}

static void every_point_can_kill(Database *f, gconstpointer data)
{
    (void)data;
    for (guint n = 1; n <= 5; n++) {
        pid_t child = fork();
        if (child == 0) {
            g_autofree char *fault = g_strdup_printf("kill:%u", n);
            g_setenv("RUNDBRIEF_TEST_DB_FAULT", fault, TRUE);
            Db *db = db_open_any(&f->settings, NULL);
            _exit(store_trouble(db, "relay", "x", NULL) ? 0 : 1);
        }
        assert_child(child, n == 5 ? 0 : SIGKILL);
        /* 1 begin, 2 step, 3 before the commit, 4 behind it */
        g_assert_cmpuint(count_troubles(f->db), ==, n >= 4);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/db_trouble/" #name, Database, NULL, database_set_up, name, database_tear_down)
    TEST(writers_wait_for_each_other);
    TEST(a_writer_that_never_ends_is_busy);
    TEST(kill_loses_nothing_acknowledged);
    TEST(a_missing_database_is_not_created);
    TEST(only_we_may_read_it);
    TEST(a_folder_that_may_not_be_written_is_told);
    TEST(a_full_disk_is_told_and_harms_nothing);
    TEST(a_file_that_is_no_database_is_told);
    TEST(a_damaged_file_is_told);
    TEST(a_copy_is_complete_and_overwrites_nothing);
    TEST(every_point_can_fail);
    TEST(every_point_can_kill);
    return g_test_run();
}
