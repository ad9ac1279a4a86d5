/* A few questions are under way at a time, the others wait for their turn. An answer that no server could give is not
 * kept: the domain is asked about again when it next comes up. */
#include "outbound/mx_map.h"

/* rundbrief */
#include "base/clock.h"
#include "model/provider.h"
#include "net/dns.h"
#include "store/provider_store.h"

#define GOOD_FOR_US (7 * DAY_US)
#define UNDER_WAY   16
#define WAITING     4096 /* domains beyond that are asked about another time */

struct MxMap {
    Db *db;
    Waiter *waiter;
    WaitPoint point;
    DnsResolver *resolver; /* NULL: nothing is looked up */
    MxLearned learned;
    void *keeper;
    GHashTable *questions; /* char * -> Question *: under way */
    GQueue waiting;        /* of char *: domains */
    GPtrArray *news;       /* of DomainProvider: to be written down */
    DomainProvider *found; /* the last one that was read */
    int64_t now;
};

typedef struct Question {
    MxMap *map;
    char *domain;
} Question;

static void question_free(gpointer data)
{
    Question *question = data;
    g_free(question->domain);
    g_free(question);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

MxMap *mx_map_new(const Settings *settings, Db *db, Waiter *waiter, MxLearned learned, void *keeper, GError **error)
{
    g_autoptr(MxMap) map = g_new0(MxMap, 1);
    map->db = db;
    map->learned = learned;
    map->keeper = keeper;
    map->questions = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, question_free);
    map->news = g_ptr_array_new_with_free_func((GDestroyNotify)domain_provider_free);
    g_queue_init(&map->waiting);
    if (!waiter || !settings->sending.mx_lookup)
        return g_steal_pointer(&map);
    map->resolver = dns_resolver_new(settings->dns.server, settings->dns.port, error);
    if (!map->resolver)
        return NULL;
    map->waiter = waiter;
    map->point = (WaitPoint){.fd = dns_resolver_fd(map->resolver)};
    waiter_want(waiter, &map->point, WAIT_READ);
    return g_steal_pointer(&map);
}

void mx_map_free(MxMap *map)
{
    if (!map)
        return;
    if (map->waiter)
        waiter_want(map->waiter, &map->point, 0);
    dns_resolver_free(map->resolver);
    g_hash_table_unref(map->questions);
    g_queue_clear_full(&map->waiting, g_free);
    g_ptr_array_unref(map->news);
    domain_provider_free(map->found);
    g_free(map);
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

/* The exchanger that is tried first speaks for them all; one of nobody we know stands for its own group. Without any
 * the domain takes its mail itself, or none. */
static const char *provider_of(const DnsAnswer *answer)
{
    const char *exchanger = answer->records->len > 0 ? answer->records->pdata[0] : "";
    const char *known = provider_of_exchanger(exchanger);
    return known ? known : exchanger;
}

static void take_answer(void *context, DnsAnswer *answer)
{
    const Question *question = context;
    MxMap *map = question->map;
    g_autofree char *provider = g_ascii_strdown(provider_of(answer), -1);
    if (answer->status != DNS_FAILED) {
        g_ptr_array_add(map->news, domain_provider_new(question->domain, provider, map->now));
        map->learned(map->keeper, question->domain, *provider ? provider : question->domain);
    }
    dns_answer_free(answer);
    g_hash_table_remove(map->questions, question->domain);
}

static void ask_next(MxMap *map)
{
    while (g_hash_table_size(map->questions) < UNDER_WAY && !g_queue_is_empty(&map->waiting)) {
        Question *question = g_new(Question, 1);
        *question = (Question){map, g_queue_pop_head(&map->waiting)};
        if (g_hash_table_insert(map->questions, question->domain, question))
            dns_ask(map->resolver, DNS_MX, question->domain, take_answer, question);
    }
}

void mx_map_tend(MxMap *map, int64_t now)
{
    map->now = now;
    if (map->point.ready || g_hash_table_size(map->questions) > 0)
        dns_resolver_tend(map->resolver);
    map->point.ready = 0;
    ask_next(map);
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

static void want(MxMap *map, const char *domain)
{
    if (!g_hash_table_contains(map->questions, domain) && g_queue_get_length(&map->waiting) < WAITING)
        g_queue_push_tail(&map->waiting, g_strdup(domain));
}

/* What cannot be read is asked about. */
static bool find(MxMap *map, const char *domain)
{
    g_clear_pointer(&map->found, domain_provider_free);
    return domain_provider_find(map->db, domain, &map->found, NULL) && map->found;
}

const char *mx_map_provider(MxMap *map, const char *domain, int64_t now)
{
    const char *known = provider_of_domain(domain);
    if (known || !map->resolver)
        return known ? known : domain;
    bool found = find(map, domain);
    if (!found || ABS(now - map->found->looked_at) > GOOD_FOR_US)
        want(map, domain);
    return found && *map->found->provider ? map->found->provider : domain;
}

/* ---- telling ----------------------------------------------------------------------------------------------------- */

bool mx_map_has_news(const MxMap *map)
{
    return map->news->len > 0;
}

bool mx_map_tell(const MxMap *map, Db *db, GError **error)
{
    for (guint i = 0; i < map->news->len; i++)
        if (!domain_provider_set(db, map->news->pdata[i], error))
            return false;
    return true;
}

void mx_map_told(MxMap *map)
{
    g_ptr_array_set_size(map->news, 0);
}
