#pragma once
/* Looks at a page of the web: GET by HTTP or HTTPS, certificates verified. */
#include <glib.h>
#include <stdbool.h>

typedef struct WebPage {
    long status;  /* 0: nobody answered */
    char *body;   /* its first LIMIT_PAGE_BYTES, as they came; "" when there is none */
    char *reason; /* why nobody answered; else NULL */
} WebPage;

void web_page_free(WebPage *page); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WebPage, web_page_free)

/** Waits, half a minute at most. follow: goes where the page leads (a few times). ca_file: whom to trust instead of
 * those whom the system does, or NULL. Never NULL. */
WebPage *web_get(const char *url, bool follow, const char *ca_file);
