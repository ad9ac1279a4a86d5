#pragma once
/* Who is on which list, and in which state. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

#define SUBSCRIPTION_ERROR (subscription_error_quark())
GQuark subscription_error_quark(void);
enum {
    SUBSCRIPTION_ERROR_MOVE, /* the state table of model/subscriber.c does not allow this move */
};

/** The only writer of subscription.state; runs inside the caller's transaction. Without a row, `to` must be pending or
 * active; with one, model/subscriber.h decides. The state it has already is no error and changes nothing. ret_changed
 * may be NULL. */
bool subscription_become(Db *db, int64_t list_id, int64_t subscriber_id, SubscriptionState to, int64_t now,
                         bool *ret_changed, GError **error);

typedef struct Subscription {
    int64_t list_id;
    char *slug;
    char *title;
    LegalBasis legal_basis; /* the list's */
    SubscriptionState state;
    int64_t since;
} Subscription;

/** All subscriptions of one person, of Subscription, by slug; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *subscription_all(Db *db, int64_t subscriber_id, GError **error);
