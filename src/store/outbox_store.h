#pragma once
/* Single mails waiting to be sent: confirmations and receipts. Written in the transaction of the event that causes
 * them; the send role renders and sends them with the same states and verdicts as deliveries. Every function that
 * writes must run inside a transaction of the caller. */
#include "model/attempt.h"
#include "model/delivery.h"
#include "model/subscriber.h"
#include "store/delivery_event.h"

typedef struct OutboxMail {
    int64_t id;
    char *template; /* templates/mail/NAME */
    Recipient recipient;
    char *data;   /* JSON object for the template */
    int attempts; /* this one counted */
} OutboxMail;

void outbox_mail_free(OutboxMail *mail); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(OutboxMail, outbox_mail_free)

#define OUTBOX_PRIORITY_CONFIRMATION 10
#define OUTBOX_PRIORITY_CHECK        12 /* somebody sits and waits */
#define OUTBOX_PRIORITY_FIRST_COPY   15
#define OUTBOX_PRIORITY_RECEIPT      20

/** Puts a mail into the queue, to be sent at once. template: a name in templates/mail; data: a JSON object for it;
 * priority: the lowest number goes out first. */
bool outbox_add(Db *db, const char *template, const Recipient *recipient, const char *data, int priority, int64_t now,
                int64_t *ret_id, GError **error);

/** Leases up to limit mails until `until`, the most urgent first; appends OutboxMail to leased. One to a subscriber
 * whose address is suppressed, and the first copy of what was cancelled, is cancelled with an event instead. relay:
 * only those of lists that go by it alone, or of none such (""); NULL: all. */
bool outbox_lease(Db *db, const char *relay, guint limit, int64_t now, int64_t until, GPtrArray *leased,
                  GError **error);

/** The only way to change the state of a single mail: checks the legal moves, adds the event when note is not NULL. */
bool outbox_become(Db *db, int64_t id, DeliveryState to, int64_t at, const DeliveryNote *note, int64_t now,
                   GError **error);

/** As delivery_start_over(); nothing is known of whether it may arrive twice but that it was uncertain. */
bool outbox_start_over(Db *db, int64_t id, const char *detail, int64_t now, GError **error);

/** As delivery_may_begin(), delivery_release() and delivery_begin(). */
bool outbox_may_begin(Db *db, int64_t id, bool *ret_may, GError **error);
bool outbox_release(Db *db, int64_t id, int64_t at, const DeliveryNote *note, int64_t now, GError **error);
bool outbox_begin(Db *db, int64_t id, GError **error);

/** True when a mail could be leased now. */
bool outbox_has_work(Db *db, const char *relay, int64_t now, bool *ret_work, GError **error);

/** True when a mail has not come to its end yet. */
bool outbox_is_open(Db *db, bool *ret_open, GError **error);

/** As delivery_state(). */
bool outbox_state(Db *db, int64_t id, DeliveryState *ret_state, bool *ret_found, GError **error);

/** What was last said about it, as "relay main: 550 5.7.1 no such user"; *ret is NULL when nothing was. Caller
 * frees. */
bool outbox_last_words(Db *db, int64_t id, char **ret, GError **error);

/** A single mail of which nobody knows whether it arrived. */
typedef struct OutboxDoubt {
    int64_t id;
    char *template;
    char *address;
    int64_t at; /* since when */
} OutboxDoubt;

/** All of them, or the one of that number (0: all), of OutboxDoubt; the array owns them. What was passed on is not
 * among them: it waits in the tray. NULL and error. Caller unrefs. */
GPtrArray *outbox_uncertain(Db *db, int64_t id, GError **error);

/** Whom the first copy of an announcement went to. */
typedef struct OutboxOffice {
    char *list; /* slug; NULL: it is no first copy, or that is not the list's office any more */
    char *address;
} OutboxOffice;

void outbox_office_clear(OutboxOffice *office);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OutboxOffice, outbox_office_clear)

bool outbox_office(Db *db, int64_t id, OutboxOffice *ret, GError **error);

/** Whom a single mail went to; 0: nobody we know. */
bool outbox_subscriber(Db *db, int64_t outbox_id, int64_t *ret_subscriber_id, GError **error);
