/* No grammar: what stands between semicolons is a parameter, what stands in quotes is its value. */
#include "mail/content_type.h"

/* system */
#include <stdbool.h>
#include <string.h>

#define SPACE " \t\n"

char *content_type_name(const char *value)
{
    value += strspn(value, SPACE);
    gsize length = strcspn(value, ";(" SPACE);
    const char *slash = memchr(value, '/', length);
    if (length == 0 || slash == value)
        return g_strdup("");
    g_autofree char *name = g_ascii_strdown(value, (gssize)length);
    if (slash && slash + 1 < value + length)
        return g_steal_pointer(&name);
    g_autofree char *top = g_strndup(name, slash ? (gsize)(slash - value) : length);
    return g_strconcat(top, strcmp(top, "multipart") == 0 ? "/mixed" : "/plain", NULL);
}

/* Behind the value that begins at text; a NULL out only passes over it. */
static const char *take_value(const char *text, GString *out)
{
    if (*text != '"') {
        gsize length = strcspn(text, ";" SPACE);
        if (out)
            g_string_append_len(out, text, (gssize)length);
        return text + length;
    }
    for (text++; *text && *text != '"'; text++) {
        text += *text == '\\' && text[1];
        if (out)
            g_string_append_c(out, *text);
    }
    return text + (*text == '"');
}

char *content_type_parameter(const char *value, const char *name)
{
    const gsize wanted = strlen(name);
    for (const char *p = strchr(value, ';'); p; p = strchr(p, ';')) {
        p += 1 + strspn(p + 1, SPACE);
        gsize length = strcspn(p, "=;" SPACE);
        bool is_it = length == wanted && g_ascii_strncasecmp(p, name, length) == 0;
        p += length + strspn(p + length, SPACE);
        if (*p != '=')
            continue;
        p += 1 + strspn(p + 1, SPACE);
        g_autoptr(GString) out = is_it ? g_string_new(NULL) : NULL;
        p = take_value(p, out);
        if (is_it)
            return g_string_free(g_steal_pointer(&out), FALSE);
    }
    return NULL;
}
