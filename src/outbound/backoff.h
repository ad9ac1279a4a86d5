#pragma once
/* How long to wait before trying again. Pure: no clock, no dice of its own. */
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"

/** The pause after the n-th refusal (n >= 1): doubles each time up to the longest, and is spread by up to a quarter
 * either way so that mails refused together do not come back together. dice: any number, evenly spread. */
int64_t backoff_pause_us(const RetrySettings *settings, int refusals, uint32_t dice);

/** True when the pauses after so many refusals have used up the patience. */
bool backoff_is_over(const RetrySettings *settings, int64_t patience_hours, int refusals);

#define RELAY_FIRST_SECONDS   5
#define RELAY_LONGEST_SECONDS 600

/** The same curve for a relay that does not work, with these two ends. */
int64_t backoff_relay_pause_us(int failures, uint32_t dice);
