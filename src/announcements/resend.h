#pragma once
/* Another try for deliveries that have come to a bad end, when staff ask for it. */
#include <stdbool.h>
#include <stdint.h>

#include "model/delivery.h"
#include "store/db.h"

/** Makes every delivery of an announcement that is in state `from` (DELIVERY_FAILED or DELIVERY_UNCERTAIN) due again at
 * once, each with an event that names the actor, in short transactions; one that was `sent` is `sending` again. Who was
 * suppressed meanwhile or has left gets nothing all the same. Fails with ANNOUNCEMENT_STORE_ERROR when the announcement
 * has not begun or was cancelled. */
bool resend_deliveries(Db *db, int64_t announcement_id, DeliveryState from, const char *actor, int64_t now,
                       int64_t *ret_count, GError **error);
