/* One poisoned mail must not speak for all others, and a relay that works for nobody not against each of them. What
 * tells them apart is whether others are accepted in between. */
#include "outbound/blame.h"

/* libraries */
#include <glib.h>

static bool is_in(const Streak *streak, int64_t whom)
{
    for (unsigned i = 0; i < streak->n; i++)
        if (streak->whom[i] == whom)
            return true;
    return false;
}

bool streak_add(Streak *streak, int64_t whom, unsigned enough)
{
    if (streak->n < enough && !is_in(streak, whom))
        streak->whom[streak->n++] = whom;
    return streak->n >= enough;
}

Blame streak_judge(Streak *streak, Suspect suspect, unsigned enough)
{
    if (streak->n == 0) {
        streak->where = suspect.where;
        streak->is_mixed = suspect.where == 0;
    }
    streak->is_mixed |= suspect.where != streak->where;
    if (!streak_add(streak, suspect.whom, enough))
        return BLAME_OPEN;
    return streak->is_mixed ? BLAME_ALL : BLAME_PROVIDER;
}

bool blame_is_trusted(const BlameRecord *record)
{
    return record->accepted > record->accepted_at_failure;
}

void blame_failed(BlameRecord *record)
{
    record->accepted_at_failure = record->accepted;
}

/* True when it is suspected already and others were accepted since. */
static bool is_convicted(BlameRecord *record, int64_t whom)
{
    for (unsigned i = 0; i < BLAME_SUSPECTS; i++)
        if (record->suspects[i].whom == whom)
            return record->accepted > MAX(record->suspects[i].accepted_then, record->accepted_at_failure);
    record->suspects[record->next_suspect].whom = whom;
    record->suspects[record->next_suspect].accepted_then = record->accepted;
    record->next_suspect = (record->next_suspect + 1) % BLAME_SUSPECTS;
    return false;
}

Blame blame_judge(BlameRecord *record, Streak *streak, Suspect suspect, unsigned enough)
{
    return is_convicted(record, suspect.whom) ? BLAME_MAIL : streak_judge(streak, suspect, enough);
}

Blame blame_judge_refusal(BlameRecord *record, Streak *streak, Suspect suspect, bool others_accept)
{
    bool again = is_in(streak, suspect.whom), trusted = blame_is_trusted(record);
    Blame blame = blame_judge(record, streak, suspect, BLAME_ENOUGH);
    if (blame != BLAME_MAIL && !trusted && others_accept)
        return BLAME_ALL;
    return blame == BLAME_OPEN && (trusted || again) ? BLAME_MAIL : blame;
}
