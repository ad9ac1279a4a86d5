#pragma once
/* Leases whose holder is dead, of deliveries and of single mails alike. */
#include "store/delivery_store.h"

/** A mail whose sender died while it was under way. */
typedef struct UncertainMail {
    DeliveryKey key;   /* of a delivery, */
    int64_t outbox_id; /* or else of a single mail; 0: a delivery */
    int attempts;      /* the one that nobody knows of counted */
} UncertainMail;

/** Ends the leases that end by `until`, whose holder is dead: UNCERTAIN when the mail was begun (they are appended to
 * ret_uncertain, of UncertainMail), else DEFERRED at once, the try not counted. At the start of the send role, of which
 * there is only one at a time, until is INT64_MAX. Runs inside the caller's transaction. */
bool leases_expire(Db *db, DeliveryTally *tally, int64_t until, int64_t now, GArray *ret_uncertain, guint *ret_released,
                   GError **error);
