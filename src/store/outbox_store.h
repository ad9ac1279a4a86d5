#pragma once
/* Single mails waiting to be sent: confirmations, receipts, alerts. Written in the transaction of the event that causes
 * them; the send role renders and sends them with the same states and verdicts as deliveries. */
#include "model/attempt.h"
#include "model/delivery.h"
#include "model/subscriber.h"
#include "store/delivery_store.h"

typedef struct OutboxMail {
    int64_t id;
    char *template; /* templates/mail/NAME */
    Recipient recipient;
    char *data; /* JSON object for the template */
    int attempts;
} OutboxMail;

void outbox_mail_free(OutboxMail *mail); /* NULL is fine */

#define OUTBOX_PRIORITY_CONFIRMATION 10
#define OUTBOX_PRIORITY_RECEIPT      20
#define OUTBOX_PRIORITY_ALERT        30

bool outbox_add(Db *db, const char *template, const Recipient *recipient, const char *data, int priority, int64_t now,
                int64_t *ret_id, GError **error);
bool outbox_lease(Db *db, guint limit, int64_t now, int64_t until, GPtrArray *leased, GError **error);
bool outbox_become(Db *db, int64_t id, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now, GError **error);
bool outbox_expire_leases(Db *db, int64_t now, guint *ret_count, GError **error);
