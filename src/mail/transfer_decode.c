/* Never fails: senders cut texts anywhere. */
#include "mail/transfer_decode.h"

/* system */
#include <string.h>

/* Length of a soft line break ("=", space, line end) at '='; 0: none. */
static gsize soft_break(const char *text, gsize length)
{
    gsize n = 1;
    while (n < length && (text[n] == ' ' || text[n] == '\t' || text[n] == '\r'))
        n++;
    return n == length ? n : text[n] == '\n' ? n + 1 : 0;
}

static GString *decode_quoted(const char *bytes, gsize length)
{
    GString *out = g_string_sized_new(length + 1);
    for (gsize i = 0; i < length;) {
        const char *equal = memchr(bytes + i, '=', length - i);
        gsize plain = equal ? (gsize)(equal - bytes) - i : length - i;
        g_string_append_len(out, bytes + i, (gssize)plain);
        i += plain;
        if (i == length)
            break;
        int high = i + 2 < length ? g_ascii_xdigit_value(bytes[i + 1]) : -1;
        int low = high >= 0 ? g_ascii_xdigit_value(bytes[i + 2]) : -1;
        gsize skip = low >= 0 ? 3 : soft_break(bytes + i, length - i);
        if (low >= 0)
            g_string_append_c(out, (char)(high << 4 | low));
        else if (skip == 0)
            g_string_append_c(out, '=');
        i += skip ? skip : 1;
    }
    return out;
}

static GString *decode_base64(const char *bytes, gsize length)
{
    GString *out = g_string_sized_new(length + 4);
    int state = 0;
    guint save = 0;
    out->len = g_base64_decode_step(bytes, length, (guchar *)out->str, &state, &save);
    out->str[out->len] = '\0';
    return out;
}

GString *transfer_decode(const char *encoding, const char *bytes, gsize length)
{
    encoding += strspn(encoding, " \t\n\"");
    if (g_ascii_strncasecmp(encoding, "quoted-printable", 16) == 0)
        return decode_quoted(bytes, length);
    return g_ascii_strncasecmp(encoding, "base64", 6) == 0 ? decode_base64(bytes, length) : NULL;
}
