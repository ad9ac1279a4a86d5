/* The only place that asks the system for the time. */
#include "base/clock.h"

/* libraries */
#include <glib.h>

int64_t clock_now(void)
{
    return g_get_real_time();
}

int64_t clock_monotonic(void)
{
    return g_get_monotonic_time();
}
