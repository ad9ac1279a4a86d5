#pragma once
/* A consent record as a sentence for staff, and for the person who asks what we know of them. */
#include "store/consent_store.h"

/** "imported by cli:anna (import members.csv line 12) on the ground "…"; legal basis: consent (GDPR Art. 6 (1) a)".
 * Caller frees. */
char *consent_sentence(const ConsentRecord *record);
