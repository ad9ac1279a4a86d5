#pragma once
/* One try of one mail over one relay connection, as far as it got:
 * what the SMTP dialogue reports and the verdict judges. */
#include <stdbool.h>

#include "model/words.h"

#define SMTP_PHASES(X)                                                                                                 \
    X(SMTP_CONNECT, "connect") /* DNS, TCP, greeting, EHLO */                                                          \
    X(SMTP_TLS, "tls")         /* STARTTLS, handshake, certificate */                                                  \
    X(SMTP_AUTH, "auth")                                                                                               \
    X(SMTP_MAIL, "mail")                                                                                               \
    X(SMTP_RCPT, "rcpt")                                                                                               \
    X(SMTP_DATA, "data")                                                                                               \
    X(SMTP_DOT, "dot") /* after the last byte of the body: the relay may have taken it */
WORDS_DECLARE(SmtpPhase, smtp_phase, SMTP_PHASES);

typedef struct Attempt {
    SmtpPhase phase;
    int reply;         /* 0: none came */
    char enhanced[16]; /* "5.1.1"; empty: none given */
    char text[200];    /* the reply's text, cleaned, cut; safe to show to staff, may hold the recipient's address */
    bool line_lost;    /* closed, timed out or unintelligible */
    bool too_slow;     /* lost because no answer came in time */
    bool ours;         /* refused by us: the relay was not asked */
} Attempt;

/** A reply as "550 5.1.1 no such user", of what there is of it: 0 and empty texts are left out. Caller frees. */
char *attempt_said(int reply, const char *enhanced, const char *text);

#define VERDICTS(X)                                                                                                    \
    X(VERDICT_SENT, "sent")                                                                                            \
    X(VERDICT_DEFERRED, "deferred") /* this recipient or message, for now */                                           \
    X(VERDICT_FAILED, "failed")     /* this recipient or message, for good */                                          \
    X(VERDICT_UNCERTAIN, "uncertain")                                                                                  \
    X(VERDICT_RELAY, "relay") /* the relay's or our sender's fault: bench the relay, nobody else pays */
WORDS_DECLARE(Verdict, verdict, VERDICTS);
