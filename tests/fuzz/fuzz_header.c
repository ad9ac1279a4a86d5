/* mail/header: whatever the name and the value, either nothing is written or exactly one field. */
#include "mail/header.h"

/* libraries */
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One field: lines end in CRLF, every further one begins with a space and is not empty, and there is nothing else. */
static void check_field(const GString *out, bool written)
{
    g_assert(written == (out->len > 0));
    g_assert(!written || g_str_has_suffix(out->str, "\r\n"));
    for (gsize i = 0; i < out->len; i++) {
        unsigned char c = (unsigned char)out->str[i];
        g_assert(c == '\r' || c == '\n' || (c >= ' ' && c != 0x7f));
        g_assert(c != '\r' || out->str[i + 1] == '\n');
        g_assert(c != '\n' || (i > 0 && out->str[i - 1] == '\r'));
        if (c == '\n' && i + 1 < out->len)
            g_assert(out->str[i + 1] == ' ' && !strchr(" \r", out->str[i + 2]));
    }
}

typedef bool (*Writer)(GString *out, const char *name, const char *first, const char *second);

static bool write_text(GString *out, const char *name, const char *first, const char *second)
{
    (void)second;
    return header_append_text(out, name, first, NULL);
}

static bool write_tokens(GString *out, const char *name, const char *first, const char *second)
{
    (void)second;
    return header_append_tokens(out, name, first, NULL);
}

static bool write_address(GString *out, const char *name, const char *first, const char *second)
{
    return header_append_address(out, name, first, second, NULL);
}

static bool write_parameters(GString *out, const char *name, const char *first, const char *second)
{
    const HeaderParameter parameters[] = {{"filename", second}, {"x", first}, {NULL, NULL}};
    return header_append_parameters(out, name, "text/plain", parameters, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const Writer writers[] = {write_text, write_tokens, write_address, write_parameters};
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(GStrv) halves = g_strsplit(text, "|", 3);
    const char *first = halves[0] ? halves[0] : "", *second = halves[0] && halves[1] ? halves[1] : "a@b.de";
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        check_field(out, writers[i](out, "Subject", first, second));
        g_string_truncate(out, 0);
        check_field(out, writers[i](out, second, first, "a@b.de"));
    }
    return 0;
}
