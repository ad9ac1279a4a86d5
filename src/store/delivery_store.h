#pragma once
/* Deliveries and their history. Every function that writes must run inside a transaction of the caller. */
#include "model/attempt.h"
#include "model/delivery.h"
#include "model/subscriber.h"
#include "store/db.h"

/** A delivery that the sender may begin now, with all it needs to do so. */
typedef struct LeasedDelivery {
    DeliveryKey key;
    int attempts; /* this one counted */
    Recipient recipient;
} LeasedDelivery;

void leased_delivery_free(LeasedDelivery *delivery); /* NULL is fine */

/** Leases up to limit deliveries of one announcement until `until`: first deferred ones that are due, then pending ones behind
 *  *cursor (a subscriber id; 0 at start), which moves on. A recipient who is suppressed or has left every list of the announcement is
 *  cancelled with an event instead (invariant 2). Appends LeasedDelivery to leased. */
bool delivery_lease(Db *db, int64_t announcement_id, int64_t *cursor, guint limit, int64_t now, int64_t until,
                    GPtrArray *leased, GError **error);

/** What happened; kept as an event unless it went smoothly. */
typedef struct DeliveryNote {
    DeliveryEventKind kind;
    const char *relay;    /* "" when none was involved */
    const Attempt *attempt; /* NULL when none was made */
    const char *detail;   /* "" or a sentence */
} DeliveryNote;

/** The only way to change a delivery's state. Checks the legal moves, keeps delivery_count in step, and adds the event
 *  when note is not NULL. at: as in the schema. A move that is not legal is an error and changes nothing. */
bool delivery_become(Db *db, DeliveryKey key, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now, GError **error);

/** A lease that ended without an outcome because we were killed: after the first byte may have gone out, so UNCERTAIN. Returns the
 *  number in ret_count. Run by the send role at start and now and then. */
bool delivery_expire_leases(Db *db, int64_t now, guint *ret_count, GError **error);

/** Gives leases back that were never begun: DEFERRED at `at`, attempt not counted. */
bool delivery_release(Db *db, DeliveryKey key, int64_t at, const DeliveryNote *note, int64_t now, GError **error);

/** Adds an event without changing the state: a bounce or a delay notice that came back. */
bool delivery_add_event(Db *db, DeliveryKey key, const DeliveryNote *note, int64_t now, GError **error);

/** Reads one delivery's state; false without error when there is none. */
bool delivery_state(Db *db, DeliveryKey key, DeliveryState *ret_state, int64_t *ret_at, GError **error);

/** Counts by state for one announcement, from delivery_count. */
bool delivery_counts(Db *db, int64_t announcement_id, int64_t ret_counts[static DELIVERY_STATE_COUNT], GError **error);

/** The latest delivery of an announcement to this subscriber since `since`; for reports without a token. */
bool delivery_latest(Db *db, int64_t subscriber_id, int64_t since, DeliveryKey *ret_key, bool *ret_found, GError **error);
