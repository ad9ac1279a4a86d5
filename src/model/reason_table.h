#pragma once
/* What servers say when they do not take a mail: words as phrase_fold() writes them, what they mean, and a rank. Rows
 * of refusal.c's table; a language's name stands above its rows.
 * Rank 0 (DECISIVE) goes before all others, 1 (PLAIN) before 2 (VAGUE) and 3 (FAINT); within a rank the earliest words
 * win, and of those at one place the longest, whatever its rank. The rows stand in files by theme.
 * A row that WRAPS is what a server puts around the answer of the next one, whatever that was: what stands behind it
 * decides, and its own meaning, a vague one, only where nothing does. */
#include "model/phrases.h"
#include "model/reason.h"

#define DECISIVE 0
#define PLAIN    1
#define VAGUE    2
#define FAINT    3

#define WRAPS 0x100 /* beside the meaning */

static const Phrase reason_phrases[] = {
#include "model/reasons/account.inc"
#include "model/reasons/nobody.inc"
#include "model/reasons/nobody_languages.inc"
#include "model/reasons/place.inc"
#include "model/reasons/policy.inc"
#include "model/reasons/transport.inc"
#include "model/reasons/us.inc"
#include "model/reasons/wrappers.inc"
};
