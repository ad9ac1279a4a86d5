/* The words for reasons, and which of them end an address. */
#include "model/reason.h"

WORDS_DEFINE(Reason, reason, REASONS);

bool reason_is_dead(Reason reason)
{
    return reason >= REASON_NO_USER && reason <= REASON_NO_MAIL;
}
