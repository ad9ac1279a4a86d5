/* Decodes RFC 2047. Words of the same charset that follow each other are joined before they are converted, as senders
 * cut multi-byte characters in two although the RFC forbids it. Never fails; owns nothing. */
#include "mail/encoded_word.h"

/* system */
#include <stdbool.h>
#include <string.h>

/* libraries */
#include <glib.h>

/* rundbrief */
#include "mail/charset.h"
#include "mail/transfer_decode.h"

#define WORD_BYTES 1000 /* RFC 2047 says 75; senders write more. Also keeps the search for the end linear */

typedef struct Word {
    const char *charset, *text, *end; /* end: behind "?=" */
    gsize charset_length, text_length;
    char encoding;
} Word;

typedef struct Pending {
    char *charset;
    GString *bytes;
} Pending;

static bool scan_word(const char *p, Word *ret_word)
{
    const char *charset = p + 2;
    gsize charset_length = strcspn(charset, "? \t=");
    const char *q = charset + charset_length;
    if (charset_length == 0 || charset_length > 60 || q[0] != '?' || !q[1] || !strchr("bBqQ", q[1]) || q[2] != '?')
        return false;
    const char *text = q + 3;
    gsize length = 0;
    while (text[length] && length < WORD_BYTES && !(text[length] == '?' && text[length + 1] == '='))
        length++;
    if (text[length] != '?' || text[length + 1] != '=')
        return false;
    gsize named = strcspn(charset, "*?"); /* RFC 2231 adds "*language" */
    *ret_word = (Word){charset, text, text + length + 2, MIN(named, charset_length), length, g_ascii_toupper(q[1])};
    return true;
}

static void append_q(GString *out, const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        int high = text[i] == '=' && i + 2 < length ? g_ascii_xdigit_value(text[i + 1]) : -1;
        int low = high >= 0 ? g_ascii_xdigit_value(text[i + 2]) : -1;
        if (low >= 0) {
            g_string_append_c(out, (char)(high << 4 | low));
            i += 2;
        } else {
            g_string_append_c(out, text[i] == '_' ? ' ' : text[i]);
        }
    }
}

static void append_b(GString *out, const char *text, gsize length)
{
    GString *bytes = transfer_decode("base64", text, length);
    g_string_append_len(out, bytes->str, (gssize)bytes->len);
    g_string_free(bytes, TRUE);
}

static void flush(Pending *pending, GString *out)
{
    if (pending->bytes->len > 0) {
        g_autofree char *text = charset_to_utf8(pending->charset, pending->bytes->str, pending->bytes->len);
        g_string_append(out, text);
    }
    g_string_truncate(pending->bytes, 0);
    g_clear_pointer(&pending->charset, g_free);
}

static void take_word(Pending *pending, const Word *word, GString *out)
{
    g_autofree char *charset = g_strndup(word->charset, word->charset_length);
    if (pending->charset && g_ascii_strcasecmp(pending->charset, charset) != 0)
        flush(pending, out);
    if (!pending->charset)
        pending->charset = g_steal_pointer(&charset);
    if (word->encoding == 'Q')
        append_q(pending->bytes, word->text, word->text_length);
    else
        append_b(pending->bytes, word->text, word->text_length);
}

/* Space between two encoded words is not part of the text. */
static const char *skip_to_next_word(const char *p)
{
    const char *q = p + strspn(p, " \t");
    Word ignored;
    return q[0] == '=' && q[1] == '?' && scan_word(q, &ignored) ? q : p;
}

/* Not g_strdelimit(), which asks of every byte; hardly a value has one. */
static void join_lines(char *text)
{
    while ((text = strpbrk(text, "\n\t")))
        *text++ = ' ';
}

char *encoded_words_decode(const char *raw)
{
    g_autofree char *clean = charset_to_utf8(NULL, raw, strlen(raw));
    join_lines(clean);
    if (!strstr(clean, "=?"))
        return g_steal_pointer(&clean);
    g_autoptr(GString) out = g_string_new(NULL);
    Pending pending = {NULL, g_string_new(NULL)};
    for (const char *p = clean; *p;) {
        Word word;
        if (p[0] == '=' && p[1] == '?' && scan_word(p, &word)) {
            take_word(&pending, &word, out);
            p = skip_to_next_word(word.end);
        } else {
            flush(&pending, out);
            g_string_append_c(out, *p++);
        }
    }
    flush(&pending, out);
    g_string_free(pending.bytes, TRUE);
    join_lines(out->str);
    return g_string_free(g_steal_pointer(&out), FALSE);
}
