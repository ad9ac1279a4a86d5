#pragma once
/* "a=b; c=d": how DKIM signatures, key records and DMARC records are written (RFC 6376 3.2, RFC 7489 6.4). */
#include <glib.h>

/** Names (small letters) to values without the white space around them; what is no tag is passed over, and of two with
 * one name the first counts. Both are char *. Caller unrefs. */
GHashTable *dkim_tags_parse(const char *text);

/** The value, or NULL. */
const char *dkim_tag(GHashTable *tags, const char *name);
