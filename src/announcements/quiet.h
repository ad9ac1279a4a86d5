#pragma once
/* Quiet hours: no delivery of an ordinary announcement begins in them. Urgent ones and single mails do not ask. */
#include <stdint.h>

#include "config/settings.h"

/** Until when it is quiet; 0: it is not. By the clock on the wall of that zone, also where it is put forward or back.
 * Pure. */
int64_t quiet_until(const QuietSettings *settings, const char *zone, int64_t now);
