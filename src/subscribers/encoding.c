/* Looks at the bytes of a file. Stops at the first letter beyond ASCII that is proper UTF-8: then single wrong rows are
 * slips, to be told row by row. */
#include "subscribers/encoding.h"

/* system */
#include <errno.h>
#include <unistd.h>

/* rundbrief */
#include "base/file.h"

G_DEFINE_QUARK(rundbrief_encoding_error, encoding_error)

typedef enum { SCAN_ASCII, SCAN_UTF8, SCAN_LEGACY } Scan;

/* What other programs save by default, known by their first bytes. */
static const struct {
    const char *bytes;
    gsize size;
    const char *sentence;
} kinds[] = {
    {"PK\003\004", 4, "this is a workbook (xlsx or ods); save it as \"CSV UTF-8\" and import that file"},
    {"\xd0\xcf\x11\xe0", 4, "this is an old Excel workbook; save it as \"CSV UTF-8\" and import that file"},
    {"%PDF", 4, "this is a PDF; a table of addresses is needed, saved as \"CSV UTF-8\""},
    {"\xff\xfe", 2, "this is UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\" and import that file"},
    {"\xfe\xff", 2, "this is UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\" and import that file"},
};

static bool read_full(int fd, char *buffer, gsize size, gsize *ret_got, GError **error)
{
    *ret_got = 0;
    while (*ret_got < size) {
        ssize_t got = file_read(fd, buffer + *ret_got, size - *ret_got);
        if (got < 0) {
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "the file cannot be read: %s",
                        g_strerror(errno));
            return false;
        }
        if (got == 0)
            return true;
        *ret_got += (gsize)got;
    }
    return true;
}

/* Scans a chunk; ret_rest is the beginning of a character that the next chunk ends. */
static Scan scan(const char *p, gsize size, bool last, Scan so_far, gsize *ret_rest)
{
    const char *end = p + size;
    *ret_rest = 0;
    while (p < end) {
        if (!(*p & 0x80)) {
            p++;
            continue;
        }
        gunichar c = g_utf8_get_char_validated(p, end - p);
        if (c == (gunichar)-2 && !last) {
            *ret_rest = (gsize)(end - p);
            return so_far;
        }
        if (c != (gunichar)-1 && c != (gunichar)-2 && c != 0xFEFF)
            return SCAN_UTF8;
        if (c == 0xFEFF) {
            p = g_utf8_next_char(p);
            continue;
        }
        so_far = SCAN_LEGACY;
        p++;
    }
    return so_far;
}

static bool scan_file(int fd, Scan *ret_scan, GError **error)
{
    char buffer[64 * 1024];
    gsize kept = 0, got;
    *ret_scan = SCAN_ASCII;
    do {
        if (!read_full(fd, buffer + kept, sizeof buffer - kept, &got, error))
            return false;
        gsize size = kept + got;
        *ret_scan = scan(buffer, size, got == 0, *ret_scan, &kept);
        memmove(buffer, buffer + size - kept, kept);
    } while (got > 0 && *ret_scan != SCAN_UTF8);
    return true;
}

static bool check_kind(int fd, GError **error)
{
    char head[4];
    gsize got;
    if (!read_full(fd, head, sizeof head, &got, error))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (got >= kinds[i].size && memcmp(head, kinds[i].bytes, kinds[i].size) == 0) {
            g_set_error_literal(error, ENCODING_ERROR, ENCODING_ERROR_KIND, kinds[i].sentence);
            return false;
        }
    if (got == 0)
        g_set_error_literal(error, ENCODING_ERROR, ENCODING_ERROR_EMPTY, "the file is empty");
    return got > 0;
}

static bool rewind_to_start(int fd, GError **error)
{
    if (lseek(fd, 0, SEEK_SET) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "the file cannot be read from its start: %s",
                g_strerror(errno));
    return false;
}

bool encoding_check(int fd, GError **error)
{
    Scan found;
    if (!rewind_to_start(fd, error) || !check_kind(fd, error) || !rewind_to_start(fd, error) ||
        !scan_file(fd, &found, error) || !rewind_to_start(fd, error))
        return false;
    if (found != SCAN_LEGACY)
        return true;
    g_set_error_literal(
        error, ENCODING_ERROR, ENCODING_ERROR_LEGACY,
        "the file is not UTF-8 but an older encoding such as Latin-1 or Windows-1252 throughout; save it as "
        "\"CSV UTF-8\", or convert it: iconv -f WINDOWS-1252 -t UTF-8 OLD.csv > NEW.csv");
    return false;
}
