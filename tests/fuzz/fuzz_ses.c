/* inbound/ses: any text tells of a bounded number of people, or of nobody. */
#include "inbound/ses.h"

/* libraries */
#include <stdint.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(const char *value)
{
    g_assert(text_is_one_line(value) && strlen(value) <= LIMIT_DIAGNOSTIC_BYTES);
}

static void check_bounced(const Dsn *dsn)
{
    g_assert(dsn->recipients->len <= LIMIT_REPORT_RECIPIENTS);
    for (guint i = 0; i < dsn->recipients->len; i++) {
        const DsnRecipient *recipient = g_ptr_array_index(dsn->recipients, i);
        check_value(recipient->final_recipient);
        check_value(recipient->diagnostic);
        g_assert(strchr("45", recipient->status[0]) && *recipient->status);
    }
}

static void check_accused(const GPtrArray *accused)
{
    g_assert(accused->len <= LIMIT_REPORT_RECIPIENTS);
    for (guint i = 0; i < accused->len; i++)
        check_value(g_ptr_array_index(accused, i));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(SesNotice) notice = {0};
    bool read = ses_read("no-reply@sns.amazonaws.com", text, &notice);
    g_assert(read == (notice.dsn || notice.accused));
    if (notice.dsn)
        check_bounced(notice.dsn);
    if (notice.accused)
        check_accused(notice.accused);
    g_auto(SesNotice) other = {0};
    g_assert(!ses_read("ann@example.org", text, &other));
    return 0;
}
