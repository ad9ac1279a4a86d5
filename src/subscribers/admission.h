#pragma once
/* Putting one person on one list, with its proof: by staff, one at a time or from a file, or by asking the person to
 * confirm. The rules are here; import.c and the commands only bring people along. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "model/subscriber.h"
#include "store/db.h"
#include "store/subscriber_store.h"
#include "subscribers/candidate.h"
#include "subscribers/rejection.h"

/** On what terms people come; their legal basis is the list's, which the letters name to them.
 * Everything is borrowed. */
typedef struct AdmissionTerms {
    const MailingList *list;
    ConsentKind
        kind; /* CONSENT_IMPORTED, CONSENT_ADDED: active at once; CONSENT_INVITED: pending, and a mail asks them */
    const char *ground; /* in staff's words; not empty; goes into every consent record */
    const char *actor;  /* "cli:LOGIN" */
    bool returning;     /* staff know that this person, who left, asked to come back */
    const SiteSettings *site;
    const Keyring *keyring;
} AdmissionTerms;

/** Reads how the candidate stands to the list and whether the terms let them in. False only for a database error;
 * whether they may come is said by ret_rejection, which the caller clears. Changes nothing. */
bool admission_check(Db *db, const AdmissionTerms *terms, const Candidate *candidate, int64_t now,
                     Standing *ret_standing, Rejection *ret_rejection, GError **error);

/** Puts in a candidate whom admission_check() let pass in the same transaction. source:
 * "import members.csv line 12". */
bool admission_write(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const Standing *standing,
                     const char *source, int64_t now, GError **error);

/** The whole of it for one person, with an audit row, inside the caller's transaction: check, then write unless
 * rejected. */
bool admission_admit(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const char *source, int64_t now,
                     Rejection *ret_rejection, GError **error);
