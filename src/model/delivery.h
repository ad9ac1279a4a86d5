#pragma once
/* A delivery is one announcement for one subscriber (or one single mail of the outbox). Its state moves only along
 * the table in delivery.c; store/delivery_store.c is the only writer and asks here first. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/words.h"

/* The order is the number in the database: never reorder, only append. */
#define DELIVERY_STATES(X)                                                                                             \
    X(DELIVERY_PENDING, "pending")     /* waiting for its turn */                                                      \
    X(DELIVERY_LEASED, "leased")       /* an attempt is under way */                                                   \
    X(DELIVERY_DEFERRED, "deferred")   /* will be tried again later */                                                 \
    X(DELIVERY_SENT, "sent")           /* a relay took responsibility */                                               \
    X(DELIVERY_FAILED, "failed")       /* refused for good */                                                          \
    X(DELIVERY_UNCERTAIN, "uncertain") /* the line broke after the final dot */                                        \
    X(DELIVERY_CANCELLED, "cancelled") /* withdrawn before it was sent */
WORDS_DECLARE(DeliveryState, delivery_state, DELIVERY_STATES);
#define DELIVERY_STATE_COUNT (DELIVERY_CANCELLED + 1)

/* Why a delivery has an event. */
#define DELIVERY_EVENTS(X)                                                                                             \
    X(DELIVERY_EVENT_DEFERRED, "deferred")   /* refused for now */                                                     \
    X(DELIVERY_EVENT_FAILED, "failed")       /* refused for good, or patience ended */                                 \
    X(DELIVERY_EVENT_UNCERTAIN, "uncertain") /* nobody knows; never repeated silently */                               \
    X(DELIVERY_EVENT_RELEASED, "released")   /* the relay or we failed, not this recipient */                          \
    X(DELIVERY_EVENT_CANCELLED, "cancelled") /* left, suppressed or withdrawn before its turn */                       \
    X(DELIVERY_EVENT_RESENT, "resent")       /* sent again though it may have arrived, by its rule or by staff */      \
    X(DELIVERY_EVENT_BOUNCED, "bounced")     /* a report came back after it was sent */                                \
    X(DELIVERY_EVENT_DELAYED, "delayed")     /* a delay notice; changes nothing */                                     \
    X(DELIVERY_EVENT_SETTLED, "settled")     /* it was uncertain, and now it is known */                               \
    X(DELIVERY_EVENT_RETRIED, "retried")     /* refused, and tried again since staff asked for it */
WORDS_DECLARE(DeliveryEventKind, delivery_event_kind, DELIVERY_EVENTS);

typedef struct DeliveryKey {
    int64_t announcement_id;
    int64_t subscriber_id;
} DeliveryKey;

/** True for a move the table allows. */
bool delivery_may_become(DeliveryState from, DeliveryState to);

/** True for a state that nothing but staff will change any more. */
bool delivery_is_final(DeliveryState state);
