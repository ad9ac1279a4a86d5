/* Converters are kept: what one text leaves behind must not show in the next. The charsets one by one are in
 * test_parse.c. */
#include "mail/charset.h"

/* libraries */
#include <glib.h>

/* system */
#include <string.h>

static void assert_text(const char *charset, const char *bytes, const char *want)
{
    g_autofree char *text = charset_to_utf8(charset, bytes, strlen(bytes));
    g_assert_cmpstr(text, ==, want);
}

static void text_that_ends_in_another_set(void)
{
    assert_text("iso-2022-jp", "\x1b$B$\"", "あ");
    assert_text("iso-2022-jp", "\x1b$B$\"\x1b(Bx", "あx");
    assert_text("iso-2022-jp", "x\x1b(B", "x");
    assert_text("utf-7", "Gr+APw", "Grü");
    assert_text("utf-7", "AAA+APw-", "AAAü");
}

static void half_a_character(void)
{
    assert_text("shift_jis", "\x82", "?");
    assert_text("shift_jis", "\x82\xa0", "あ");
}

static void more_charsets_than_are_kept(void)
{
    for (guint i = 0; i < 100; i++) {
        g_autofree char *none = g_strdup_printf("no-such-%u", i);
        assert_text(none, "Gr\xc3\xbcn", "Grün");
        assert_text("iso-8859-1", "Gr\xfcn", "Grün");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charset/text-that-ends-in-another-set", text_that_ends_in_another_set);
    g_test_add_func("/charset/half-a-character", half_a_character);
    g_test_add_func("/charset/more-charsets-than-are-kept", more_charsets_than_are_kept);
    return g_test_run();
}
