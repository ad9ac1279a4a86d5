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

static void text_that_grows_most(void)
{
    g_autofree char *text = charset_to_utf8("shift_jis", "\xb1\xb2", 2);
    g_assert_cmpstr(text, ==, "ｱｲ");
    g_assert_cmpuint(strlen(text), ==, 2 * CHARSET_GROWTH);
}

static void names_as_they_are_written(void)
{
    assert_text("ISO_8859-2", "\xb3", "ł");
    assert_text("iso8859-2", "\xb3", "ł");
    assert_text("x-sjis", "\x82\xa0", "あ");
    assert_text("csISO2022JP", "\x1b$B$\"", "あ");
    assert_text("unicode-1-1-utf-7", "Gr+APw-", "Grü");
    assert_text("KS_C_5601-1987", "\xb0\xa1", "가");
    assert_text("gb2312", "\x80\x30", "?0");
}

/* None of these is looked for outside: half a millisecond each. */
static void charsets_that_are_not_read(void)
{
    static const char *const names[] = {"ascii//TRANSLIT", "../../x", "tscii", "ibm037", "iso-2022-cn-ext", "x-", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        assert_text(names[i], "Gr\xfcn", "Grün");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/charset/text-that-ends-in-another-set", text_that_ends_in_another_set);
    g_test_add_func("/charset/half-a-character", half_a_character);
    g_test_add_func("/charset/text-that-grows-most", text_that_grows_most);
    g_test_add_func("/charset/names-as-they-are-written", names_as_they_are_written);
    g_test_add_func("/charset/charsets-that-are-not-read", charsets_that_are_not_read);
    return g_test_run();
}
