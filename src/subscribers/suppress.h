#pragma once
/* The one way in which a mail, a refusal or a decision about one puts a person's address on the suppression list. What
 * staff do by name (`suppress`, `subscriber erase`) has ways and entries of its own. */
#include <stdbool.h>
#include <stdint.h>

#include "model/consequence.h"
#include "model/subscriber.h"
#include "store/db.h"

/** Suppresses, and notes it in the audit book; somebody who is suppressed already keeps the first reason and gets no
 * new entry. evidence: by what. actor: a role ("inbox") or who of staff. ret: says which of the two it was; may be
 * NULL. Inside the caller's transaction. */
bool suppress_person(Db *db, const Subscriber *person, SuppressionReason reason, const char *evidence,
                     const char *actor, int64_t now, Consequence *ret, GError **error);
