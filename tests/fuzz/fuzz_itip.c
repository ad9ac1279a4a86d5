/* mail/itip: any bytes are an answer or none; who answers has said what. */
#include "mail/itip.h"

/* libraries */
#include <stdint.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(Itip) itip = {0};
    if (!itip_parse(text, "ann@example.org", &itip))
        return 0;
    g_assert(!itip_is_reply(&itip) || (*itip.attendee && *itip.method));
#define CHECK(name) g_assert(strlen(itip.name) <= LIMIT_CALENDAR_LINE_BYTES && !strpbrk(itip.name, "\r\n"));
    ITIP_FIELDS(CHECK)
    return 0;
}
