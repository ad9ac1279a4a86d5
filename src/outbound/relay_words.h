#pragma once
/* What staff read about a relay that does not do its work: what is wrong, what it means for the mails, what to do.
 * Nobody's address and no token is in it, for it goes into logs. */
#include "config/settings.h"
#include "model/attempt.h"

/** "451 4.7.1 slow down": what a server said to it. Caller frees. */
char *relay_words_said(const Attempt *attempt);

/** The relay, or our standing with it, failed. Caller frees. */
char *relay_words_failed(const RelaySettings *relay, const Attempt *attempt);

/** It answers, and refuses one recipient after the other: `recipients` different ones, none accepted in between; the
 *  last with this attempt. Caller frees. */
char *relay_words_refuses(const RelaySettings *relay, guint recipients, const Attempt *attempt);

/** The same for now (4yz). others_accept: another relay takes mails. Caller frees. */
char *relay_words_puts_off(const RelaySettings *relay, guint recipients, bool others_accept, const Attempt *attempt);

/** A provider refuses us, by way of a relay that takes the mails of others. Caller frees. */
char *relay_words_provider_refuses(const char *provider, guint recipients, const Attempt *attempt);
