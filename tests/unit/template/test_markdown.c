/* template/markdown: what staff write comes out safe as HTML and readable as plain text, and says the same in both. */
#include "template/markdown.h"

/* system */
#include <stdbool.h>

/* rundbrief */
#include "base/limits.h"
#include "template/wrap.h"

typedef struct Case {
    const char *name, *markdown, *want;
} Case;

static void check(const Case *cases, gsize count, char *(*convert)(const char *, const char *, GError **))
{
    for (gsize i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *got = convert(cases[i].markdown, NULL, &error);
        g_assert_no_error(error);
        if (!g_str_equal(got, cases[i].want))
            g_test_message("case: %s", cases[i].name);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void html_is_fit_for_mail(void)
{
    static const Case cases[] = {
        {"umlauts and quotes survive", "„Grüße“ aus Münster -- \"so\" ...",
         "<p>„Grüße“ aus Münster -- &quot;so&quot; ...</p>\n"},
        {"raw html shows as written", "a <b onclick=x>b</b>\n\n<script>alert(1)</script>\n",
         "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"},
        {"headings go below the letter's own", "# A\n\n## B\n", "<h2>A</h2>\n<h3>B</h3>\n"},
        {"headings that are right stay", "## A\n\n### B\n", "<h2>A</h2>\n<h3>B</h3>\n"},
        {"no level is left out behind the letter's own", "### A\n\n#### B\n", "<h2>A</h2>\n<h3>B</h3>\n"},
        {"links that are allowed", "[a](https://x.example/?a=1&b=2) [t](tel:+4912345) x@y.example",
         "<p><a href=\"https://x.example/?a=1&amp;b=2\">a</a> <a href=\"tel:+4912345\">t</a> "
         "<a href=\"mailto:x@y.example\">x@y.example</a></p>\n"},
        {"links that are not become text", "[a](javascript:alert) [b](data:text/html,x) [c](/etc/passwd) [d](ftp://x)",
         "<p>a b c d</p>\n"},
        {"images become links", "![Ein Bild](https://x.example/1.png) ![böse](data:x)",
         "<p><a href=\"https://x.example/1.png\">Ein Bild</a> böse</p>\n"},
        {"tables", "| a | b |\n|---|--:|\n| 1 | 2 |\n",
         "<div class=\"wide\" style=\"overflow-x:auto\">\n<table>\n<thead>\n<tr>\n<th>a</th>\n<th "
         "align=\"right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n"
         "<td align=\"right\">2</td>\n</tr>\n</tbody>\n</table>\n</div>\n"},
        {"strikethrough", "~~alt~~ neu", "<p><del>alt</del> neu</p>\n"},
    };
    check(cases, G_N_ELEMENTS(cases), markdown_to_html);
}

static void text_is_readable(void)
{
    static const Case cases[] = {
        {"empty", "", ""},
        {"wrapped at 72",
         "Fachkonferenz „Zuwanderung, Aufenthalt, Integration“ zu der das Kommunale Integrationszentrum einlädt, "
         "überall",
         "Fachkonferenz „Zuwanderung, Aufenthalt, Integration“ zu der das\nKommunale Integrationszentrum einlädt, "
         "überall\n"},
        {"no break at a no-break space",
         "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaa 10\u00a0000\u00a0Euro",
         "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaa\n10\u00a0000\u00a0Euro\n"},
        {"hard breaks stay", "a\\\nb  \nc\nd", "a\nb\nc d\n"},
        {"headings", "# Größe\n\nx\n\n## B\n\ny", "Größe\n-----\n\nx\n\nB\n\ny\n"},
        {"links", "[Amt](https://a.example/) <https://b.example> [c@d.example](mailto:c@d.example) www.e.example",
         "Amt <https://a.example/> https://b.example c@d.example www.e.example\n"},
        {"lists", "- eins\n  zwei\n- drei\n  1. a\n  2. b\n\nx", "- eins zwei\n- drei\n  1. a\n  2. b\n\nx\n"},
        {"loose list", "9. a\n\n10. b\n", "9. a\n\n10. b\n"},
        {"long list item hangs", "- aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa bbb",
         "- aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa\n  bbb\n"},
        {"quote", "> a\n>\n> b\n", "> a\n>\n> b\n"},
        {"code", "```\nx  y\n\nz\n```\n", "    x  y\n\n    z\n"},
        {"table", "| Ort | Zahl |\n|---|--:|\n| Größe | 1 |\n| 東京 | 100 |\n",
         "Ort    Zahl\n-----  ----\nGröße     1\n東京    100\n"},
        {"wide table becomes a list",
         "| a | b |\n|---|---|\n| aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb "
         "|\n",
         "- a: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n  b: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"},
        {"what was struck out is not said", "~~alt~~ neu", "~~alt~~ neu\n"},
        {"emphasis is silent", "*a* **b** `c`", "a b c\n"},
        {"raw html", "a <b>c</b>", "a <b>c</b>\n"},
        {"rule", "a\n\n---\n\nb", "a\n\n* * *\n\nb\n"},
    };
    check(cases, G_N_ELEMENTS(cases), markdown_to_text);
}

static void opening_stands_before_the_first_words(void)
{
    g_autofree char *html = markdown_to_html("Was *ist* das?\n\nEben.", "Kreis <M>.", NULL);
    g_assert_cmpstr(html, ==, "<p><strong>Kreis &lt;M&gt;.</strong> Was <em>ist</em> das?</p>\n<p>Eben.</p>\n");
    g_autofree char *text = markdown_to_text("Was *ist* das?", "Kreis M.", NULL);
    g_assert_cmpstr(text, ==, "Kreis M. Was ist das?\n");
    g_autofree char *list = markdown_to_text("- a", "Kreis *M*.", NULL);
    g_assert_cmpstr(list, ==, "Kreis *M*.\n\n- a\n");
}

static void lines_are_left_whole(void)
{
    static const char paragraph[] = "aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa aaaaaaaaa";
    g_autofree char *markdown = g_strdup_printf("%s\nb\n\n- %s  \nc", paragraph, paragraph);
    g_autofree char *want = g_strdup_printf("K. %s b\n\n- %s\n  c\n", paragraph, paragraph);
    g_autofree char *got = markdown_to_lines(markdown, "K.", NULL);
    g_assert_cmpstr(got, ==, want);
}

static void assert_refused(const char *markdown)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(markdown_to_html(markdown, NULL, &error));
    g_assert_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_LIMIT);
    g_clear_error(&error);
    g_assert_null(markdown_to_text(markdown, NULL, &error));
    g_assert_error(error, MARKDOWN_ERROR, MARKDOWN_ERROR_LIMIT);
}

static void limits_hold(void)
{
    g_autofree char *quotes = g_strnfill(LIMIT_MARKDOWN_BYTES, '>');
    assert_refused(quotes);
    g_autofree char *long_text = g_strnfill(LIMIT_MARKDOWN_BYTES + 1, 'a');
    assert_refused(long_text);
    g_autoptr(GString) brackets = g_string_new(NULL);
    while (brackets->len + 5 < LIMIT_MARKDOWN_BYTES)
        g_string_append(brackets, "![[]()");
    g_autofree char *html = markdown_to_html(brackets->str, NULL, NULL);
    g_assert_nonnull(html);
}

static void wide_characters_count_two(void)
{
    g_assert_cmpint(display_width("Größe"), ==, 5);
    g_assert_cmpint(display_width("東京"), ==, 4);
    g_assert_cmpint(display_width("o\xcc\x88"), ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/markdown/" #name, name)
    TEST(html_is_fit_for_mail);
    TEST(text_is_readable);
    TEST(opening_stands_before_the_first_words);
    TEST(lines_are_left_whole);
    TEST(limits_hold);
    TEST(wide_characters_count_two);
    return g_test_run();
}
