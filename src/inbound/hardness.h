#pragma once
/* How bad the news of one recipient is. Pure. */
#include "mail/dsn.h"
#include "model/refusal.h"

typedef enum {
    NEWS_GOOD,        /* delivered, relayed, expanded */
    NEWS_WAITING,     /* a delay notice, or no outcome stated: never counts (invariant 8) */
    NEWS_UNEXPLAINED, /* failed, and nobody says why: never counts either */
    NEWS_SOFT,        /* refused or given up for a reason that may pass, or that is not the address */
    NEWS_HARD,        /* the address or its domain does not exist */
} News;

typedef struct Verdict {
    News news;
    Refusal refusal; /* what the other server said; its why lives as long as the recipient */
    const char *why; /* the phrase, code or action that decided, for the evidence; likewise */
} Verdict;

/** Judges one block of a report. */
Verdict hardness_judge(const DsnRecipient *recipient);
