#pragma once
/* What happened to a delivery or a single mail that did not go smoothly; rows are only ever added. */
#include "model/attempt.h"
#include "model/delivery.h"
#include "store/db.h"

typedef struct DeliveryNote {
    DeliveryEventKind kind;
    const char *relay;      /* NULL or "" when none was involved */
    const Attempt *attempt; /* NULL when none was made */
    const char *detail;     /* NULL or a sentence; the relay's words follow it */
} DeliveryNote;

/** Adds an event to a delivery, or, when key is NULL, to a mail of the outbox. Runs inside the caller's transaction. */
bool delivery_event_add(Db *db, const DeliveryKey *key, int64_t outbox_id, const DeliveryNote *note, int64_t now,
                        GError **error);

/** Whether an earlier try may have arrived: it was uncertain, and nothing has become known since. */
bool delivery_event_may_have_arrived(Db *db, const DeliveryKey *key, bool *ret_may, GError **error);
