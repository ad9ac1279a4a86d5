#pragma once
/* Content-Transfer-Encoding undone, RFC 2045 6. */
#include <glib.h>

/** What the bytes stand for; lines may end by LF or CRLF. encoding is the field's value; NULL: for every encoding that
 * leaves bytes as they are, and for names that nobody knows. What is no quoted-printable stays as it is, what is no
 * base64 is passed over. Linear. Caller frees. */
GString *transfer_decode(const char *encoding, const char *bytes, gsize length);
