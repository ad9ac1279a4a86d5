/* mail/address: no input crashes, and what is accepted is one line that parses to itself again. */
#include "mail/address.h"

/* libraries */
#include <stdint.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "mail/header.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(Address) address = {0};
    g_autoptr(GError) error = NULL;
    if (!address_parse(text, &address, &error)) {
        g_assert(error && *error->message);
        return 0;
    }
    g_auto(Address) again = {0};
    g_autoptr(GString) field = g_string_new(NULL);
    g_assert(text_is_one_line(address.text) && strlen(address.text) <= LIMIT_ADDRESS_BYTES);
    g_assert(address_parse(address.text, &again, NULL));
    g_assert(g_str_equal(address.text, again.text) && g_str_equal(address.key, again.key));
    g_assert(header_append_address(field, "To", NULL, address.text, NULL));
    return 0;
}
