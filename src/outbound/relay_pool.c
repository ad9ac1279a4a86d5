/* All relays and our lines to them. Owns both; decides nothing about mails. */
#include "outbound/relay_pool_private.h"

/* rundbrief */
#include "base/clock.h"

#define STALL_US SECOND_US /* who takes nothing for so long does not hold the others up */

/* ---- life -------------------------------------------------------------------------------------------------------- */

/* A reload changes nothing about a relay that stays where it is: what it accepted counts on. */
static void remember_record(const RelayPool *pool, Relay *relay)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        const Relay *before = pool->relays->pdata[i];
        if (g_str_equal(before->settings->name, relay->settings->name) &&
            g_str_equal(before->settings->host, relay->settings->host) &&
            before->settings->port == relay->settings->port)
            relay->record = before->record;
    }
}

static void add_relays(RelayPool *pool, const Settings *settings)
{
    g_free(pool->helo_name);
    const char *helo_name = settings->site.helo_name;
    pool->helo_name = g_strdup(helo_name && helo_name[0] ? helo_name : g_get_host_name());
    for (guint i = 0; i < settings->relays->len; i++) {
        Relay *relay = relay_new(settings->relays->pdata[i], pool->hub);
        remember_record(pool, relay);
        g_ptr_array_add(pool->relays, relay);
        g_ptr_array_add(pool->shares, &relay->share);
    }
}

RelayPool *relay_pool_new(const Settings *settings, LinkHub *hub)
{
    RelayPool *pool = g_new0(RelayPool, 1);
    pool->hub = hub;
    pool->relays = g_ptr_array_new_with_free_func(relay_free);
    pool->shares = g_ptr_array_new();
    pool->lines = g_ptr_array_new_with_free_func(line_free);
    add_relays(pool, settings);
    for (guint i = 0; i < pool->relays->len; i++)
        ((Relay *)pool->relays->pdata[i])->has_news = true; /* takes back what an earlier run told */
    return pool;
}

void relay_pool_free(RelayPool *pool)
{
    if (!pool)
        return;
    g_ptr_array_unref(pool->lines);
    g_ptr_array_unref(pool->relays);
    g_ptr_array_unref(pool->shares);
    g_free(pool->helo_name);
    g_free(pool);
}

void relay_pool_retire_all(RelayPool *pool)
{
    for (guint i = 0; i < pool->lines->len; i++)
        line_retire(pool->lines->pdata[i]);
}

void relay_pool_reload(RelayPool *pool, const Settings *settings)
{
    relay_pool_retire_all(pool);
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        relay->retired = true;
        if (relay->trouble)
            relay->has_news = true;
        g_clear_pointer(&relay->trouble, g_free);
    }
    add_relays(pool, settings);
}

void relay_pool_tend(RelayPool *pool, int64_t now)
{
    for (guint i = 0; i < pool->lines->len;) {
        Line *line = pool->lines->pdata[i];
        line_notice_open(line);
        if (line_is_worn_out(line, now))
            line_retire(line);
        if (line_is_finished(line))
            g_ptr_array_remove_index_fast(pool->lines, i);
        else
            i++;
    }
    for (guint i = 0; i < pool->relays->len;) {
        const Relay *relay = pool->relays->pdata[i];
        if (relay->tokens)
            token_source_tend(relay->tokens, now);
        if (relay->retired && relay->lines == 0 && !relay->has_news) {
            g_ptr_array_remove_index(pool->shares, i);
            g_ptr_array_remove_index(pool->relays, i);
        } else {
            i++;
        }
    }
}

guint relay_pool_count(const RelayPool *pool)
{
    return pool->lines->len;
}

Line *relay_pool_line(RelayPool *pool, guint index)
{
    return pool->lines->pdata[index];
}

bool relay_pool_works(const RelayPool *pool, int64_t now)
{
    for (guint i = 0; i < pool->relays->len; i++)
        if (relay_works(pool->relays->pdata[i], now))
            return true;
    return false;
}

bool relay_pool_accepts_elsewhere(const RelayPool *pool, const Relay *relay, int64_t now)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        const Relay *other = pool->relays->pdata[i];
        if (other != relay && relay_works(other, now) && relay_is_trusted(other))
            return true;
    }
    return false;
}

/* ---- sharing the work -------------------------------------------------------------------------------------------- */

static guint room_of_lines(const RelayPool *pool, const Relay *relay)
{
    guint room = 0;
    for (guint i = 0; i < pool->lines->len; i++) {
        const Line *line = pool->lines->pdata[i];
        room += line->relay == relay ? line_own_room(line) : 0;
    }
    return room;
}

void relay_pool_rooms(RelayPool *pool, int64_t now, Rooms *rooms)
{
    Share *const *shares = (Share *const *)pool->shares->pdata;
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        relay->own = throttle_room(&relay->throttle, now, room_of_lines(pool, relay));
        bool stalls = relay->own == 0 && now - relay->share.given_at > STALL_US;
        share_race(&relay->share, relay_works(relay, now) && relay->lines > 0 && !stalls, shares, pool->shares->len);
    }
    rooms_clear(rooms);
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        relay->room = share_allows(&relay->share, relay->own, shares, pool->shares->len);
        rooms_add(rooms, relay->settings->name, relay->own, relay->room);
    }
}

Line *relay_pool_line_to(RelayPool *pool, const char *name, int64_t now)
{
    Line *best = NULL;
    guint most = 0;
    for (guint i = 0; i < pool->lines->len; i++) {
        Line *line = pool->lines->pdata[i];
        guint room = g_str_equal(line->relay->settings->name, name) ? line_look(line, true, now) : 0;
        if (room > most)
            best = line;
        most = MAX(most, room);
    }
    return best;
}

/* Not where its rate holds it back, rather than its lines. */
static bool needs_lines(const RelayPool *pool, const Relay *relay, int64_t now)
{
    guint room = room_of_lines(pool, relay);
    return relay_works(relay, now) && throttle_room(&relay->throttle, now, room + 1) > room;
}

/* One line more for each that works, from one up to the limit. */
static void grow(RelayPool *pool, Relay *relay, int64_t now)
{
    guint connecting = 0, open = 0, limit = relay->failures > 0 ? 1 : (guint)relay->settings->connections;
    if (relay->lines >= limit)
        return;
    for (guint i = 0; i < pool->lines->len; i++) {
        const Line *line = pool->lines->pdata[i];
        connecting += line->relay == relay && link_state(line->link) == LINK_CONNECTING;
        open += line->relay == relay && link_state(line->link) == LINK_OPEN && !line->retired;
    }
    for (guint more = MAX(open, 1); connecting < more && relay->lines < limit; connecting++)
        if (!line_open(pool, relay, now))
            return;
}

void relay_pool_grow(RelayPool *pool, const char *name, int64_t now)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        if ((!name[0] || g_str_equal(name, relay->settings->name)) && needs_lines(pool, relay, now))
            grow(pool, relay, now);
    }
}

void relay_pool_probe(RelayPool *pool, int64_t now)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        if (relay->unreachable && relay->lines == 0 && relay_works(relay, now))
            line_open(pool, relay, now);
    }
}

bool relay_pool_has_news(const RelayPool *pool)
{
    for (guint i = 0; i < pool->relays->len; i++)
        if (((const Relay *)pool->relays->pdata[i])->has_news)
            return true;
    return false;
}

bool relay_pool_tell(RelayPool *pool, Db *db, int64_t now, GError **error)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        const Relay *relay = pool->relays->pdata[i];
        if (relay->has_news && !relay_tell(relay, db, now, error))
            return false;
    }
    return true;
}

void relay_pool_told(RelayPool *pool)
{
    for (guint i = 0; i < pool->relays->len; i++)
        ((Relay *)pool->relays->pdata[i])->has_news = false;
}
