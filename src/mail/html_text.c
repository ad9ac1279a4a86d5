/* No parser: reports of mail systems are simple pages, and a wrong guess costs a word. */
#include "mail/html_text.h"

/* system */
#include <stdbool.h>
#include <string.h>

/* rundbrief */
#include "base/text.h"

#define ENTITY_BYTES 10

static bool is_tag(const char *tag, const char *name)
{
    gsize length = strlen(name);
    return g_ascii_strncasecmp(tag, name, length) == 0 && !g_ascii_isalnum(tag[length]);
}

static bool ends_line(const char *tag)
{
    static const char *const names[] = {"br", "p",  "/p", "div", "/div", "tr",  "/tr",  "li", "h1",
                                        "h2", "h3", "h4", "hr",  "ul",   "pre", "/pre", "td", "table"};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (is_tag(tag, names[i]))
            return true;
    return false;
}

/* Behind the end of what the tag opens, when a reader does not see that. */
static const char *skip_hidden(const char *tag)
{
    static const struct {
        const char *begin, *end;
    } hidden[] = {{"!--", "-->"}, {"style", "</style"}, {"script", "</script"}, {"title", "</title"}};
    for (gsize i = 0; i < G_N_ELEMENTS(hidden); i++) {
        if (g_ascii_strncasecmp(tag, hidden[i].begin, strlen(hidden[i].begin)) != 0)
            continue;
        const char *end = text_search(tag, hidden[i].end);
        return end ? end + strlen(hidden[i].end) - (i == 0) : tag + strlen(tag);
    }
    return tag;
}

/* Appends what an entity stands for; returns behind it. */
static const char *take_entity(const char *at, GString *out)
{
    static const struct {
        const char *name;
        char byte;
    } entities[] = {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&nbsp;", ' '}, {"&apos;", '\''}};
    for (gsize i = 0; i < G_N_ELEMENTS(entities); i++)
        if (g_ascii_strncasecmp(at, entities[i].name, strlen(entities[i].name)) == 0) {
            g_string_append_c(out, entities[i].byte);
            return at + strlen(entities[i].name);
        }
    char *end = NULL;
    bool is_hex = g_ascii_strncasecmp(at, "&#x", 3) == 0;
    guint64 number = at[1] == '#' ? g_ascii_strtoull(at + 2 + is_hex, &end, is_hex ? 16 : 10) : 0;
    if (!end || *end != ';' || end - at > ENTITY_BYTES || number < ' ' || number >= 0x110000 ||
        !g_unichar_validate((gunichar)number) || (number >= 0x7f && number < 0xa0)) {
        g_string_append_c(out, *at);
        return at + 1;
    }
    g_string_append_unichar(out, (gunichar)number);
    return end + 1;
}

char *html_text(const char *html)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *at = html; *at;) {
        if (*at == '<' && (g_ascii_isalpha(at[1]) || at[1] == '/' || at[1] == '!')) {
            if (ends_line(at + 1))
                g_string_append_c(out, '\n');
            at = skip_hidden(at + 1);
            at += strcspn(at, ">");
            at += *at == '>';
        } else if (*at == '&') {
            at = take_entity(at, out);
        } else {
            g_string_append_c(out, *at == '\n' ? ' ' : *at);
            at++;
        }
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
