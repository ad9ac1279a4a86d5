/* mail/fields, and what reads a received value: whatever the header holds, a decoded value is readable, on one line and
 * not much longer than what it was made of. */
#include "mail/fields.h"

/* libraries */
#include <stdint.h>
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/address.h"
#include "mail/charset.h"
#include "mail/content_type.h"
#include "mail/encoded_word.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A byte that is no UTF-8 becomes two, and those may be an encoded word's. */
#define LONGEST(value) (2 * CHARSET_GROWTH * strlen(value))

static void check_text(const char *text, const char *raw)
{
    g_assert(g_utf8_validate(text, -1, NULL) && !strpbrk(text, "\n\r\t"));
    g_assert(strlen(text) <= LONGEST(raw));
}

static void check_content_type(const char *value)
{
    static const char *const names[] = {"boundary", "charset", "report-type"};
    g_autofree char *type = content_type_name(value);
    g_assert(!*type || strchr(type, '/'));
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *parameter = content_type_parameter(value, names[i]);
        g_assert(!parameter || strlen(parameter) <= strlen(value));
    }
}

static void check_field(Fields *fields, const char *name)
{
    const char *raw = fields_raw(fields, name, 0);
    g_assert((raw != NULL) == fields_has(fields, name));
    if (!raw)
        return;
    check_text(fields_text(fields, name), raw);
    check_content_type(raw);
    g_autofree char *address = address_bare(raw);
    g_assert(strlen(address) <= strlen(raw));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"Subject", "From", "To", "Content-Type", "Received"};
    gsize end = 0;
    g_autoptr(Fields) fields = fields_parse((const char *)data, size, &end);
    g_assert(end <= size);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        check_field(fields, names[i]);
    g_autofree char *value = g_strndup((const char *)data, size);
    g_autofree char *text = encoded_words_decode(value);
    check_text(text, value);
    check_content_type(value);
    return 0;
}
