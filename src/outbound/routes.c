/* The few lists that name a relay, read anew with each look: what staff change holds at once. */
#include "outbound/routes.h"

/* rundbrief */
#include "config/settings.h"
#include "store/list_store.h"

struct Routes {
    GPtrArray *lists; /* of ListRelay: those that name a relay */
    GArray *all;      /* of Route */
};

static void add_route(Routes *routes, const char *relay)
{
    const Route route = {.relay = g_intern_string(relay)};
    for (guint i = 0; i < routes->all->len; i++)
        if (routes_at(routes, i)->relay == route.relay)
            return;
    g_array_append_val(routes->all, route);
}

Routes *routes_new(void)
{
    Routes *routes = g_new0(Routes, 1);
    routes->lists = g_ptr_array_new();
    routes->all = g_array_new(FALSE, FALSE, sizeof(Route));
    add_route(routes, "");
    return routes;
}

void routes_free(Routes *routes)
{
    if (!routes)
        return;
    g_ptr_array_unref(routes->lists);
    g_array_unref(routes->all);
    g_free(routes);
}

bool routes_refresh(Routes *routes, Db *db, GError **error)
{
    GPtrArray *lists = list_relays(db, error);
    if (!lists)
        return false;
    g_ptr_array_unref(routes->lists);
    routes->lists = lists;
    g_array_set_size(routes->all, 1);
    for (guint i = 0; i < lists->len; i++)
        add_route(routes, ((const ListRelay *)lists->pdata[i])->relay);
    return true;
}

guint routes_count(const Routes *routes)
{
    return routes->all->len;
}

Route *routes_at(const Routes *routes, guint index)
{
    return &g_array_index(routes->all, Route, index);
}

const char *routes_relay(const Routes *routes, int64_t list_id)
{
    for (guint i = 0; i < routes->lists->len; i++) {
        const ListRelay *list = routes->lists->pdata[i];
        if (list->list_id == list_id)
            return g_intern_string(list->relay);
    }
    return routes_at(routes, 0)->relay;
}

static bool is_known(const char *name, const GPtrArray *relays)
{
    for (guint i = 0; i < relays->len; i++)
        if (g_str_equal(((const RelaySettings *)relays->pdata[i])->name, name))
            return true;
    return false;
}

static char *complaint(const Routes *routes, const GPtrArray *relays)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < routes->lists->len; i++) {
        const ListRelay *list = routes->lists->pdata[i];
        if (!is_known(list->relay, relays))
            g_string_append_printf(text,
                                   "%sThe mails of the list %s wait, for they go by the relay %s alone, and the "
                                   "settings have no such relay. Add it to relays, or say 'rundbrief list change %s "
                                   "--relay NAME' ('' for any relay)",
                                   text->len > 0 ? ". " : "", list->slug, list->relay, list->slug);
    }
    return g_string_free(text, text->len == 0);
}

void routes_check(const Routes *routes, const GPtrArray *relays, Mistakes *mistakes)
{
    g_autofree char *sentence = routes->lists->len > 0 ? complaint(routes, relays) : NULL;
    if (sentence)
        mistakes_note(mistakes, MISTAKE_ROUTES, sentence);
    else
        mistakes_over(mistakes, MISTAKE_ROUTES);
}

bool routes_may_take(const Routes *routes, const Rooms *rooms)
{
    for (guint i = 0; i < routes->all->len; i++)
        if (routes_at(routes, i)->has_work && rooms_for(rooms, routes_at(routes, i)->relay) > 0)
            return true;
    return false;
}
