/* subscribers/candidate: what people and files write, brought into shape or refused. */
#include "subscribers/candidate.h"

/* system */
#include <glib/gstdio.h>

static Keyring *keyring;

static const struct {
    const char *name, *address, *person, *language;
    const char *want; /* address|name|language, or the reason */
} cases[] = {
    {"bare address", "anna@example.org", "", "", "anna@example.org|de"},
    {"spaces around", "  anna@example.org ", " Anna ", "", "anna@example.org|Anna|de"},
    {"name and address", "Anna Müller <anna@example.org>", "", "", "anna@example.org|Anna Müller|de"},
    {"quoted name", "\"Müller, \\\"A.\\\"\" <anna@example.org>", "", "", "anna@example.org|Müller, \"A.\"|de"},
    {"a name in encoded words, as Mailman prints it", "=?utf-8?q?M=C3=BCller=0D=0A?= <anna@example.org>", "", "",
     "anna@example.org|Müller|de"},
    {"a name of its own counts", "A <anna@example.org>", "Anna", "", "anna@example.org|Anna|de"},
    {"address in brackets only", "<anna@example.org>", "", "", "anna@example.org|de"},
    {"international domain", "anna@müller.example", "", "", "anna@xn--mller-kva.example|de"},
    {"international local part", "jürgen@example.org", "", "", "jürgen@example.org|de"},
    {"line breaks in a name are spaces", "anna@example.org", "Anna\r\nBcc: all@example.org", "",
     "anna@example.org|Anna Bcc: all@example.org|de"},
    {"a guard of a spreadsheet is taken off", "'+anna@example.org", "", "", "+anna@example.org|de"},
    {"an apostrophe may begin an address", "'anna@example.org", "", "", "'anna@example.org|de"},
    {"language tag", "anna@example.org", "", "en", "anna@example.org|en"},
    {"language with region", "anna@example.org", "", "de_at", "anna@example.org|de-AT"},
    {"language in words", "anna@example.org", "", "Türkisch", "anna@example.org|tr"},
    {"plain German", "anna@example.org", "", "Leichte Sprache", "anna@example.org|de-x-leicht"},
    {"private tags keep their case", "anna@example.org", "", "DE-X-LEICHT", "anna@example.org|de-x-leicht"},
    {"script and region", "anna@example.org", "", "sr-latn-rs", "anna@example.org|sr-Latn-RS"},
    {"no language", "anna@example.org", "", "klingonisch", "bad-value"},
    {"no language but a sentence", "anna@example.org", "", "de en", "bad-value"},
    {"no address", "", "Anna", "", "bad-address"},
    {"two at signs", "anna@@example.org", "", "", "bad-address"},
    {"line break in an address", "anna@example.org\nBcc:", "", "", "bad-address"},
    {"nothing in brackets", "Anna <>", "", "", "bad-address"},
    {"bell in a name", "anna@example.org", "An\ana", "", "bad-value"},
};

static char *shaped(gsize i)
{
    g_auto(Candidate) candidate = {0};
    g_auto(Rejection) rejection = {0};
    if (!candidate_init(&candidate, keyring, cases[i].address, cases[i].person, cases[i].language, "de", &rejection)) {
        g_assert_nonnull(rejection.sentence);
        return g_strdup(rejection_kind_word(rejection.kind));
    }
    return g_strjoin("|", candidate.address.text, *candidate.name ? candidate.name : candidate.language,
                     *candidate.name ? candidate.language : NULL, NULL);
}

static void every_shape(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_autofree char *got = shaped(i);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void a_name_has_a_limit(void)
{
    g_auto(Candidate) candidate = {0};
    g_auto(Rejection) rejection = {0};
    g_autofree char *name = g_strnfill(201, 'n');
    g_assert_false(candidate_init(&candidate, keyring, "anna@example.org", name, "", "de", &rejection));
    g_assert_cmpint(rejection.kind, ==, REJECTION_VALUE);
    g_assert_null(candidate.address.text);
    rejection_clear(&rejection);
    name[200] = '\0';
    g_assert_true(candidate_init(&candidate, keyring, "anna@example.org", name, "", "de", &rejection));
}

static void hashes_follow_the_folded_address(void)
{
    g_auto(Candidate) one = {0}, other = {0};
    g_auto(Rejection) rejection = {0};
    g_assert_true(candidate_init(&one, keyring, "Anna@Example.ORG", "", "", "de", &rejection));
    g_assert_true(candidate_init(&other, keyring, "anna@example.org", "", "", "de", &rejection));
    g_assert_cmpmem(one.hash, sizeof one.hash, other.hash, sizeof other.hash);
    g_assert_cmpstr(one.address.text, ==, "Anna@example.org");
}

static void a_wrong_value_is_quoted_on_one_line(void)
{
    g_autofree char *quote = rejection_quote("a\nb\x1b[31mc"), *cut = NULL;
    g_autofree char *text = g_strnfill(100, 'x');
    cut = rejection_quote(text);
    g_assert_cmpstr(quote, ==, "\"a b [31mc\"");
    g_assert_cmpint(g_utf8_strlen(cut, -1), ==, 63);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp("rundbrief-test-XXXXXX", &error), *keys = g_build_filename(dir, "keys", NULL);
    keyring_create(keys, &error);
    keyring = keyring_load(keys, &error);
    g_assert_no_error(error);
    g_unlink(keys);
    g_rmdir(dir);
    g_test_add_func("/candidate/every_shape", every_shape);
    g_test_add_func("/candidate/a_name_has_a_limit", a_name_has_a_limit);
    g_test_add_func("/candidate/hashes_follow_the_folded_address", hashes_follow_the_folded_address);
    g_test_add_func("/candidate/a_wrong_value_is_quoted_on_one_line", a_wrong_value_is_quoted_on_one_line);
    int result = g_test_run();
    keyring_free(keyring);
    return result;
}
