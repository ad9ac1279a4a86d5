#pragma once
/* A look at a configuration file before libconfig reads it. */
#include <glib.h>

#include "base/problems.h"

/** Finds what libconfig 1.5 takes without a word or stops at: numbers beyond 32 bits (it wraps them), names given twice
 * (it stops), included files that are missing or too large (it ends the process for a folder). Returns the text with
 * the second of two equal names replaced by one that begins with '*', which no setting does; lines keep their numbers.
 * ret_complete: every included file can be read (one that cannot is taken out). Caller frees. text must be UTF-8. */
char *config_scan(const char *text, const char *file, bool *ret_complete, Problems *problems);
