/* Frees settings by their table: whatever has a row is freed. */
#include "config/settings.h"

/* rundbrief */
#include "config/settings_table.h"

static void free_texts(const SettingGroup *group, void *fields)
{
    for (const Setting *setting = group->settings; setting->name; setting++)
        if (setting_is_text(setting))
            g_free(*SETTING_FIELD(char *, fields, setting));
}

static void free_elements(const SettingGroup *group, GPtrArray *elements)
{
    for (guint i = 0; i < elements->len; i++) {
        free_texts(group, elements->pdata[i]);
        g_free(elements->pdata[i]);
    }
    g_ptr_array_unref(elements);
}

RelaySettings *relay_settings_copy(const RelaySettings *relay)
{
    RelaySettings *copy = g_memdup2(relay, sizeof *relay);
    for (const Setting *setting = setting_group_find("relays")->settings; setting->name; setting++)
        if (setting_is_text(setting))
            *SETTING_FIELD(char *, copy, setting) = g_strdup(*SETTING_FIELD(char *, copy, setting));
    return copy;
}

void relay_settings_free(RelaySettings *relay)
{
    free_texts(setting_group_find("relays"), relay);
    g_free(relay);
}

void settings_free(Settings *settings)
{
    if (!settings)
        return;
    for (const SettingGroup *group = setting_groups; group->name; group++) {
        if (group->size)
            free_elements(group, *SETTING_FIELD(GPtrArray *, settings, group));
        else
            free_texts(group, SETTING_FIELD(void, settings, group));
    }
    g_free(settings);
}
