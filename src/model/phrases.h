#pragma once
/* Finds fixed phrases in what strangers wrote, many at a time, in one pass: a phrase is known by its first four bytes,
 * and only where a word begins. Pure; the index of a set is made once, when it is first asked. */
#include <glib.h>
#include <stdbool.h>

typedef struct Phrase {
    const char *words; /* as phrase_fold() writes them, four bytes at least; a space at the end asks for a word's end */
    int meaning;
    int rank; /* for whom it matters: 0 weighs most */
} Phrase;

typedef struct PhraseSet {
    const Phrase *phrases;
    gsize count;
    struct PhraseIndex *index; /* NULL until somebody asks; lives as long as the program */
} PhraseSet;
#define PHRASE_SET(table)                                                                                              \
    {                                                                                                                  \
        (table), G_N_ELEMENTS(table), NULL                                                                             \
    }

/** Text as phrases are written: lower case, Latin letters without their accents, every run of white space and
 * punctuation a single space, one before and one behind it all; addresses, links and hosts with their number left
 * out, since their words ("spam-reports@...") are names, not reasons. UTF-8 in, UTF-8 out, never longer than
 * length + 3. Linear. Caller frees. */
GString *phrase_fold(const char *text, gsize length);

/** The offset in text of what folds to offset folded_at of phrase_fold(text). */
gsize phrase_origin(const char *text, gsize length, gsize folded_at);

/** Calls visit for each phrase that stands in folded, in the order of their places. at: offset in folded. */
typedef void (*PhraseVisit)(const Phrase *phrase, gsize at, gpointer data);
void phrases_visit(PhraseSet *set, const GString *folded, PhraseVisit visit, gpointer data);

/** Of the longest phrase at each place, since it was written to know better, the first of the lowest rank; or NULL.
 * ret_at may be NULL. */
const Phrase *phrases_best(PhraseSet *set, const GString *folded, gsize *ret_at);
