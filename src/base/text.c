/* Small words about UTF-8 text. */
#include "base/text.h"

/* system */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

char *text_fold(const char *text)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_autofree char *folded = g_utf8_casefold(composed ? composed : text, -1);
    return g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
}

bool text_is_clean(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return false;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (g_unichar_iscntrl(g_utf8_get_char(p)))
            return false;
    return true;
}

bool text_reorders_or_breaks(gunichar c)
{
    return (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

bool text_is_one_line(const char *text)
{
    if (!text_is_clean(text))
        return false;
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        if (text_reorders_or_breaks(g_utf8_get_char(p)))
            return false;
    return true;
}

bool text_append_limited(GString *buffer, const char *text, gsize length, gsize limit)
{
    if (buffer->len > limit || length > limit - buffer->len)
        return false;
    g_string_append_len(buffer, text, (gssize)length);
    return true;
}

static void set_errno(GError **error, const char *path)
{
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
}

static bool read_up_to(int fd, GString *bytes, gsize limit, const char *path, GError **error)
{
    char chunk[16384];
    for (;;) {
        ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0)
            return true;
        if (got < 0) {
            if (errno == EINTR)
                continue;
            set_errno(error, path);
            return false;
        }
        if (!text_append_limited(bytes, chunk, (gsize)got, limit)) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: larger than the %zu bytes allowed here", path,
                        limit);
            return false;
        }
    }
}

char *text_read_file(const char *path, gsize limit, gsize *ret_length, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        set_errno(error, path);
        return NULL;
    }
    GString *bytes = g_string_new(NULL);
    bool complete = read_up_to(fd, bytes, limit, path, error);
    close(fd);
    if (complete && ret_length)
        *ret_length = bytes->len;
    return g_string_free(bytes, !complete);
}
