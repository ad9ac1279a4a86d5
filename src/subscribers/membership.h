#pragma once
/* What is ended for a person: one subscription, all of them, or their whole record. Each runs inside the caller's
 * transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

/** Takes a person off one list and records that staff did. ret_changed: false when they were not on it (any more). */
bool membership_end(Db *db, const Subscriber *person, const MailingList *list, const char *reason, const char *actor,
                    int64_t now, bool *ret_changed, GError **error);

/** Takes a person off all lists, with a record for each. source: what it is known from. */
bool membership_end_all(Db *db, const Subscriber *person, const char *reason, const char *source, const char *actor,
                        int64_t now, int *ret_count, GError **error);

/** Erases a person: the row with address, name and subscriptions goes; consent records and a suppression stay, both
 * with nothing but the keyed hash, so that the next import does not bring the address back. Mails that wait for them
 * are never sent. */
bool membership_erase(Db *db, const Subscriber *person, const char *actor, int64_t now, GError **error);
