#pragma once
/* What no announcement leaves without. */
#include "announcements/letter_view.h"

/** Publisher block, address to leave at, a text, a description of each picture, the date of a meeting. The error
 * names all that is missing, for the person who writes the announcement. */
bool letter_check(const Edition *edition, GError **error);
