#pragma once
/* Addresses that must not be mailed, kept as keyed hashes. Writers run inside the caller's transaction. */
#include "model/subscriber.h"
#include "store/db.h"

/** Idempotent: the first reason stays. ret_added may be NULL. */
bool suppression_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], SuppressionReason reason, const char *evidence,
                     int64_t now, bool *ret_added, GError **error);
bool suppression_remove(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], bool *ret_removed, GError **error);

typedef struct Suppression {
    SuppressionReason reason;
    int64_t at;
    char *evidence;
} Suppression;
void suppression_clear(Suppression *suppression);

bool suppression_find(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], Suppression *ret, bool *ret_found, GError **error);
bool suppression_count(Db *db, int64_t *ret_count, GError **error);

/** Notes a soft bounce on a day; ret_days is how many different days since since_day have one. */
bool soft_bounce_add(Db *db, const uint8_t hash[static ADDRESS_HASH_SIZE], int64_t day, int64_t since_day, int64_t *ret_days,
                     GError **error);
