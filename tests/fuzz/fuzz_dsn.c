/* mail/dsn: any text gives recipients within the limits, each string on one line. */
#include "mail/dsn.h"

/* libraries */
#include <stdint.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *raw = g_strndup((const char *)data, size);
    g_autoptr(Dsn) dsn = dsn_parse(raw);
    g_assert(dsn->recipients->len <= LIMIT_REPORT_RECIPIENTS);
    g_assert(text_is_one_line(dsn->envelope_id));
    for (guint i = 0; i < dsn->recipients->len; i++) {
        const DsnRecipient *recipient = g_ptr_array_index(dsn->recipients, i);
        g_assert(text_is_one_line(recipient->final_recipient) && text_is_one_line(recipient->original_recipient));
        g_assert(text_is_one_line(recipient->diagnostic) && strlen(recipient->diagnostic) <= LIMIT_DIAGNOSTIC_BYTES);
        g_assert(!*recipient->status || strchr("245", recipient->status[0]));
    }
    return 0;
}
