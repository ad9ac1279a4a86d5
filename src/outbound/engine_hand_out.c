/* From a lease to the wire: who may begin, whose letter is next, and on which line. */
#include "outbound/engine_private.h"

/* rundbrief */
#include "mail/plan.h"

#define WRITTEN_AHEAD (256 * 1024) /* bytes of letters that wait for a line */

/* Takes the parcel out of the stock when its letter cannot be written. */
static bool write_letter(Engine *engine, guint index, int64_t now)
{
    g_autoptr(GError) error = NULL;
    Parcel *parcel = stock_at(engine->stock, index);
    if (parcel->letter.bytes)
        return true;
    if (parcel_write(parcel, engine->letters, engine->db, now, &error)) {
        mistakes_over_with(engine->mistakes, parcel_announcement(parcel));
        return true;
    }
    stock_take(engine->stock, index);
    Outcome *outcome = engine_add_outcome(engine, parcel);
    if (g_error_matches(error, PLAN_ERROR, PLAN_ERROR_VALUE)) {
        outcome->verdict = VERDICT_FAILED;
        outcome->mistake = g_strdup(error->message);
    } else {
        engine_admit_mistake(engine, outcome, error->message);
    }
    engine->tally[outcome->verdict]++;
    return false;
}

static void give(Engine *engine, Line *line, Parcel *parcel, int64_t now)
{
    const Letter *letter = &parcel->letter;
    smtp_dialogue_add(link_dialogue(line->link), &(SmtpMail){
                                                     .owner = parcel,
                                                     .from = letter->envelope_from,
                                                     .to = letter->envelope_to,
                                                     .id = letter->id,
                                                     .needs_utf8 = letter->needs_utf8,
                                                     .alone = parcel_attempts(parcel) > 1,
                                                     .body = letter->bytes->str,
                                                     .length = letter->bytes->len,
                                                     .look = letter->look,
                                                 });
    engine->in_flight++;
    stock_handed_out(engine->stock);
    line_take(line, parcel_is_bound(parcel), now);
}

static void write_and_give(Engine *engine, Line *line, guint index, int64_t now, int64_t monotonic)
{
    if (write_letter(engine, index, now))
        give(engine, line, stock_take(engine->stock, index), monotonic);
    engine_collect_events(engine, line, monotonic); /* with chunking it is ready at once */
}

/* Before all others, for these can go nowhere else; none is kept in stock. */
static void hand_out_bound(Engine *engine, int64_t now, int64_t monotonic)
{
    Parcel *parcel;
    for (guint i = 0; (parcel = stock_at(engine->stock, i));) {
        Line *line = parcel_is_bound(parcel) ? relay_pool_line_to(engine->pool, parcel->relay, monotonic) : NULL;
        if (!parcel_is_bound(parcel))
            i++;
        else if (line)
            write_and_give(engine, line, i, now, monotonic);
        else
            engine_add_outcome(engine, stock_take(engine->stock, i))->returned = true;
    }
}

/* One for each line in turn, so that a few mails do not wait for each other on one line. */
void engine_hand_out(Engine *engine, int64_t now, int64_t monotonic)
{
    guint lines = relay_pool_count(engine->pool);
    hand_out_bound(engine, now, monotonic);
    for (guint i = 0, full = 0; stock_count(engine->stock) > 0 && full < lines; i++) {
        Line *line = relay_pool_line(engine->pool, i % lines);
        if (line_look(line, false, monotonic) == 0) {
            full++;
            continue;
        }
        full = 0;
        write_and_give(engine, line, 0, now, monotonic);
    }
}

void engine_write_ahead(Engine *engine, int64_t now)
{
    guint lines = relay_pool_count(engine->pool);
    for (guint i = 0, bytes = 0; i < lines && i < stock_count(engine->stock) && bytes < WRITTEN_AHEAD;)
        if (write_letter(engine, i, now))
            bytes += stock_at(engine->stock, i++)->letter.bytes->len;
}

void engine_give_back_surplus(Engine *engine, int64_t monotonic)
{
    for (Parcel *parcel; (parcel = stock_surplus(engine->stock, monotonic)) != NULL;)
        engine_add_outcome(engine, parcel)->returned = true;
}

void engine_withhold(Engine *engine)
{
    for (guint i = 0; engine->withheld->len > 0 && i < relay_pool_count(engine->pool); i++) {
        SmtpDialogue *dialogue = link_dialogue(relay_pool_line(engine->pool, i)->link);
        for (guint j = 0; dialogue && j < engine->withheld->len; j++)
            smtp_dialogue_withhold(dialogue, engine->withheld->pdata[j]);
    }
    g_ptr_array_set_size(engine->withheld, 0);
}

void engine_go_ahead(Engine *engine)
{
    for (guint i = 0; i < relay_pool_count(engine->pool); i++) {
        Line *line = relay_pool_line(engine->pool, i);
        if (link_state(line->link) == LINK_OPEN)
            smtp_dialogue_go_ahead(link_dialogue(line->link));
    }
}

void engine_speak(Engine *engine, int64_t now)
{
    for (guint i = 0; i < relay_pool_count(engine->pool); i++)
        link_write(relay_pool_line(engine->pool, i)->link, now);
}
