#pragma once
/* Why a person is not put on a list: a word for programs and counts, a sentence for staff. */
#include <glib.h>
#include <stdbool.h>

#include "model/words.h"

#define REJECTION_KINDS(X)                                                                                             \
    X(REJECTION_NONE, "none")                                                                                          \
    X(REJECTION_UNREADABLE, "unreadable") /* the row itself: not UTF-8, a quote, too long */                           \
    X(REJECTION_ADDRESS, "bad-address")                                                                                \
    X(REJECTION_VALUE, "bad-value")             /* name, language or format */                                         \
    X(REJECTION_INACTIVE, "inactive-at-source") /* blocked or never confirmed where it comes from */                   \
    X(REJECTION_DUPLICATE, "duplicate")         /* stands in the file already */                                       \
    X(REJECTION_SUBSCRIBED, "already-subscribed")                                                                      \
    X(REJECTION_SUPPRESSED, "suppressed")                                                                              \
    X(REJECTION_LEFT, "left-earlier")       /* nobody is put back silently */                                          \
    X(REJECTION_INVITED, "invited-already") /* one confirmation mail per list and day */
WORDS_DECLARE(RejectionKind, rejection_kind, REJECTION_KINDS);
#define REJECTION_KIND_COUNT (REJECTION_INVITED + 1)

typedef struct Rejection {
    RejectionKind kind; /* REJECTION_NONE: none */
    char *sentence;
} Rejection;

/** Fills rejection, which must be empty, and returns false. */
bool rejection_set(Rejection *rejection, RejectionKind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** A wrong value as it can stand in a sentence: one line, not long, in quotes. Caller frees. */
char *rejection_quote(const char *text);
void rejection_clear(Rejection *rejection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rejection, rejection_clear)
