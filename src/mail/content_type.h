#pragma once
/* The value of a Content-Type field, RFC 2045 5.1, read as leniently as mail programs do. Pure and linear. */
#include <glib.h>

/** "Text/Plain; charset=x" -> "text/plain". A type without a subtype gets the usual one; "" when value names none.
 * Caller frees. */
char *content_type_name(const char *value);

/** The value of a parameter, unquoted, or NULL. The case of name does not matter. Caller frees. */
char *content_type_parameter(const char *value, const char *name);
