/* The legal moves of a delivery. */
#include "model/delivery.h"

WORDS_DEFINE(DeliveryState, delivery_state, DELIVERY_STATES);
WORDS_DEFINE(DeliveryEventKind, delivery_event_kind, DELIVERY_EVENTS);

#define TO(state) (1u << DELIVERY_##state)

/* A lease ends in a verdict. Nothing goes back to pending: a delivery that was not begun because its relay failed is
 * deferred to the end of the relay's pause, so that the sender's cursor over pending rows only moves forward. So is one
 * whose provider wants to be given mail more slowly, before it is ever leased, and again if that was not slow enough.
 * Failed deliveries are tried again only when staff ask for it (deferred, due at once); an uncertain one also by its
 * rule, and a report that comes back, or staff who have found out, make it sent or failed. One that is tried again for
 * that reason and then withdrawn is uncertain as before, not cancelled: it may have arrived. */
static const guint legal[DELIVERY_STATE_COUNT] = {
    [DELIVERY_PENDING] = TO(LEASED) | TO(DEFERRED) | TO(CANCELLED),
    [DELIVERY_LEASED] = TO(SENT) | TO(DEFERRED) | TO(FAILED) | TO(UNCERTAIN),
    [DELIVERY_DEFERRED] = TO(LEASED) | TO(DEFERRED) | TO(FAILED) | TO(UNCERTAIN) | TO(CANCELLED),
    [DELIVERY_FAILED] = TO(DEFERRED),
    [DELIVERY_UNCERTAIN] = TO(DEFERRED) | TO(SENT) | TO(FAILED),
};

bool delivery_may_become(DeliveryState from, DeliveryState to)
{
    return (legal[from] & (1u << to)) != 0;
}

bool delivery_is_final(DeliveryState state)
{
    return state >= DELIVERY_SENT;
}
