/* Lines to relays: made with the password, key or token of the moment, given mails, and left when they are worn out. */
#include "outbound/relay_pool_private.h"

/* rundbrief */
#include "base/clock.h"
#include "config/secrets.h"

#define IDLE_US (20 * SECOND_US) /* servers that are short of processes hang up after half a minute */

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
        relay_access_failed(relay, SMTP_AUTH, error, now);
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
        relay_access_failed(relay, SMTP_AUTH, error, now);
        return false;
    }
    who->secret = password;
    make_line(pool, relay, who, 0, now);
    secret_free(password);
    return true;
}

bool line_open(RelayPool *pool, Relay *relay, int64_t now)
{
    g_autoptr(GError) error = NULL;
    const char *key = relay->settings->client_key;
    g_autofree char *client_key = key[0] ? secret_find(key, &error) : NULL;
    LinkIdentity who = {.helo_name = pool->helo_name, .client_key = client_key};
    if (key[0] && !client_key) {
        relay_access_failed(relay, SMTP_TLS, error, now);
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

void line_free(gpointer data)
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

guint line_own_room(const Line *line)
{
    if (line->retired || link_state(line->link) != LINK_OPEN || has_carried_enough(line))
        return 0;
    guint room = smtp_dialogue_room(link_dialogue(line->link));
    return MIN(room, (guint)line->relay->settings->messages_per_connection - line->taken);
}

guint line_room(const Line *line, bool bound)
{
    guint room = MIN(line_own_room(line), line->relay->own);
    return bound ? room : MIN(room, line->relay->room);
}

guint line_look(Line *line, bool bound, int64_t now)
{
    if (line_room(line, bound) > 0)
        link_look(line->link, now);
    return line_room(line, bound);
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

bool line_is_worn_out(const Line *line, int64_t now)
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
bool line_is_finished(const Line *line)
{
    LinkState state = link_state(line->link);
    return state == LINK_ENDED || (state == LINK_CONNECTING && line->retired);
}

void line_notice_open(Line *line)
{
    if (line->stands || link_state(line->link) != LINK_OPEN)
        return;
    line->stands = true;
    if (line->relay->unreachable)
        relay_came_back(line->relay);
}
