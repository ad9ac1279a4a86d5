#pragma once
/* Addresses that must not be mailed, kept as keyed hashes. Writers run inside the caller's transaction. */
#include "model/subscriber.h"
#include "store/db.h"

/** Idempotent: the first reason stays. ret_added may be NULL. */
bool suppression_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], SuppressionReason reason,
                     const char *evidence, int64_t now, bool *ret_added, GError **error);

/** Also forgets the address's soft bounces, so that it starts afresh. ret_removed may be NULL. */
bool suppression_remove(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], bool *ret_removed, GError **error);

typedef struct Suppression {
    SuppressionReason reason;
    int64_t at;
    char *evidence;
} Suppression;
void suppression_clear(Suppression *suppression);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Suppression, suppression_clear)

/** ret is filled when ret_found; the caller clears it. */
bool suppression_find(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], Suppression *ret, bool *ret_found,
                      GError **error);
bool suppression_count(Db *db, int64_t *ret_count, GError **error);

/** One row of the suppression list for staff. */
typedef struct SuppressionRow {
    uint8_t hash[ADDRESS_HASH_SIZE];
    Suppression suppression;
    char *address; /* of a subscriber who still has a record; NULL: nobody knows, by design */
} SuppressionRow;

/** The latest first, at most limit, of SuppressionRow; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *suppression_page(Db *db, int64_t limit, int64_t offset, GError **error);

/** A day on which an address bounced softly, and what that says against it. */
typedef struct SoftBounce {
    int64_t day; /* since 1970, UTC */
    int64_t points;
    int64_t inbox_id; /* the mail that said so; 0: the relay did. Not read back */
} SoftBounce;

/** Notes a soft bounce. One day is one row, with the worst of its points. Days before since_day are forgotten. */
bool soft_bounce_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], const SoftBounce *bounce, int64_t since_day,
                     GError **error);

/** Forgets the day that a mail caused, which was no bounce after all. What others said on the same day goes with it: in
 * favour of the person. */
bool soft_bounce_take_back(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t inbox_id, bool *ret_found,
                           GError **error);

/** The days from since_day on, of SoftBounce, oldest first. NULL and error. Caller unrefs. */
GArray *soft_bounce_days(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t since_day, GError **error);
