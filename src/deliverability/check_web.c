/* The pages that belong to a mail. They are only looked at: a GET changes nothing, and the leave token of a test mail
 * is nobody's. */
#include "deliverability/check.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "deliverability/organization.h"

static WebPage *get(const Evidence *evidence, const char *url, bool follow)
{
    return evidence->from.get(evidence->from.context, url, follow);
}

/* ---- leaving with one click (RFC 8058) --------------------------------------------------------------------------- */

/* The first web address in List-Unsubscribe, or NULL. Caller frees. */
static char *leave_url(const char *value)
{
    for (const char *open = strchr(value, '<'); open; open = strchr(open + 1, '<'))
        if (g_ascii_strncasecmp(open + 1, "http", 4) == 0)
            return g_strndup(open + 1, strcspn(open + 1, ">"));
    return NULL;
}

/* Without what only the reader should have. Caller frees. */
static char *without_token(const char *url)
{
    const char *slash = strrchr(url, '/');
    return slash ? g_strndup(url, (gsize)(slash + 1 - url)) : g_strdup(url);
}

static void look_at_leave_page(const Evidence *evidence, const char *url, Remarks *remarks)
{
    g_autofree char *shown = without_token(url);
    g_autoptr(WebPage) page = get(evidence, url, false);
    g_autofree char *status = g_strdup_printf("%ld", page->status);
    if (page->status == 0)
        remarks_add(remarks, REMARK_LEAVE_SILENT, shown, page->reason, NULL);
    else if (page->status >= 300 && page->status < 400)
        remarks_add(remarks, REMARK_LEAVE_REDIRECTS, shown, status, NULL);
    else if (page->status >= 400)
        remarks_add(remarks, REMARK_LEAVE_STATUS, shown, status, NULL);
    else
        remarks_add(remarks, REMARK_LEAVE_GOOD, shown, NULL);
}

void check_leave(Evidence *evidence, Remarks *remarks)
{
    const char *value = fields_raw(evidence->fields, "List-Unsubscribe", 0);
    g_autofree char *url = leave_url(value ? value : "");
    g_autofree char *shown = without_token(url ? url : "");
    if (!value) {
        remarks_add(remarks, REMARK_LEAVE_NONE, NULL);
    } else if (!url) {
        remarks_add(remarks, REMARK_LEAVE_NO_URL, NULL);
    } else {
        if (!g_str_has_prefix(url, "https://"))
            remarks_add(remarks, REMARK_LEAVE_NOT_HTTPS, shown, NULL);
        else if (!fields_has(evidence->fields, "List-Unsubscribe-Post"))
            remarks_add(remarks, REMARK_LEAVE_NO_POST, NULL);
        look_at_leave_page(evidence, url, remarks);
    }
}

/* ---- the imprint (DDG 5; T-Online's rule for hosts that send) ---------------------------------------------------- */

static bool has_imprint(const WebPage *page)
{
    return text_search(page->body, "impressum") || text_search(page->body, "imprint");
}

static void check_public_page(const Evidence *evidence, Remarks *remarks)
{
    const char *url = evidence->from.settings->site.public_url;
    if (!*url)
        return;
    g_autoptr(WebPage) page = get(evidence, url, true);
    if (page->status == 0)
        remarks_add(remarks, REMARK_IMPRINT_SILENT, url, page->reason, NULL);
    else
        remarks_add(remarks, has_imprint(page) ? REMARK_IMPRINT_GOOD : REMARK_IMPRINT_NONE, url, NULL);
}

/* Where the operator's page may be: at the host's own name, or at that of its domain. Of char *. Caller unrefs. */
static GPtrArray *pages_of_host(const char *host)
{
    g_autofree char *domain = organization_of(host);
    GPtrArray *pages = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(pages, g_strdup_printf("https://%s/", host));
    g_ptr_array_add(pages, g_strdup_printf("https://www.%s/", domain));
    if (g_ascii_strcasecmp(domain, host) != 0)
        g_ptr_array_add(pages, g_strdup_printf("https://%s/", domain));
    return pages;
}

static void check_host_pages(const Evidence *evidence, Remarks *remarks)
{
    if (!*evidence->host)
        return;
    g_autoptr(GPtrArray) pages = pages_of_host(evidence->host);
    for (guint i = 0; i < pages->len; i++) {
        g_autoptr(WebPage) page = get(evidence, pages->pdata[i], true);
        if (!has_imprint(page))
            continue;
        remarks_add(remarks, REMARK_IMPRINT_GOOD, pages->pdata[i], NULL);
        return;
    }
    g_autofree char *looked_at = text_join(pages, ", ");
    remarks_add(remarks, REMARK_IMPRINT_HOST_NONE, looked_at, NULL);
}

void check_imprint(Evidence *evidence, Remarks *remarks)
{
    check_public_page(evidence, remarks);
    check_host_pages(evidence, remarks);
}
