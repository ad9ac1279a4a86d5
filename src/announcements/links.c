/* Takes apart before it puts together: what is not a host with a path after it gets no link at all. */
#include "announcements/links.h"

/* system */
#include <stdbool.h>

/* rundbrief */
#include "base/text.h"
#include "mail/address.h"

G_DEFINE_QUARK(rundbrief_links_error, links_error)

static bool has_scheme(const char *web)
{
    return g_ascii_strncasecmp(web, "https://", 8) == 0 || g_ascii_strncasecmp(web, "http://", 7) == 0;
}

/* A name with a dot in it and nothing of a person before it: user@host has deceived enough readers. */
static bool is_web_url(const char *url)
{
    g_autofree char *user = NULL, *host = NULL;
    if (!text_is_one_line(url) || strpbrk(url, " \"'<>\\^`{|}") ||
        !g_uri_split(url, G_URI_FLAGS_NONE, NULL, &user, &host, NULL, NULL, NULL, NULL, NULL))
        return false;
    return !user && host && host[0] != '.' && strchr(host, '.') && !strstr(host, "..");
}

char *link_to_web(const char *web, GError **error)
{
    g_autofree char *url = has_scheme(web) ? g_strdup(web) : g_strconcat("https://", web, NULL);
    if (is_web_url(url))
        return g_steal_pointer(&url);
    g_set_error(error, LINKS_ERROR, LINKS_ERROR_WEB,
                "\"%s\" is no web address; write it like www.kreis.example or https://www.kreis.example/presse", web);
    return NULL;
}

char *link_to_mail(const char *address, GError **error)
{
    g_auto(Address) parsed = {0};
    if (!address_parse(address, &parsed, error))
        return NULL;
    g_autofree char *escaped = g_uri_escape_string(parsed.text, "@", FALSE);
    return g_strconcat("mailto:", escaped, NULL);
}
