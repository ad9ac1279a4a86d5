#pragma once
/* What an attempt meant. The only place that decides "sent", "try again", "give up", "nobody knows" or "not the
 * recipient's fault"; pure, and read in one sitting. */
#include "model/attempt.h"

/** Judges an attempt that has ended by who was refused:
 * the relay's or our sender's trouble is never the recipient's. */
Verdict verdict_of(const Attempt *attempt);

/** True when the recipient's provider says that we are too fast. Not greylisting, which wants another try, no slower
 * pace; nor a mailbox that is full. */
bool verdict_is_too_fast(const Attempt *attempt);
