#pragma once
/* How fast one provider is given mail. The settings may fix it. One that says of three recipients that we are too fast
 * (one alone may be meant himself) gets half of what it got, and half as much again after each five minutes without
 * such a word, until there is no need to hold back. Pure; `now` is the wall clock. */
#include <stdbool.h>
#include <stdint.h>

#include "outbound/throttle.h"

#define PACE_LEAST      1                        /* mails a minute: it is never given up */
#define PACE_FREE       6000                     /* above that nobody is held back any more */
#define PACE_PAUSE_US   (INT64_C(300) * 1000000) /* without a complaint, before it goes faster */
#define PACE_COMPLAINTS 3                        /* of different recipients */
#define PACE_DEAF_US    (INT64_C(30) * 1000000)  /* what was under way when it complained may be refused as well */

/** All zero: no limit. */
typedef struct Pace {
    int64_t fixed;   /* by the settings, a minute; 0: not */
    int64_t learned; /* 0: nothing */
    int64_t faster_at;
    int64_t refused[PACE_COMPLAINTS]; /* whom it said so of lately */
    unsigned complaints;
    int64_t complained_at;
    Throttle throttle;
    int64_t queue_end;           /* the instant behind which the next one that has to wait lines up */
    int64_t asked_at;            /* the last time */
    int64_t window_at;           /* since when are counted */
    int64_t taken, taken_before; /* those let through, and those of the minute before */
} Pace;

/** Mails a minute that it is held to; 0: no limit. */
int64_t pace_per_minute(const Pace *pace);

/** May a mail go? 0: now. Else the instant at which to ask again, one of its own for each mail, so that nobody is
 * looked at twice before his turn. has_waited: it was put off before, and comes before those that were not. */
int64_t pace_ask(Pace *pace, bool has_waited, int64_t now);

/** The provider says of this recipient's mail that we are too fast. True: it gets less from now on. */
bool pace_complain(Pace *pace, int64_t whom, int64_t now);

/** Time passes. True: it goes faster now. */
bool pace_speed_up(Pace *pace, int64_t now);
