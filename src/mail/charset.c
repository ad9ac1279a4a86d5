/* Charset conversion for text that strangers wrote, by iconv. Memory is at most six times the input. Owns the
 * converters that were opened: the C library loads and unloads a module for each, longer work than most texts. */
#include "mail/charset.h"

/* system */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK_BYTES        64
#define CHARSET_NAME_BYTES 40
#define MOST_CONVERTERS    32 /* more charsets than honest mail has */

/* One byte that is not UTF-8 is taken for the Latin-1 character of that number. */
static void append_repaired(GString *text, const char *bytes, gsize length)
{
    while (length > 0) {
        const char *end = bytes;
        g_utf8_validate_len(bytes, length, &end);
        g_string_append_len(text, bytes, end - bytes);
        length -= (gsize)(end - bytes);
        bytes = end;
        if (length > 0) {
            g_string_append_unichar(text, (guchar)*bytes ? (guchar)*bytes : ' ');
            bytes++;
            length--;
        }
    }
}

/* CRLF and CR become LF, other controls spaces. C1 controls (U+0080 to U+009F) are two bytes, 0xC2 and the number. */
static void make_plain(GString *text)
{
    char *out = text->str;
    for (const char *in = text->str, *end = in + text->len; in < end; in++) {
        const guchar byte = (guchar)*in;
        const bool is_c1 = byte == 0xc2 && (guchar)in[1] < 0xa0;
        if ((byte >= ' ' && byte != 0x7f && !is_c1) || byte == '\n' || byte == '\t') {
            *out++ = *in;
        } else if (byte != '\r' || in[1] != '\n') {
            *out++ = byte == '\r' ? '\n' : ' ';
            in += is_c1;
        }
    }
    g_string_truncate(text, (gsize)(out - text->str));
}

/* Most mails are: nothing to repair, convert or blank. */
static guchar is_odd(guchar c)
{
    return (guchar)((c >= 0x7f) | ((c < ' ') & (c != '\n') & (c != '\t')));
}

/* In blocks of a fixed size, which compilers turn into vector instructions. */
static bool is_plain(const char *bytes, gsize length)
{
    const guchar *at = (const guchar *)bytes, *end = at + length;
    guchar odd = 0;
    for (; end - at >= BLOCK_BYTES && !odd; at += BLOCK_BYTES)
        for (gsize i = 0; i < BLOCK_BYTES; i++)
            odd |= is_odd(at[i]);
    for (; at < end && !odd; at++)
        odd |= is_odd(*at);
    return !odd;
}

static bool is_utf8(const char *charset)
{
    static const char *const names[] = {"utf-8", "utf8", "us-ascii", "ascii", "ansi_x3.4-1968"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(charset, names[i]) == 0)
            return true;
    return false;
}

/* Here every plain byte is the ASCII character (ISO-2022-* leaves ASCII by ESC, which is none). */
static bool holds_ascii(const char *charset)
{
    static const char *const names[] = {"iso-8859", "windows-", "iso-2022", "gb",   "big5",
                                        "euc",      "koi8",     "latin",    "cp125"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strncasecmp(charset, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* iconv takes options behind "//"; a stranger gets none. */
static bool is_charset_name(const char *charset)
{
    gsize length = strspn(charset, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:");
    return length > 0 && length <= CHARSET_NAME_BYTES && charset[length] == '\0';
}

static void converter_close(gpointer converter)
{
    if (converter != (GIConv)-1)
        g_iconv_close(converter);
}

/* In its first state; (GIConv)-1 when there is none from that charset. */
static GIConv converter_from(const char *charset)
{
    static GHashTable *converters;
    gpointer converter;
    if (!converters)
        converters = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, converter_close);
    if (!g_hash_table_lookup_extended(converters, charset, NULL, &converter)) {
        if (g_hash_table_size(converters) >= MOST_CONVERTERS)
            g_hash_table_remove_all(converters);
        converter = g_iconv_open("UTF-8", charset);
        g_hash_table_insert(converters, g_strdup(charset), converter);
    } else if (converter != (GIConv)-1) {
        g_iconv(converter, NULL, NULL, NULL, NULL);
    }
    return converter;
}

static void convert(GIConv converter, const char *bytes, gsize length, GString *raw)
{
    char *in = (char *)bytes;
    while (length > 0) {
        char chunk[4096], *out = chunk;
        gsize room = sizeof chunk;
        gsize result = g_iconv(converter, &in, &length, &out, &room);
        int reason = errno;
        g_string_append_len(raw, chunk, out - chunk);
        if (result != (gsize)-1 || (reason == E2BIG && out > chunk))
            continue;
        g_string_append_c(raw, '?');
        in++;
        length--;
    }
}

char *charset_to_utf8(const char *charset, const char *bytes, gsize length)
{
    bool named = charset && !is_utf8(charset) && is_charset_name(charset);
    if ((!named || holds_ascii(charset)) && is_plain(bytes, length))
        return g_strndup(bytes, length);
    g_autoptr(GString) text = g_string_sized_new(length + 1);
    GIConv converter = named ? converter_from(charset) : (GIConv)-1;
    if (converter == (GIConv)-1) {
        append_repaired(text, bytes, length);
    } else {
        g_autoptr(GString) raw = g_string_sized_new(length + 1);
        convert(converter, bytes, length, raw);
        append_repaired(text, raw->str, raw->len);
    }
    make_plain(text);
    return g_string_free(g_steal_pointer(&text), FALSE);
}
