/* A parse cache in front of a folder. What was looked up once, found or not, stays as it was. */
#include "template/partials.h"

/* libraries */
#include <glib/gstdio.h>

struct Partials {
    char *dir; /* NULL: only what was added */
    char **suffixes;
    bool strict;
    GHashTable *known; /* name -> Template, or NULL for one that is missing */
};

static void free_template(gpointer template)
{
    template_free(template);
}

Partials *partials_new(const char *dir, const char *const suffixes[], bool strict)
{
    Partials *partials = g_new0(Partials, 1);
    partials->dir = g_strdup(dir);
    partials->suffixes = g_strdupv((char **)suffixes);
    partials->strict = strict;
    partials->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_template);
    return partials;
}

void partials_free(Partials *partials)
{
    if (!partials)
        return;
    g_free(partials->dir);
    g_strfreev(partials->suffixes);
    g_hash_table_unref(partials->known);
    g_free(partials);
}

void partials_add(Partials *partials, const char *name, Template *template)
{
    g_hash_table_insert(partials->known, g_strdup(name), template);
}

static bool load(const Partials *partials, const char *name, Template **ret, GError **error)
{
    *ret = NULL;
    if (!partials->dir || name[0] == '\0' || name[0] == '.' || strchr(name, '/'))
        return true;
    for (char **suffix = partials->suffixes; suffix && *suffix; suffix++) {
        g_autofree char *file = g_strconcat(name, *suffix, NULL);
        g_autofree char *path = g_build_filename(partials->dir, file, NULL);
        if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
            continue;
        *ret = template_load(path, error);
        return *ret != NULL;
    }
    return true;
}

bool partials_get(Partials *partials, const char *name, const Template **ret, GError **error)
{
    gpointer found;
    if (!g_hash_table_lookup_extended(partials->known, name, NULL, &found)) {
        Template *loaded;
        if (!load(partials, name, &loaded, error))
            return false;
        partials_add(partials, name, loaded);
        found = loaded;
    }
    *ret = found;
    return true;
}

bool partials_strict(const Partials *partials)
{
    return partials->strict;
}
