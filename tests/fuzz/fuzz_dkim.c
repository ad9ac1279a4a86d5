/* mail/dkim_canon: however a body is cut, its canonical form is the same, is its own canonical form, and has neither white
 * space at a line's end nor empty lines at its end. Input: one byte that says where to cut, then a body. */
#include "mail/dkim_canon.h"

/* libraries */
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void collect(void *to, const char *bytes, gsize length)
{
    g_string_append_len(to, bytes, (gssize)length);
}

static GString *canonical(const char *bytes, gsize length, gsize cut)
{
    DkimBody body = {0};
    GString *out = g_string_new(NULL);
    dkim_body_add(&body, bytes, cut, collect, out);
    dkim_body_add(&body, bytes + cut, length - cut, collect, out);
    dkim_body_end(&body, collect, out);
    return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const char *text = (const char *)data + 1;
    gsize length = size - 1;
    g_autoptr(GString) whole = canonical(text, length, 0);
    g_autoptr(GString) cut = canonical(text, length, MIN((gsize)data[0], length));
    g_autoptr(GString) again = canonical(whole->str, whole->len, 0);
    g_assert_cmpmem(whole->str, whole->len, cut->str, cut->len);
    g_assert_cmpmem(whole->str, whole->len, again->str, again->len);
    g_assert_true(whole->len == 0 || (whole->len > 2 && memcmp(whole->str + whole->len - 2, "\r\n", 2) == 0));
    g_assert_true(whole->len < 4 || memcmp(whole->str + whole->len - 4, "\r\n\r\n", 4) != 0);
    for (gsize i = 0; i + 2 < whole->len; i++) {
        char byte = whole->str[i];
        g_assert_true(byte != ' ' || (whole->str[i + 1] != ' ' && memcmp(whole->str + i + 1, "\r\n", 2) != 0));
        g_assert_true(byte != '\t');
    }
    return 0;
}
