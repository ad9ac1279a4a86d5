/* flock(2) on a file beside the database. The file stays; only the lock has a meaning. */
#include "store/lock.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

G_DEFINE_QUARK(rundbrief_store_lock_error, store_lock_error)

#define MODE_BITS 0666

/* Follows no link: what lies there belongs to somebody who is not root. */
static int open_beside(const char *path, const struct stat *database)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, database->st_mode & MODE_BITS);
    if (fd < 0 || geteuid() != 0)
        return fd;
    if (fchown(fd, database->st_uid, database->st_gid) == 0 && fchmod(fd, database->st_mode & MODE_BITS) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int store_lock(const StoreSettings *settings, const char *role, const char *worker, GError **error)
{
    struct stat database;
    g_autofree char *path = g_strdup_printf("%s.%s.lock", settings->path, role);
    int fd = stat(settings->path, &database) == 0 ? open_beside(path, &database) : -1;
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    int reason = errno;
    if (fd >= 0)
        close(fd);
    if (fd >= 0 && reason == EWOULDBLOCK)
        g_set_error(error, STORE_LOCK_ERROR, STORE_LOCK_ERROR_HELD,
                    "another %s works on %s; end it first, there may be only one", worker, settings->path);
    else
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(reason), "cannot lock %s: %s", path,
                    g_strerror(reason));
    return -1;
}
