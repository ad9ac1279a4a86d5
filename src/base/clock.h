#pragma once
/* The two clocks. Every instant in the program and in the store is UTC in microseconds since 1970; durations carry
 * their unit in their name. Pure code takes `now` as an argument and never calls this. */
#include <stdint.h>

#define SECOND_US INT64_C(1000000)
#define MINUTE_US (60 * SECOND_US)
#define HOUR_US   (60 * MINUTE_US)
#define DAY_US    (24 * HOUR_US)

/** Wall clock, UTC microseconds. May jump; compare with what people wrote down. */
int64_t clock_now(void);

/** Monotonic microseconds from an arbitrary start. For timeouts and rates. */
int64_t clock_monotonic(void);
