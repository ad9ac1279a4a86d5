/* The words for answers. */
#include "model/rsvp.h"

WORDS_DEFINE(RsvpAnswer, rsvp_answer, RSVP_ANSWERS);
