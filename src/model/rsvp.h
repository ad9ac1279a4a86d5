#pragma once
/* What somebody answered to an invitation: PARTSTAT of RFC 5545 3.2.12, as far as it is an answer. */
#include "model/words.h"

#define RSVP_ANSWERS(X)                                                                                                \
    X(RSVP_ACCEPTED, "accepted")                                                                                       \
    X(RSVP_DECLINED, "declined")                                                                                       \
    X(RSVP_TENTATIVE, "tentative")                                                                                     \
    X(RSVP_DELEGATED, "delegated")
WORDS_DECLARE(RsvpAnswer, rsvp_answer, RSVP_ANSWERS);
