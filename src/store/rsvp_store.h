#pragma once
/* Answers to invitations: the latest of each person. Writers run inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/rsvp.h"
#include "store/db.h"

/** Strings are borrowed when storing, owned by the array when reading. */
typedef struct Rsvp {
    const char *uid;          /* of the meeting's calendar object */
    const char *attendee_key; /* folded address */
    int64_t subscriber_id;    /* 0: nobody with a record */
    RsvpAnswer answer;
    int64_t sequence;        /* of the version that was answered */
    int64_t stamped_at;      /* DTSTAMP: when it was given */
    int64_t inbox_id;        /* the mail it came in */
    int64_t at;              /* when we read it */
    int64_t announcement_id; /* only when read */
} Rsvp;

/** Of two answers the one to the later version counts, then the later one (RFC 5546 2.1.5); ret_taken is false when a
 * later one is stored already. */
bool rsvp_put(Db *db, const Rsvp *rsvp, bool *ret_taken, GError **error);

/** The answers to an announcement (0: to all, the latest one first), of Rsvp, by address, at most limit. NULL and
 * error. Caller unrefs. */
GPtrArray *rsvp_page(Db *db, int64_t announcement_id, guint limit, GError **error);

/** The meeting that a UID names; announcement_id 0: none. */
typedef struct RsvpMeeting {
    int64_t announcement_id;
    int64_t sequence;
} RsvpMeeting;
bool rsvp_meeting(Db *db, const char *uid, RsvpMeeting *ret, GError **error);
