/* The Public Suffix List by libpsl: the system's file, or the one built into the library where that is newer. */
#include "deliverability/organization.h"

/* libraries */
#include <glib.h>
#include <libpsl.h>

char *organization_of(const char *domain)
{
    static psl_ctx_t *list; /* lives as long as the program */
    if (!list)
        list = psl_latest(NULL);
    g_autofree char *folded = g_ascii_strdown(domain, -1);
    const char *registered = list ? psl_registrable_domain(list, folded) : NULL;
    return g_strdup(registered ? registered : folded);
}
