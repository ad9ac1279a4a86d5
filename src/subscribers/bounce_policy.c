/* Decides and carries out what a report, or a refusal, means. Touches suppression, soft bounce days, delivery
 * events, and the state of a delivery only where it was uncertain; never a subscription or a consent record. */
#include "subscribers/bounce_policy.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/clock.h"
#include "model/refusal.h"
#include "store/delivery_store.h"
#include "store/outbox_store.h"
#include "store/subscriber_store.h"
#include "store/suppression_store.h"
#include "subscribers/report_target.h"
#include "subscribers/suppress.h"

#define POINTS_FULL_DAY 10

typedef struct Case {
    Db *db;
    const BounceSettings *settings;
    const Finding *finding;
    int64_t inbox_id;
    int64_t now;
    Consequence *consequence;
} Case;

/* A token in the return path was known to us and the servers on the way. One that the report quotes from the mail may
 * come from anybody to whom that mail was shown. */
static bool is_vouched_for(const Finding *finding)
{
    return finding->has_token && !finding->token_is_quoted;
}

bool bounce_policy_believes(const Finding *finding)
{
    return is_vouched_for(finding) || finding->is_from_nobody;
}

BounceDecision bounce_policy_decide(const Finding *finding, bool was_mailed)
{
    if (!bounce_policy_believes(finding) || (!is_vouched_for(finding) && !was_mailed))
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

/* ---- the score --------------------------------------------------------------------------------------------------- */

int bounce_policy_points(Reason reason)
{
    switch (reason) {
    case REASON_SIZE:
    case REASON_SPAM:
    case REASON_VIRUS:
    case REASON_POLICY:
    case REASON_BLOCKED:
    case REASON_AUTHENTICATION:
    case REASON_SENDER:
    case REASON_RELAYING:
    case REASON_CONTENT:
    case REASON_RATE:
    case REASON_GREYLIST:
    case REASON_DELAYED:
        return 0;
    case REASON_FILTERED:
    case REASON_CONFIRMATION:
        return POINTS_FULL_DAY / 2;
    default:
        return POINTS_FULL_DAY;
    }
}

/* What is left of all days together; divided once, so that nothing is lost to rounding day by day. */
bool bounce_policy_score(Db *db, const BounceSettings *settings, const uint8_t hash[static ADDRESS_HASH_SIZE],
                         int64_t now, int64_t *ret_score, GError **error)
{
    int64_t today = now / DAY_US, sum = 0, window_days = settings->soft_window_days;
    g_autoptr(GArray) days = soft_bounce_days(db, hash, today - window_days + 1, error);
    for (guint i = 0; days && i < days->len; i++) {
        const SoftBounce *bounce = &g_array_index(days, SoftBounce, i);
        sum += bounce->points * (window_days - MAX(today - bounce->day, 0));
    }
    *ret_score = sum / window_days;
    return days != NULL;
}

/* ---- what is said of it ------------------------------------------------------------------------------------------ */

static char *evidence_text(const Case *c)
{
    return g_strdup_printf(
        "%s in report of inbox message %" G_GINT64_FORMAT "%s", *c->finding->status ? c->finding->status : "no code",
        c->inbox_id,
        is_vouched_for(c->finding) ? "" : " (unsigned, null return path: matched by address and a recent delivery)");
}

/* ---- what is done ------------------------------------------------------------------------------------------------ */

typedef struct Ground {
    const char *actor; /* the role that saw it */
    int64_t inbox_id;  /* 0: no mail said so, the relay did */
    const char *evidence;
    int64_t now;
} Ground;

/* ret: may be NULL. */
static bool suppress(Db *db, const Subscriber *subscriber, SuppressionReason reason, const Ground *ground,
                     Consequence *ret, GError **error)
{
    return suppress_person(db, subscriber, reason, ground->evidence, ground->actor, ground->now, ret, error);
}

/* ret: may be NULL. */
static bool count_day(Db *db, const BounceSettings *settings, const Subscriber *subscriber, Reason reason,
                      const Ground *ground, Consequence *ret, GError **error)
{
    const SoftBounce bounce = {ground->now / DAY_US, bounce_policy_points(reason), ground->inbox_id};
    int64_t score, since = bounce.day - settings->soft_window_days + 1;
    if (bounce.points == 0) {
        if (ret)
            consequence_say(ret, "noted; it is about us, not about the address (%s)", reason_word(reason));
        return true;
    }
    if (!soft_bounce_add(db, subscriber->address_hash, &bounce, since, error) ||
        !bounce_policy_score(db, settings, subscriber->address_hash, ground->now, &score, error))
        return false;
    if (ret)
        consequence_say(ret, "score %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT, score, settings->soft_limit);
    return score < settings->soft_limit || suppress(db, subscriber, SUPPRESSION_SOFT_BOUNCES, ground, ret, error);
}

static bool carry_out(Case *c, const Subscriber *subscriber, BounceDecision decision, GError **error)
{
    g_autofree char *evidence = evidence_text(c);
    const Ground ground = {"inbox", c->inbox_id, evidence, c->now};
    switch (decision) {
    case BOUNCE_NOTED:
        consequence_say(c->consequence, c->finding->class == FINDING_BOUNCE_OTHER
                                            ? "noted; not a failure"
                                            : "noted; not mailed lately, so not believed");
        return true;
    case BOUNCE_NOTED_DAY:
        return count_day(c->db, c->settings, subscriber, c->finding->reason, &ground, c->consequence, error);
    case BOUNCE_SUPPRESSES:
        return suppress(c->db, subscriber, SUPPRESSION_HARD_BOUNCE, &ground, c->consequence, error);
    }
    return true;
}

static DeliveryEventKind event_kind(const Finding *finding)
{
    if (finding->class != FINDING_BOUNCE_OTHER)
        return DELIVERY_EVENT_BOUNCED;
    return finding->status[0] == '4' ? DELIVERY_EVENT_DELAYED : DELIVERY_EVENT_SETTLED;
}

static bool settle(Case *c, const ReportTarget *target, const DeliveryNote *note, GError **error)
{
    consequence_say(c->consequence, "it was uncertain whether the mail was sent: it was");
    return target->single_id != 0
               ? outbox_become(c->db, target->single_id, DELIVERY_SENT, c->now, note, c->now, error)
               : delivery_become(c->db, target->delivery, DELIVERY_SENT, c->now, note, c->now, error);
}

/* Whatever a report says, it says that the relay had taken the mail. But for that a success is no event: the delivery
 * says "sent" already. */
static bool add_event(Case *c, const ReportTarget *target, GError **error)
{
    const Finding *finding = c->finding;
    DeliveryEventKind kind = event_kind(finding);
    if ((!target->has_delivery && !target->is_uncertain) || (kind == DELIVERY_EVENT_SETTLED && !target->is_uncertain))
        return true;
    g_autofree char *detail = g_strdup_printf("%s in inbox message %" G_GINT64_FORMAT,
                                              finding_class_word(finding->class), c->inbox_id);
    Attempt attempt = {.phase = SMTP_DOT};
    g_strlcpy(attempt.enhanced, finding->status, sizeof attempt.enhanced);
    g_strlcpy(attempt.text, finding->diagnostic, sizeof attempt.text);
    DeliveryNote note = {
        .kind = kind,
        .relay = "",
        .attempt = &attempt,
        .detail = detail,
    };
    return target->is_uncertain ? settle(c, target, &note, error)
                                : delivery_add_event(c->db, target->delivery, &note, c->now, error);
}

static bool apply_to(Case *c, const ReportTarget *target, GError **error)
{
    c->consequence->subscriber_id = target->subscriber_id;
    c->consequence->announcement_id = target->has_delivery ? target->delivery.announcement_id : 0;
    if (!add_event(c, target, error))
        return false;
    g_autoptr(Subscriber) subscriber = NULL;
    if (!subscriber_load(c->db, target->subscriber_id, &subscriber, error))
        return false;
    if (!subscriber) {
        consequence_say(c->consequence, "noted; this person's record is gone");
        return true;
    }
    return carry_out(c, subscriber, bounce_policy_decide(c->finding, target->has_delivery), error);
}

/* ---- whom it is about -------------------------------------------------------------------------------------------- */

static bool apply_by_token(Case *c, GError **error)
{
    ReportTarget target;
    if (!report_target_by_token(c->db, c->finding, &target, error))
        return false;
    if (target.subscriber_id != 0)
        return apply_to(c, &target, error);
    if (c->finding->class == FINDING_BOUNCE_OTHER)
        consequence_say(c->consequence, "noted; about a single mail to nobody on a list");
    else
        consequence_ask(c->consequence, "a mail to the office or the contact of a list came back");
    return true;
}

static bool apply_by_address(Case *c, const char *key, GError **error)
{
    ReportTarget target;
    int64_t since = c->now - c->settings->unsigned_days * DAY_US;
    if (!report_target_by_address(c->db, c->finding, key, since, &target, error))
        return false;
    if (target.subscriber_id != 0)
        return apply_to(c, &target, error);
    consequence_say(c->consequence, "noted; names nobody that we know");
    return true;
}

bool bounce_policy_apply(Db *db, const BounceSettings *settings, const Finding *finding, int64_t inbox_id, int64_t now,
                         Consequence *ret, GError **error)
{
    Case c = {db, settings, finding, inbox_id, now, ret};
    if (!bounce_policy_believes(finding)) {
        consequence_ask(ret, "a report with neither a signed token nor a null return path changes nothing");
        return true;
    }
    if (is_vouched_for(finding))
        return apply_by_token(&c, error);
    for (guint i = 0; i < finding->recipients->len; i++)
        if (!apply_by_address(&c, g_ptr_array_index(finding->recipients, i), error))
            return false;
    if (finding->recipients->len == 0)
        consequence_say(ret, "noted; names no recipient");
    return true;
}

/* ---- refused while we sent --------------------------------------------------------------------------------------- */

/* Not what we refused ourselves, what names us, or a line that the relay ended. */
static bool speaks_of_recipient(const Attempt *attempt)
{
    return attempt->phase == SMTP_RCPT && !attempt->line_lost && !attempt->ours && attempt->reply != 421 &&
           !refusal_is_about_us(attempt->enhanced, attempt->text);
}

bool bounce_policy_refused(Db *db, const BounceSettings *settings, int64_t subscriber_id, const Attempt *attempt,
                           const char *relay, int64_t now, GError **error)
{
    if (!speaks_of_recipient(attempt))
        return true;
    g_autoptr(Subscriber) subscriber = NULL;
    if (!subscriber_load(db, subscriber_id, &subscriber, error))
        return false;
    if (!subscriber)
        return true;
    Refusal refusal = refusal_read(attempt->enhanced, attempt->text);
    g_autofree char *evidence = g_strdup_printf("%d %s from relay %s, decided by \"%s\"", attempt->reply,
                                                *attempt->enhanced ? attempt->enhanced : "without a code", relay,
                                                refusal.why);
    const Ground ground = {"send", 0, evidence, now};
    return refusal.is_dead ? suppress(db, subscriber, SUPPRESSION_HARD_BOUNCE, &ground, NULL, error)
                           : count_day(db, settings, subscriber, refusal.reason, &ground, NULL, error);
}
