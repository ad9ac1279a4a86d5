/* mail/plan: whatever the content and the values, a filled letter decodes to what was meant and has the promised form.
 * Input: CONTENT|VALUE0|VALUE1|VALUE2, where {0} is a slot, {#0} and {^0} begin a condition and {/} ends one. */
#include "mail/plan.h"

/* libraries */
#include <stdint.h>
#include <string.h>

#define SLOTS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- what is meant ----------------------------------------------------------------------------------------------- */

typedef struct Meaning {
    Pieces *pieces;
    GString *text; /* of the texts not hidden, line ends as they are */
    GString *plain;
    guint hidden;
} Meaning;

/* Line ends are judged within one text or value, as the plan does. */
static void say(Meaning *meaning)
{
    for (const char *c = meaning->text->str; *c; c++) {
        if (*c == '\r' || *c == '\n')
            g_string_append(meaning->plain, "\r\n");
        else
            g_string_append_c(meaning->plain, *c);
        c += c[0] == '\r' && c[1] == '\n';
    }
    g_string_truncate(meaning->text, 0);
}

static void read_tag(Meaning *meaning, const char *tag, const char *const *values)
{
    const char *digit = strpbrk(tag, "012");
    guint slot = digit ? (guint)(*digit - '0') : 0;
    say(meaning);
    if (tag[1] == '/') {
        pieces_add_end(meaning->pieces);
        meaning->hidden -= meaning->hidden > 0;
    } else if (tag[1] == '#') {
        pieces_add_when(meaning->pieces, slot);
        meaning->hidden += meaning->hidden || !*values[slot];
    } else if (tag[1] == '^') {
        pieces_add_unless(meaning->pieces, slot);
        meaning->hidden += meaning->hidden || *values[slot];
    } else {
        pieces_add_slot(meaning->pieces, slot);
        g_string_append(meaning->text, meaning->hidden ? "" : values[slot]);
        say(meaning);
    }
}

static void read_content(Meaning *meaning, const char *content, const char *const *values)
{
    while (*content) {
        const char *end = *content == '{' ? strchr(content, '}') : NULL;
        if (end && end - content < 4) {
            g_autofree char *tag = g_strndup(content, (gsize)(end - content) + 1);
            read_tag(meaning, tag, values);
            content = end + 1;
            continue;
        }
        pieces_add_text(meaning->pieces, content, 1);
        if (!meaning->hidden)
            g_string_append_c(meaning->text, *content);
        content++;
    }
    say(meaning);
}

/* ---- what comes out ---------------------------------------------------------------------------------------------- */

static GString *decode_quoted(const char *body)
{
    GString *out = g_string_new(NULL);
    while (*body) {
        if (*body != '=') {
            g_string_append_c(out, *body++);
        } else {
            if (body[1] != '\r')
                g_string_append_c(out, (char)(g_ascii_xdigit_value(body[1]) << 4 | g_ascii_xdigit_value(body[2])));
            body += 3;
        }
    }
    return out;
}

static void check_form(const GString *letter)
{
    const char *end;
    for (const char *line = letter->str; *line; line = end + 2) {
        end = strstr(line, "\r\n");
        g_assert(end && end - line <= 76);
        g_assert(*line != '.' && !g_str_has_prefix(line, "From "));
        g_assert(end == line || (end[-1] != ' ' && end[-1] != '\t'));
        for (const char *c = line; c < end; c++)
            g_assert(*c >= ' ' && *c <= '~');
    }
}

static void check_letter(const GString *letter, const GString *plain)
{
    check_form(letter);
    const char *body = strstr(letter->str, "\r\n\r\n") + 4;
    if (g_strstr_len(letter->str, body - letter->str, "\r\nContent-Transfer-Encoding: base64\r\n")) {
        gsize length;
        g_autofree guchar *decoded = g_base64_decode(body, &length);
        g_assert(length == plain->len && memcmp(decoded, plain->str, length) == 0);
    } else {
        g_autoptr(GString) decoded = decode_quoted(body);
        g_assert(g_string_equal(decoded, plain));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *input = g_strndup((const char *)data, size);
    g_auto(GStrv) fields = g_strsplit(input, "|", SLOTS + 1);
    const char *values[SLOTS] = {"", "", ""};
    for (guint i = 0; i < SLOTS && g_strv_length(fields) > i + 1; i++)
        values[i] = fields[i + 1];
    g_autoptr(Pieces) pieces = pieces_new();
    g_autoptr(GString) text = g_string_new(NULL), plain = g_string_new(NULL), letter = g_string_new(NULL);
    Meaning meaning = {.pieces = pieces, .text = text, .plain = plain};
    read_content(&meaning, fields[0] ? fields[0] : "", values);
    PlanPart *part = plan_part_new_text(&(PlanPartLabel){.type = "text/plain"}, pieces);
    g_autoptr(Plan) plan = plan_builder_finish(plan_builder_new(SLOTS), part, NULL);
    WireLook look;
    if (plan && plan_fill(plan, values, letter, &look, NULL)) {
        check_letter(letter, plain);
        g_assert(wire_is_fit(&look) && look.length == letter->len);
    }
    return 0;
}
