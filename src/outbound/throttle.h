#pragma once
/* Token buckets, as the generic cell rate algorithm (ITU-T I.371): one instant instead of a count of tokens, so that
 * nothing is to be refilled and no rounding adds up. Pure. Any clock will do, if it is always the same. */
#include <glib.h>
#include <stdint.h>

/** So long may mails be saved up: at 600 a minute, ten go at once after a pause. */
#define THROTTLE_BURST_US INT64_C(1000000)

/** All zero: no limit. */
typedef struct Throttle {
    int64_t interval_us; /* from one mail to the next; 0: no limit */
    int64_t arrival_at;  /* when the next one would be due if they came evenly */
} Throttle;

/** 0: no limit. What was sent before counts on. */
void throttle_set(Throttle *throttle, int64_t per_minute);

/** When the next mail may go; 0: now. */
int64_t throttle_next(const Throttle *throttle, int64_t now);

/** How many may go now, `want` at most. */
guint throttle_room(const Throttle *throttle, int64_t now, guint want);

/** One goes, whether it may or not. */
void throttle_take(Throttle *throttle, int64_t now);
