#pragma once
/* What staff read of a mailbox that cannot be read. */
#include "config/settings.h"

/** What to do about it, as a sentence; "" for no advice. Static. */
const char *mailbox_words_advice(const MailboxSettings *mailbox, const GError *trouble);
