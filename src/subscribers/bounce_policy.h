#pragma once
/* What a delivery report, or a relay's refusal, means for the person it names. The policy:
 *
 * - hard (the address or its domain does not exist): suppressed at once.
 * - soft: its day is noted with points for its reason (bounce_policy_points): what says that the address may be dead
 *   counts 10, what its owner's filter does 5, what is about us 0, so that a provider that blocks us costs no
 *   subscriber. Ten reports on one day are one day. Points fade evenly within settings.bounce.soft_window_days; an
 *   address whose score comes to soft_limit is suppressed.
 * - a delay notice, a success, a report without a cause: noted with the delivery, never counted (invariant 8).
 * - a report that calls one address of several dead, for one delivery (an alias with a dead member): counts as soft.
 * - a report that did not come to an address that we signed may be anybody's. It is believed only when it came with a
 *   null return path, as every mail system sends one (RFC 3464 2), and then counts, soft or hard, only for an address
 *   that was mailed within settings.bounce.unsigned_days; the evidence says so. One with a sender in its return path is
 *   somebody's mail: it changes nothing and is for staff.
 * - a token quoted from the returned mail names the delivery, whenever that was, but signs nothing: the report must
 *   have come with a null return path and counts only for the address that it names itself. A Message-ID travels with
 *   every answer and every forwarded copy.
 * - a report for an erased person is noted with the delivery, which keeps its number, and changes nothing else.
 *
 * A report that names an uncertain mail by its token settles it: the relay had taken it, or nothing could have come
 * back. It is sent then, as others that bounce are.
 *
 * A suppressed address gets nothing more: the sender looks at the suppression list when it leases a delivery (invariant
 * 2). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "model/attempt.h"
#include "model/consequence.h"
#include "model/finding.h"
#include "model/subscriber.h"
#include "store/db.h"

typedef enum {
    BOUNCE_NOTED,      /* changes nothing for the person */
    BOUNCE_NOTED_DAY,  /* counts as a soft bounce of this day */
    BOUNCE_SUPPRESSES, /* at once */
} BounceDecision;

/** False: the report may be anybody's, changes nothing, and is for staff. Pure. */
bool bounce_policy_believes(const Finding *finding);

/** The decision alone, pure. was_mailed matters for reports without a token only. */
BounceDecision bounce_policy_decide(const Finding *finding, bool was_mailed);

/** What a day with a soft bounce for this reason says against the address: 0 to 10. Pure. */
int bounce_policy_points(Reason reason);

/** The sum of an address's days, as far as they have not faded. */
bool bounce_policy_score(Db *db, const BounceSettings *settings, const uint8_t hash[static ADDRESS_HASH_SIZE],
                         int64_t now, int64_t *ret_score, GError **error);

/** Carries the policy out for a finding of class bounce-*, inside the caller's transaction. inbox_id names the mail in
 * the evidence. */
bool bounce_policy_apply(Db *db, const BounceSettings *settings, const Finding *finding, int64_t inbox_id, int64_t now,
                         Consequence *ret, GError **error);

/** The same policy for somebody whom a relay refused for good while we sent; no report will come. Only a refusal of the
 * recipient itself (RCPT) counts: dead suppresses at once, anything else is a soft bounce of this day. What the relay
 * says of us at RCPT, and what we refused ourselves, is nobody's bounce. Inside the caller's transaction. */
bool bounce_policy_refused(Db *db, const BounceSettings *settings, int64_t subscriber_id, const Attempt *attempt,
                           const char *relay, int64_t now, GError **error);
