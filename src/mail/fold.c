/* Folding and encoded words. The set of characters that Q leaves alone is the narrow one of RFC 2047 5 (3), so that the
 * same encoded word is right in a phrase and in unstructured text. */
#include "mail/fold.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "mail/transfer.h"

#define ENCODED_WORD_BYTES 75 /* RFC 2047 2 */
#define WRAPPING_BYTES     12 /* "=?UTF-8?Q?" and "?=" */
#define CHARACTER_Q_BYTES  12 /* "=F0=9F=98=80" */

static const char hex_digits[] = "0123456789ABCDEF";

void fold_begin(Fold *fold, GString *out, const char *name)
{
    *fold = (Fold){.out = out, .line_start = out->len};
    text_append(out, name, strlen(name));
    g_string_append_c(out, ':');
}

static gsize room(const Fold *fold)
{
    gsize column = fold->out->len - fold->line_start + 1;
    return column < FOLD_COLUMNS ? FOLD_COLUMNS - column : 0;
}

static void new_line(Fold *fold)
{
    text_append(fold->out, "\r\n", 2);
    fold->line_start = fold->out->len;
}

void fold_word(Fold *fold, const char *word, gsize length)
{
    bool helps = fold->begun || length < FOLD_COLUMNS; /* behind the name only for a word that fits then */
    if (helps && length > room(fold))
        new_line(fold);
    g_string_append_c(fold->out, ' ');
    text_append(fold->out, word, length);
    fold->begun = true;
}

static gsize q_width(unsigned char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!*+-/ ", c)) ? 1 : 3;
}

static gsize q_length(const char *text, gsize length)
{
    gsize width = 0;
    for (gsize i = 0; i < length; i++)
        width += q_width((unsigned char)text[i]);
    return width;
}

/* How many bytes of text, in whole characters, fit into one encoded word with `space` bytes inside its wrapping. */
static gsize take(const char *text, gsize length, gsize space, bool quoted)
{
    gsize taken = 0, used = 0;
    while (taken < length) {
        gsize next = (gsize)(g_utf8_next_char(text + taken) - text);
        used = quoted ? used + q_length(text + taken, next - taken) : (next + 2) / 3 * 4;
        if (used > space)
            break;
        taken = next;
    }
    return taken;
}

static void append_q(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == ' ') {
            g_string_append_c(out, '_');
        } else if (q_width(c) == 1) {
            g_string_append_c(out, (char)c);
        } else {
            g_string_append_c(out, '=');
            g_string_append_c(out, hex_digits[c >> 4]);
            g_string_append_c(out, hex_digits[c & 15]);
        }
    }
}

void fold_encoded(Fold *fold, const char *text, gsize length)
{
    bool quoted = q_length(text, length) <= (length + 2) / 3 * 4;
    while (length) {
        if (fold->begun && room(fold) < WRAPPING_BYTES + CHARACTER_Q_BYTES)
            new_line(fold);
        gsize space = MIN(room(fold), ENCODED_WORD_BYTES) - WRAPPING_BYTES;
        gsize taken = take(text, length, space, quoted);
        g_string_append(fold->out, quoted ? " =?UTF-8?Q?" : " =?UTF-8?B?");
        if (quoted)
            append_q(fold->out, text, taken);
        else
            transfer_append_base64(fold->out, text, taken);
        g_string_append(fold->out, "?=");
        fold->begun = true;
        text += taken;
        length -= taken;
    }
}

void fold_end(Fold *fold)
{
    text_append(fold->out, "\r\n", 2);
}
