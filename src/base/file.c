/* Reading files, as a whole or in pieces, and writing new ones. Never reads more than its caller allows. */
#include "base/file.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* rundbrief */
#include "base/text.h"

ssize_t file_read(int fd, void *buffer, gsize size)
{
    ssize_t got;
    do {
        got = read(fd, buffer, size);
    } while (got < 0 && errno == EINTR);
    return got;
}

static void set_errno(GError **error)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s", g_strerror(errno));
}

static char *read_up_to(int fd, gsize limit, gsize *ret_length, GError **error)
{
    char chunk[16384];
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (;;) {
        ssize_t got = file_read(fd, chunk, sizeof chunk);
        if (got == 0)
            break;
        if (got < 0) {
            set_errno(error);
            return NULL;
        }
        if (!text_append_limited(bytes, chunk, (gsize)got, limit)) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "larger than the %zu bytes allowed here", limit);
            return NULL;
        }
    }
    if (ret_length)
        *ret_length = bytes->len;
    return g_string_free(g_steal_pointer(&bytes), FALSE);
}

char *file_read_whole(const char *path, gsize limit, gsize *ret_length, GError **error)
{
    char *text = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        set_errno(error);
    } else {
        text = read_up_to(fd, limit, ret_length, error);
        close(fd);
    }
    if (!text)
        g_prefix_error(error, "%s: ", path);
    return text;
}

char *file_read_plain(const char *path, gsize limit, gsize *ret_length, GError **error)
{
    char *text = NULL;
    struct stat info;
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        set_errno(error);
        return NULL;
    }
    if (fstat(fd, &info) != 0)
        set_errno(error);
    else if (S_ISREG(info.st_mode))
        text = read_up_to(fd, limit, ret_length, error);
    else
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                            S_ISDIR(info.st_mode) ? "a folder, not a file" : "not a plain file");
    close(fd);
    return text;
}

static bool write_all(int fd, const char *bytes, gsize length)
{
    bool written = write(fd, bytes, length) == (ssize_t)length && fsync(fd) == 0;
    return close(fd) == 0 && written;
}

bool file_write_new(const char *path, const char *bytes, gsize length, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 && write_all(fd, bytes, length))
        return true;
    set_errno(error);
    g_prefix_error(error, "%s: ", path);
    if (fd >= 0)
        unlink(path);
    return false;
}
