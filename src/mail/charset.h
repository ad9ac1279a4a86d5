#pragma once
/* Bytes in a named charset -> UTF-8. Never fails: what cannot be read is replaced, an unknown charset is read as
 * Latin-1. */
#include <glib.h>

/** Returns valid UTF-8 with LF line ends, without control characters other than TAB (they become spaces). charset may
 * be NULL, or any rubbish a stranger wrote. Caller frees. */
char *charset_to_utf8(const char *charset, const char *bytes, gsize length);
