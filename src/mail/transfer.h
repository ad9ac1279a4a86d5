#pragma once
/* Content-Transfer-Encoding (RFC 2045 6.7 and 6.8) of runs of bytes. Output is CRLF-terminated lines of at most 76
 * characters, 7-bit, none of which begins with a dot (SMTP) or with "From " (mbox). */
#include <glib.h>
#include <stdbool.h>

#define TRANSFER_LINE_BYTES 76

/** Appends text with every CRLF, CR and LF written as CRLF. */
void transfer_append_canonical(GString *out, const char *text, gsize length);

/** True when base64 makes fewer bytes of this text than quoted-printable. */
bool transfer_prefers_base64(const char *text, gsize length);

/** Appends UTF-8 text in quoted-printable, beginning at the start of a line and ending at one: with a soft break where
 * the text does not end in a line end. So runs can be put together in any order. Line ends of any kind are line
 * ends. */
void transfer_append_quoted(GString *out, const char *text, gsize length);

/** Appends the base64 of bytes without line ends; '=' only where length is no multiple of 3. */
void transfer_append_base64(GString *out, const char *bytes, gsize length);

/** The same in lines, the last one terminated too. */
void transfer_append_base64_lines(GString *out, const char *bytes, gsize length);
