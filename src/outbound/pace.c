/* Halved at a complaint, half as much again after quiet minutes. The queue is one instant: those that wait sit in the
 * database, each deferred until its place in it; when the pace changes meanwhile, some are put off once more. */
#include "outbound/pace.h"

/* rundbrief */
#include "base/clock.h"

int64_t pace_per_minute(const Pace *pace)
{
    if (pace->learned > 0 && pace->fixed > 0)
        return MIN(pace->learned, pace->fixed);
    return MAX(pace->learned, pace->fixed);
}

static void count(Pace *pace, int64_t now)
{
    int64_t passed = now - pace->window_at;
    if (passed < 0 || passed >= MINUTE_US) {
        pace->taken_before = passed >= 0 && passed < 2 * MINUTE_US ? pace->taken : 0;
        pace->taken = 0;
        pace->window_at = now;
    }
    pace->taken++;
}

/* What it got lately, a minute. */
static int64_t measured(const Pace *pace, int64_t now)
{
    int64_t passed = CLAMP(now - pace->window_at, SECOND_US, 2 * MINUTE_US);
    if (pace->taken_before > 0)
        passed += MINUTE_US;
    return (pace->taken_before + pace->taken) * MINUTE_US / passed;
}

/* The clock was set back: those that wait have places by the old one, and nobody need line up behind them. */
static void follow_clock(Pace *pace, int64_t now)
{
    if (now < pace->asked_at) {
        pace->queue_end = now;
        pace->faster_at = MIN(pace->faster_at, now + PACE_PAUSE_US);
    }
    pace->asked_at = now;
}

int64_t pace_ask(Pace *pace, bool has_waited, int64_t now)
{
    follow_clock(pace, now);
    throttle_set(&pace->throttle, pace_per_minute(pace));
    int64_t next = throttle_next(&pace->throttle, now);
    bool others_wait = !has_waited && pace->queue_end > now;
    if (pace->throttle.interval_us == 0 || (next == 0 && !others_wait)) {
        throttle_take(&pace->throttle, now);
        count(pace, now);
        return 0;
    }
    int64_t at = MAX(MAX(pace->queue_end, next), now + 1);
    pace->queue_end = at + pace->throttle.interval_us;
    return at;
}

/* Some mails are refused each time, and say nothing about the others. */
static bool have_enough_complained(Pace *pace, int64_t whom, int64_t now)
{
    if (now - pace->complained_at > PACE_PAUSE_US)
        pace->complaints = 0;
    pace->complained_at = now;
    for (unsigned i = 0; i < pace->complaints; i++)
        if (pace->refused[i] == whom)
            return false;
    pace->refused[pace->complaints++] = whom;
    return pace->complaints == PACE_COMPLAINTS;
}

bool pace_complain(Pace *pace, int64_t whom, int64_t now)
{
    int64_t since = now - (pace->faster_at - PACE_PAUSE_US);
    if (pace->learned > 0 && since >= 0 && since < PACE_DEAF_US)
        return false;
    if (!have_enough_complained(pace, whom, now))
        return false;
    pace->complaints = 0;
    int64_t before = pace_per_minute(pace), lately = measured(pace, now);
    pace->learned = MAX((before > 0 ? MIN(before, lately) : lately) / 2, PACE_LEAST);
    pace->faster_at = now + PACE_PAUSE_US;
    return true;
}

bool pace_speed_up(Pace *pace, int64_t now)
{
    if (pace->learned == 0 || now < pace->faster_at)
        return false;
    pace->learned += MAX(pace->learned / 2, 1);
    pace->faster_at = now + PACE_PAUSE_US;
    if (pace->learned > PACE_FREE || (pace->fixed > 0 && pace->learned >= pace->fixed))
        pace->learned = pace->queue_end = 0;
    return true;
}
