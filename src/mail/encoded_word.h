#pragma once
/* RFC 2047 in received header values: "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=" -> "Grüße". */

/** Returns valid UTF-8 on one line, whatever raw holds. What looks like an encoded word and is none stays as it is.
 * Time is linear. Caller frees. */
char *encoded_words_decode(const char *raw);
