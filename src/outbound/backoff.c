/* Back-off. The patience is measured in pauses, not by the calendar, so that the time a relay or this program was down
 * is not held against anybody. */
#include "outbound/backoff.h"

/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/clock.h"

static int64_t doubled_seconds(int64_t first, int64_t longest, int n)
{
    int64_t seconds = first;
    for (int i = 1; i < n && seconds < longest; i++)
        seconds *= 2;
    return MIN(seconds, longest);
}

/* Between three and five quarters of the pause. */
static int64_t spread_us(int64_t seconds, uint32_t dice)
{
    int64_t half = seconds * SECOND_US / 2;
    return seconds * SECOND_US - half / 2 + (int64_t)((double)half * dice / UINT32_MAX);
}

int64_t backoff_pause_us(const RetrySettings *settings, int refusals, uint32_t dice)
{
    return spread_us(doubled_seconds(settings->first_seconds, settings->longest_seconds, refusals), dice);
}

bool backoff_is_over(const RetrySettings *settings, int64_t patience_hours, int refusals)
{
    int64_t waited = 0, patience = patience_hours * 3600;
    for (int n = 1; n <= refusals && waited < patience; n++)
        waited += MAX(1, doubled_seconds(settings->first_seconds, settings->longest_seconds, n));
    return waited >= patience;
}

int64_t backoff_relay_pause_us(int failures, uint32_t dice)
{
    return spread_us(doubled_seconds(RELAY_FIRST_SECONDS, RELAY_LONGEST_SECONDS, failures), dice);
}
