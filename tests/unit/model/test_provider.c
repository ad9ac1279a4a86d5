/* model/provider: whose domain it is. */
#include "model/provider.h"

#include <glib.h>

static const struct {
    const char *domain, *provider;
} cases[] = {
    {"gmx.de", "gmx"},
    {"gmx.net", "gmx"},
    {"web.de", "gmx"},
    {"t-online.de", "t-online"},
    {"gmail.com", "google"},
    {"hotmail.co.uk", "microsoft"},
    {"yahoo.com.br", "yahoo"},
    {"icloud.com", "apple"},
    {"kreis.example", NULL},
    {"gmx.de.example", NULL},     /* a stranger's */
    {"live.kreis.example", NULL}, /* a host of theirs */
    {"live.co.kreis.example", NULL},
    {"outlook.", NULL},
    {"outlook", NULL},
    {"xgmx.de", NULL},
    {"sub.gmail.com", NULL},
    {"", NULL},
};

static void domains(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].domain);
        g_assert_cmpstr(provider_of_domain(cases[i].domain), ==, cases[i].provider);
    }
}

static const struct {
    const char *host, *provider;
} exchangers[] = {
    {"aspmx.l.google.com", "google"},
    {"kreis-example.mail.protection.outlook.com", "microsoft"},
    {"MX00.Kundenserver.DE", "ionos"},
    {"mx01.t-online.de", "t-online"},
    {"t-online.de", NULL}, /* a domain, no host of theirs */
    {"mx.nott-online.de", NULL},
    {"mx.kreis.example", NULL},
    {"", NULL},
};

static void by_exchanger(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(exchangers); i++) {
        g_test_message("%s", exchangers[i].host);
        g_assert_cmpstr(provider_of_exchanger(exchangers[i].host), ==, exchangers[i].provider);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/provider/domains", domains);
    g_test_add_func("/provider/by_exchanger", by_exchanger);
    return g_test_run();
}
