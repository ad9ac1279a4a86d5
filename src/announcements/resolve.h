#pragma once
/* What staff decide about deliveries and single mails that have come to a bad end. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/delivery.h"
#include "store/db.h"

#define RESOLVE_ERROR (resolve_error_quark())
GQuark resolve_error_quark(void);
enum {
    RESOLVE_ERROR_ADDRESS, /* it got no delivery of that announcement, or one that is not in that state */
    RESOLVE_ERROR_SINGLE,  /* no single mail of that number is uncertain */
};

typedef struct Resolution {
    int64_t announcement_id;
    DeliveryState from; /* FAILED or UNCERTAIN */
    DeliveryState to;   /* DEFERRED: tried again at once; from UNCERTAIN also SENT or FAILED: now it is known */
    const char *const *addresses; /* NULL-terminated; NULL or empty: of everybody */
    const char *actor;            /* named in the events and in the audit */
} Resolution;

/** Moves the deliveries, each with an event, in short transactions. When one of the addresses does not fit
 * (RESOLVE_ERROR, ADDRESS_ERROR) nothing is moved; what has changed meanwhile is left as it is. What is tried again has
 * all its patience anew; a `sent` announcement is `sending` again; one that has not begun or was cancelled is
 * ANNOUNCEMENT_STORE_ERROR, an invitation whose meeting has begun SCHEDULE_ERROR_MEETING. Who was suppressed meanwhile
 * or has left gets nothing all the same. */
bool resolve_deliveries(Db *db, const Resolution *resolution, int64_t now, int64_t *ret_count, GError **error);

/** The same for a single mail that is uncertain: DEFERRED, SENT or FAILED. Opens a transaction of its own. */
bool resolve_single(Db *db, int64_t outbox_id, DeliveryState to, const char *actor, int64_t now, GError **error);
