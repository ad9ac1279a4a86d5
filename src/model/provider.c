/* A table of domains. Sources: the providers' own lists of the addresses they offer, German ones in full. */
#include "model/provider.h"

/* libraries */
#include <glib.h>

static const struct {
    const char *domain; /* "live.*": with any ending, "live.de" and "live.co.uk" */
    const char *provider;
} domains[] = {
    {"gmx.*", "gmx"},
    {"web.de", "gmx"}, /* the same company, servers and rules */
    {"mail.com", "gmx"},
    {"email.de", "gmx"},
    {"1und1.de", "ionos"},
    {"online.de", "ionos"},
    {"onlinehome.de", "ionos"},
    {"t-online.de", "t-online"},
    {"magenta.de", "t-online"},
    {"gmail.com", "google"},
    {"googlemail.com", "google"},
    {"outlook.*", "microsoft"},
    {"hotmail.*", "microsoft"},
    {"live.*", "microsoft"},
    {"msn.com", "microsoft"},
    {"yahoo.*", "yahoo"},
    {"ymail.com", "yahoo"},
    {"rocketmail.com", "yahoo"},
    {"aol.*", "yahoo"}, /* one company since 2017 */
    {"icloud.com", "apple"},
    {"me.com", "apple"},
    {"mac.com", "apple"},
    {"freenet.de", "freenet"},
    {"freenetmail.de", "freenet"},
    {"arcor.de", "vodafone"},
    {"vodafone.de", "vodafone"},
    {"vodafonemail.de", "vodafone"},
    {"kabelmail.de", "vodafone"},
    {"unitybox.de", "vodafone"},
    {"proton.me", "proton"},
    {"protonmail.*", "proton"},
    {"posteo.*", "posteo"},
    {"mailbox.org", "mailbox.org"},
};

/* "de", "co.uk", "com.br". */
static gboolean is_ending(const char *text)
{
    const char *dot = strchr(text, '.');
    if (!dot)
        return *text != '\0';
    return (g_str_has_prefix(text, "co.") || g_str_has_prefix(text, "com.")) && dot[1] && !strchr(dot + 1, '.');
}

static gboolean is_of(const char *domain, const char *pattern)
{
    gsize stem = strlen(pattern) - 1;
    if (pattern[stem] != '*')
        return g_str_equal(domain, pattern);
    return strncmp(domain, pattern, stem) == 0 && is_ending(domain + stem);
}

const char *provider_of_domain(const char *domain)
{
    for (gsize i = 0; i < G_N_ELEMENTS(domains); i++)
        if (is_of(domain, domains[i].domain))
            return domains[i].provider;
    return NULL;
}

/* Hosts below these names take mail for many domains. */
static const struct {
    const char *below;
    const char *provider;
} exchangers[] = {
    {"google.com", "google"},
    {"googlemail.com", "google"},
    {"outlook.com", "microsoft"},
    {"mx.microsoft", "microsoft"},
    {"hotmail.com", "microsoft"},
    {"gmx.net", "gmx"},
    {"web.de", "gmx"},
    {"mail.com", "gmx"},
    {"kundenserver.de", "ionos"},
    {"ionos.de", "ionos"},
    {"ionos.com", "ionos"},
    {"1and1.com", "ionos"},
    {"t-online.de", "t-online"},
    {"yahoodns.net", "yahoo"},
    {"icloud.com", "apple"},
    {"apple.com", "apple"},
    {"freenet.de", "freenet"},
    {"vodafonemail.de", "vodafone"},
    {"vodafone-ip.de", "vodafone"},
    {"protonmail.ch", "proton"},
    {"posteo.de", "posteo"},
    {"mailbox.org", "mailbox.org"},
};

const char *provider_of_exchanger(const char *host)
{
    gsize length = strlen(host);
    for (gsize i = 0; i < G_N_ELEMENTS(exchangers); i++) {
        gsize below = strlen(exchangers[i].below);
        if (length > below + 1 && host[length - below - 1] == '.' &&
            g_ascii_strcasecmp(host + length - below, exchangers[i].below) == 0)
            return exchangers[i].provider;
    }
    return NULL;
}
