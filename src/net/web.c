/* One request at a time by libcurl. Reads no more than it is asked to keep. */
#include "net/web.h"

/* libraries */
#include <curl/curl.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"

#define TIMEOUT_SECONDS 30L
#define REDIRECTS       5L

void web_page_free(WebPage *page)
{
    if (!page)
        return;
    g_free(page->body);
    g_free(page->reason);
    g_free(page);
}

/* Ends the transfer when there is enough. */
static size_t keep(char *bytes, size_t size, size_t count, void *data)
{
    return text_append_limited(data, bytes, size * count, LIMIT_PAGE_BYTES) ? size * count : 0;
}

static CURL *request_new(const char *url, bool follow, const char *ca_file, GString *body)
{
    CURL *handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, follow ? 1L : 0L);
    curl_easy_setopt(handle, CURLOPT_MAXREDIRS, REDIRECTS);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT, TIMEOUT_SECONDS);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "rundbrief/" RUNDBRIEF_VERSION);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, body);
    if (ca_file)
        curl_easy_setopt(handle, CURLOPT_CAINFO, ca_file);
    return handle;
}

WebPage *web_get(const char *url, bool follow, const char *ca_file)
{
    char words[CURL_ERROR_SIZE] = "";
    GString *body = g_string_new(NULL);
    WebPage *page = g_new0(WebPage, 1);
    CURL *handle = request_new(url, follow, ca_file, body);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, words);
    CURLcode code = curl_easy_perform(handle);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &page->status); /* what came before a line broke counts */
    if (page->status == 0)
        page->reason = g_strdup(*words ? words : curl_easy_strerror(code));
    page->body = g_string_free(body, FALSE);
    curl_easy_cleanup(handle);
    return page;
}
