#include "model/attempt.h"

WORDS_DEFINE(SmtpPhase, smtp_phase, SMTP_PHASES);
WORDS_DEFINE(Verdict, verdict, VERDICTS);
