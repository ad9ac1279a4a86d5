/* announcements/links: a link leads where the text says, and nothing breaks out of it. */
#include "announcements/links.h"

typedef struct Case {
    const char *text, *want; /* want NULL: refused */
} Case;

static void check(const Case *cases, gsize count, char *(*make)(const char *, GError **))
{
    for (gsize i = 0; i < count; i++) {
        g_test_message("%s", cases[i].text);
        g_autoptr(GError) error = NULL;
        g_autofree char *got = make(cases[i].text, &error);
        g_assert_cmpstr(got, ==, cases[i].want);
        g_assert_cmpint(error == NULL, ==, cases[i].want != NULL);
    }
}

static void web_addresses(void)
{
    static const Case cases[] = {
        {"www.kreis.example", "https://www.kreis.example"},
        {"kreis.example/presse?jahr=2018#mai", "https://kreis.example/presse?jahr=2018#mai"},
        {"HTTP://kreis.example:8080/", "HTTP://kreis.example:8080/"},
        {"https://kreis-müster.example/straße", "https://kreis-müster.example/straße"},
        {"javascript:alert(1)", NULL},
        {"ftp://kreis.example", NULL},
        {"data:text/html,x.y", NULL},
        {"https://kreis.example@evil.example/", NULL},
        {"kreis.example\" onclick=\"x", NULL},
        {"<b>.example", NULL},
        {"siehe Impressum", NULL},
        {"kreis", NULL},
        {"https://", NULL},
        {"..", NULL},
        {"kreis.example\r\nBcc: x", NULL},
    };
    check(cases, G_N_ELEMENTS(cases), link_to_web);
}

static void mail_addresses(void)
{
    static const Case cases[] = {
        {"presse@kreis.example", "mailto:presse@kreis.example"},
        {"a?bcc=b&x#y%z@kreis.example", "mailto:a%3Fbcc%3Db%26x%23y%25z@kreis.example"},
        {"a+b@kreis-müster.example", "mailto:a%2Bb@xn--kreis-mster-zhb.example"},
        {"döm@kreis.example", "mailto:d%C3%B6m@kreis.example"},
        {"presse@kreis.example?bcc=eve@evil.example", NULL},
        {"Pressestelle", NULL},
        {"a@b.example, c@d.example", NULL},
    };
    check(cases, G_N_ELEMENTS(cases), link_to_mail);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/links/web_addresses", web_addresses);
    g_test_add_func("/links/mail_addresses", mail_addresses);
    return g_test_run();
}
