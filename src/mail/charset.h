#pragma once
/* Bytes in a named charset -> UTF-8. Never fails: what cannot be read is replaced; a charset that mail is not written
 * in is read as UTF-8 or Latin-1. */
#include <glib.h>

#define CHARSET_GROWTH 3 /* times as long is what a text becomes at most: one byte, three of UTF-8 */

/** Returns valid UTF-8 with LF line ends, without control characters other than TAB (they become spaces). stated: the
 * charset's name; NULL, or any rubbish a stranger wrote. Linear. Caller frees. */
char *charset_to_utf8(const char *stated, const char *bytes, gsize length);
