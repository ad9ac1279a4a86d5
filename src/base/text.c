/* Small words about UTF-8 text. */
#include "base/text.h"

/* system */
#include <string.h>

char *text_fold(const char *text)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_NFC);
    g_autofree char *folded = g_utf8_casefold(composed ? composed : text, -1);
    return g_utf8_normalize(folded, -1, G_NORMALIZE_NFC);
}

const char *text_search(const char *text, const char *needle)
{
    const gsize length = strlen(needle);
    const char ends[] = {g_ascii_tolower(needle[0]), g_ascii_toupper(needle[0]), '\0'};
    for (const char *p = strpbrk(text, ends); p; p = strpbrk(p + 1, ends))
        if (g_ascii_strncasecmp(p, needle, length) == 0)
            return p;
    return NULL;
}

#define EACH(byte) (G_GUINT64_CONSTANT(0x0101010101010101) * (byte))

/* Eight bytes at once. A byte is no printable one when it is beyond ASCII, or becomes so by one more (DEL), or does not
 * stay so, were it beyond, by 32 less. */
static bool are_printable(guint64 bytes)
{
    return ((bytes | (bytes + EACH(1)) | ~((bytes | EACH(0x80)) - EACH(' '))) & EACH(0x80)) == 0;
}

bool text_is_printable(const char *text, gsize length)
{
    guint64 bytes;
    for (; length >= sizeof bytes; text += sizeof bytes, length -= sizeof bytes) {
        memcpy(&bytes, text, sizeof bytes);
        if (!are_printable(bytes))
            return false;
    }
    bytes = EACH('x');
    memcpy(&bytes, text, length);
    return are_printable(bytes);
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

char *text_one_line(const char *text, gsize most)
{
    char *line = g_utf8_make_valid(text, -1), *out = line;
    for (const char *p = line, *next; *p; p = next) {
        next = g_utf8_next_char(p);
        const gsize length = (gsize)(next - p);
        const gunichar c = length == 1 ? (guchar)*p : g_utf8_get_char(p);
        const bool is_shown = length == 1 ? c >= ' ' && c != 0x7f
                                          : !g_unichar_iscntrl(c) && !text_reorders_or_breaks(c);
        if ((gsize)(out - line) + (is_shown ? length : 1) > most)
            break;
        if (!is_shown)
            *out++ = ' ';
        else
            while (p < next)
                *out++ = *p++;
    }
    *out = '\0';
    return line;
}

/* The names of ASCII that a person may meet. */
static const char *control_name(gunichar character)
{
    switch (character) {
    case 0x00:
        return " (NUL)";
    case 0x07:
        return " (BEL)";
    case 0x08:
        return " (backspace)";
    case 0x0c:
        return " (form feed)";
    case 0x1b:
        return " (ESC)";
    case 0x7f:
        return " (DEL)";
    default:
        return "";
    }
}

static bool is_plain(gunichar character)
{
    return character == '\n' || character == '\r' || character == '\t' || !g_unichar_iscntrl(character);
}

char *text_find_fault(const char *text, gsize length, unsigned *ret_line)
{
    const char *p = text, *bad;
    *ret_line = 1;
    g_utf8_validate_len(text, length, &bad);
    for (; p < bad && is_plain(g_utf8_get_char(p)); p = g_utf8_next_char(p))
        *ret_line += *p == '\n';
    if (p == text + length)
        return NULL;
    if (p < bad || *p == '\0')
        return g_strdup_printf("here stands the control character U+%04X%s; remove it", g_utf8_get_char(p),
                               control_name(g_utf8_get_char(p)));
    return g_strdup_printf("the byte 0x%02X is not UTF-8; save the file as UTF-8", (unsigned char)*p);
}

char *text_join(const GPtrArray *texts, const char *between)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(joined, "%s%s", i ? between : "", (const char *)texts->pdata[i]);
    return g_string_free(joined, FALSE);
}

bool text_append_limited(GString *buffer, const char *text, gsize length, gsize limit)
{
    if (buffer->len > limit || length > limit - buffer->len)
        return false;
    g_string_append_len(buffer, text, (gssize)length);
    return true;
}
