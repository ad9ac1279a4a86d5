#pragma once
/* A person about to be put on a list: what staff or a file wrote, checked and brought into shape. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "mail/address.h"
#include "subscribers/rejection.h"

typedef struct Candidate {
    Address address;
    uint8_t hash[ADDRESS_HASH_SIZE];
    char *name;
    char *language;
    bool wants_text;
} Candidate;

void candidate_clear(Candidate *candidate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Candidate, candidate_clear)

/** address: bare, or "Anna Müller <anna@example.org>", whose name counts when `name` is empty. language: a tag ("de",
 * "en-GB", "de_AT"), or its name in German or English; empty: fallback, which must be a tag. False: ret is empty and
 * rejection says why. */
bool candidate_init(Candidate *ret, const Keyring *keyring, const char *address, const char *name, const char *language,
                    const char *fallback, Rejection *rejection);

/** "de_at" -> "de-AT", "Leichte Sprache" -> "de-x-leicht"; NULL when it is no language. Caller frees. */
char *language_tag(const char *text);
