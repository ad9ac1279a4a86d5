/* base/language: one rule for tags, wherever somebody writes one. */
#include "base/language.h"

static const struct {
    const char *text;
    bool is_tag;
} tags[] = {
    {"de", true},
    {"gsw", true},
    {"de-x-leicht", true},
    {"sr-Latn-RS", true},
    {"es-419", true},
    {"DE", true},
    {"12", false},
    {"d", false},
    {"abcd", false},
    {"deutsch", false},
    {"", false},
    {"de-", false},
    {"-de", false},
    {"de--at", false},
    {"de_AT", false},
    {"de-abcdefghi", false},
    {"d\xc3\xa9", false},
    {"../etc", false},
    {"de-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd", false},
};

static const struct {
    const char *offered, *wanted;
    int match;
} pairs[] = {
    {"de", "de", 2},  {"DE", "de", 2},  {"de", "de-AT", 1}, {"de-x-leicht", "de", 0},
    {"de", "den", 0}, {"den", "de", 0}, {"de", "en", 0},    {"de", "", 0},
};

static void tags_are_told_from_mistakes(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(tags); i++) {
        g_test_message("%s", tags[i].text);
        g_assert_cmpint(language_is_tag(tags[i].text), ==, tags[i].is_tag);
    }
}

static void the_nearest_serves(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_test_message("%s for %s", pairs[i].offered, pairs[i].wanted);
        g_assert_cmpint(language_match(pairs[i].offered, pairs[i].wanted), ==, pairs[i].match);
    }
    g_autofree char *primary = language_primary("de-x-leicht"), *same = language_primary("gsw");
    g_assert_cmpstr(primary, ==, "de");
    g_assert_cmpstr(same, ==, "gsw");
    g_assert_true(language_is("DE-x-leicht", "de"));
    g_assert_false(language_is("den", "de"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/tags_are_told_from_mistakes", tags_are_told_from_mistakes);
    g_test_add_func("/language/the_nearest_serves", the_nearest_serves);
    return g_test_run();
}
