#pragma once
/* A mail that came back -> what it is. Pure: no clock, no database, no network; any bytes are fine. */
#include "base/token.h"
#include "mail/parse.h"
#include "model/finding.h"

/** keyring may be NULL: then no token is believed. ret_finding must be initialised and empty. */
void classify(Message *message, const Keyring *keyring, Finding *ret_finding);
