/* base/text: what may stand in a name, a title, a header: one line that shows as it is. */
#include "base/text.h"

static const struct {
    const char *text;
    bool clean, one_line;
} cases[] = {
    {"Änne „Groß“ 東京", true, true},
    {"", true, true},
    {"مؤتمر \u200f(2018)", true, true}, /* a mark, which turns nothing but itself */
    {"a\nb", false, false},
    {"a\tb", false, false},
    {"a\x7f", false, false},
    {"a\xc2\x85"
     "b",
     false, false},
    {"a\xff", false, false},
    {"a\u2027b\u202fc\u2065d\u206ae", true, true}, /* their neighbours */
    {"a\u2028b", true, false},
    {"a\u2029b", true, false},
    {"gpj.\u202aexe", true, false},
    {"rechnung\u202efdp.exe", true, false},
    {"a\u2066b", true, false},
    {"a\u2069b", true, false},
};

static void what_breaks_or_reorders_a_line_is_found(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("case %zu", i);
        g_assert_cmpint(text_is_clean(cases[i].text), ==, cases[i].clean);
        g_assert_cmpint(text_is_one_line(cases[i].text), ==, cases[i].one_line);
    }
}

static void any_text_is_made_one_line(void)
{
    static const struct {
        const char *text, *want;
        gsize most;
    } lines[] = {
        {"Änne „Groß“", "Änne „Groß“", 100},
        {"a\nb\tc\x7f", "a b c ", 100},
        {"a\u202eb\u2028c\xc2\x85z", "a b c z", 100},
        {"a\xff", "a\xef\xbf\xbd", 100},
        {"aä", "a", 2},
        {"ää", "ä", 3},
        {"abc", "abc", 3},
        {"", "", 0},
        {"a", "", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autofree char *line = text_one_line(lines[i].text, lines[i].most);
        g_assert_cmpstr(line, ==, lines[i].want);
    }
}

static void printable_is_ascii_without_control_characters(void)
{
    for (gsize length = 0; length < 20; length++)
        for (gsize at = 0; at < length; at++)
            for (int byte = 0; byte < 256; byte++) {
                g_autofree char *text = g_strnfill(length, '~');
                text[at] = (char)byte;
                g_assert_cmpint(text_is_printable(text, length), ==, byte >= ' ' && byte <= '~');
            }
    g_assert_true(text_is_printable("", 0));
}

/* Where there is room, where it just is not, and into a string that has to grow. */
static void appending_is_as_glib_does_it(void)
{
    g_autoptr(GString) ours = g_string_new(NULL), theirs = g_string_new(NULL);
    for (gsize length = 0; length < 200; length++) {
        g_autofree char *text = g_strnfill(length, 'x');
        text_append(ours, text, length);
        g_string_append_len(theirs, text, (gssize)length);
        g_assert_true(g_string_equal(ours, theirs));
        g_assert_cmpint(ours->str[ours->len], ==, '\0');
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/what_breaks_or_reorders_a_line_is_found", what_breaks_or_reorders_a_line_is_found);
    g_test_add_func("/text/any_text_is_made_one_line", any_text_is_made_one_line);
    g_test_add_func("/text/printable_is_ascii_without_control_characters",
                    printable_is_ascii_without_control_characters);
    g_test_add_func("/text/appending_is_as_glib_does_it", appending_is_as_glib_does_it);
    return g_test_run();
}
