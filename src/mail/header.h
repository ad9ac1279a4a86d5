#pragma once
/* Header fields, ready for the wire: "Name: value" CRLF, 7-bit, folded. RFC 5322 2.2, RFC 2047 (encoded words), RFC
 * 2231 (parameters). No function here lets a CR, LF, NUL or other control character of its input reach the output: it
 * is an error, and out is left as it was. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define HEADER_ERROR (header_error_quark())
GQuark header_error_quark(void);
enum {
    HEADER_ERROR_NAME,  /* not a field name: printable ASCII without ':' */
    HEADER_ERROR_VALUE, /* control character, invalid UTF-8, too long, or not fit for its place */
};

#define HEADER_DATE_SIZE 40 /* room for a date as text, with its NUL */

/** Unstructured text (Subject): as it is when printable ASCII fits, else encoded words. */
bool header_append_text(GString *out, const char *name, const char *text, GError **error);

/** A structured value of printable ASCII that is put as it is and folded at its spaces only. */
bool header_append_tokens(GString *out, const char *name, const char *value, GError **error);

/** One mailbox. phrase may be NULL or empty. The address is ready (mail/address.h); a UTF-8 local part stays as it is
 * (RFC 6532). */
bool header_append_address(GString *out, const char *name, const char *phrase, const char *address, GError **error);

typedef struct HeaderParameter {
    const char *name;  /* "charset"; NULL ends the list */
    const char *value; /* any UTF-8 on one line; quoted or encoded as needed; NULL: leave out */
} HeaderParameter;

/** Content-Type, Content-Disposition: a value and its parameters. A value beyond ASCII is written twice, as
 * name*=UTF-8''… and, for old readers, as name="…" with '_' for what ASCII has not. */
bool header_append_parameters(GString *out, const char *name, const char *value, const HeaderParameter *parameters,
                              GError **error);

/** The value of a Date field (RFC 5322 3.3): "Wed, 02 May 2018 09:00:00 +0200", English always. zone NULL: UTC. */
void header_date(int64_t at, GTimeZone *zone, char ret_date[static HEADER_DATE_SIZE]);
