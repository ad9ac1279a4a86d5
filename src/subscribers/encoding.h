#pragma once
/* What kind of file this is, before anybody reads it as a table: so that "it is Latin-1" or "it is a workbook" is said
 * once, in a sentence, and not once per row. */
#include <glib.h>
#include <stdbool.h>

#define ENCODING_ERROR (encoding_error_quark())
GQuark encoding_error_quark(void);
enum {
    ENCODING_ERROR_KIND,   /* a workbook, a PDF, UTF-16: no text we read */
    ENCODING_ERROR_LEGACY, /* an 8-bit encoding such as Latin-1 or Windows-1252 throughout */
    ENCODING_ERROR_EMPTY,
};

/** Reads fd from its start and leaves it at its start. True for UTF-8 (and ASCII), also when single rows are not;
 * otherwise the sentence says how to save the file so that it can be read. */
bool encoding_check(int fd, GError **error);
