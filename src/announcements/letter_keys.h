#pragma once
/* The DKIM keys of the settings, and which of them sign a letter: all whose domain is aligned with its From address.
 * A key is read when the first letter wants it. */
#include "config/settings.h"
#include "mail/dkim.h"

typedef struct LetterKeys LetterKeys;

/** rows: of DkimSettings; must outlive the keys. */
LetterKeys *letter_keys_new(const GPtrArray *rows);
void letter_keys_free(LetterKeys *keys); /* NULL is fine */

/** What signs the letters from an address; common as for dkim_signer_new(). ret_signer is NULL where no key is for its
 * domain. An unreadable key is an error, and is read again the next time. keys must outlive the signer. */
bool letter_keys_signer(LetterKeys *keys, const char *from_address, const char *common, gsize length,
                        DkimSigner **ret_signer, GError **error);

/** Reads one key. The error names it and its file. */
DkimKey *letter_key_read(const DkimSettings *row, GError **error);
