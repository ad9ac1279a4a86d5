/* The generic cell rate algorithm. A mail may go from `arrival_at` less the tolerance on, and puts `arrival_at` off by
 * the interval. */
#include "outbound/throttle.h"

/* rundbrief */
#include "base/clock.h"

void throttle_set(Throttle *throttle, int64_t per_minute)
{
    throttle->interval_us = per_minute > 0 ? MAX(MINUTE_US / per_minute, 1) : 0;
}

/* How far ahead of its time a mail may be. */
static int64_t tolerance(const Throttle *throttle)
{
    return MAX(THROTTLE_BURST_US - throttle->interval_us, 0);
}

/* No instant further ahead is reached by mails that may go: the clock was set back, or the interval got shorter. */
static int64_t arrival(const Throttle *throttle, int64_t now)
{
    int64_t latest = now + tolerance(throttle) + throttle->interval_us;
    return CLAMP(throttle->arrival_at, now, latest);
}

int64_t throttle_next(const Throttle *throttle, int64_t now)
{
    int64_t at = arrival(throttle, now) - tolerance(throttle);
    return throttle->interval_us > 0 && at > now ? at : 0;
}

guint throttle_room(const Throttle *throttle, int64_t now, guint want)
{
    if (throttle->interval_us == 0)
        return want;
    if (throttle_next(throttle, now) != 0)
        return 0;
    int64_t ahead = now + tolerance(throttle) - arrival(throttle, now);
    return (guint)MIN((int64_t)want, 1 + ahead / throttle->interval_us);
}

void throttle_take(Throttle *throttle, int64_t now)
{
    throttle->arrival_at = arrival(throttle, now) + throttle->interval_us;
}
