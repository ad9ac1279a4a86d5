/* mail/header: fields say what was meant, in lines that every server takes, and nothing can break out of one. */
#include "mail/header.h"

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "check_letters.h"

#define UTF8_50 "üüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüüü"

static const struct {
    const char *name, *text, *want;
} texts[] = {
    {"plain", "Sitzung am Montag", "Subject: Sitzung am Montag\r\n"},
    {"empty", "", "Subject:\r\n"},
    {"one umlaut", "Straße gesperrt", "Subject: =?UTF-8?Q?Stra=C3=9Fe?= gesperrt\r\n"},
    {"umlaut in the middle", "Die Straße ist zu", "Subject: Die =?UTF-8?Q?Stra=C3=9Fe?= ist zu\r\n"},
    {"two umlauts, one stretch", "Zu für Müll", "Subject: Zu =?UTF-8?B?ZsO8ciBNw7xsbA==?=\r\n"},
    {"Cyrillic is B", "Пошта", "Subject: =?UTF-8?B?0J/QvtGI0YLQsA==?=\r\n"},
    {"looks encoded", "=?UTF-8?Q?x?=", "Subject: =?UTF-8?B?PT9VVEYtOD9RP3g/PQ==?=\r\n"},
    {"double space", "a  b", "Subject: =?UTF-8?Q?a__b?=\r\n"},
    {"space at the end", "a ", "Subject: =?UTF-8?Q?a_?=\r\n"},
    {"space at the beginning", " a", "Subject: =?UTF-8?Q?_a?=\r\n"},
    {"folded at a space", "Der Kreistag beschliesst den Haushalt und das Radwegekonzept fuer die Gemeinden",
     "Subject: Der Kreistag beschliesst den Haushalt und das Radwegekonzept fuer\r\n die Gemeinden\r\n"},
};

static void text_is_written_as_plainly_as_possible(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_test_message("%s", texts[i].name);
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_true(header_append_text(out, "Subject", texts[i].text, NULL));
        g_assert_cmpstr(out->str, ==, texts[i].want);
    }
}

static const struct {
    const char *name, *phrase, *address, *want;
} mailboxes[] = {
    {"no phrase", NULL, "a@b.de", "To: a@b.de\r\n"},
    {"empty phrase", "", "a@b.de", "To: a@b.de\r\n"},
    {"plain words", "Ann Meier", "a@b.de", "To: Ann Meier <a@b.de>\r\n"},
    {"comma", "Kreis Musterland, Pressestelle", "a@b.de", "To: \"Kreis Musterland, Pressestelle\" <a@b.de>\r\n"},
    {"quotes", "Ann \"A\\B\" Meier", "a@b.de", "To: \"Ann \\\"A\\\\B\\\" Meier\" <a@b.de>\r\n"},
    {"umlaut", "Jörg Müller", "a@b.de", "To: =?UTF-8?B?SsO2cmcgTcO8bGxlcg==?= <a@b.de>\r\n"},
    {"umlaut and comma", "Müller, Jörg", "a@b.de", "To: =?UTF-8?B?TcO8bGxlciwgSsO2cmc=?= <a@b.de>\r\n"},
    {"UTF-8 address", "Ann", "jörg@b.de", "To: Ann <jörg@b.de>\r\n"},
    {"quoted local part", "Ann", "\"a\\\"> b\"@b.de", "To: Ann <\"a\\\"> b\"@b.de>\r\n"},
    {"address as phrase", "x@y.de", "a@b.de", "To: \"x@y.de\" <a@b.de>\r\n"},
    {"brackets as phrase", "<x@y.de>,", "a@b.de", "To: \"<x@y.de>,\" <a@b.de>\r\n"},
};

static void mailboxes_are_quoted(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(mailboxes); i++) {
        g_test_message("%s", mailboxes[i].name);
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_true(header_append_address(out, "To", mailboxes[i].phrase, mailboxes[i].address, NULL));
        g_assert_cmpstr(out->str, ==, mailboxes[i].want);
    }
}

static void more_than_one_address_is_refused(void)
{
    static const char *const bad[] = {
        "",         "a",           "@b.de",     "a@",       "a@b.de,c@d.de", "a@b.de>,<c@d.de", "a b@c.de", "a@b.de ",
        "\"a@b.de", "\"a\"b@c.de", "a(x)@b.de", "a@b_c.de", "a@bü.de",       "a;b@c.de",        "a:b@c.de"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GString) out = g_string_new("kept");
        g_autoptr(GError) error = NULL;
        g_assert_false(header_append_address(out, "To", "Ann", bad[i], &error));
        g_assert_error(error, HEADER_ERROR, HEADER_ERROR_VALUE);
        g_assert_cmpstr(out->str, ==, "kept");
    }
}

static const struct {
    const char *name, *value, *want;
} parameters[] = {
    {"token", "a.pdf", "Content-Disposition: attachment; filename=a.pdf\r\n"},
    {"space", "a b.pdf", "Content-Disposition: attachment; filename=\"a b.pdf\"\r\n"},
    {"quotes", "a\"\\.pdf", "Content-Disposition: attachment; filename=\"a\\\"\\\\.pdf\"\r\n"},
    {"empty", "", "Content-Disposition: attachment; filename=\"\"\r\n"},
    {"umlaut", "Müll (1).pdf",
     "Content-Disposition: attachment; filename*=UTF-8''M%C3%BCll%20%281%29.pdf;\r\n filename=\"M_ll (1).pdf\"\r\n"},
    {"percent and quote", "5%'ü",
     "Content-Disposition: attachment; filename*=UTF-8''5%25%27%C3%BC;\r\n filename=\"5%'_\"\r\n"},
    {"nothing", NULL, "Content-Disposition: attachment\r\n"},
};

static void parameters_are_written_twice_when_not_ascii(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(parameters); i++) {
        g_test_message("%s", parameters[i].name);
        g_autoptr(GString) out = g_string_new(NULL);
        HeaderParameter list[] = {{"filename", parameters[i].value}, {NULL, NULL}};
        g_assert_true(header_append_parameters(out, "Content-Disposition", "attachment", list, NULL));
        g_assert_cmpstr(out->str, ==, parameters[i].want);
    }
}

static const struct {
    const char *zone, *want;
    int64_t at;
} dates[] = {
    {NULL, "Thu, 01 Jan 1970 00:00:00 +0000", 0},
    {NULL, "Wed, 02 May 2018 07:00:00 +0000", INT64_C(1525244400) * SECOND_US},
    {"Europe/Berlin", "Wed, 02 May 2018 09:00:00 +0200", INT64_C(1525244400) * SECOND_US + 999999},
    {"Europe/Berlin", "Sun, 27 Oct 2024 02:30:00 +0200", INT64_C(1729989000) * SECOND_US},
    {"Europe/Berlin", "Sun, 27 Oct 2024 02:30:00 +0100", INT64_C(1729992600) * SECOND_US},
    {"America/St_Johns", "Wed, 31 Jan 2024 20:30:00 -0330", INT64_C(1706745600) * SECOND_US},
    {NULL, "Thu, 01 Jan 1970 00:00:00 +0000", INT64_MAX},
};

static void dates_are_english_and_in_their_zone(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(dates); i++) {
        g_autoptr(GTimeZone) zone = dates[i].zone ? g_time_zone_new_identifier(dates[i].zone) : NULL;
        char date[HEADER_DATE_SIZE];
        header_date(dates[i].at, zone, date);
        g_assert_cmpstr(date, ==, dates[i].want);
    }
}

/* ---- injection --------------------------------------------------------------------------------------------------- */

typedef bool (*Writer)(GString *out, const char *hostile, GError **error);

static bool as_text(GString *out, const char *hostile, GError **error)
{
    return header_append_text(out, "Subject", hostile, error);
}

static bool as_text_name(GString *out, const char *hostile, GError **error)
{
    return header_append_text(out, hostile, "x", error);
}

static bool as_tokens(GString *out, const char *hostile, GError **error)
{
    return header_append_tokens(out, "Date", hostile, error);
}

static bool as_tokens_name(GString *out, const char *hostile, GError **error)
{
    return header_append_tokens(out, hostile, "x", error);
}

static bool as_phrase(GString *out, const char *hostile, GError **error)
{
    return header_append_address(out, "From", hostile, "a@b.de", error);
}

static bool as_address(GString *out, const char *hostile, GError **error)
{
    return header_append_address(out, "From", "Ann", hostile, error);
}

static bool as_address_name(GString *out, const char *hostile, GError **error)
{
    return header_append_address(out, hostile, "Ann", "a@b.de", error);
}

static bool as_quoted_address(GString *out, const char *hostile, GError **error)
{
    g_autofree char *address = g_strdup_printf("\"%s\"@b.de", hostile);
    return header_append_address(out, "From", "Ann", address, error);
}

static bool as_type(GString *out, const char *hostile, GError **error)
{
    return header_append_parameters(out, "Content-Type", hostile, NULL, error);
}

static bool as_type_name(GString *out, const char *hostile, GError **error)
{
    return header_append_parameters(out, hostile, "text/plain", NULL, error);
}

static bool as_parameter(GString *out, const char *hostile, GError **error)
{
    HeaderParameter list[] = {{"charset", "utf-8"}, {"name", hostile}, {NULL, NULL}};
    return header_append_parameters(out, "Content-Type", "text/plain", list, error);
}

static bool as_parameter_name(GString *out, const char *hostile, GError **error)
{
    HeaderParameter list[] = {{hostile, "x"}, {NULL, NULL}};
    return header_append_parameters(out, "Content-Type", "text/plain", list, error);
}

static const Writer writers[] = {as_text,           as_text_name,    as_tokens,    as_tokens_name,
                                 as_phrase,         as_address,      as_type,      as_type_name,
                                 as_quoted_address, as_address_name, as_parameter, as_parameter_name};

/* Invariant 12. Every function and every input, with the bytes at the beginning, in the middle and at the end. */
static void no_input_breaks_out_of_its_header(void)
{
    static const char *const bytes[] = {"\r\nBcc: eve@example.org",
                                        "\nBcc: eve",
                                        "\rBcc: eve",
                                        "\r\n\r\nbody",
                                        "\r\n ",
                                        "\n\t",
                                        "\x01",
                                        "\t",
                                        "\x0b",
                                        "\x1b[2J",
                                        "\x7f",
                                        "\xc2\x85",
                                        "\xff",
                                        "\xc3",
                                        "\xed\xa0\x80"};
    static const char *const around[] = {"%s", "a%s", "%sa", "a%sb", "ü%sü", "a@b%s.de", "a%s@b.de", "\"a%s\"@b.de"};
    for (gsize w = 0; w < G_N_ELEMENTS(writers); w++) {
        for (gsize i = 0; i < G_N_ELEMENTS(bytes) * G_N_ELEMENTS(around); i++) {
            g_auto(GStrv) halves = g_strsplit(around[i % G_N_ELEMENTS(around)], "%s", 2);
            g_autofree char *hostile = g_strconcat(halves[0], bytes[i / G_N_ELEMENTS(around)], halves[1], NULL);
            g_autoptr(GString) out = g_string_new("kept");
            g_autoptr(GError) error = NULL;
            g_assert_false(writers[w](out, hostile, &error));
            g_assert_nonnull(error);
            g_assert_cmpstr(out->str, ==, "kept");
        }
    }
}

static void too_long_is_refused(void)
{
    for (gsize w = 0; w < G_N_ELEMENTS(writers); w++) {
        g_autofree char *hostile = g_strnfill(LIMIT_HEADER_VALUE_BYTES + 1, 'a');
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_false(writers[w](out, hostile, NULL));
        g_assert_cmpuint(out->len, ==, 0);
    }
}

/* ---- read by somebody else --------------------------------------------------------------------------------------- */

static char *random_text(GRand *rand)
{
    static const char *const words[] = {
        "a",
        "Straße",
        " ",
        "  ",
        "для",
        "مرحبا",
        "😀",
        "„Zitat“",
        "=?",
        "?=",
        "(x)",
        "\"",
        "\\",
        "_",
        "=C3",
        ",",
        ".",
        "<a@b>",
        UTF8_50,
        "abcdefghij",
        "Bekanntmachungsblatt",
        "\xe2\x80\xaf",
        "https://www.kreis-musterland.example/presse/2018/05/02/radwegekonzept-der-gemeinden"};
    GString *text = g_string_new(NULL);
    for (int n = g_rand_int_range(rand, 1, 14); n > 0; n--) {
        g_string_append(text, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
        if (g_rand_boolean(rand))
            g_string_append_c(text, ' ');
    }
    return g_string_free(text, FALSE);
}

static void assert_lines_fit(const char *header)
{
    g_auto(GStrv) lines = g_strsplit(header, "\r\n", -1);
    for (gsize i = 0; lines[i]; i++)
        if (strlen(lines[i]) > 76)
            g_error("too long: %s", header);
}

static void another_reader_reads_the_same(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autoptr(GString) cases = g_string_new(NULL), out = g_string_new(NULL);
    for (int i = 0; i < 1500; i++) {
        g_autofree char *text = random_text(rand);
        g_string_truncate(out, 0);
        g_assert_true(header_append_text(out, "Subject", text, NULL));
        assert_lines_fit(out->str);
        letters_expect(cases, out, "header:Subject", text, strlen(text));
        g_string_truncate(out, 0);
        g_autofree char *want = g_strconcat(text, "<a@b.de>", NULL);
        g_assert_true(header_append_address(out, "From", text, "a@b.de", NULL));
        assert_lines_fit(out->str);
        letters_expect(cases, out, "address:From", want, strlen(want));
        g_string_truncate(out, 0);
        g_autofree char *file_name = g_strconcat("f", text, ".pdf", NULL); /* Python unquotes <f> twice */
        HeaderParameter list[] = {{"filename", file_name}, {NULL, NULL}};
        if (header_append_parameters(out, "Content-Disposition", "attachment", list, NULL))
            letters_expect(cases, out, "file:0", file_name, strlen(file_name));
    }
    letters_compare(cases);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/header/text_is_written_as_plainly_as_possible", text_is_written_as_plainly_as_possible);
    g_test_add_func("/header/mailboxes_are_quoted", mailboxes_are_quoted);
    g_test_add_func("/header/more_than_one_address_is_refused", more_than_one_address_is_refused);
    g_test_add_func("/header/parameters_are_written_twice_when_not_ascii", parameters_are_written_twice_when_not_ascii);
    g_test_add_func("/header/dates_are_english_and_in_their_zone", dates_are_english_and_in_their_zone);
    g_test_add_func("/header/invariant_12_no_input_breaks_out_of_its_header", no_input_breaks_out_of_its_header);
    g_test_add_func("/header/too_long_is_refused", too_long_is_refused);
    g_test_add_func("/header/another_reader_reads_the_same", another_reader_reads_the_same);
    return g_test_run();
}
