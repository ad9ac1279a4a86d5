/* mail/charset: bytes in any charset become text that fits into what was promised, and leave nothing behind for the next.
 * Input: a charset's name, a line end, the bytes. */
#include "mail/charset.h"

/* libraries */
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_plain(const char *text)
{
    g_assert(g_utf8_validate(text, -1, NULL));
    for (; *text; text++)
        g_assert((guchar)*text >= ' ' || strchr("\n\t", *text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *line_end = memchr(data, '\n', size);
    if (!line_end)
        return 0;
    g_autofree char *charset = g_strndup((const char *)data, (gsize)(line_end - data));
    const char *bytes = (const char *)line_end + 1;
    gsize length = size - (gsize)(line_end + 1 - data);
    g_autofree char *text = charset_to_utf8(charset, bytes, length);
    g_autofree char *again = charset_to_utf8(charset, bytes, length);
    check_plain(text);
    g_assert(strlen(text) <= CHARSET_GROWTH * length);
    g_assert(g_str_equal(text, again));
    return 0;
}
