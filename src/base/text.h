#pragma once
/* Small words about UTF-8 text. One string builder in the program: GString. */
#include <glib.h>
#include <stdbool.h>
#include <string.h>

/** Key by which addresses and names are compared: NFC, then Unicode case folding. Input must be valid UTF-8.
 * Caller frees. */
char *text_fold(const char *text);

/** The texts of an array with something between each two of them. Caller frees. */
char *text_join(const GPtrArray *texts, const char *between);

/** Where needle stands in text first, ASCII letter case ignored; or NULL. */
const char *text_search(const char *text, const char *needle);

/** True when text is valid UTF-8 and holds no control character, line ends and tabs included. */
bool text_is_clean(const char *text);

/** True for printable ASCII: blanks, but no tab. */
bool text_is_printable(const char *text, gsize length);

/** True when it is clean, and holds no line or paragraph separator (U+2028, U+2029) and nothing that turns the
 * direction of what follows (U+202A to U+202E, U+2066 to U+2069), by which a name can show as another: fit for a header
 * value or a row. */
bool text_is_one_line(const char *text);

/** What a stranger wrote, as such a line of at most most bytes: what is no UTF-8 is replaced (U+FFFD), every other
 * character that does not fit is a space, and the end is cut between characters. Caller frees. */
char *text_one_line(const char *text, gsize most);

/** True for those of U+2028 and so on. */
bool text_reorders_or_breaks(gunichar c);

/** What keeps length bytes from being plain text of several lines in UTF-8, as a sentence: a byte of another encoding,
 * or a control character other than tab and line end. NULL: nothing. ret_line: where, from 1. Caller frees. */
char *text_find_fault(const char *text, gsize length, unsigned *ret_line);

/** g_string_append_len() of bytes from elsewhere, several times as fast where there is room already: for what is
 * written piece by piece into a buffer that is kept. */
static inline void text_append(GString *buffer, const char *bytes, gsize length)
{
    if (buffer->allocated_len - buffer->len <= length) {
        g_string_append_len(buffer, bytes, (gssize)length);
        return;
    }
    memcpy(buffer->str + buffer->len, bytes, length);
    buffer->len += length;
    buffer->str[buffer->len] = '\0';
}

/** Appends unless the result would exceed limit bytes; returns false then and leaves buffer as it was. */
bool text_append_limited(GString *buffer, const char *text, gsize length, gsize limit);
