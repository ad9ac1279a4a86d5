/* Takes lists of tags apart. Tolerant: who judges them looks at what is there. */
#include "mail/dkim_tags.h"

/* libraries */
#include <string.h>

GHashTable *dkim_tags_parse(const char *text)
{
    GHashTable *tags = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    for (char **part = parts; *part; part++) {
        char *value = strchr(*part, '=');
        if (!value)
            continue;
        *value++ = '\0';
        g_autofree char *name = g_ascii_strdown(g_strstrip(*part), -1);
        if (!g_hash_table_contains(tags, name))
            g_hash_table_insert(tags, g_steal_pointer(&name), g_strdup(g_strstrip(value)));
    }
    return tags;
}

const char *dkim_tag(GHashTable *tags, const char *name)
{
    return g_hash_table_lookup(tags, name);
}
