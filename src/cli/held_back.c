/* Reads what the sender wrote down; the quiet hours are in the settings. */
#include "cli/held_back.h"

/* rundbrief */
#include "announcements/quiet.h"
#include "cli/output.h"
#include "store/provider_store.h"
#include "store/role_store.h"

static void held_back_free(gpointer data)
{
    HeldBack *held = data;
    g_free(held->subject);
    g_free(held->text);
    g_free(held);
}

/* Takes over both strings. */
static void add(GPtrArray *all, char *subject, int64_t until, char *text)
{
    HeldBack *held = g_new(HeldBack, 1);
    *held = (HeldBack){subject, until, text};
    g_ptr_array_add(all, held);
}

static void add_quiet_hours(GPtrArray *all, const Settings *settings, int64_t now)
{
    int64_t until = quiet_until(&settings->quiet_hours, settings->site.zone, now);
    g_autofree char *at = output_time(settings->site.zone, until);
    if (until != 0)
        add(all, g_strdup("quiet hours"), until,
            g_strdup_printf("announcements that are not urgent wait until %s", at));
}

static void add_provider(GPtrArray *all, const char *zone, const ProviderPace *pace)
{
    g_autofree char *since = output_time(zone, pace->since), *until = output_time(zone, pace->until);
    add(all, g_strdup_printf("provider %s", pace->provider), pace->until,
        g_strdup_printf("slowed to %" G_GINT64_FORMAT " a minute since %s because it said \"%s\"; faster from %s on, "
                        "unless it says so again",
                        pace->per_minute, since, pace->because, until));
}

static void add_relay(GPtrArray *all, const char *zone, const Trouble *trouble, int64_t now)
{
    g_autofree char *until = output_time(zone, trouble->until);
    if (trouble->until > now)
        add(all, g_strdup(trouble->subject), trouble->until,
            g_strdup_printf("left alone until %s, then tried with one connection", until));
}

GPtrArray *held_back(const Settings *settings, Db *db, const GPtrArray *troubles, int64_t now, GError **error)
{
    g_autoptr(GPtrArray) paces = provider_paces(db, error);
    if (!paces)
        return NULL;
    GPtrArray *all = g_ptr_array_new_with_free_func(held_back_free);
    add_quiet_hours(all, settings, now);
    for (guint i = 0; i < paces->len; i++)
        add_provider(all, settings->site.zone, paces->pdata[i]);
    for (guint i = 0; i < troubles->len; i++)
        add_relay(all, settings->site.zone, troubles->pdata[i], now);
    return all;
}
