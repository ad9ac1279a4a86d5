#pragma once
/* What automatic replies, challenges and people who want to leave write: words as phrase_fold() writes them. A rank of
 * 0 is enough alone, 1 wants another sign. */
#include "model/phrases.h"

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
