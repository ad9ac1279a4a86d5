#pragma once
/* Who takes the mail of a domain: the large providers of mailboxes, each with many domains. They judge a sender as a
 * whole, so what one of them says about our pace holds for all its domains. Pure. */

/** "gmx", "google", "t-online"; NULL: none that we know. domain: small letters, A-labels. Lives for ever. */
const char *provider_of_domain(const char *domain);

/** The same by the name of a mail exchanger of theirs: "aspmx.l.google.com". */
const char *provider_of_exchanger(const char *host);
