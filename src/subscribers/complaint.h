#pragma once
/* Somebody called our mail spam (RFC 5965, or Hotmail's old form). Whoever complains wants nothing more from us: they
 * are taken off all lists, with proof, and their address is suppressed. The mail waits for staff, who should know.
 *
 * Whom it is about: the person whose token came back, in the return path or in the mail that is returned, which holds
 * a leave address of the same power anyway. Without a token it may be anybody's: it ends no subscription, which nothing
 * could begin again. It suppresses, which staff can take back, the one address that it names, as each mail of ours has
 * one recipient, when that was mailed within settings.bounce.unsigned_days; the evidence says so. The rest is for staff
 * to say. Providers often black the address out. */
#include "config/settings.h"
#include "model/consequence.h"
#include "model/finding.h"
#include "model/subscriber.h"
#include "store/db.h"

/** Carries it out, inside the caller's transaction. inbox_id names the mail in the evidence. */
bool complaint_apply(Db *db, const BounceSettings *settings, const Finding *finding, int64_t inbox_id, int64_t now,
                     Consequence *ret, GError **error);

/** The consequence alone, for one person. actor: "inbox", or who of staff said that it is a complaint. */
bool complaint_against(Db *db, const Subscriber *person, const char *evidence, const char *actor, int64_t now,
                       Consequence *ret, GError **error);
