/* deliverability/spf_term: any term is read or refused, and its macros are replaced or wrong. Input: a term. */
#include "deliverability/spf_term.h"

/* libraries */
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const SpfMacros macros = {"bounces+a-b@news.example", "news.example", "mail.example", "2001:db8::1"};
    g_autofree char *text = g_strndup((const char *)data, size);
    SpfTerm term;
    if (!spf_term_parse(text, &term))
        return 0;
    g_assert_true(term.bits4 >= 0 && term.bits4 <= 32 && term.bits6 >= 0 && term.bits6 <= 128);
    if (term.domain)
        g_free(spf_expand(term.domain, &macros));
    spf_term_clear(&term);
    return 0;
}
