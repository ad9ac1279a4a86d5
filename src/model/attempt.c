/* The words of an attempt: how far it got and what it meant, as the database and the pages write them. */
#include "model/attempt.h"

WORDS_DEFINE(SmtpPhase, smtp_phase, SMTP_PHASES);
WORDS_DEFINE(Verdict, verdict, VERDICTS);
