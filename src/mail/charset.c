/* Charset conversion for text that strangers wrote, by iconv. Owns a converter of each charset that was met, until the
 * end: the C library loads a module for each, longer work than most texts. */
#include "mail/charset.h"

/* system */
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK_BYTES        64
#define CHARSET_NAME_BYTES 40

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

/* Of its name, letters and digits only. */
typedef struct Charset {
    const char *name, *converter; /* NULL: it is UTF-8, or part of it */
} Charset;

/* What mail is written in. A stranger who names another one gets no converter: the C library has hundreds, to load one
 * takes half a millisecond, and few people look at the rare ones. Where programs write a larger set under the name of a
 * smaller one, the larger is read. */
static const Charset charsets[] = {
    {"utf8", NULL},
    {"usascii", NULL},
    {"ascii", NULL},
    {"ansix341968", NULL},
    {"iso88591", "ISO-8859-1"},
    {"latin1", "ISO-8859-1"},
    {"windows1252", "CP1252"},
    {"cp1252", "CP1252"},
    {"iso885915", "ISO-8859-15"},
    {"latin9", "ISO-8859-15"},
    {"iso88592", "ISO-8859-2"},
    {"latin2", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88598i", "ISO-8859-8"},
    {"iso88599", "ISO-8859-9"},
    {"latin5", "ISO-8859-9"},
    {"iso885910", "ISO-8859-10"},
    {"iso885911", "CP874"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885916", "ISO-8859-16"},
    {"windows1250", "CP1250"},
    {"cp1250", "CP1250"},
    {"windows1251", "CP1251"},
    {"cp1251", "CP1251"},
    {"windows1253", "CP1253"},
    {"cp1253", "CP1253"},
    {"windows1254", "CP1254"},
    {"cp1254", "CP1254"},
    {"windows1255", "CP1255"},
    {"cp1255", "CP1255"},
    {"windows1256", "CP1256"},
    {"cp1256", "CP1256"},
    {"windows1257", "CP1257"},
    {"cp1257", "CP1257"},
    {"windows1258", "CP1258"},
    {"cp1258", "CP1258"},
    {"windows874", "CP874"},
    {"tis620", "CP874"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"cp437", "CP437"},
    {"ibm437", "CP437"},
    {"cp850", "CP850"},
    {"ibm850", "CP850"},
    {"cp852", "CP852"},
    {"ibm852", "CP852"},
    {"cp866", "CP866"},
    {"ibm866", "CP866"},
    {"macintosh", "MACINTOSH"},
    {"macroman", "MACINTOSH"},
    {"maccyrillic", "MAC-CYRILLIC"},
    {"iso2022jp", "ISO-2022-JP-2"},
    {"iso2022jp1", "ISO-2022-JP-2"},
    {"iso2022jp2", "ISO-2022-JP-2"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"cp932", "CP932"},
    {"windows31j", "CP932"},
    {"eucjp", "EUC-JP-MS"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"},
    {"euctw", "EUC-TW"},
    {"euckr", "CP949"},
    {"ksc56011987", "CP949"},
    {"ksc5601", "CP949"},
    {"cp949", "CP949"},
    {"iso2022kr", "ISO-2022-KR"},
    {"utf7", "UTF-7"},
    {"unicode11utf7", "UTF-7"},
    {"utf16", "UTF-16"},
    {"utf16le", "UTF-16LE"},
    {"utf16be", "UTF-16BE"},
    {"utf32", "UTF-32"},
    {"utf32le", "UTF-32LE"},
    {"utf32be", "UTF-32BE"},
};

/* Senders write "iso8859-1", "ISO_8859-1", "x-sjis", "csISO2022JP". NULL: we do not read it. */
static const Charset *find_charset(const char *stated)
{
    char name[CHARSET_NAME_BYTES];
    gsize length = 0;
    if (g_ascii_strncasecmp(stated, "x-", 2) == 0 || g_ascii_strncasecmp(stated, "cs", 2) == 0)
        stated += 2;
    for (; *stated && length < sizeof name - 1; stated++)
        if (g_ascii_isalnum(*stated))
            name[length++] = g_ascii_tolower(*stated);
    name[length] = '\0';
    for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++)
        if (!*stated && strcmp(charsets[i].name, name) == 0)
            return &charsets[i];
    return NULL;
}

/* Here every plain byte is the ASCII character (ISO-2022-* leaves ASCII by ESC, which is none). */
static bool holds_ascii(const Charset *charset)
{
    return !g_str_has_prefix(charset->converter, "UTF-");
}

/* In its first state; (GIConv)-1 when the C library has none. */
static GIConv converter_from(const Charset *charset)
{
    static GIConv converters[G_N_ELEMENTS(charsets)];
    GIConv *converter = &converters[charset - charsets];
    if (!*converter)
        *converter = g_iconv_open("UTF-8", charset->converter);
    else if (*converter != (GIConv)-1)
        g_iconv(*converter, NULL, NULL, NULL, NULL);
    return *converter;
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

char *charset_to_utf8(const char *stated, const char *bytes, gsize length)
{
    const Charset *charset = stated ? find_charset(stated) : NULL;
    const bool converted = charset && charset->converter;
    if ((!converted || holds_ascii(charset)) && is_plain(bytes, length))
        return g_strndup(bytes, length);
    g_autoptr(GString) text = g_string_sized_new(length + 1);
    GIConv converter = converted ? converter_from(charset) : (GIConv)-1;
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
