/* mail/arf: which feedback is a complaint, and whose. */
#include "mail/arf.h"

#include <glib.h>

static void test_types(void)
{
    static const struct {
        const char *text;
        bool is_complaint;
        const char *recipient;
    } cases[] = {
        {"Feedback-Type: abuse\nOriginal-Rcpt-To: <ann@a.test>\n", true, "ann@a.test"},
        {"\nfeedback-type: Opt-Out\nRemoval-Recipient: ann@a.test\n", true, "ann@a.test"},
        {"Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@a.test\n", true, NULL},
        {"User-Agent: X/1\nOriginal-Rcpt-To: ann@a.test\n", true, "ann@a.test"},
        {"Feedback-Type: auth-failure\n", false, NULL},
        {"Feedback-Type: other\n", false, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Arf) arf = {0};
        arf_parse(cases[i].text, &arf);
        g_assert_true(arf_is_complaint(&arf) == cases[i].is_complaint);
        g_assert_cmpuint(arf.recipients->len, ==, cases[i].recipient ? 1 : 0);
        if (cases[i].recipient)
            g_assert_cmpstr(g_ptr_array_index(arf.recipients, 0), ==, cases[i].recipient);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/arf/types", test_types);
    return g_test_run();
}
