/* mail/arf: any bytes give a type and a bounded list. */
#include "mail/arf.h"

/* libraries */
#include <stdint.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(Arf) arf = {0};
    arf_parse(text, &arf);
    g_assert(arf.type && arf.recipients->len <= LIMIT_REPORT_RECIPIENTS);
    for (guint i = 0; i < arf.recipients->len; i++) {
        const char *recipient = g_ptr_array_index(arf.recipients, i);
        g_assert(strlen(recipient) <= size && !strchr(recipient, '\n'));
    }
    return 0;
}
