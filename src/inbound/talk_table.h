#pragma once
/* What reports, answers and requests say of themselves, in their subject or text: words as phrase_fold() writes
 * them. */
#include "model/phrases.h"

typedef enum {
    TALK_UNDELIVERED, /* a mail did not arrive */
    TALK_REPORTED,    /* what became of a mail, but not what it was */
    TALK_SYSTEM,      /* what mail systems begin their reports with, and nobody else */
    TALK_DELAYED,     /* it did not arrive yet; goes before the others */
    TALK_DELIVERED,   /* it arrived; whoever says in the text that one did not speaks of that */
} Talk;

/* ---- in the subject */
static const Phrase subject_phrases[] = {
#include "inbound/phrases/report_subjects.inc"
};

/* ---- in the text */
static const Phrase text_phrases[] = {
#include "inbound/phrases/report_texts.inc"
};
