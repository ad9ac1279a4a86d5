#pragma once
/* What automatic replies, challenges and people who want to leave write: words as phrase_fold() writes them. A rank of
 * 0 is enough alone, 1 wants another sign; in the texts of automatic replies 0 counts twice as much as 1 and wants
 * another. */
#include "model/phrases.h"

/* What the words of a sentence do for a request to leave. An ASKS of rank 0 is enough. One of rank 1 wants a WISH or a
 * FROM in its sentence. One of rank 2 can be about anything ("abmelden": a car): it wants a FROM, or a WISH and an
 * OBJECT. A FROM alone wants a WISH. */
typedef enum {
    LEAVE_ASKS,
    LEAVE_FROM,
    LEAVE_WISH,
    LEAVE_OBJECT,
    LEAVE_OPPOSITE, /* who says this does not ask */
} LeaveWord;

#define PROGRAM 1 /* meaning of a subject that no person would write as the whole of one */

static const Phrase away_subjects[] = {
#include "inbound/phrases/away_subjects.inc"
};

static const Phrase away_texts[] = {
#include "inbound/phrases/away_texts.inc"
};

static const Phrase challenge_phrases[] = {
#include "inbound/phrases/challenges.inc"
};

static const Phrase leave_phrases[] = {
#include "inbound/phrases/leaving.inc"
};
