#pragma once
/* Who did not get a mail, according to a report in prose: the addresses in it, each with how surely it is one of those,
 * and the words that belong to it. Pure. */
#include <glib.h>

/* How an address stands in the text. */
typedef enum {
    CLAIM_SENDER,     /* "contact <x>", "from x": somebody else */
    CLAIM_MENTION,    /* in some sentence */
    CLAIM_NEAR,       /* beside a refusal or as "To: x" */
    CLAIM_TRANSCRIPT, /* "RCPT TO:<x>", "550 <x>... User unknown" */
    CLAIM_LABELLED,   /* "recipient: x", "undeliverable to x" */
    CLAIM_LISTED,     /* a line or paragraph begins with it */
    CLAIM_ORIGINAL,   /* "Original address: x": the one that was mailed */
} ClaimGrade;

typedef struct Claim {
    char *address; /* as written */
    ClaimGrade grade;
    gsize from, to; /* its words: offsets in the text, up to where the next claim's begin */
} Claim;

/** The claims of the best grade that occurs, each address once; of Claim, in the order of the text. Linear. Caller
 * frees. */
GArray *claims_find(const GString *text);
