#pragma once
/* Language tags (RFC 5646, BCP 47): their shape, the language in them, and which one serves a reader. */
#include <glib.h>
#include <stdbool.h>

/** True for the shape of a tag, which a typing mistake rarely has: two or three letters, then subtags of one to eight
 * letters and digits after hyphens; at most 35 characters. "de", "de-x-leicht", "sr-Latn-RS"; not "12", "deutsch". */
bool language_is_tag(const char *text);

/** The language alone: "de" of "de-x-leicht". Caller frees. */
char *language_primary(const char *tag);

/** True when that is the tag's language, whatever the case of the letters: "de" of "de-x-leicht". */
bool language_is(const char *tag, const char *primary);

/** How well an offered tag serves who wants another: 2 it is the same, 1 it is the language of it ("de" for "de-AT",
 * not "de-x-leicht" for "de"), 0 neither. */
int language_match(const char *offered, const char *wanted);
