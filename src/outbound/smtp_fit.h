#pragma once
/* What may be said in SMTP at all. Pure. */
#include "model/attempt.h"
#include "outbound/smtp_capabilities.h"
#include "outbound/smtp_command.h"

/** Why this mail cannot be said to such a server: a refusal that we give in its stead, at RCPT for its address's sake,
 * else for its text's. NULL when it can. */
const Attempt *smtp_mail_unfit(const SmtpMail *mail, const SmtpCapabilities *can);
