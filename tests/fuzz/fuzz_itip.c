/* mail/itip: any bytes are an answer or none; who answers has said what. */
#include "mail/itip.h"

/* libraries */
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(Itip) itip = {0};
    if (itip_parse(text, "ann@example.org", &itip) && itip_is_reply(&itip))
        g_assert(*itip.attendee && *itip.method);
    return 0;
}
