#pragma once
/* Deliveries: which are next, and the only way they move. Every function that writes must run inside a transaction of
 * the caller. */
#include "model/attempt.h"
#include "model/delivery.h"
#include "model/subscriber.h"
#include "store/db.h"
#include "store/delivery_event.h"

#define DELIVERY_STORE_ERROR (delivery_store_error_quark())
GQuark delivery_store_error_quark(void);
enum {
    DELIVERY_STORE_ERROR_MISSING, /* there is no such delivery */
    DELIVERY_STORE_ERROR_MOVE,    /* the state table of model/delivery.c does not allow that move */
};

/* ---- counting ---------------------------------------------------------------------------------------------------- */

/** Changes of delivery_count that the caller's transaction has yet to write, so that a thousand moves cost a few rows.
 * delivery_tally_write() must come before the commit; after a rollback, clear it. */
typedef struct DeliveryTally {
    GArray *rows;
} DeliveryTally;

void delivery_tally_init(DeliveryTally *tally);
void delivery_tally_clear(DeliveryTally *tally);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DeliveryTally, delivery_tally_clear)

/** Writes and empties it. */
bool delivery_tally_write(Db *db, DeliveryTally *tally, GError **error);

/* ---- moving ------------------------------------------------------------------------------------------------------ */

/** The only way to change a delivery's state. Checks the legal moves, keeps delivery_count in step (by way of tally),
 * and adds the event when note is not NULL. at: as in the schema. A move that is not legal is an error and changes
 * nothing. A move into LEASED counts an attempt. */
bool delivery_move(Db *db, DeliveryTally *tally, DeliveryKey key, DeliveryState to, int64_t at,
                   const DeliveryNote *note, int64_t now, GError **error);

/** The same for a single move, with a tally of its own. */
bool delivery_become(Db *db, DeliveryKey key, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now,
                     GError **error);

/** Staff want it tried again: DEFERRED, due at once, and with all its patience, since its tries so far no longer count.
 * The event says whether it may arrive twice. detail: for the event. */
bool delivery_start_over(Db *db, DeliveryKey key, const char *detail, int64_t now, GError **error);

/** Gives a lease back whose try does not count: DEFERRED at `at`. */
bool delivery_release(Db *db, DeliveryTally *tally, DeliveryKey key, int64_t at, const DeliveryNote *note, int64_t now,
                      GError **error);

/** Withdraws a delivery that waits: CANCELLED; or UNCERTAIN, when a try before may have arrived. why: for its event. */
bool delivery_withdraw(Db *db, DeliveryTally *tally, DeliveryKey key, const char *why, int64_t now, GError **error);

/** Whether a leased delivery that was not begun may still go: nobody has left, been suppressed or erased since, and the
 * announcement is still being sent (invariant 2). Who may not, is given back: the next lease cancels it. */
bool delivery_may_begin(Db *db, DeliveryKey key, bool *ret_may, GError **error);

/** Notes that the body of a leased delivery may leave us from now on: if we are killed, nobody knows. */
bool delivery_begin(Db *db, DeliveryKey key, GError **error);

/** Adds an event without changing the state: a bounce or a delay notice that came back. */
bool delivery_add_event(Db *db, DeliveryKey key, const DeliveryNote *note, int64_t now, GError **error);

/* ---- leasing ----------------------------------------------------------------------------------------------------- */

/** A delivery that the sender may begin now, with all it needs to do so. */
typedef struct LeasedDelivery {
    DeliveryKey key;
    int attempts; /* this one counted */
    Recipient recipient;
} LeasedDelivery;

void leased_delivery_free(LeasedDelivery *delivery); /* NULL is fine */

/** Who may pass. Each function may be NULL.
 * ask: asked before each delivery is leased: 0 lets it go; an instant puts it off until then: DEFERRED, with no event
 * and no try counted. has_waited: it was deferred before.
 * takes: false leaves a delivery that comes by that list as it is, for somebody else to lease. Where a thousand such
 * are due again, those that come later are not found until some of them are gone. */
typedef struct DeliveryGate {
    int64_t (*ask)(void *keeper, const char *address, bool has_waited, int64_t now);
    bool (*takes)(void *keeper, int64_t list_id);
    void *keeper;
} DeliveryGate;

/** Leases up to limit deliveries of one announcement until `until`: first deferred ones that are due, then pending ones
 * behind *cursor (a subscriber id; 0 at start), which moves on. A recipient who is suppressed, erased or has left every
 * list of the announcement is withdrawn instead (invariant 2). gate: NULL lets everybody go. Appends
 * LeasedDelivery to leased. */
bool delivery_lease(Db *db, DeliveryTally *tally, int64_t announcement_id, int64_t *cursor, guint limit,
                    const DeliveryGate *gate, int64_t now, int64_t until, GPtrArray *leased, GError **error);

/** When the next deferred delivery of an announcement is due; 0: none is deferred. */
bool delivery_next_due(Db *db, int64_t announcement_id, int64_t *ret_at, GError **error);

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/** One delivery's state; *ret_state is untouched when there is none. */
bool delivery_state(Db *db, DeliveryKey key, DeliveryState *ret_state, bool *ret_found, GError **error);

/** Counts by state for one announcement, from delivery_count. */
bool delivery_counts(Db *db, int64_t announcement_id, int64_t ret_counts[static DELIVERY_STATE_COUNT], GError **error);

/** How many leased ones were begun: the text is on the line, and may arrive. */
bool delivery_count_begun(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error);

/** The latest announcement that was sent to this subscriber and began since `since`; for reports without a token. */
bool delivery_latest(Db *db, int64_t subscriber_id, int64_t since, DeliveryKey *ret_key, bool *ret_found,
                     GError **error);
