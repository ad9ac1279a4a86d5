/* Decides and carries out what a report means. Touches suppression, soft bounce days and delivery events; never a
 * subscription, a consent record or the state of a delivery. */
#include "subscribers/bounce_policy.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/clock.h"
#include "store/audit_store.h"
#include "store/delivery_store.h"
#include "store/inbox_store.h"
#include "store/subscriber_store.h"
#include "store/suppression_store.h"

/* One person a report is about. */
typedef struct Target {
    int64_t subscriber_id;
    bool has_delivery;
    DeliveryKey delivery;
} Target;

typedef struct Case {
    Db *db;
    const BounceSettings *settings;
    const Finding *finding;
    int64_t inbox_id;
    int64_t now;
    BounceOutcome *outcome;
} Case;

void bounce_outcome_init(BounceOutcome *outcome)
{
    *outcome = (BounceOutcome){.consequence = g_string_new(NULL)};
}

void bounce_outcome_clear(BounceOutcome *outcome)
{
    if (outcome->consequence)
        g_string_free(outcome->consequence, TRUE);
    outcome->consequence = NULL;
}

BounceDecision bounce_policy_decide(const Finding *finding, bool was_mailed)
{
    if (!finding->has_token && !was_mailed)
        return BOUNCE_NOTED;
    switch (finding->class) {
    case FINDING_BOUNCE_HARD:
        return finding->is_mixed ? BOUNCE_NOTED_DAY : BOUNCE_SUPPRESSES;
    case FINDING_BOUNCE_SOFT:
        return BOUNCE_NOTED_DAY;
    default:
        return BOUNCE_NOTED;
    }
}

static void say(Case *c, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void say(Case *c, const char *format, ...)
{
    if (c->outcome->consequence->len > 0)
        g_string_append(c->outcome->consequence, "; ");
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(c->outcome->consequence, format, arguments);
    va_end(arguments);
}

static char *evidence_text(const Case *c)
{
    return g_strdup_printf("%s in report of inbox message %" G_GINT64_FORMAT "%s",
                           *c->finding->status ? c->finding->status : "no code", c->inbox_id,
                           c->finding->has_token ? "" : " (unsigned: matched by address and a recent delivery)");
}

/* ---- what is done ---- */

static bool suppress(Case *c, const Subscriber *subscriber, SuppressionReason reason, GError **error)
{
    g_autofree char *evidence = evidence_text(c);
    g_autofree char *subject = g_strdup_printf("subscriber %" G_GINT64_FORMAT, subscriber->id);
    bool added = false;
    if (!suppression_add(c->db, subscriber->address_hash, reason, evidence, c->now, &added, error))
        return false;
    say(c, added ? "suppressed (%s)" : "was suppressed already (now: %s)", suppression_reason_word(reason));
    return !added || audit_add(c->db, "inbox", "subscriber.suppress", subject, evidence, c->now, error);
}

static bool count_day(Case *c, const Subscriber *subscriber, GError **error)
{
    int64_t today = c->now / DAY_US, days = 0;
    if (!soft_bounce_add(c->db, subscriber->address_hash, today, today - c->settings->soft_window_days + 1, &days,
                         error))
        return false;
    say(c, "soft bounces on %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " days", days, c->settings->soft_days);
    return days < c->settings->soft_days || suppress(c, subscriber, SUPPRESSION_SOFT_BOUNCES, error);
}

/* A success is no event: the delivery says "sent" already. */
static bool add_event(Case *c, const Target *target, GError **error)
{
    const Finding *finding = c->finding;
    if (!target->has_delivery || (finding->class == FINDING_BOUNCE_OTHER && finding->status[0] != '4'))
        return true;
    g_autofree char *detail = g_strdup_printf("%s in inbox message %" G_GINT64_FORMAT,
                                              finding_class_word(finding->class), c->inbox_id);
    Attempt attempt = {.phase = SMTP_DOT};
    g_strlcpy(attempt.enhanced, finding->status, sizeof attempt.enhanced);
    g_strlcpy(attempt.text, finding->diagnostic, sizeof attempt.text);
    DeliveryNote note = {
        .kind = finding->class == FINDING_BOUNCE_OTHER ? DELIVERY_EVENT_DELAYED : DELIVERY_EVENT_BOUNCED,
        .relay = "",
        .attempt = &attempt,
        .detail = detail,
    };
    return delivery_add_event(c->db, target->delivery, &note, c->now, error);
}

static bool apply_to(Case *c, const Target *target, GError **error)
{
    c->outcome->subscriber_id = target->subscriber_id;
    c->outcome->announcement_id = target->has_delivery ? target->delivery.announcement_id : 0;
    if (!add_event(c, target, error))
        return false;
    g_autoptr(GError) trouble = NULL;
    g_autoptr(Subscriber) subscriber = subscriber_load(c->db, target->subscriber_id, &trouble);
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (!subscriber) {
        say(c, "noted; this person's record is gone");
        return true;
    }
    switch (bounce_policy_decide(c->finding, target->has_delivery)) {
    case BOUNCE_SUPPRESSES:
        return suppress(c, subscriber, SUPPRESSION_HARD_BOUNCE, error);
    case BOUNCE_NOTED_DAY:
        return count_day(c, subscriber, error);
    case BOUNCE_NOTED:
        say(c, c->finding->class == FINDING_BOUNCE_OTHER ? "noted; not a failure"
                                                         : "noted; not mailed lately, so not believed");
        return true;
    }
    return true;
}

/* ---- whom it is about ---- */

static bool delivery_exists(Case *c, Target *target, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    DeliveryState state;
    int64_t at;
    target->has_delivery = delivery_state(c->db, target->delivery, &state, &at, &trouble);
    if (!trouble)
        return true;
    g_propagate_error(error, g_steal_pointer(&trouble));
    return false;
}

static bool target_by_token(Case *c, Target *ret, GError **error)
{
    const Token *token = &c->finding->token;
    switch (token->purpose) {
    case TOKEN_DELIVERY:
        *ret = (Target){.subscriber_id = token->second, .delivery = {token->first, token->second}};
        return delivery_exists(c, ret, error);
    case TOKEN_OUTBOX:
        return inbox_outbox_subscriber(c->db, token->first, &ret->subscriber_id, error);
    case TOKEN_LEAVE: /* in the List-Unsubscribe of the mail that was returned */
    case TOKEN_CONFIRM:
        ret->subscriber_id = token->second;
        return delivery_latest(c->db, token->second, 0, &ret->delivery, &ret->has_delivery, error);
    }
    return true;
}

static bool apply_by_token(Case *c, GError **error)
{
    Target target = {0};
    if (!target_by_token(c, &target, error))
        return false;
    if (target.subscriber_id != 0)
        return apply_to(c, &target, error);
    say(c, "noted; about a single mail to nobody on a list");
    return true;
}

static bool apply_by_address(Case *c, const char *key, GError **error)
{
    g_autoptr(GError) trouble = NULL;
    g_autoptr(Subscriber) subscriber = subscriber_by_key(c->db, key, &trouble);
    if (trouble) {
        g_propagate_error(error, g_steal_pointer(&trouble));
        return false;
    }
    if (!subscriber) {
        say(c, "noted; names nobody that we know");
        return true;
    }
    Target target = {.subscriber_id = subscriber->id};
    int64_t since = c->now - c->settings->unsigned_days * DAY_US;
    return delivery_latest(c->db, subscriber->id, since, &target.delivery, &target.has_delivery, error) &&
           apply_to(c, &target, error);
}

bool bounce_policy_apply(Db *db, const BounceSettings *settings, const Finding *finding, int64_t inbox_id, int64_t now,
                         BounceOutcome *ret, GError **error)
{
    Case c = {db, settings, finding, inbox_id, now, ret};
    if (finding->has_token)
        return apply_by_token(&c, error);
    for (guint i = 0; i < finding->recipients->len; i++)
        if (!apply_by_address(&c, g_ptr_array_index(finding->recipients, i), error))
            return false;
    if (finding->recipients->len == 0)
        say(&c, "noted; names no recipient");
    return true;
}
