#pragma once
/* What `rundbrief status` shows beside roles and troubles (role_store.h). Reads only. */
#include "model/announcement.h"
#include "model/delivery.h"
#include "store/db.h"

typedef struct StatusNumbers {
    int64_t uncertain;   /* deliveries and single mails of which nobody knows whether they arrived */
    int64_t open_single; /* single mails still to be sent */
    int64_t tray;        /* mails that came back and that a person must look at */
    int64_t suppressed;  /* addresses */
} StatusNumbers;

bool status_numbers(Db *db, StatusNumbers *ret, GError **error);

/** An announcement that waits for its time, is being sent or is paused. */
typedef struct StatusAnnouncement {
    int64_t id;
    AnnouncementKind kind;
    AnnouncementState state;
    int64_t send_at;    /* 0: as soon as it was queued */
    int64_t held_until; /* 0: it was not held yet */
    char *headline;     /* of the variant in the announcement's language */
    int64_t counts[DELIVERY_STATE_COUNT];
} StatusAnnouncement;

/** In the order of their time, of StatusAnnouncement; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *status_announcements(Db *db, GError **error);
