/* inbound/classify: any bytes are found to be something, with evidence on one line; without keys none is believed. */
#include "inbound/classify.h"

/* libraries */
#include <stdint.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Message) message = message_parse((const char *)data, size);
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    classify(message, NULL, &finding);
    g_assert(finding.class != FINDING_CONFIRM && !finding.has_token);
    g_assert(*finding.evidence && text_is_one_line(finding.evidence));
    g_assert(text_is_one_line(finding.message_id) && text_is_one_line(finding.diagnostic));
    g_assert(finding.recipients->len <= LIMIT_REPORT_RECIPIENTS);
    for (guint i = 0; i < finding.recipients->len; i++)
        g_assert(text_is_one_line(g_ptr_array_index(finding.recipients, i)));
    return 0;
}
