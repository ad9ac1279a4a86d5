#pragma once
/* What people write as a web or mail address, as the target of a link from which nothing can break out. Pure. */
#include <glib.h>

#define LINKS_ERROR (links_error_quark())
GQuark links_error_quark(void);
enum { LINKS_ERROR_WEB };

/** "www.kreis.example", "https://kreis.example/presse" -> an http or https URL; a bare host becomes https. NULL and a
 * sentence for the person who wrote anything else. Caller frees. */
char *link_to_web(const char *web, GError **error);

/** "ann+b@example.org" -> "mailto:ann%2Bb@example.org" (RFC 6068). NULL and address_parse()'s sentence when it is none.
 * Caller frees. */
char *link_to_mail(const char *address, GError **error);
