/* mail/transfer_decode: quoted-printable and base64, whole and broken. */
#include "mail/transfer_decode.h"

#include <glib.h>
#include <string.h>

static void test_table(void)
{
    static const struct {
        const char *encoding, *bytes, *decoded;
    } cases[] = {
        {"quoted-printable", "a=3Db=\nc", "a=bc"},
        {"Quoted-Printable", "a=3d=  \r\nb", "a=b"},
        {"quoted-printable", "a=", "a"},
        {"quoted-printable", "a=4", "a=4"},
        {"quoted-printable", "1 = 2, =XY", "1 = 2, =XY"},
        {"quoted-printable", "", ""},
        {"base64", "YWJj\nZGVm\n", "abcdef"},
        {" BASE64", "YWI=", "ab"},
        {"base64", "Y*W@I=", "ab"},
        {"base64", "YWJjZG", "abc"},
        {"7bit", "abc", NULL},
        {"x-unknown", "abc", NULL},
        {"", "abc", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) decoded = transfer_decode(cases[i].encoding, cases[i].bytes, strlen(cases[i].bytes));
        g_test_message("%s: %s", cases[i].encoding, cases[i].bytes);
        g_assert_cmpstr(decoded ? decoded->str : NULL, ==, cases[i].decoded);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transfer_decode/table", test_table);
    return g_test_run();
}
