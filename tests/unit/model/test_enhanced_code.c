/* model/enhanced_code: codes in prose, and what only looks like one. */
#include "model/enhanced_code.h"

#include <glib.h>
#include <stdbool.h>

static void test_find(void)
{
    static const struct {
        const char *text, *want; /* of a failure or a delay */
    } cases[] = {
        {"550 5.1.1 unknown", "5.1.1"},
        {"(#5.2.2)", "5.2.2"},
        {"host 10.5.1.1 said", ""},
        {"5.1.1.9", ""},
        {"1.5.1.1", ""},
        {"x 4.4.7.", "4.4.7"},
        {"version 15.1.1", ""},
        {"5.1.", ""},
        {"", ""},
        {"550-5.7.26 x", "5.7.26"},
        {"250 2.1.0 Ok, then 550 5.1.1", "5.1.1"},
        {"250 2.0.0 Ok", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char code[ENHANCED_CODE_SIZE] = "";
        bool found = enhanced_code_find(cases[i].text, "45", code) != NULL;
        g_assert_cmpstr(code, ==, cases[i].want);
        g_assert_cmpint(found, ==, cases[i].want[0] != '\0');
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/enhanced_code/find", test_find);
    return g_test_run();
}
