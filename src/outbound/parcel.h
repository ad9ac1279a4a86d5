#pragma once
/* A mail that this sender has leased: a delivery of an announcement, or a single mail of the outbox. The rest of
 * outbound/ treats both alike. */
#include <stdbool.h>

#include "announcements/letter.h"
#include "store/delivery_store.h"
#include "store/outbox_store.h"

typedef struct Parcel {
    LeasedDelivery *delivery; /* one of these two */
    OutboxMail *single;
    AnnouncementKind kind; /* of a delivery's announcement */
    bool urgent;           /* it is */
    const char *relay;     /* goes by this one alone; "" or NULL: by any. Not its own */
    int64_t version;       /* of the database in which it was leased, see db_version() */
    Letter letter;         /* filled by parcel_write() */
} Parcel;

/** Take over what they are given. */
Parcel *parcel_of_delivery(LeasedDelivery *delivery, AnnouncementKind kind, bool urgent);
Parcel *parcel_of_single(OutboxMail *mail);
void parcel_free(Parcel *parcel); /* NULL is fine */

/** Whom it is for, as a number to tell recipients apart: the subscriber, or the single mail with a minus. */
int64_t parcel_id(const Parcel *parcel);

/** Where it goes. */
const char *parcel_address(const Parcel *parcel);

/** True when it goes by one relay alone. */
bool parcel_is_bound(const Parcel *parcel);

/** How often it was tried, this time included. */
int parcel_attempts(const Parcel *parcel);

/** Whom it is for; 0: nobody on a list. */
int64_t parcel_subscriber(const Parcel *parcel);

/** A mail of which nobody knows is tried so often at most, whatever the rule: some mails kill every line, or us. */
#define UNCERTAIN_TRIES 3

/** After how many hours of pauses it has failed. */
int64_t parcel_patience_hours(const Parcel *parcel, const PatienceSettings *settings);

/** The first copy of an announcement, for an office. */
bool parcel_is_first_copy(const Parcel *parcel);

/** Its announcement; 0: it is a single mail. */
int64_t parcel_announcement(const Parcel *parcel);

/** Writes its letter. PLAN_ERROR_VALUE concerns this one alone; any other error is a mistake of ours, and would meet
 *  the other letters of its announcement too. */
bool parcel_write(Parcel *parcel, LetterBox *box, Db *db, int64_t now, GError **error);

/* These run inside the caller's transaction, as their namesakes in store/. */
bool parcel_may_begin(const Parcel *parcel, Db *db, bool *ret_may, GError **error);
bool parcel_begin(const Parcel *parcel, Db *db, GError **error);
bool parcel_become(const Parcel *parcel, Db *db, DeliveryTally *tally, DeliveryState to, int64_t at,
                   const DeliveryNote *note, int64_t now, GError **error);
/** One that is UNCERTAIN now is sent again at `at`, with an event, where its rule says so; else it is held. */
bool parcel_doubt(const Parcel *parcel, const UncertainSettings *settings, Db *db, DeliveryTally *tally, int64_t at,
                  int64_t now, GError **error);
bool parcel_release(const Parcel *parcel, Db *db, DeliveryTally *tally, int64_t at, const DeliveryNote *note,
                    int64_t now, GError **error);
