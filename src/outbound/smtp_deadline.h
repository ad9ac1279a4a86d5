#pragma once
/* How long a server may take (RFC 5321 4.5.3.2). Pure. */
#include <stdbool.h>
#include <stdint.h>

#include "model/attempt.h"

/** For the reply that is awaited in a phase; the greeting, EHLO, TLS and log-in share one. writing: it has yet to take
 * what we say (a data block, 4.5.3.2.5). longest_us: no deadline is longer; 0: those of the RFC. */
int64_t smtp_deadline_us(SmtpPhase phase, bool writing, int64_t longest_us);
