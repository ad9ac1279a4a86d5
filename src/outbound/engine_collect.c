/* What the relays said: which mails have ended and how, and whether it is the mail or the relay. Nothing is written
 * down here. */
#include "outbound/engine_private.h"

/* rundbrief */
#include "base/clock.h"
#include "model/refusal.h"
#include "outbound/backoff.h"
#include "outbound/relay_words.h"
#include "subscribers/bounce_policy.h"

Outcome *engine_add_outcome(Engine *engine, Parcel *parcel)
{
    Outcome *outcome = g_new0(Outcome, 1);
    outcome->parcel = parcel;
    g_ptr_array_add(engine->outcomes, outcome);
    return outcome;
}

static Suspect suspect_of(const Engine *engine, const Outcome *outcome)
{
    return (Suspect){.whom = parcel_id(outcome->parcel),
                     .where = paces_provider(engine->paces, parcel_address(outcome->parcel), clock_now())};
}

/* A mail waits for its relay only where no other can take it. */
static void wait_for_relay(const Engine *engine, Outcome *outcome, int64_t now)
{
    if (!parcel_is_bound(outcome->parcel) && relay_pool_works(engine->pool, now))
        outcome->pause_us = 0;
}

/* Where a relay refuses everybody it is the relay, whatever it says: the mail goes back uncounted, and comes behind
 * others, or to another relay at once. */
static void leave_relay(const Engine *engine, Line *line, Outcome *outcome, int64_t now)
{
    outcome->verdict = VERDICT_RELAY;
    outcome->pause_us = RELAY_LONGEST_SECONDS * SECOND_US; /* others are its next probe */
    wait_for_relay(engine, outcome, now);
    line_retire(line);
}

/* Of a relay that has accepted nothing yet, and of one that refuses one after the other, what it says of a mail for
 * good is asked a second time. */
static void judge_refusal(const Engine *engine, Line *line, Outcome *outcome, int64_t now)
{
    bool for_good = outcome->verdict == VERDICT_FAILED;
    bool others_accept = !parcel_is_bound(outcome->parcel) &&
                         relay_pool_accepts_elsewhere(engine->pool, line->relay, now);
    Blame blame = relay_refused(line->relay, &outcome->attempt, suspect_of(engine, outcome), others_accept, now);
    if (blame == BLAME_ALL && (for_good || others_accept)) {
        leave_relay(engine, line, outcome, now);
        return;
    }
    bool is_open = blame == BLAME_PROVIDER || (for_good && blame == BLAME_OPEN);
    outcome->in_doubt = blame == BLAME_ALL || (is_open && !relay_is_trusted(line->relay));
    if (!for_good || !is_open)
        return;
    outcome->verdict = VERDICT_DEFERRED;
    outcome->pause_us = MIN(MINUTE_US, engine->rules.retry.first_seconds * SECOND_US);
    outcome->soon = true;
}

/* What speaks against the relay speaks against the mail where the relay takes others. Until that shows, nobody fails by
 * it. */
static void judge_objection(const Engine *engine, Line *line, Outcome *outcome, int64_t now)
{
    const Attempt *attempt = &outcome->attempt;
    Suspect suspect = suspect_of(engine, outcome);
    if (attempt->phase == SMTP_MAIL)
        suspect.where = 0; /* nobody's provider was named yet */
    Blame blame = relay_objected(line->relay, attempt, suspect, now, &outcome->pause_us);
    line_retire(line);
    if (blame == BLAME_ALL) {
        wait_for_relay(engine, outcome, now);
        return;
    }
    outcome->verdict = blame == BLAME_MAIL && attempt->reply / 100 == 5 ? VERDICT_FAILED : VERDICT_DEFERRED;
    outcome->in_doubt = !relay_is_trusted(line->relay);
    outcome->soon = true;
}

/* Many mails that are lost with one line are one loss. */
static void judge_lost_line(Line *line, Outcome *outcome, int64_t now)
{
    if (!line->dropped)
        outcome->pause_us = relay_left(line->relay, &outcome->attempt, parcel_id(outcome->parcel), now);
    line->dropped = true;
    outcome->in_doubt = !relay_is_trusted(line->relay);
    outcome->soon = true;
}

/* A line that has carried mails and is closed with 421 has only had enough. To MAIL it is no mail's fault. */
static void judge_farewell(const Engine *engine, Line *line, Outcome *outcome, int64_t now)
{
    line_retire(line);
    line->dropped |= line->accepted > 0;
    if (outcome->verdict != VERDICT_RELAY) {
        judge_lost_line(line, outcome, now);
        return;
    }
    if (!line->dropped)
        outcome->pause_us = relay_failed(line->relay, &outcome->attempt, now);
    wait_for_relay(engine, outcome, now);
}

/* The relay is told apart from the mail. */
static void judge_relay(const Engine *engine, Line *line, Outcome *outcome, int64_t now)
{
    const Attempt *attempt = &outcome->attempt;
    if (outcome->verdict == VERDICT_SENT) {
        line->accepted++;
        relay_accepted(line->relay);
    } else if (attempt->line_lost) {
        judge_lost_line(line, outcome, now);
    } else if (attempt->reply == 421) {
        judge_farewell(engine, line, outcome, now);
    } else if (outcome->verdict == VERDICT_RELAY) {
        judge_objection(engine, line, outcome, now);
    } else if (!attempt->ours) {
        judge_refusal(engine, line, outcome, now);
    }
}

/* Nobody fails by it. */
static void put_off(Engine *engine, Outcome *outcome, const char *why)
{
    int64_t id = parcel_announcement(outcome->parcel);
    g_autofree char *subject = mistake_subject(id);
    g_autofree char *sentence = g_strdup_printf(
        id != 0 ? "No letter of it can be sent: %s. It waits, nobody fails, and it is tried again each minute"
                : "A single mail cannot be sent: %s. It is tried again until the patience of the settings ends",
        why);
    outcome->verdict = VERDICT_DEFERRED;
    outcome->mistake = g_strdup(why);
    mistakes_note(engine->mistakes, subject, sentence);
}

void engine_admit_mistake(Engine *engine, Outcome *outcome, const char *why)
{
    int64_t id = parcel_announcement(outcome->parcel);
    put_off(engine, outcome, why);
    leaser_rest(engine->leaser, id, clock_now() + MISTAKE_PAUSE_US);
    letter_box_forget(engine->letters, id);
}

/* True when so many different letters in a row were unfit that it is the text of all of them. */
static bool are_all_unfit(Unfit *unfit, int64_t announcement_id, int64_t sent, int64_t whom)
{
    if (unfit->announcement_id != announcement_id || unfit->sent != sent)
        *unfit = (Unfit){.announcement_id = announcement_id, .sent = sent};
    return streak_add(&unfit->streak, whom, BLAME_ENOUGH);
}

/* Too big, or a text that the relay cannot take. Where other letters of it were sent it is this one's language or name,
 * and it fails alone. */
static void judge_unfit(Engine *engine, Outcome *outcome)
{
    int64_t id = parcel_announcement(outcome->parcel), counts[DELIVERY_STATE_COUNT] = {0};
    bool known = id != 0 && delivery_counts(engine->db, id, counts, NULL);
    bool all = are_all_unfit(&engine->unfit, id, counts[DELIVERY_SENT], parcel_id(outcome->parcel));
    if (!known || all)
        engine_admit_mistake(engine, outcome, outcome->attempt.text);
    else if (counts[DELIVERY_SENT] == 0)
        put_off(engine, outcome, outcome->attempt.text);
}

/* Of us, not of its recipient, as far as one can tell. */
static bool is_refused_for_us(const Attempt *attempt)
{
    return !attempt->ours && !attempt->line_lost && attempt->phase > SMTP_MAIL && attempt->reply / 100 == 5 &&
           bounce_policy_points(refusal_read(attempt->enhanced, attempt->text).reason) == 0;
}

/* A provider that refuses us beside others that do not: each of its refusals is its mail's own, but staff can mend
 * what it says. A relay that takes nobody's mail says nothing of a provider. */
static void judge_provider(Engine *engine, const Line *line, const Outcome *outcome)
{
    const char *address = parcel_address(outcome->parcel), *provider = NULL;
    if (outcome->verdict == VERDICT_SENT)
        provider = paces_accepted(engine->paces, address, clock_now());
    else if (relay_is_trusted(line->relay) && is_refused_for_us(&outcome->attempt))
        provider = paces_refused(engine->paces, address, parcel_id(outcome->parcel), clock_now());
    if (!provider)
        return;
    g_autofree char *subject = mistake_of_provider(provider);
    g_autofree char *sentence = relay_words_provider_refuses(provider, BLAME_ENOUGH, &outcome->attempt);
    if (outcome->verdict == VERDICT_SENT)
        mistakes_over(engine->mistakes, subject);
    else
        mistakes_note(engine->mistakes, subject, sentence);
}

static void complain(Engine *engine, const Outcome *outcome)
{
    g_autofree char *words = relay_words_said(&outcome->attempt);
    paces_complain(engine->paces, parcel_address(outcome->parcel), parcel_id(outcome->parcel), words, clock_now());
}

static void collect_outcome(Engine *engine, Line *line, const SmtpEvent *event, int64_t now)
{
    Outcome *outcome = engine_add_outcome(engine, event->owner);
    engine->in_flight--;
    outcome->returned = event->kind == SMTP_EVENT_RETURNED;
    if (outcome->returned)
        return;
    outcome->attempt = event->attempt;
    outcome->verdict = verdict_of(&event->attempt);
    outcome->relay = g_strdup(relay_name(line->relay));
    if (event->attempt.ours && event->attempt.phase != SMTP_RCPT)
        judge_unfit(engine, outcome);
    judge_relay(engine, line, outcome, now);
    judge_provider(engine, line, outcome);
    if (verdict_is_too_fast(&event->attempt))
        complain(engine, outcome);
    engine->tally[outcome->verdict]++;
}

void engine_collect_events(Engine *engine, Line *line, int64_t now)
{
    SmtpEvent event;
    SmtpDialogue *dialogue = link_dialogue(line->link);
    while (dialogue && smtp_dialogue_event(dialogue, &event)) {
        if (event.kind == SMTP_EVENT_READY)
            g_ptr_array_add(engine->ready, event.owner);
        else
            collect_outcome(engine, line, &event, now);
    }
}

void engine_collect(Engine *engine, int64_t now)
{
    for (guint i = 0; i < relay_pool_count(engine->pool); i++) {
        Attempt attempt;
        Line *line = relay_pool_line(engine->pool, i);
        bool was_connecting = link_state(line->link) == LINK_CONNECTING;
        link_read(line->link, now);
        engine_collect_events(engine, line, now);
        if (link_failure(line->link, &attempt) && !line->retired)
            line_not_made(line, &attempt, now);
        if (engine->stopping && was_connecting)
            line_retire(line);
    }
    relay_pool_tend(engine->pool, now);
}
