#pragma once
/* Answers to invitations (RFC 5546 3.2.3) are stored with the meeting. An answer to a meeting that we do not know, by
 * somebody who was not invited, or that says nothing we understand, is for staff. */
#include "mail/itip.h"
#include "model/consequence.h"
#include "store/db.h"

/** Inside the caller's transaction. inbox_id: the mail it came in. */
bool rsvp_apply(Db *db, const Itip *itip, int64_t inbox_id, int64_t now, Consequence *ret, GError **error);

/** DTSTAMP ("20260502T070000Z") as an instant; 0: it is none. Pure. */
int64_t rsvp_stamp(const char *text);
