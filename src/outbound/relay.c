/* One relay: whether it works, what speaks against it, and what is told of it. One that fails is benched with growing
 * pauses, then tried with one line; the first mail it judges brings it back, or the line itself where none could be
 * made. */
#include "outbound/relay_pool_private.h"

/* rundbrief */
#include "base/clock.h"
#include "base/token.h"
#include "outbound/backoff.h"
#include "outbound/relay_words.h"
#include "store/role_store.h"

#define REFUSED_ENOUGH   3 /* to be told, where another relay takes mails */
#define REFUSED_PAUSE_US SECOND_US

Relay *relay_new(const RelaySettings *settings, LinkHub *hub)
{
    Relay *relay = g_new0(Relay, 1);
    relay->settings = relay_settings_copy(settings);
    relay->share.weight = settings->weight;
    throttle_set(&relay->throttle, settings->rate_per_minute);
    if (settings->auth == AUTH_XOAUTH2)
        relay->tokens = token_source_new(settings->token_command, link_hub_waiter(hub));
    return relay;
}

void relay_free(gpointer data)
{
    Relay *relay = data;
    token_source_free(relay->tokens);
    relay_settings_free(relay->settings);
    g_free(relay->trouble);
    g_free(relay);
}

bool relay_works(const Relay *relay, int64_t now)
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
    if (relay->retired) {
        g_free(sentence);
        return;
    }
    g_free(relay->trouble);
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

/* One that refuses every recipient still speaks with us, and so does a good one to forty dead addresses in a row: it is
 * asked again soon, with another mail on one line. */
static void ask_others(Relay *relay, int64_t now)
{
    blame_failed(&relay->record);
    relay->failures = MAX(relay->failures, 1);
    relay->benched_until = MAX(relay->benched_until, now + REFUSED_PAUSE_US);
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
    Blame blame = blame_judge(&relay->record, &relay->left, (Suspect){.whom = whom}, BLAME_LINES);
    return blame == BLAME_ALL ? relay_failed(relay, attempt, now) : 0;
}

Blame relay_objected(Relay *relay, const Attempt *attempt, Suspect suspect, int64_t now, int64_t *ret_pause_us)
{
    Blame blame = blame_judge(&relay->record, &relay->objected, suspect, BLAME_ENOUGH);
    *ret_pause_us = blame == BLAME_ALL ? relay_failed(relay, attempt, now) : 0;
    if ((blame == BLAME_OPEN || blame == BLAME_PROVIDER) && !relay_is_trusted(relay))
        tell(relay, relay_words_failed(relay->settings, attempt));
    return blame;
}

void relay_came_back(Relay *relay)
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
    relay_came_back(relay);
}

/* Once, unless worse is told already. */
static void tell_put_off(Relay *relay, const Attempt *attempt, bool is_new, bool others_accept)
{
    if (relay->refused.n < BLAME_ENOUGH && (is_new || !relay->trouble))
        tell(relay, relay_words_puts_off(relay->settings, relay->put_off.n, others_accept, attempt));
}

/* Of a few that it refused before it accepted any, others are the better judges. */
static void tell_refused(Relay *relay, const Attempt *attempt)
{
    if (relay->refused.n >= REFUSED_ENOUGH)
        tell(relay, relay_words_refuses(relay->settings, relay->refused.n, attempt));
}

Blame relay_refused(Relay *relay, const Attempt *attempt, Suspect suspect, bool others_accept, int64_t now)
{
    bool for_good = attempt->reply / 100 == 5;
    Streak *streak = for_good ? &relay->refused : &relay->put_off;
    unsigned before = streak->n;
    Blame blame = for_good ? blame_judge_refusal(&relay->record, streak, suspect, others_accept)
                           : streak_judge(streak, suspect, BLAME_ENOUGH);
    bool refuses_all = blame == BLAME_ALL || (blame == BLAME_PROVIDER && !relay_is_trusted(relay));
    if (refuses_all && for_good)
        tell_refused(relay, attempt);
    else if (refuses_all)
        tell_put_off(relay, attempt, before < BLAME_ENOUGH, others_accept);
    else if (relay->refused.n < BLAME_ENOUGH && relay->put_off.n < BLAME_ENOUGH)
        relay_came_back(relay);
    if (blame == BLAME_ALL && others_accept)
        bench(relay, now);
    else if (blame == BLAME_ALL && for_good)
        ask_others(relay, now);
    return blame;
}

void relay_access_failed(Relay *relay, SmtpPhase phase, const GError *error, int64_t now)
{
    Attempt attempt = {.phase = phase, .line_lost = true};
    g_strlcpy(attempt.text, error->message, sizeof attempt.text);
    relay_failed(relay, &attempt, now);
}

bool relay_tell(const Relay *relay, Db *db, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("relay %s", relay->settings->name);
    int64_t pause_us = relay->benched_until - clock_monotonic();
    if (!relay->trouble)
        return trouble_clear(db, subject, error);
    return trouble_set(db, subject, "send", relay->trouble, now, error) &&
           trouble_left_alone(db, subject, pause_us > 0 ? now + pause_us : 0, error);
}
