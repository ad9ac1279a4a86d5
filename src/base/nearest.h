#pragma once
/* "Did you mean …?": the known word closest to a mistyped one. */
#include <glib.h>

/** The word of a NULL-terminated list with the fewest single-letter slips (left out, added, changed, two swapped) from
 * the given one; NULL when none is close enough to be what was meant. Points into known. */
const char *nearest_word(const char *word, const char *const known[]);
