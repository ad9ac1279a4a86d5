/* One function per output kind; each copies runs of harmless bytes and replaces the others. */
#include "template/escape.h"

/* rundbrief */
#include "base/text.h"

/* What stands instead of a byte; NULL: itself. */
typedef const char *Replacements[256];

static const Replacements html_replacements = {
    ['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

static const Replacements calendar_replacements = {
    ['\0' ... '\t'] = "", ['\n'] = "\\n", ['\n' + 1 ... ' ' - 1] = "", ['\x7f'] = "", ['\\'] = "\\\\",
    [';'] = "\\;",        [','] = "\\,"};

static const Replacements text_replacements = {['\0' ... '\t' - 1] = "", ['\n' + 1 ... ' ' - 1] = "", ['\x7f'] = ""};

static void append_replaced(GString *out, const char *text, gsize length, const Replacements replacements)
{
    gsize kept = 0;
    for (gsize i = 0; i < length; i++) {
        const char *instead = replacements[(unsigned char)text[i]];
        if (!instead)
            continue;
        text_append(out, text + kept, i - kept);
        text_append(out, instead, strlen(instead));
        kept = i + 1;
    }
    text_append(out, text + kept, length - kept);
}

/* NEL, LINE SEPARATOR and PARAGRAPH SEPARATOR, which some readers take for line ends, and what turns the direction of
 * the text count too. Returns the bytes to skip. */
static gsize control_at(const char *text, gsize left)
{
    unsigned char c = (unsigned char)text[0];
    if (c < ' ' || c == 0x7f)
        return 1;
    if (c == 0xc2 && left > 1 && ((unsigned char)text[1] & 0xe0) == 0x80)
        return 2;
    if (c == 0xe2 && left > 2 && text_reorders_or_breaks(g_utf8_get_char(text)))
        return 3;
    return 0;
}

static void append_one_line(GString *out, const char *text, gsize length)
{
    gsize i = 0;
    while (i < length) {
        gsize control = control_at(text + i, length - i);
        if (!control) {
            g_string_append_c(out, text[i++]);
            continue;
        }
        while (i < length && (control = control_at(text + i, length - i)) > 0)
            i += control;
        g_string_append_c(out, ' ');
    }
}

void escape_append(GString *out, Escape escape, bool raw, const char *text, gsize length)
{
    switch (escape) {
    case ESCAPE_HTML:
        if (raw)
            g_string_append_len(out, text, (gssize)length);
        else
            append_replaced(out, text, length, html_replacements);
        return;
    case ESCAPE_TEXT:
        if (raw)
            g_string_append_len(out, text, (gssize)length);
        else
            append_replaced(out, text, length, text_replacements);
        return;
    case ESCAPE_HEADER:
        append_one_line(out, text, length);
        return;
    case ESCAPE_CALENDAR:
        append_replaced(out, text, length, calendar_replacements);
        return;
    }
}

bool escape_from_word(const char *word, Escape *ret_escape)
{
    static const char *const words[] = {"html", "text", "header", "calendar"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_strcmp0(word, words[i]) == 0) {
            *ret_escape = (Escape)i;
            return true;
        }
    return false;
}
