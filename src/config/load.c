/* Reads the settings by their table; the only file that knows libconfig. Every mistake is told with its file and line,
 * and reading goes on behind it; only a syntax error ends it, and what stands before is still checked. Never opens what
 * a setting names. */
#include "config/load.h"

/* libraries */
#include <libconfig.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"
#include "base/nearest.h"
#include "config/check.h"
#include "config/scan.h"

typedef struct Loader {
    Settings *settings;
    Places places;
    bool complete; /* everything was read: what is not there is missing */
    Problems *problems;
} Loader;

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(config_t, config_destroy)

/* ---- places ------------------------------------------------------------------------------------------------------ */

/* libconfig names an included file as it was written; it was looked for in the folder of the main file. */
static const char *file_name(const Loader *loader, const char *file)
{
    if (!file)
        return loader->places.file;
    g_autofree char *dir = g_path_get_dirname(loader->places.file);
    g_autofree char *path = g_build_filename(dir, file, NULL);
    return g_intern_string(path);
}

static Place place_of(const Loader *loader, const config_setting_t *item)
{
    return (Place){file_name(loader, config_setting_source_file(item)), config_setting_source_line(item), false};
}

static void keep_place(GHashTable *places, const void *key, Place place)
{
    g_hash_table_insert(places, (gpointer)key, g_memdup2(&place, sizeof place));
}

static void G_GNUC_PRINTF(3, 4) blame(Loader *loader, const config_setting_t *item, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    Place place = place_of(loader, item);
    problems_add(loader->problems, place.file, place.line, "%s", text);
}

/* ---- one value --------------------------------------------------------------------------------------------------- */

static const char *what_stands_there(const config_setting_t *item)
{
    switch (config_setting_type(item)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a number";
    case CONFIG_TYPE_FLOAT:
        return "a number with a fraction";
    case CONFIG_TYPE_STRING:
        return "a text in quotes";
    case CONFIG_TYPE_BOOL:
        return "true or false";
    case CONFIG_TYPE_GROUP:
        return "a group { ... }";
    case CONFIG_TYPE_ARRAY:
        return "an array [ ... ]";
    default:
        return "a list";
    }
}

static bool type_fits(const Setting *setting, const config_setting_t *item)
{
    int type = config_setting_type(item);
    if (setting->type == SETTING_NUMBER)
        return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64;
    return type == (setting->type == SETTING_YES_NO ? CONFIG_TYPE_BOOL : CONFIG_TYPE_STRING);
}

static bool read_word(const Setting *setting, const char *text, void *fields)
{
    for (const SettingWord *word = setting->words; word->word; word++)
        if (g_str_equal(word->word, text)) {
            *SETTING_FIELD(int, fields, setting) = word->value;
            return true;
        }
    return false;
}

/* An empty text means "not set", which only what is required may not be. */
static bool read_text(const Setting *setting, const char *text, void *fields)
{
    if (*text ? !setting_text_is_fit(setting, text) : setting->required)
        return false;
    char **field = SETTING_FIELD(char *, fields, setting);
    if (*text || !setting->fallback) {
        g_free(*field);
        *field = g_strdup(text);
    }
    return true;
}

static bool read_value(const Setting *setting, const config_setting_t *item, void *fields)
{
    if (setting->type == SETTING_WORD)
        return read_word(setting, config_setting_get_string(item), fields);
    if (setting->type == SETTING_YES_NO) {
        *SETTING_FIELD(bool, fields, setting) = config_setting_get_bool(item);
        return true;
    }
    if (setting->type != SETTING_NUMBER)
        return read_text(setting, config_setting_get_string(item), fields);
    int64_t value = config_setting_get_int64(item);
    if (value < setting->min || value > setting->max)
        return false;
    *SETTING_FIELD(int64_t, fields, setting) = value;
    return true;
}

/* The value as the person wrote it, as far as it helps. */
static char *shown_value(const config_setting_t *item)
{
    int type = config_setting_type(item);
    if (type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64)
        return g_strdup_printf("%lld", config_setting_get_int64(item));
    if (type != CONFIG_TYPE_STRING)
        return g_strdup(what_stands_there(item));
    const char *text = config_setting_get_string(item);
    if (!g_utf8_validate(text, -1, NULL)) /* by an escape such as \xff */
        return g_strdup("that text");
    g_autofree char *begin = g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), 60));
    return g_strdup_printf("\"%s\"", begin);
}

/* A name at which a syntax error ended the reading; that is what is told. */
static bool has_no_value(const config_setting_t *item)
{
    return config_setting_type(item) == CONFIG_TYPE_NONE;
}

static void read_setting(Loader *loader, const SettingGroup *group, const Setting *setting,
                         const config_setting_t *item, void *fields)
{
    g_autofree char *allowed = setting_allowed(setting);
    Place place = place_of(loader, item);
    if (has_no_value(item)) {
        place.refused = true;
    } else if (!type_fits(setting, item)) {
        place.refused = true;
        blame(loader, item, "%s.%s must be %s%s; here stands %s", group->name, setting->name, allowed,
              setting_is_text(setting) ? ", in quotes" : "", what_stands_there(item));
    } else if (!read_value(setting, item, fields)) {
        place.refused = true;
        g_autofree char *shown = shown_value(item);
        blame(loader, item, "%s.%s must be %s; %s is not", group->name, setting->name, allowed, shown);
    }
    keep_place(loader->places.fields, SETTING_FIELD(void, fields, setting), place);
}

/* ---- groups and lists -------------------------------------------------------------------------------------------- */

static void set_defaults(const SettingGroup *group, void *fields)
{
    for (const Setting *setting = group->settings; setting->name; setting++) {
        if (setting_is_text(setting))
            *SETTING_FIELD(char *, fields, setting) = g_strdup(setting->fallback ? setting->fallback : "");
        else if (setting->type == SETTING_NUMBER)
            *SETTING_FIELD(int64_t, fields, setting) = setting->number;
        else if (setting->type == SETTING_WORD)
            *SETTING_FIELD(int, fields, setting) = (int)setting->number;
        else
            *SETTING_FIELD(bool, fields, setting) = setting->number != 0;
    }
}

static void blame_unknown_setting(Loader *loader, const SettingGroup *group, const config_setting_t *item)
{
    const char *name = config_setting_name(item);
    if (*name == '*') /* told by config_scan() */
        return;
    Nearest nearest = nearest_to(name);
    for (const Setting *setting = group->settings; setting->name; setting++)
        nearest_offer(&nearest, setting->name);
    if (nearest.found)
        blame(loader, item, "there is no setting %s.%s; did you mean \"%s\"?", group->name, name, nearest.found);
    else
        blame(loader, item, "there is no setting %s.%s; 'rundbrief config explain %s' lists what there is", group->name,
              name, group->name);
}

static void read_group(Loader *loader, const SettingGroup *group, const config_setting_t *item, void *fields)
{
    if (!config_setting_is_group(item)) {
        blame(loader, item, "%s%s must be a group { ... }; here stands %s", group->size ? "each of " : "", group->name,
              what_stands_there(item));
        return;
    }
    keep_place(loader->places.groups, fields, place_of(loader, item));
    for (int i = 0; i < config_setting_length(item); i++) {
        const config_setting_t *member = config_setting_get_elem((config_setting_t *)item, (unsigned)i);
        const Setting *setting = setting_find(group, config_setting_name(member));
        if (setting)
            read_setting(loader, group, setting, member, fields);
        else
            blame_unknown_setting(loader, group, member);
    }
    for (const Setting *setting = group->settings; setting->name && loader->complete; setting++)
        if (setting->required && !g_hash_table_contains(loader->places.fields, SETTING_FIELD(void, fields, setting))) {
            g_autofree char *allowed = setting_allowed(setting);
            blame(loader, item, "%s.%s is missing: %s", group->name, setting->name, allowed);
        }
}

static void read_list(Loader *loader, const SettingGroup *group, const config_setting_t *item, GPtrArray *elements)
{
    if (!config_setting_is_list(item)) {
        blame(loader, item, "%s must be a list ( { ... }, { ... } ); here stands %s", group->name,
              what_stands_there(item));
        return;
    }
    for (int i = 0; i < config_setting_length(item); i++) {
        void *fields = g_malloc0(group->size);
        set_defaults(group, fields);
        g_ptr_array_add(elements, fields);
        read_group(loader, group, config_setting_get_elem((config_setting_t *)item, (unsigned)i), fields);
    }
    if (group->required && elements->len == 0 && loader->complete)
        blame(loader, item, "%s is empty; at least one is needed", group->name);
}

static void blame_unknown_group(Loader *loader, const config_setting_t *item)
{
    const char *name = config_setting_name(item);
    if (*name == '*')
        return;
    Nearest nearest = nearest_to(name);
    for (const SettingGroup *group = setting_groups; group->name; group++)
        nearest_offer(&nearest, group->name);
    if (nearest.found)
        blame(loader, item, "there is no group %s; did you mean \"%s\"?", name, nearest.found);
    else
        blame(loader, item, "there is no group %s; 'rundbrief config explain' lists what there is", name);
}

static bool group_has_required(const SettingGroup *group)
{
    for (const Setting *setting = group->settings; setting->name; setting++)
        if (setting->required)
            return group->size == 0;
    return false;
}

static void read_file(Loader *loader, config_t *config)
{
    const config_setting_t *root = config_root_setting(config);
    for (int i = 0; i < config_setting_length(root); i++) {
        const config_setting_t *item = config_setting_get_elem((config_setting_t *)root, (unsigned)i);
        if (!setting_group_find(config_setting_name(item)))
            blame_unknown_group(loader, item);
    }
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        const config_setting_t *item = config_setting_get_member(root, group->name);
        void *place = SETTING_FIELD(void, loader->settings, group);
        if (item && has_no_value(item))
            continue;
        if (item && group->size)
            read_list(loader, group, item, *(GPtrArray **)place);
        else if (item)
            read_group(loader, group, item, place);
        else if (loader->complete && (group->required || group_has_required(group)))
            problems_add(loader->problems, loader->places.file, 0,
                         "the %s %s is missing; 'rundbrief config explain %s' says what it holds",
                         group->size ? "list" : "group", group->name, group->name);
    }
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static Settings *settings_new(void)
{
    Settings *settings = g_new0(Settings, 1);
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        if (group->size)
            *SETTING_FIELD(GPtrArray *, settings, group) = g_ptr_array_new();
        else
            set_defaults(group, SETTING_FIELD(void, settings, group));
    }
    return settings;
}

/* A missing From name is the site's. */
static void complete(Settings *settings)
{
    if (!*settings->site.from_name) {
        g_free(settings->site.from_name);
        settings->site.from_name = g_strdup(settings->site.name);
    }
}

static void read_text_of_file(Loader *loader, const char *text)
{
    g_autofree char *scanned = config_scan(text, loader->places.file, &loader->complete, loader->problems);
    guint found = problems_count(loader->problems);
    g_autofree char *dir = g_path_get_dirname(loader->places.file);
    g_auto(config_t) config;
    config_init(&config);
    config_set_include_dir(&config, dir);
    if (!config_read_string(&config, scanned)) {
        loader->complete = false;
        const char *what = config_error_text(&config);
        if (found == 0 || !g_str_has_prefix(what, "duplicate"))
            problems_add(loader->problems, file_name(loader, config_error_file(&config)),
                         (unsigned)config_error_line(&config), "%s; nothing behind it was read", what);
    }
    read_file(loader, &config);
}

Settings *settings_parse(const char *text, const char *file, Problems *problems)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        problems_add(problems, file, 0, "the file is not valid UTF-8");
        return NULL;
    }
    guint before = problems_count(problems);
    g_autoptr(GHashTable) fields = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autoptr(GHashTable) groups = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    g_autoptr(Settings) settings = settings_new();
    Loader loader = {.settings = settings, .places = {file, fields, groups}, .problems = problems};
    read_text_of_file(&loader, text);
    settings_check_together(settings, &loader.places, problems);
    if (problems_count(problems) > before)
        return NULL;
    complete(settings);
    return g_steal_pointer(&settings);
}

Settings *settings_load(const char *path, Problems *problems)
{
    g_autoptr(GError) error = NULL;
    gsize length = 0;
    g_autofree char *text = file_read_plain(path, LIMIT_CONFIG_BYTES, &length, &error);
    if (!text) {
        problems_add(problems, path, 0, "cannot be read: %s", error->message);
        return NULL;
    }
    if (strlen(text) != length) {
        problems_add(problems, path, 0, "the file holds a NUL byte");
        return NULL;
    }
    return settings_parse(text, path, problems);
}
