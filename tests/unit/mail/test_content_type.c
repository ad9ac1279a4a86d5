/* mail/content_type: types and parameters, as senders write them. */
#include "mail/content_type.h"

#include <glib.h>

static void test_names(void)
{
    static const struct {
        const char *value, *name;
    } cases[] = {
        {"text/plain", "text/plain"},
        {" Text/HTML; charset=x", "text/html"},
        {"multipart/report;report-type=x", "multipart/report"},
        {"text", "text/plain"},
        {"text/", "text/plain"},
        {"multipart", "multipart/mixed"},
        {"text/plain (a comment)", "text/plain"},
        {"", ""},
        {";;;", ""},
        {"/plain", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = content_type_name(cases[i].value);
        g_assert_cmpstr(name, ==, cases[i].name);
    }
}

static void test_parameters(void)
{
    static const struct {
        const char *value, *parameter;
    } cases[] = {
        {"a/b; x=1", "1"},
        {"a/b;X = \"1; 2\"", "1; 2"},
        {"a/b; y=\"; x=no\"; x=1", "1"},
        {"a/b; x=\"a\\\"b\"", "a\"b"},
        {"a/b; x=1 (comment); y=2", "1"},
        {"a/b; xx=1", NULL},
        {"a/b; x", NULL},
        {"a/b; x; x=2", "2"},
        {"a/b; x=\"never ends", "never ends"},
        {"a/b; x=\"", ""},
        {"a/b; x=\"\\", "\\"},
        {"a/b", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *parameter = content_type_parameter(cases[i].value, "x");
        g_assert_cmpstr(parameter, ==, cases[i].parameter);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/content_type/names", test_names);
    g_test_add_func("/content_type/parameters", test_parameters);
    return g_test_run();
}
