#pragma once
/* What a refusal says about the address that was refused, whether a relay said it while we sent or a report brought it
 * back. Pure. */
#include <stdbool.h>

/** True when the address or its domain does not exist. enhanced: "5.1.1", "" when none was given; text: the server's
 * words. *ret_why: the phrase or code that decided, for the evidence; lives as long as enhanced. */
bool refusal_is_dead(const char *enhanced, const char *text, const char **ret_why);
