/* mail/parse: any bytes become a Message within its limits, whose texts are UTF-8. */
#include "mail/parse.h"

/* libraries */
#include <stdint.h>

/* rundbrief */
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Message) message = message_parse((const char *)data, size);
    g_assert(message_part_count(message) > 0 && message_part_count(message) <= LIMIT_MIME_PARTS);
    g_assert(g_utf8_validate(fields_text(message_fields(message), "Subject"), -1, NULL));
    for (guint i = 0; i < message_part_count(message); i++) {
        MimePart *part = message_part(message, i);
        g_assert(g_utf8_validate(mime_part_text(part), -1, NULL));
        g_free(mime_part_parameter(part, "boundary"));
        if (mime_part_enclosed_fields(part))
            fields_text(mime_part_enclosed_fields(part), "To");
    }
    return 0;
}
