#pragma once
/* Why a mail did not arrive, in the words that findings and statistics use. Only the first group says that the address
 * or its domain does not exist. */
#include "model/words.h"

#define REASONS(X)                                                                                                     \
    X(REASON_NONE, "")                                                                                                 \
    /* dead */                                                                                                         \
    X(REASON_NO_USER, "no such user")                                                                                  \
    X(REASON_NO_HOST, "no such domain")                                                                                \
    X(REASON_MOVED, "moved")                                                                                           \
    X(REASON_NO_MAIL, "accepts no mail") /* null MX, a host without mail server */                                     \
    /* alive, as far as anybody says */                                                                                \
    X(REASON_FULL, "mailbox full")                                                                                     \
    X(REASON_DISABLED, "account disabled") /* it may come back */                                                      \
    X(REASON_FILTERED, "refused by the recipient")                                                                     \
    X(REASON_SIZE, "too big")                                                                                          \
    X(REASON_SPAM, "taken for spam")                                                                                   \
    X(REASON_VIRUS, "taken for a virus")                                                                               \
    X(REASON_POLICY, "policy")                                                                                         \
    X(REASON_BLOCKED, "our server is blocked")                                                                         \
    X(REASON_AUTHENTICATION, "SPF, DKIM or DMARC")                                                                     \
    X(REASON_SENDER, "our address or host is refused")                                                                 \
    X(REASON_RELAYING, "relaying denied")                                                                              \
    X(REASON_CONTENT, "form of the mail")                                                                              \
    X(REASON_CONFIRMATION, "wants a confirmation")                                                                     \
    X(REASON_RATE, "too many mails")                                                                                   \
    X(REASON_GREYLIST, "greylisted")                                                                                   \
    X(REASON_LOOP, "loop")                                                                                             \
    X(REASON_NETWORK, "network")                                                                                       \
    X(REASON_SYSTEM, "fault of the other system")                                                                      \
    X(REASON_EXPIRED, "given up after days")                                                                           \
    X(REASON_DELAYED, "delayed")
WORDS_DECLARE(Reason, reason, REASONS);

bool reason_is_dead(Reason reason);
