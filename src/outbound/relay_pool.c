/* Lines and relays. Owns both; decides nothing about mails. A relay that fails is benched with growing pauses, then
 * tried with one line; the first mail it judges brings it back, or the line itself where none could be made. */
#include "outbound/relay_pool.h"

/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/clock.h"
#include "base/token.h"
#include "config/secrets.h"
#include "config/token_source.h"
#include "outbound/backoff.h"
#include "outbound/relay_words.h"
#include "outbound/share.h"
#include "outbound/throttle.h"
#include "store/role_store.h"

#define IDLE_US  (20 * SECOND_US) /* servers that are short of processes hang up after half a minute */
#define STALL_US SECOND_US        /* who takes nothing for so long does not hold the others up */

struct Relay {
    RelaySettings *settings; /* our own copy */
    TokenSource *tokens;     /* NULL: it wants none */
    bool retired;            /* no longer in the settings */
    Share share;
    Throttle throttle;
    guint own;  /* what its lines may be given, as of relay_pool_rooms(); */
    guint room; /* that of what may go by any relay */
    guint lines;
    int failures;
    BlameRecord record;
    Streak left;           /* their lines broke, or it said 421 to something of theirs */
    Streak objected;       /* it refused us at them, not them */
    Streak refused;        /* 5yz */
    Streak put_off;        /* 4yz */
    int64_t benched_until; /* monotonic */
    char *trouble;         /* NULL: none */
    bool unreachable;      /* that is all its trouble: no line could be made */
    bool has_news;
};

struct RelayPool {
    LinkHub *hub;
    char *helo_name;
    GPtrArray *relays; /* of Relay */
    GPtrArray *shares; /* theirs, in the same order */
    GPtrArray *lines;  /* of Line */
};

/* ---- relays ------------------------------------------------------------------------------------------------------ */

static Relay *relay_new(const RelaySettings *settings, LinkHub *hub)
{
    Relay *relay = g_new0(Relay, 1);
    relay->settings = relay_settings_copy(settings);
    relay->share.weight = settings->weight;
    throttle_set(&relay->throttle, settings->rate_per_minute);
    if (settings->auth == AUTH_XOAUTH2)
        relay->tokens = token_source_new(settings->token_command, link_hub_waiter(hub));
    return relay;
}

static void relay_free(gpointer data)
{
    Relay *relay = data;
    token_source_free(relay->tokens);
    relay_settings_free(relay->settings);
    g_free(relay->trouble);
    g_free(relay);
}

static bool works(const Relay *relay, int64_t now)
{
    return !relay->retired && relay->benched_until <= now;
}

const char *relay_name(const Relay *relay)
{
    return relay->settings->name;
}

/* ---- what speaks against it -------------------------------------------------------------------------------------- */

/* Takes over the sentence. What the last lines of a retired one meet with is told by nobody: another relay may bear its
 * name now, and knows nothing of it. */
static void tell(Relay *relay, char *sentence)
{
    g_autofree char *old = relay->retired ? sentence : relay->trouble;
    if (relay->retired)
        return;
    relay->trouble = sentence;
    relay->unreachable = false;
    relay->has_news = true;
}

static int64_t bench(Relay *relay, int64_t now)
{
    blame_failed(&relay->record);
    if (relay->benched_until <= now) {
        uint32_t dice;
        token_random(&dice, sizeof dice);
        relay->benched_until = now + backoff_relay_pause_us(++relay->failures, dice);
    }
    return relay->benched_until - now;
}

int64_t relay_failed(Relay *relay, const Attempt *attempt, int64_t now)
{
    tell(relay, relay_words_failed(relay->settings, attempt));
    relay->unreachable = attempt->phase <= SMTP_AUTH;
    return bench(relay, now);
}

bool relay_is_trusted(const Relay *relay)
{
    return blame_is_trusted(&relay->record);
}

int64_t relay_left(Relay *relay, const Attempt *attempt, int64_t whom, int64_t now)
{
    Blame blame = blame_judge(&relay->record, &relay->left, whom, BLAME_LINES);
    return blame == BLAME_ALL ? relay_failed(relay, attempt, now) : 0;
}

Blame relay_objected(Relay *relay, const Attempt *attempt, int64_t whom, int64_t now, int64_t *ret_pause_us)
{
    Blame blame = blame_judge(&relay->record, &relay->objected, whom, BLAME_ENOUGH);
    *ret_pause_us = blame == BLAME_ALL ? relay_failed(relay, attempt, now) : 0;
    if (blame == BLAME_OPEN && !relay_is_trusted(relay))
        tell(relay, relay_words_failed(relay->settings, attempt));
    return blame;
}

/* It answers: it is back, if it was gone. */
static void came_back(Relay *relay)
{
    relay->left.n = 0;
    relay->failures = 0;
    relay->benched_until = 0;
    if (relay->trouble)
        relay->has_news = true;
    g_clear_pointer(&relay->trouble, g_free);
    relay->unreachable = false;
}

void relay_accepted(Relay *relay)
{
    if (relay->tokens)
        token_source_worked(relay->tokens);
    relay->record.accepted++;
    relay->objected.n = relay->refused.n = relay->put_off.n = 0;
    came_back(relay);
}

bool relay_refused(Relay *relay, const Attempt *attempt, int64_t whom, int64_t now)
{
    bool for_good = attempt->reply / 100 == 5;
    guint before = relay->put_off.n;
    bool enough = streak_add(for_good ? &relay->refused : &relay->put_off, whom, BLAME_ENOUGH);
    if (for_good && enough) {
        tell(relay, relay_words_refuses(relay->settings, BLAME_ENOUGH, attempt));
        bench(relay, now);
    } else if (enough && before < BLAME_ENOUGH && relay->refused.n < BLAME_ENOUGH) {
        tell(relay, relay_words_refuses(relay->settings, BLAME_ENOUGH, attempt));
    } else if (relay->refused.n < BLAME_ENOUGH && relay->put_off.n < BLAME_ENOUGH) {
        came_back(relay);
    }
    return enough;
}

/* ---- lines ------------------------------------------------------------------------------------------------------- */

/* A password or a key that cannot be had is the relay's fault as far as mails are concerned: none of them pays. */
static void blame_access(Relay *relay, SmtpPhase phase, const GError *error, int64_t now)
{
    Attempt attempt = {.phase = phase, .line_lost = true};
    g_strlcpy(attempt.text, error->message, sizeof attempt.text);
    relay_failed(relay, &attempt, now);
}

static void make_line(RelayPool *pool, Relay *relay, const LinkIdentity *who, guint token, int64_t now)
{
    Line *line = g_new0(Line, 1);
    line->relay = relay;
    line->opened_at = now;
    line->token = token;
    line->link = link_open(pool->hub, relay->settings, who, now);
    relay->lines++;
    g_ptr_array_add(pool->lines, line);
}

/* False: there is none yet, or none at all. */
static bool line_open_with_token(RelayPool *pool, Relay *relay, LinkIdentity *who, int64_t now)
{
    AccessToken token;
    g_autoptr(GError) error = NULL;
    TokenState state = token_source_ask(relay->tokens, now, &token, &error);
    if (state == TOKEN_FAILED)
        blame_access(relay, SMTP_AUTH, error, now);
    if (state != TOKEN_READY)
        return false;
    who->secret = token.text;
    make_line(pool, relay, who, token.number, now);
    return true;
}

/* The password is read anew each time: it may have been changed. */
static bool line_open_with_password(RelayPool *pool, Relay *relay, LinkIdentity *who, int64_t now)
{
    g_autoptr(GError) error = NULL;
    bool needs_login = relay->settings->user[0];
    char *password = needs_login ? secret_read(relay->settings->password_file, &error) : NULL;
    if (needs_login && !password) {
        blame_access(relay, SMTP_AUTH, error, now);
        return false;
    }
    who->secret = password;
    make_line(pool, relay, who, 0, now);
    secret_free(password);
    return true;
}

/* False when it could not be tried, or not yet. */
static bool line_open(RelayPool *pool, Relay *relay, int64_t now)
{
    g_autoptr(GError) error = NULL;
    const char *key = relay->settings->client_key;
    g_autofree char *client_key = key[0] ? secret_find(key, &error) : NULL;
    LinkIdentity who = {.helo_name = pool->helo_name, .client_key = client_key};
    if (key[0] && !client_key) {
        blame_access(relay, SMTP_TLS, error, now);
        return false;
    }
    return relay->tokens ? line_open_with_token(pool, relay, &who, now)
                         : line_open_with_password(pool, relay, &who, now);
}

void line_not_made(Line *line, const Attempt *attempt, int64_t now)
{
    Relay *relay = line->relay;
    bool refused = attempt->phase == SMTP_AUTH && attempt->reply != 0;
    if (!refused || !relay->tokens || !token_source_refused(relay->tokens, line->token))
        relay_failed(relay, attempt, now);
}

static void line_free(gpointer data)
{
    Line *line = data;
    link_close(line->link);
    line->relay->lines--;
    g_free(line);
}

static bool has_carried_enough(const Line *line)
{
    return line->taken >= line->relay->settings->messages_per_connection;
}

static guint own_room(const Line *line)
{
    if (line->retired || link_state(line->link) != LINK_OPEN || has_carried_enough(line))
        return 0;
    guint room = smtp_dialogue_room(link_dialogue(line->link));
    return MIN(room, (guint)line->relay->settings->messages_per_connection - line->taken);
}

guint line_room(const Line *line, bool bound)
{
    guint room = MIN(own_room(line), line->relay->own);
    return bound ? room : MIN(room, line->relay->room);
}

guint line_look(Line *line, bool bound, int64_t now)
{
    if (line_room(line, bound) > 0)
        link_look(line->link, now);
    return line_room(line, bound);
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

void line_take(Line *line, bool bound, int64_t now)
{
    Relay *relay = line->relay;
    line->taken++;
    relay->own--;
    throttle_take(&relay->throttle, now);
    if (bound)
        return;
    relay->room--;
    share_give(&relay->share, now);
}

void line_retire(Line *line)
{
    if (link_state(line->link) == LINK_OPEN)
        smtp_dialogue_quit(link_dialogue(line->link));
    line->retired = true;
}

void relay_pool_retire_all(RelayPool *pool)
{
    for (guint i = 0; i < pool->lines->len; i++)
        line_retire(pool->lines->pdata[i]);
}

static bool is_worn_out(const Line *line, int64_t now)
{
    if (link_state(line->link) != LINK_OPEN || line->retired)
        return false;
    if (now - line->opened_at > line->relay->settings->connection_seconds * SECOND_US)
        return true;
    if (!smtp_dialogue_is_idle(link_dialogue(line->link)))
        return false;
    return has_carried_enough(line) || now - link_quiet_since(line->link) > IDLE_US;
}

/* A line that was told to go before it was open goes at once. */
static bool is_finished(const Line *line)
{
    LinkState state = link_state(line->link);
    return state == LINK_ENDED || (state == LINK_CONNECTING && line->retired);
}

/* A line that stands shows that others can be made; once, for later ones may not. */
static void notice_open(Line *line)
{
    if (line->stands || link_state(line->link) != LINK_OPEN)
        return;
    line->stands = true;
    if (line->relay->unreachable)
        came_back(line->relay);
}

void relay_pool_tend(RelayPool *pool, int64_t now)
{
    for (guint i = 0; i < pool->lines->len;) {
        Line *line = pool->lines->pdata[i];
        notice_open(line);
        if (is_worn_out(line, now))
            line_retire(line);
        if (is_finished(line))
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

/* ---- the pool ---------------------------------------------------------------------------------------------------- */

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
        if (works(pool->relays->pdata[i], now))
            return true;
    return false;
}

/* ---- sharing the work -------------------------------------------------------------------------------------------- */

static guint room_of_lines(const RelayPool *pool, const Relay *relay)
{
    guint room = 0;
    for (guint i = 0; i < pool->lines->len; i++) {
        const Line *line = pool->lines->pdata[i];
        room += line->relay == relay ? own_room(line) : 0;
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
        share_race(&relay->share, works(relay, now) && relay->lines > 0 && !stalls, shares, pool->shares->len);
    }
    rooms_clear(rooms);
    for (guint i = 0; i < pool->relays->len; i++) {
        Relay *relay = pool->relays->pdata[i];
        relay->room = share_allows(&relay->share, relay->own, shares, pool->shares->len);
        rooms_add(rooms, relay->settings->name, relay->own, relay->room);
    }
}

/* Not where its rate holds it back, rather than its lines. */
static bool needs_lines(const RelayPool *pool, const Relay *relay, int64_t now)
{
    guint room = room_of_lines(pool, relay);
    return works(relay, now) && throttle_room(&relay->throttle, now, room + 1) > room;
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
        if (relay->unreachable && relay->lines == 0 && works(relay, now))
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

static bool tell_of(const Relay *relay, Db *db, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("relay %s", relay->settings->name);
    int64_t pause_us = relay->benched_until - clock_monotonic();
    if (!relay->trouble)
        return trouble_clear(db, subject, error);
    return trouble_set(db, subject, "send", relay->trouble, now, error) &&
           trouble_left_alone(db, subject, pause_us > 0 ? now + pause_us : 0, error);
}

bool relay_pool_tell(RelayPool *pool, Db *db, int64_t now, GError **error)
{
    for (guint i = 0; i < pool->relays->len; i++) {
        const Relay *relay = pool->relays->pdata[i];
        if (relay->has_news && !tell_of(relay, db, now, error))
            return false;
    }
    return true;
}

void relay_pool_told(RelayPool *pool)
{
    for (guint i = 0; i < pool->relays->len; i++)
        ((Relay *)pool->relays->pdata[i])->has_news = false;
}
