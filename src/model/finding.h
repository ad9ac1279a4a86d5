#pragma once
/* What a message that came back was found to be. */
#include <glib.h>
#include <stdbool.h>

#include "base/token.h"
#include "model/reason.h"
#include "model/words.h"

#define FINDING_CLASSES(X)                                                                                             \
    X(FINDING_UNKNOWN,                                                                                                 \
      "unknown") /* a machine's report that changes nothing: DMARC, TLS, read receipts; and what was not read */       \
    X(FINDING_BOUNCE_HARD, "bounce-hard")   /* the address or its domain does not exist */                             \
    X(FINDING_BOUNCE_SOFT, "bounce-soft")   /* failed for another reason */                                            \
    X(FINDING_BOUNCE_OTHER, "bounce-other") /* a delay notice, a success, a report without cause */                    \
    X(FINDING_LEAVE, "unsubscribe")         /* wants no more mails: to a leave address, or in words (no token) */      \
    X(FINDING_CONFIRM, "confirm")           /* a mail to a confirm address */                                          \
    X(FINDING_COMPLAINT, "complaint")       /* somebody called our mail spam (RFC 5965) */                             \
    X(FINDING_ITIP_REPLY, "itip-reply")     /* an answer to an invitation (RFC 5546) */                                \
    X(FINDING_CHALLENGE, "challenge")       /* we are to prove that we are a person */                                 \
    X(FINDING_AUTOREPLY, "autoreply")       /* somebody is away */                                                     \
    X(FINDING_NORMAL, "normal")             /* a person writes */
WORDS_DECLARE(FindingClass, finding_class, FINDING_CLASSES);

typedef struct Finding {
    FindingClass class;
    bool has_token; /* the mail came to, or brought back, an address that we signed */
    Token token;
    bool token_is_quoted; /* it stood in the mail that was returned, where whoever saw that mail may have it from */
    bool is_from_nobody;  /* it came with a null return path, as a mail system sends (RFC 5321 4.5.5) */
    bool is_automatic;    /* a program wrote it: it is never answered */
    bool is_mixed; /* a report to an address that we signed, for one mail, that says "dead" of one address and something
                      better of another: an alias with one dead member */
    GPtrArray *recipients; /* of char *: addresses of which a report says what class tells, folded */
    GPtrArray *others;     /* likewise: of which it says something less bad. They failed too, and nothing follows */
    char status[16];       /* enhanced code of the worst recipient, "" when none */
    Reason reason;         /* why the worst one failed */
    const char *family;    /* the mail system that wrote a report ("exim"), "" when unknown; never NULL, not owned */
    char *diagnostic;      /* what the other server said of it, cut; never NULL */
    char *message_id;      /* "<x@y>", "" when none; never NULL */
    char *rule;            /* the phrase, code or action that decided a report; never NULL */
    guint line;            /* of the mail, from 1, where that stands; 0: no one line */
    char *evidence;        /* what it was known by, and why it is believed, in words; never NULL */
} Finding;

void finding_init(Finding *finding);
void finding_clear(Finding *finding);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Finding, finding_clear)

/** All who failed, with commas between them. Caller frees. */
char *finding_failed(const Finding *finding);
