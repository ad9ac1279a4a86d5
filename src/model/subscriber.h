#pragma once
/* Lists, the people on them, and the words for how they stand to each other. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "model/words.h"

#define JOINING_RULES(X)                                                                                               \
    X(JOINING_OPEN, "open")       /* anybody, by double opt-in */                                                      \
    X(JOINING_REQUEST, "request") /* anybody may ask, staff decide */                                                  \
    X(JOINING_CLOSED, "closed")   /* staff add members */
WORDS_DECLARE(JoiningRule, joining_rule, JOINING_RULES);

#define LEGAL_BASES(X)                                                                                                 \
    X(LEGAL_CONSENT, "consent")         /* GDPR Art. 6 (1) a */                                                        \
    X(LEGAL_PUBLIC_TASK, "public-task") /* GDPR Art. 6 (1) e */                                                        \
    X(LEGAL_CONTRACT, "contract")       /* GDPR Art. 6 (1) b */
WORDS_DECLARE(LegalBasis, legal_basis, LEGAL_BASES);

#define SUBSCRIPTION_STATES(X)                                                                                         \
    X(SUBSCRIPTION_PENDING, "pending") /* invited or asked; not confirmed */                                           \
    X(SUBSCRIPTION_ACTIVE, "active")                                                                                   \
    X(SUBSCRIPTION_PAUSED, "paused")                                                                                   \
    X(SUBSCRIPTION_LEFT, "left")
WORDS_DECLARE(SubscriptionState, subscription_state, SUBSCRIPTION_STATES);

#define SUBSCRIPTION_STATE_COUNT (SUBSCRIPTION_LEFT + 1)

bool subscription_may_become(SubscriptionState from, SubscriptionState to);

#define CONSENT_KINDS(X)                                                                                               \
    X(CONSENT_IMPORTED, "imported")   /* staff brought a file and stated the ground */                                 \
    X(CONSENT_INVITED, "invited")     /* a confirmation mail was sent */                                               \
    X(CONSENT_REQUESTED, "requested") /* the person asked; not proven yet */                                           \
    X(CONSENT_CONFIRMED, "confirmed") /* the person proved the address and agreed */                                   \
    X(CONSENT_ADDED, "added")         /* staff added one person and stated the ground */                               \
    X(CONSENT_LEFT, "left")           /* the person left */                                                            \
    X(CONSENT_REMOVED, "removed")     /* staff or bounce policy ended it */
WORDS_DECLARE(ConsentKind, consent_kind, CONSENT_KINDS);

#define SUPPRESSION_REASONS(X)                                                                                         \
    X(SUPPRESSION_HARD_BOUNCE, "hard-bounce")                                                                          \
    X(SUPPRESSION_SOFT_BOUNCES, "soft-bounces")                                                                        \
    X(SUPPRESSION_COMPLAINT, "complaint")                                                                              \
    X(SUPPRESSION_STAFF, "staff")                                                                                      \
    X(SUPPRESSION_ERASED, "erased")
WORDS_DECLARE(SuppressionReason, suppression_reason, SUPPRESSION_REASONS);

typedef struct MailingList {
    int64_t id;
    char *slug;
    char *title;
    char *description;
    char *language;
    JoiningRule joining;
    LegalBasis legal_basis;
    char *from_name; /* these four empty: the site's */
    char *from_address;
    char *sender_address;
    char *reply_to;
    int64_t rate_per_minute; /* so many mails of its announcements go out in a minute; 0: no limit */
    int64_t weight;          /* share of the lines beside other announcements, from 1 on */
    int64_t hold_seconds;    /* how long a send waits after its time, so that staff can stop it */
    char *office_address;    /* gets the first copy; empty: nobody does */
    char *contact_address;   /* gets what people write about it; empty: staff do, in the tray */
    char *relay;             /* goes by this one alone; empty: by any */
    bool dkim;               /* we sign its mails, where there is a key; else the relay does */
} MailingList;

#define LIST_RATE_PER_MINUTE 2000 /* unless staff say otherwise */
#define LIST_RATE_LARGEST    1000000
#define LIST_WEIGHT_LARGEST  100

void mailing_list_free(MailingList *list); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MailingList, mailing_list_free)

typedef struct Subscriber {
    int64_t id;
    char *address;     /* ready for RCPT TO */
    char *address_key; /* folded, for comparison */
    uint8_t address_hash[ADDRESS_HASH_SIZE];
    char *name;
    char *language;
    bool wants_text; /* no HTML part */
    int64_t created_at;
} Subscriber;

void subscriber_free(Subscriber *subscriber); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Subscriber, subscriber_free)

/** The person one mail goes to, as the letter and the sender need it. Strings are owned. */
typedef struct Recipient {
    int64_t subscriber_id; /* 0: a single mail to somebody who is none */
    int64_t list_id;       /* the list whose leave link the mail carries; 0: none */
    char *address;
    char *name;
    char *language;
    bool wants_text;
} Recipient;

void recipient_clear(Recipient *recipient);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recipient, recipient_clear)
