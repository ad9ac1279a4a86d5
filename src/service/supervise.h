#pragma once
/* `rundbrief run`: keeps a few processes alive, and lets none of them outlive it. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Worker {
    const char *name;        /* for the log */
    const char *const *argv; /* argv[0] is the program's path; ends with NULL */
} Worker;

typedef struct SupervisePace {
    int64_t first_pause_ms; /* before a worker that ended is started again; doubles each time */
    int64_t longest_pause_ms;
    int64_t quiet_ms; /* a worker that lived so long begins with the first pause again */
    int64_t drain_ms; /* after SIGTERM; then SIGKILL */
} SupervisePace;

extern const SupervisePace supervise_pace; /* 1 s … 1 min, 1 min, 90 s */

/** Starts the workers (ends with a NULL name) and returns when, after SIGTERM or SIGINT, all of them have ended. SIGHUP
 * is passed on; a second SIGTERM too, which ends them at once. True when every worker ended by itself and said 0. */
bool supervise_run(const Worker workers[], const SupervisePace *pace, GError **error);
