#pragma once
/* How bad the news of one recipient is. Pure. */
#include "mail/dsn.h"

typedef enum {
    NEWS_GOOD,    /* delivered, relayed, expanded */
    NEWS_WAITING, /* a delay notice, or no outcome stated: never counts (invariant 8) */
    NEWS_SOFT,    /* refused or given up for a reason that may pass, or that is not the address */
    NEWS_HARD,    /* the address or its domain does not exist */
} News;

/** Judges one block of a report. *ret_why: the phrase or code that decided, for the evidence; lives as long as
 * recipient. */
News hardness_judge(const DsnRecipient *recipient, const char **ret_why);
