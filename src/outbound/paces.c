/* Two tables: from the domain of an address to its provider's pace, so that a mail costs one look-up, and the paces by
 * the name of their provider. Both forget who has no limit when there are too many domains. */
#include "outbound/paces.h"

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "model/provider.h"
#include "outbound/blame.h"
#include "outbound/mx_map.h"
#include "outbound/pace.h"
#include "store/provider_store.h"

#define DOMAINS 4096

typedef struct Entry {
    uint32_t number;      /* of the provider */
    const char *provider; /* the key of by_provider */
    Streak refused;       /* its mails, by the provider */
    Pace pace;
    int64_t since;     /* slowed, that is */
    char because[200]; /* the words that slowed it */
    bool is_news;
} Entry;

struct Paces {
    Db *db;
    Waiter *waiter;
    MxMap *map;
    GHashTable *by_domain;   /* char * -> Entry *, of by_provider */
    GHashTable *by_provider; /* char * -> Entry * */
    guint slowed, news;      /* so many entries are that */
    guint refusing;          /* so many refused a mail last */
    int64_t tended_at, forgot_at;
};

/* ---- finding ----------------------------------------------------------------------------------------------------- */

static Entry *entry_of_provider(Paces *paces, const char *provider)
{
    Entry *entry = g_hash_table_lookup(paces->by_provider, provider);
    if (!entry) {
        entry = g_new0(Entry, 1);
        char *name = g_strdup(provider);
        entry->number = MAX(1, g_str_hash(provider));
        entry->provider = name;
        g_hash_table_insert(paces->by_provider, name, entry);
    }
    return entry;
}

static gboolean has_no_limit(gpointer provider, gpointer data, gpointer nothing)
{
    (void)provider;
    (void)nothing;
    const Entry *entry = data;
    return pace_per_minute(&entry->pace) == 0 && !entry->is_news && entry->refused.n == 0;
}

static void forget_domains(Paces *paces)
{
    g_hash_table_remove_all(paces->by_domain);
    g_hash_table_foreach_remove(paces->by_provider, has_no_limit, NULL);
}

/* A domain that belongs to no provider we know is its own. */
static Entry *entry_of(Paces *paces, const char *address, int64_t now)
{
    char domain[LIMIT_ADDRESS_BYTES + 1];
    const char *at = strrchr(address, '@');
    g_strlcpy(domain, at ? at + 1 : address, sizeof domain);
    for (char *p = domain; *p; p++)
        *p = g_ascii_tolower(*p);
    Entry *entry = g_hash_table_lookup(paces->by_domain, domain);
    if (entry)
        return entry;
    if (g_hash_table_size(paces->by_domain) >= DOMAINS)
        forget_domains(paces);
    entry = entry_of_provider(paces, mx_map_provider(paces->map, domain, now));
    g_hash_table_insert(paces->by_domain, g_strdup(domain), entry);
    return entry;
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

static bool load(Paces *paces, Db *db, GError **error)
{
    g_autoptr(GPtrArray) known = provider_paces(db, error);
    for (guint i = 0; known && i < known->len; i++) {
        const ProviderPace *row = known->pdata[i];
        Entry *entry = entry_of_provider(paces, row->provider);
        entry->pace.learned = row->per_minute;
        entry->pace.faster_at = row->until;
        entry->since = row->since;
        g_strlcpy(entry->because, row->because, sizeof entry->because);
        paces->slowed++;
    }
    return known != NULL;
}

Paces *paces_new(const Settings *settings, Db *db, Waiter *waiter, GError **error)
{
    g_autoptr(Paces) paces = g_new0(Paces, 1);
    paces->db = db;
    paces->waiter = waiter;
    paces->by_domain = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    paces->by_provider = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!load(paces, db, error) || !paces_reload(paces, settings, error))
        return NULL;
    return g_steal_pointer(&paces);
}

void paces_free(Paces *paces)
{
    if (!paces)
        return;
    mx_map_free(paces->map);
    g_hash_table_unref(paces->by_domain);
    g_hash_table_unref(paces->by_provider);
    g_free(paces);
}

static void learn(void *keeper, const char *domain, const char *provider)
{
    Paces *paces = keeper;
    g_hash_table_replace(paces->by_domain, g_strdup(domain), entry_of_provider(paces, provider));
}

static void fix_rates(Paces *paces, const Settings *settings)
{
    GHashTableIter iter;
    gpointer entry;
    g_hash_table_iter_init(&iter, paces->by_provider);
    while (g_hash_table_iter_next(&iter, NULL, &entry))
        ((Entry *)entry)->pace.fixed = 0;
    for (guint i = 0; i < settings->providers->len; i++) {
        const ProviderSettings *provider = settings->providers->pdata[i];
        g_autofree char *name = g_ascii_strdown(provider->name, -1);
        const char *known = provider_of_domain(name);
        entry_of_provider(paces, known ? known : name)->pace.fixed = provider->rate_per_minute;
    }
}

bool paces_reload(Paces *paces, const Settings *settings, GError **error)
{
    MxMap *map = mx_map_new(settings, paces->db, paces->waiter, learn, paces, error);
    if (!map)
        return false;
    mx_map_free(paces->map);
    paces->map = map;
    forget_domains(paces);
    fix_rates(paces, settings);
    return true;
}

/* ---- the pace ---------------------------------------------------------------------------------------------------- */

int64_t paces_ask(Paces *paces, const char *address, bool has_waited, int64_t now)
{
    return pace_ask(&entry_of(paces, address, now)->pace, has_waited, now);
}

uint32_t paces_provider(Paces *paces, const char *address, int64_t now)
{
    return entry_of(paces, address, now)->number;
}

const char *paces_refused(Paces *paces, const char *address, int64_t whom, int64_t now)
{
    Entry *entry = entry_of(paces, address, now);
    paces->refusing += entry->refused.n == 0;
    return streak_add(&entry->refused, whom, BLAME_ENOUGH) ? entry->provider : NULL;
}

const char *paces_accepted(Paces *paces, const char *address, int64_t now)
{
    Entry *entry = paces->refusing > 0 ? entry_of(paces, address, now) : NULL;
    if (!entry || entry->refused.n == 0)
        return NULL;
    bool was_told = entry->refused.n >= BLAME_ENOUGH;
    paces->refusing--;
    entry->refused.n = 0;
    return was_told ? entry->provider : NULL;
}

static void note_news(Paces *paces, Entry *entry, bool was_slowed)
{
    paces->news += !entry->is_news;
    entry->is_news = true;
    paces->slowed += (entry->pace.learned > 0) - was_slowed;
}

void paces_complain(Paces *paces, const char *address, int64_t whom, const char *words, int64_t now)
{
    Entry *entry = entry_of(paces, address, now);
    bool was_slowed = entry->pace.learned > 0;
    if (!pace_complain(&entry->pace, whom, now))
        return;
    if (!was_slowed)
        entry->since = now;
    g_autofree char *valid = g_utf8_make_valid(words, MIN(strlen(words), sizeof entry->because - 4));
    g_strlcpy(entry->because, valid, sizeof entry->because);
    note_news(paces, entry, was_slowed);
}

/* What a domain's MX said is looked at anew each day, and asked anew when it is old. */
static void tend_map(Paces *paces, int64_t now)
{
    mx_map_tend(paces->map, now);
    if (ABS(now - paces->forgot_at) < DAY_US)
        return;
    paces->forgot_at = now;
    forget_domains(paces);
}

void paces_tend(Paces *paces, int64_t now)
{
    GHashTableIter iter;
    gpointer data;
    tend_map(paces, now);
    if (paces->slowed == 0 || ABS(now - paces->tended_at) < SECOND_US)
        return;
    paces->tended_at = now;
    g_hash_table_iter_init(&iter, paces->by_provider);
    while (g_hash_table_iter_next(&iter, NULL, &data)) {
        Entry *entry = data;
        if (pace_speed_up(&entry->pace, now))
            note_news(paces, entry, true);
    }
}

guint paces_slowed(const Paces *paces)
{
    return paces->slowed;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

bool paces_have_news(const Paces *paces)
{
    return paces->news > 0 || mx_map_has_news(paces->map);
}

bool paces_tell(const Paces *paces, Db *db, GError **error)
{
    GHashTableIter iter;
    gpointer provider, data;
    if (!mx_map_tell(paces->map, db, error))
        return false;
    if (paces->news == 0)
        return true;
    g_hash_table_iter_init(&iter, paces->by_provider);
    while (g_hash_table_iter_next(&iter, &provider, &data)) {
        Entry *entry = data;
        const ProviderPace row = {.provider = provider,
                                  .per_minute = entry->pace.learned,
                                  .until = entry->pace.faster_at,
                                  .since = entry->since,
                                  .because = entry->because};
        if (entry->is_news &&
            !(row.per_minute > 0 ? provider_pace_set(db, &row, error) : provider_pace_forget(db, provider, error)))
            return false;
    }
    return true;
}

void paces_told(Paces *paces)
{
    GHashTableIter iter;
    gpointer data;
    mx_map_told(paces->map);
    if (paces->news == 0)
        return;
    g_hash_table_iter_init(&iter, paces->by_provider);
    while (g_hash_table_iter_next(&iter, NULL, &data))
        ((Entry *)data)->is_news = false;
    paces->news = 0;
}
