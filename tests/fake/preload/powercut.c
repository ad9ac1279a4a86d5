/* powercut: a disk that has only what was synced. Loaded before the C library:
 *
 *   LD_PRELOAD=.../powercut.so POWERCUT_DATABASE=FILE POWERCUT_DISK=FOLDER [POWERCUT_SYNC_MS=N] rundbrief role send
 *
 * Whenever the database or its log is synced, FOLDER gets a copy of that file as it is then, and the sync takes N
 * milliseconds, as on a slow disk. tests/fake/cut-power makes of it what is left after a power cut. */
#define _GNU_SOURCE
/* system */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    abort();
}

static int open_in(const char *folder, const char *name, int flags)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, flags | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        fail(path);
    return fd;
}

/* Blocks that differ, in place: a sync that is killed in its middle has some of them on disk. */
static void copy_changes(int from, int to)
{
    static char now[1 << 16], before[1 << 16];
    off_t at = 0;
    for (ssize_t n; (n = pread(from, now, sizeof now, at)) != 0; at += n) {
        if (n < 0)
            fail("powercut: read");
        if (pread(to, before, (size_t)n, at) == n && memcmp(now, before, (size_t)n) == 0)
            continue;
        if (pwrite(to, now, (size_t)n, at) != n)
            fail("powercut: write");
    }
    if (ftruncate(to, at) != 0)
        fail("powercut: truncate");
}

/* One at a time, so that an older copy never replaces a newer one. Reads what SQLite has opened: to close another
 * descriptor of the file would drop the locks that this process holds on it. */
static void keep(const char *disk, int fd, const char *name)
{
    int lock = open_in(disk, "lock", O_RDWR), kept = open_in(disk, name, O_RDWR);
    if (flock(lock, LOCK_EX) != 0)
        fail("powercut: flock");
    copy_changes(fd, kept);
    close(kept);
    close(lock);
}

static int is_of(const char *database, const char *path)
{
    size_t length = strlen(database);
    return strncmp(path, database, length) == 0 && (!path[length] || strcmp(path + length, "-wal") == 0);
}

int fdatasync(int fd);
int fdatasync(int fd)
{
    const char *disk = getenv("POWERCUT_DISK"), *database = getenv("POWERCUT_DATABASE");
    const char *slow = getenv("POWERCUT_SYNC_MS");
    char link[64], path[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (!disk || !database || readlink(link, path, sizeof path - 1) < 0 || !is_of(database, path))
        return (int)syscall(SYS_fdatasync, fd);
    keep(disk, fd, strrchr(path, '/') + 1);
    if (slow)
        usleep((useconds_t)atoi(slow) * 1000);
    return 0;
}
