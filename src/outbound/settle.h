#pragma once
/* From what happened to a mail to what its row says. */
#include "base/clock.h"
#include "config/settings.h"
#include "model/attempt.h"
#include "outbound/parcel.h"

/** What happened to a parcel on its line, or before it came to one. */
typedef struct Outcome {
    Parcel *parcel;   /* owned */
    char *relay;      /* name; NULL: none was involved */
    char *mistake;    /* its letter could not be written: a sentence; NULL otherwise. VERDICT_FAILED: by a value of this
                         recipient; VERDICT_DEFERRED: by a mistake of ours */
    bool returned;    /* nothing of it was said: its turn comes again at once */
    Attempt attempt;  /* else: how the try ended, */
    Verdict verdict;  /* and what that means */
    int64_t pause_us; /* VERDICT_RELAY, soon: for how long the relay is left alone, or the mail at least waits */
    bool soon;        /* the mail may be innocent: it comes again soon, once */
    bool in_doubt;    /* as others at this relay, or no other was accepted yet: nobody fails by it */
} Outcome;

/** How long mails wait whose letters cannot be written. */
#define MISTAKE_PAUSE_US MINUTE_US

void outcome_free(Outcome *outcome); /* NULL is fine */

typedef struct SettleRules {
    RetrySettings retry;
    PatienceSettings patience;
    UncertainSettings uncertain;
    BounceSettings bounce;
} SettleRules;

/** Writes the parcel's new state and its event. Runs inside the caller's transaction. */
bool outcome_settle(const Outcome *outcome, const SettleRules *rules, Db *db, DeliveryTally *tally, int64_t now,
                    GError **error);
