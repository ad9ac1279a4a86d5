#pragma once
/* "Did you mean …?": the known word closest to a mistyped one. */
#include <glib.h>

/** Begins with nearest_to(); every known word is offered; then `found` is the one with the fewest single-letter slips
 * (left out, added, changed, two swapped), or NULL when none is close enough to be what was meant.
 * Words are borrowed. */
typedef struct Nearest {
    const char *word;
    const char *found;
    guint slips; /* of found; before that the first number that is too many */
} Nearest;

Nearest nearest_to(const char *word);
void nearest_offer(Nearest *nearest, const char *known);
