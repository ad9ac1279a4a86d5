#pragma once
/* What the header tells about the way a mail came: from whom, to whom, and whether it answers another. Pure. */
#include <stdbool.h>

#include "mail/fields.h"

/** Where the address of the envelope may stand, surest first: IMAP does not show RCPT TO. Ended by NULL. */
extern const char *const origin_envelope_fields[];

/** True when it came with a null return path, as mail systems send (RFC 5321 4.5.5). */
bool origin_is_nobody(const Fields *fields);

/** True when its sender calls itself a mail system, or does not say who it is. */
bool origin_is_mail_system(Fields *fields);

/** True when what cannot be delivered would come back to its writer, as with people's mails. */
bool origin_is_own_path(Fields *fields);

/** True when the subject says that it answers another mail, or passes one on. */
bool origin_is_answer(Fields *fields);
