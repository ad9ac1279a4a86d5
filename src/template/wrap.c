/* Greedy filling, word by word. */
#include "template/wrap.h"

/* system */
#include <stdbool.h>

static int character_width(gunichar c)
{
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

static int width_of(const char *text, gsize length)
{
    int width = 0;
    for (const char *p = text; p < text + length; p = g_utf8_next_char(p))
        width += character_width(g_utf8_get_char(p));
    return width;
}

int display_width(const char *text)
{
    return width_of(text, strlen(text));
}

static void end_line(GString *out)
{
    while (out->len > 0 && (out->str[out->len - 1] == ' ' || out->str[out->len - 1] == '\t'))
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

void line_append(GString *out, const char *prefix, const char *text)
{
    g_string_append(out, prefix);
    g_string_append(out, text);
    end_line(out);
}

/* One paragraph without '\n'. */
static void fill(GString *out, const char *text, gsize length, const char *first, const char *rest, int width)
{
    int column = display_width(first);
    bool line_has_word = false;
    const char *end = text + length;
    g_string_append(out, first);
    while (text < end) {
        gsize blanks = strspn(text, " \t");
        text += MIN(blanks, (gsize)(end - text));
        gsize word = MIN(strcspn(text, " \t\n"), (gsize)(end - text));
        if (word == 0)
            break;
        int columns = width_of(text, word);
        if (line_has_word && column + 1 + columns > width) {
            end_line(out);
            g_string_append(out, rest);
            column = display_width(rest);
            line_has_word = false;
        }
        if (line_has_word) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append_len(out, text, (gssize)word);
        column += columns;
        line_has_word = true;
        text += word;
    }
    end_line(out);
}

void wrap_append(GString *out, const char *text, const char *first, const char *rest, int width)
{
    for (;;) {
        gsize length = strcspn(text, "\n");
        fill(out, text, length, first, rest, width);
        if (text[length] == '\0')
            return;
        text += length + 1;
        first = rest;
    }
}
