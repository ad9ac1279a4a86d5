#pragma once
/* Addresses that carry a token (base/token.h), so that what comes back names its delivery or its person:
 * the envelope sender "bounces+dTOKEN@…", the leave address "inbox+lTOKEN@…". */
#include <glib.h>
#include <stdbool.h>

#include "base/token.h"

/** Appends address with "+TOKEN" before its last '@'. address must hold one. */
void verp_append(GString *out, const char *address, const Keyring *keyring, const Token *token);

/** Finds the first token of this purpose that one of our keys wrote in any text: a list of addresses, a Message-ID, a
 * Received line, an address another server wrapped into its own (SRS, BATV). The case does not matter.
 * NULL text holds none. */
bool verp_find(const Keyring *keyring, const char *text, TokenPurpose purpose, Token *ret_token);
