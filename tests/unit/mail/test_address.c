/* mail/address: good addresses are normalised, bad ones get a sentence that says what is wrong. */
#include "mail/address.h"

#include "base/text.h"

#define X10        "xxxxxxxxxx"
#define X50        X10 X10 X10 X10 X10
#define X60        X50 X10
#define X63        X60 "xxx"
#define LABELS_189 X60 "xx." X60 "xx." X60 "xxx" /* 62 + 1 + 62 + 1 + 63 */

static const struct {
    const char *name, *text, *want, *key;
    bool needs_utf8;
} good[] = {
    {"plain", "ann@example.org", "ann@example.org", "ann@example.org", false},
    {"case", "Ann.Meier@EXAMPLE.Org", "Ann.Meier@example.org", "ann.meier@example.org", false},
    {"spaces around", " \tann@example.org  ", "ann@example.org", "ann@example.org", false},
    {"all atext", "!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org",
     "!#$%&'*+-/=?^_`{|}~@example.org", false},
    {"plus", "ann+press@example.org", "ann+press@example.org", "ann+press@example.org", false},
    {"one letter", "a@b.de", "a@b.de", "a@b.de", false},
    {"digits before @", "1234@example.org", "1234@example.org", "1234@example.org", false},
    {"digits in domain", "a@4711.de", "a@4711.de", "a@4711.de", false},
    {"hyphens", "a@kreis-muster--land.de", "a@kreis-muster--land.de", "a@kreis-muster--land.de", false},
    {"deep domain", "a@a.b.c.d.e.example.org", "a@a.b.c.d.e.example.org", "a@a.b.c.d.e.example.org", false},
    {"quoted space", "\"ann meier\"@example.org", "\"ann meier\"@example.org", "\"ann meier\"@example.org", false},
    {"quoted at", "\"a@b\"@example.org", "\"a@b\"@example.org", "\"a@b\"@example.org", false},
    {"quoted brackets", "\"a<b>\"@example.org", "\"a<b>\"@example.org", "\"a<b>\"@example.org", false},
    {"quoted pair", "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org", "\"a\\\"b\"@example.org", false},
    {"needless quotes", "\"Ann\"@example.org", "\"Ann\"@example.org", "ann@example.org", false},
    {"umlaut domain", "info@kreis-müster.de", "info@xn--kreis-mster-zhb.de", "info@xn--kreis-mster-zhb.de", false},
    {"umlaut domain upper", "info@MÜNSTER.de", "info@xn--mnster-3ya.de", "info@xn--mnster-3ya.de", false},
    {"decomposed umlaut", "info@mu\xcc\x88nster.de", "info@xn--mnster-3ya.de", "info@xn--mnster-3ya.de", false},
    {"sharp s stays", "info@straße.de", "info@xn--strae-oqa.de", "info@xn--strae-oqa.de", false},
    {"A-label", "info@XN--MNSTER-3YA.de", "info@xn--mnster-3ya.de", "info@xn--mnster-3ya.de", false},
    {"Cyrillic domain", "info@пошта.укр", "info@xn--80a1acn3a.xn--j1amh", "info@xn--80a1acn3a.xn--j1amh", false},
    {"ideographic dot", "info@münster。de", "info@xn--mnster-3ya.de", "info@xn--mnster-3ya.de", false},
    {"umlaut before @", "Jörg.Müller@example.org", "Jörg.Müller@example.org", "jörg.müller@example.org", true},
    {"Arabic before @", "بريد@example.org", "بريد@example.org", "بريد@example.org", true},
    {"emoji before @", "😀@example.org", "😀@example.org", "😀@example.org", true},
    {"quoted umlaut", "\"jö rg\"@example.org", "\"jö rg\"@example.org", "\"jö rg\"@example.org", true},
    {"64 before @", X60 "xxxx@b.de", X60 "xxxx@b.de", X60 "xxxx@b.de", false},
    {"254 bytes", X60 "y@" LABELS_189 ".de", X60 "y@" LABELS_189 ".de", X60 "y@" LABELS_189 ".de", false},
};

static void good_addresses_are_normalised(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(good); i++) {
        g_test_message("%s", good[i].name);
        g_auto(Address) address = {0};
        g_autoptr(GError) error = NULL;
        g_assert_true(address_parse(good[i].text, &address, &error));
        g_assert_no_error(error);
        g_assert_cmpstr(address.text, ==, good[i].want);
        g_assert_cmpstr(address.key, ==, good[i].key);
        g_assert_true(address.needs_utf8 == good[i].needs_utf8);
        g_assert_true(address.domain == strrchr(address.text, '@') + 1);
    }
}

static const struct {
    const char *name, *text, *sentence;
} bad[] = {
    {"empty", "", "no address"},
    {"A-label that stands for nothing", "a@xn--zzzzzz999.example", "not an international domain name"},
    {"A-label that nobody would write", "a@sub.xn--abc-.example", "not an international domain name"},
    {"only spaces", "  \t ", "no address"},
    {"no at", "example.org", "no @"},
    {"full-width at", "ann＠example.org", "full-width"},
    {"full-width at too", "ann＠x@example.org", "full-width"},
    {"small at", "ann﹫example.org", "full-width"},
    {"nothing before", "@example.org", "nothing before @"},
    {"nothing after", "ann@", "nothing after @"},
    {"two at", "ann@home@example.org", "more than one @"},
    {"name and brackets", "Ann <ann@example.org>", "without a name"},
    {"brackets", "<ann@example.org>", "without a name"},
    {"no dot", "ann@localhost", "has no dot"},
    {"trailing dot", "ann@example.org.", "ends with a dot"},
    {"two dots in domain", "ann@ex..ample.org", "a dot too many"},
    {"leading dot in domain", "ann@.example.org", "a dot too many"},
    {"leading dot", ".ann@example.org", "begins or ends with a dot"},
    {"trailing dot before @", "ann.@example.org", "begins or ends with a dot"},
    {"two dots", "an..n@example.org", "two dots"},
    {"only a dot", ".@example.org", "begins or ends with a dot"},
    {"space inside", "ann meier@example.org", "space in the part before"},
    {"space after @", "ann@ example.org", "space in the part after"},
    {"tab inside", "ann\tmeier@example.org", "control character"},
    {"no-break space", "ann\xc2\xa0@example.org", "special space"},
    {"comma", "ann,bob@example.org", "must not hold ,"},
    {"two addresses", "ann@example.org;bob@example.org", "more than one @"},
    {"two with comma", "ann@example.org,bob@example.org", "more than one @"},
    {"parenthesis", "ann(x)@example.org", "must not hold ("},
    {"backslash", "an\\n@example.org", "must not hold \\"},
    {"underscore", "ann@a_b.example", "must not hold _"},
    {"underscore beside umlaut", "ann@a_ü.example", "must not hold _"},
    {"slash in domain", "ann@exa/mple.org", "must not hold /"},
    {"hyphen first", "ann@-example.org", "hyphen"},
    {"hyphen last", "ann@example-.org", "hyphen"},
    {"hyphen at end", "ann@example.org-", "hyphen"},
    {"number at the end", "ann@192.168.1.1", "ends with a number"},
    {"address literal", "ann@[192.168.1.1]", "number in brackets"},
    {"IPv6 literal", "ann@[IPv6:::1]", "number in brackets"},
    {"CR LF", "ann@example.org\r\nBcc: eve@example.org", "control character"},
    {"CR LF at the end", "ann@example.org\r\n", "control character"},
    {"LF before @", "ann\n@example.org", "control character"},
    {"quoted CR LF", "\"ann\r\nRCPT TO:<eve\"@example.org", "control character"},
    {"quoted escaped LF", "\"ann\\\n\"@example.org", "control character"},
    {"command injection", "a>\r\nRCPT TO:<evil@example.org", "control character"},
    {"DEL", "ann\x7f@example.org", "control character"},
    {"C1 control", "ann\xc2\x85@example.org", "control character"},
    {"line separator", "ann\xe2\x80\xa8@example.org", "invisible"},
    {"zero width space before @", "ann\xe2\x80\x8b@example.org", "invisible"},
    {"zero width space in domain", "ann@exam\xe2\x80\x8bple.org", "invisible"},
    {"soft hyphen", "ann@exam\xc2\xadple.org", "invisible"},
    {"byte order mark",
     "\xef\xbb\xbf"
     "ann@example.org",
     "invisible"},
    {"right-to-left override", "ann\xe2\x80\xae@example.org", "invisible"},
    {"German quotes", "„ann“@example.org", "quotation mark"},
    {"quotes around all", "“ann@example.org”", "quotation mark"},
    {"guillemets in domain", "ann@»example«.org", "quotation mark"},
    {"open quote", "\"ann@example.org", "does not end"},
    {"quote not before @", "\"ann\"x@example.org", "closing quote"},
    {"empty quotes", "\"\"@example.org", "nothing before @ but quotes"},
    {"quote inside", "an\"n@example.org", "must not hold \""},
    {"invalid UTF-8", "ann\xff@example.org", "UTF-8"},
    {"overlong UTF-8", "ann\xc0\xae@example.org", "UTF-8"},
    {"surrogate", "ann\xed\xa0\x80@example.org", "UTF-8"},
    {"65 before @", X60 "xxxxx@b.de", "longer than 64"},
    {"64 characters, 65 bytes", X60 "xxxü@b.de", "longer than 64"},
    {"64 in a label", "a@" X63 "x.de", "more than 63"},
    {"255 bytes", X60 "yx@" LABELS_189 ".de", "longer than 254"},
    {"huge", X50 X50 X50 X50 X50 X50 "@" X50 X50 X50 ".de", "longer than"},
    {"umlaut label too long", "a@ü" X63 ".de", "international"},
};

static void bad_addresses_get_a_sentence(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_test_message("%s", bad[i].name);
        g_auto(Address) address = {0};
        g_autoptr(GError) error = NULL;
        g_assert_false(address_parse(bad[i].text, &address, &error));
        g_assert_error(error, ADDRESS_ERROR, ADDRESS_ERROR_SYNTAX);
        if (!strstr(error->message, bad[i].sentence))
            g_error("%s: \"%s\" does not say \"%s\"", bad[i].name, error->message, bad[i].sentence);
        g_assert_null(address.text);
    }
}

/* Invariant 12. Every accepted address is one line without anything that ends a command or a header. */
static void no_address_breaks_out_of_its_line(void)
{
    static const char *const bytes[] = {"\r",   "\n",       "\r\n",         "\x01", "\x1f",
                                        "\x7f", "\xc2\x80", "\xe2\x80\xa8", "<",    ">"};
    static const char *const addresses[] = {"ann@example.org", "jörg@müster.de"};
    for (gsize i = 0; i < G_N_ELEMENTS(bytes); i++) {
        for (gsize a = 0; a < G_N_ELEMENTS(addresses); a++) {
            gsize length = strlen(addresses[a]);
            for (gsize at = 0; at <= length; at++) {
                g_autofree char *text = g_strdup_printf("%.*s%s%s", (int)at, addresses[a], bytes[i], addresses[a] + at);
                g_auto(Address) address = {0};
                g_assert_false(address_parse(text, &address, NULL));
            }
        }
    }
}

static void a_token_goes_before_the_at(void)
{
    g_autofree char *with = address_with_token("bounces@news.example", "dabc");
    g_assert_cmpstr(with, ==, "bounces+dabc@news.example");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/address/good_addresses_are_normalised", good_addresses_are_normalised);
    g_test_add_func("/address/bad_addresses_get_a_sentence", bad_addresses_get_a_sentence);
    g_test_add_func("/address/invariant_12_no_address_breaks_out_of_its_line", no_address_breaks_out_of_its_line);
    g_test_add_func("/address/a_token_goes_before_the_at", a_token_goes_before_the_at);
    return g_test_run();
}
