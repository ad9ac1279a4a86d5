/* One poisoned mail must not speak for all others, and a relay that works for nobody not against each of them. What
 * tells them apart is whether others are accepted in between. */
#include "outbound/blame.h"

/* libraries */
#include <glib.h>

bool streak_add(Streak *streak, int64_t whom, unsigned enough)
{
    for (unsigned i = 0; i < streak->n; i++)
        if (streak->whom[i] == whom)
            return streak->n >= enough;
    if (streak->n < enough)
        streak->whom[streak->n++] = whom;
    return streak->n >= enough;
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

Blame blame_judge(BlameRecord *record, Streak *streak, int64_t whom, unsigned enough)
{
    if (is_convicted(record, whom))
        return BLAME_MAIL;
    return streak_add(streak, whom, enough) ? BLAME_ALL : BLAME_OPEN;
}
