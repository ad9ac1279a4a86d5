#pragma once
/* People's address records. Writers run inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

/** Stores a new person; fills subscriber->id. DB_ERROR_CONSTRAINT when the address is there already. */
bool subscriber_insert(Db *db, Subscriber *subscriber, GError **error);

/** *ret is NULL when there is none, and on failure; caller frees it. key: folded, see mail/address.h. */
bool subscriber_load(Db *db, int64_t id, Subscriber **ret, GError **error);
bool subscriber_by_key(Db *db, const char *address_key, Subscriber **ret, GError **error);

/** Takes the row, its subscriptions and its single mails away. Consent records, suppression and deliveries stay: they
 * hold no address. */
bool subscriber_delete(Db *db, int64_t id, GError **error);

/** How a person stands to one list, in one look: what an import asks 100,000 times. */
typedef struct Standing {
    int64_t subscriber_id; /* 0: unknown address */
    bool has_state;        /* has, or had, a subscription of that list */
    SubscriptionState state;
    int64_t since; /* of that state */
} Standing;
bool subscriber_standing(Db *db, int64_t list_id, const char *address_key, Standing *ret, GError **error);

/** Which people: a page of them, by address. */
typedef struct SubscriberFilter {
    int64_t list_id; /* 0: of any list or none */
    bool has_state;  /* only with a subscription in `state` (of that list, if one is given) */
    SubscriptionState state;
    const char *after_key; /* "" or the last address_key of the page before */
    int64_t limit;
} SubscriberFilter;

/** A page, of Subscriber, by address; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *subscriber_page(Db *db, const SubscriberFilter *filter, GError **error);

/** How many the filter finds on all pages. */
bool subscriber_count(Db *db, const SubscriberFilter *filter, int64_t *ret_count, GError **error);
