/* Verdict -> move. Which verdict it is was verdict.c's business, which moves there are is model/delivery.c's. */
#include "outbound/settle.h"

/* rundbrief */
#include "announcements/first_copy.h"
#include "base/clock.h"
#include "base/token.h"
#include "outbound/backoff.h"
#include "outbound/verdict.h"
#include "subscribers/bounce_policy.h"

#define LOST_LINE_PAUSE_US (2 * SECOND_US)

void outcome_free(Outcome *outcome)
{
    if (!outcome)
        return;
    parcel_free(outcome->parcel);
    g_free(outcome->relay);
    g_free(outcome->mistake);
    g_free(outcome);
}

static uint32_t dice(void)
{
    uint32_t number;
    token_random(&number, sizeof number);
    return number;
}

/* Where the change goes: the arguments that every move below shares. */
typedef struct Books {
    const Parcel *parcel;
    Db *db;
    DeliveryTally *tally;
    int64_t now;
} Books;

static bool become(const Books *books, DeliveryState to, int64_t at, const DeliveryNote *note, GError **error)
{
    return parcel_become(books->parcel, books->db, books->tally, to, at, note, books->now, error);
}

static bool release(const Books *books, int64_t pause_us, const DeliveryNote *note, GError **error)
{
    return parcel_release(books->parcel, books->db, books->tally, books->now + pause_us, note, books->now, error);
}

static DeliveryNote note_of(const Outcome *outcome, DeliveryEventKind kind)
{
    return (DeliveryNote){.kind = kind, .relay = outcome->relay, .attempt = &outcome->attempt};
}

/* why: NULL: it arrived. */
static bool tell_office(const Books *books, const char *why, GError **error)
{
    if (!parcel_is_first_copy(books->parcel))
        return true;
    int64_t id = books->parcel->single->id;
    return why ? first_copy_failed(books->db, id, why, books->now, error) : first_copy_arrived(books->db, id, error);
}

/* A dead address that the relay itself knows of is silenced as one is of which a report comes back. What it says
 * against itself or us is held against no address, though the mail may have failed by it. */
static bool fail(const Outcome *outcome, const SettleRules *rules, const Books *books, const DeliveryNote *note,
                 GError **error)
{
    return become(books, DELIVERY_FAILED, books->now, note, error) &&
           tell_office(books, outcome->attempt.text, error) &&
           (verdict_of(&outcome->attempt) == VERDICT_RELAY ||
            bounce_policy_refused(books->db, &rules->bounce, parcel_subscriber(books->parcel), &outcome->attempt,
                                  outcome->relay, books->now, error));
}

/* A mail that may be innocent comes again soon; but one that ends every line, or is objected to each time, waits longer
 * each time, and is not the first at a relay that was left alone. */
static int64_t pause_after(const Outcome *outcome, const SettleRules *rules, int tries)
{
    int64_t least_us = outcome->soon ? outcome->pause_us + LOST_LINE_PAUSE_US : 0;
    int refusals = outcome->soon ? tries - 1 : tries;
    return refusals > 0 ? MAX(least_us, backoff_pause_us(&rules->retry, refusals, dice())) : least_us;
}

static bool is_over(const Outcome *outcome, const SettleRules *rules, int tries)
{
    return backoff_is_over(&rules->retry, parcel_patience_hours(outcome->parcel, &rules->patience), tries);
}

static bool settle_deferred(const Outcome *outcome, const SettleRules *rules, const Books *books, GError **error)
{
    int tries = parcel_attempts(outcome->parcel);
    DeliveryNote note = note_of(outcome, DELIVERY_EVENT_DEFERRED);
    if (!is_over(outcome, rules, tries))
        return become(books, DELIVERY_DEFERRED, books->now + pause_after(outcome, rules, tries), &note, error);
    if (outcome->in_doubt) {
        note.kind = DELIVERY_EVENT_RELEASED;
        return release(books, backoff_pause_us(&rules->retry, tries, dice()), &note, error);
    }
    g_autofree char *detail = g_strdup_printf("given up after %d tries", tries);
    note.kind = DELIVERY_EVENT_FAILED;
    note.detail = detail;
    return fail(outcome, rules, books, &note, error);
}

static bool settle_uncertain(const Outcome *outcome, const SettleRules *rules, const Books *books, GError **error)
{
    const DeliveryNote note = note_of(outcome, DELIVERY_EVENT_UNCERTAIN);
    if (!become(books, DELIVERY_UNCERTAIN, books->now, &note, error))
        return false;
    return parcel_doubt(outcome->parcel, &rules->uncertain, books->db, books->tally, books->now + LOST_LINE_PAUSE_US,
                        books->now, error);
}

static bool settle_tried(const Outcome *outcome, const SettleRules *rules, const Books *books, GError **error)
{
    DeliveryNote note = note_of(outcome, DELIVERY_EVENT_FAILED);
    switch (outcome->verdict) {
    case VERDICT_SENT:
        return become(books, DELIVERY_SENT, books->now, NULL, error) && tell_office(books, NULL, error);
    case VERDICT_DEFERRED:
        return settle_deferred(outcome, rules, books, error);
    case VERDICT_FAILED:
        return fail(outcome, rules, books, &note, error);
    case VERDICT_UNCERTAIN:
        return settle_uncertain(outcome, rules, books, error);
    case VERDICT_RELAY:
        note.kind = DELIVERY_EVENT_RELEASED;
        return release(books, outcome->pause_us, &note, error);
    }
    g_assert_not_reached();
}

/* A whole announcement waits until staff have mended it, and nobody's try counts.
 * A single mail gets older with each. */
static bool settle_mistake(const Outcome *outcome, const SettleRules *rules, const Books *books, GError **error)
{
    int tries = parcel_attempts(outcome->parcel);
    bool is_single = parcel_announcement(outcome->parcel) == 0;
    if (outcome->verdict == VERDICT_DEFERRED && !is_single)
        return release(books, MISTAKE_PAUSE_US, NULL, error);
    if (outcome->verdict == VERDICT_DEFERRED && !is_over(outcome, rules, tries)) {
        const DeliveryNote note = {.kind = DELIVERY_EVENT_DEFERRED, .detail = outcome->mistake};
        return become(books, DELIVERY_DEFERRED, books->now + backoff_pause_us(&rules->retry, tries, dice()), &note,
                      error);
    }
    const DeliveryNote note = {.kind = DELIVERY_EVENT_FAILED, .detail = outcome->mistake};
    return become(books, DELIVERY_FAILED, books->now, &note, error) && tell_office(books, outcome->mistake, error);
}

bool outcome_settle(const Outcome *outcome, const SettleRules *rules, Db *db, DeliveryTally *tally, int64_t now,
                    GError **error)
{
    const Books books = {outcome->parcel, db, tally, now};
    if (outcome->returned)
        return release(&books, 0, NULL, error);
    if (!outcome->mistake)
        return settle_tried(outcome, rules, &books, error);
    return settle_mistake(outcome, rules, &books, error);
}
