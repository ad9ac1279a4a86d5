/* mail/dkim: the RFCs' own examples, canonical forms cut at every byte, and what a signature covers. Whether others
 * verify our letters is shown by tests/integration/55-dkim.t. */
#include "mail/dkim.h"

/* rundbrief */
#include "mail/dkim_canon.h"

static void collect(void *to, const char *bytes, gsize length)
{
    g_string_append_len(to, bytes, (gssize)length);
}

/* ---- canonical bodies -------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *body, *canonical;
} bodies[] = {
    {"RFC 6376 3.4.5", " C \r\nD \t E\r\n\r\n\r\n", " C\r\nD E\r\n"},
    {"empty", "", ""},
    {"one line end", "\r\n", ""},
    {"line ends only", "\r\n\r\n\r\n", ""},
    {"white space only", " \t\r\n \r\n", ""},
    {"no line end", "a", "a\r\n"},
    {"no line end behind white space", "a \t", "a\r\n"},
    {"white space at the beginning", "  a\r\n", " a\r\n"},
    {"a tab is a space", "a\tb\r\n", "a b\r\n"},
    {"many spaces", "a     b\r\n", "a b\r\n"},
    {"empty lines at the beginning and between", "\r\n\r\na\r\n\r\n\r\nb\r\n", "\r\n\r\na\r\n\r\n\r\nb\r\n"},
    {"white space on an empty line between", "a\r\n  \r\nb\r\n", "a\r\n\r\nb\r\n"},
    {"white space before a line end", "a \r\nb \t \r\n", "a\r\nb\r\n"},
    {"a CR alone", "a\rb\r\r\nc\r", "a\rb\r\r\nc\r\r\n"},
    {"a LF alone", "a\nb \n\r\n", "a\nb \n\r\n"},
    {"white space before a CR alone", "a  \rb\r\n", "a \rb\r\n"},
    {"empty lines, then white space", "a\r\n\r\n\r\n \t", "a\r\n"},
};

static void test_body(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data), length = strlen(bodies[n].body);
    for (gsize first = 0; first <= length; first++)
        for (gsize second = first; second <= length; second++) {
            DkimBody body = {0};
            g_autoptr(GString) out = g_string_new(NULL);
            dkim_body_add(&body, bodies[n].body, first, collect, out);
            DkimBody copy = body; /* a copy goes on from there */
            dkim_body_add(&copy, bodies[n].body + first, second - first, collect, out);
            dkim_body_add(&copy, bodies[n].body + second, length - second, collect, out);
            dkim_body_end(&copy, collect, out);
            g_assert_cmpstr(out->str, ==, bodies[n].canonical);
        }
}

/* ---- canonical fields -------------------------------------------------------------------------------------------- */

static const struct {
    const char *name, *field, *canonical;
} fields[] = {
    {"RFC 6376 3.4.5, first", "A: X", "a:X"},
    {"RFC 6376 3.4.5, second", "B : Y\t\r\n\tZ  ", "b:Y Z"},
    {"empty", "Subject:", "subject:"},
    {"white space only", "Subject: \t ", "subject:"},
    {"folded behind the name", "Message-ID:\r\n <a@b>", "message-id:<a@b>"},
    {"the value keeps its case", "To: \"A  B\" <C@D>", "to:\"A B\" <C@D>"},
    {"a colon in the value", "Date: 10:00:01", "date:10:00:01"},
};

static void test_field(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autoptr(GString) out = g_string_new(NULL);
    dkim_append_field(out, fields[n].field, strlen(fields[n].field));
    g_assert_cmpstr(out->str, ==, fields[n].canonical);
}

/* ---- RFC 8463 appendix A, RFC 6376 appendix A ---------------------------------------------------------------------- */

#define RFC_ED25519                                                                                                    \
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"                  \
    "-----END PRIVATE KEY-----\n"
#define RFC_RSA                                                                                                        \
    "-----BEGIN RSA PRIVATE KEY-----\n"                                                                                \
    "MIICXQIBAAKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi\n"                                               \
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqM\n"                                               \
    "KrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB\n"                                               \
    "AoGAH0cxOhFZDgzXWhDhnAJDw5s4roOXN4OhjiXa8W7Y3rhX3FJqmJSPuC8N9vQm\n"                                               \
    "6SVbaLAE4SG5mLMueHlh4KXffEpuLEiNp9Ss3O4YfLiQpbRqE7Tm5SxKjvvQoZZe\n"                                               \
    "zHorimOaChRL2it47iuWxzxSiRMv4c+j70GiWdxXnxe4UoECQQDzJB/0U58W7RZy\n"                                               \
    "6enGVj2kWF732CoWFZWzi1FicudrBFoy63QwcowpoCazKtvZGMNlPWnC7x/6o8Gc\n"                                               \
    "uSe0ga2xAkEA8C7PipPm1/1fTRQvj1o/dDmZp243044ZNyxjg+/OPN0oWCbXIGxy\n"                                               \
    "WvmZbXriOWoSALJTjExEgraHEgnXssuk7QJBALl5ICsYMu6hMxO73gnfNayNgPxd\n"                                               \
    "WFV6Z7ULnKyV7HSVYF0hgYOHjeYe9gaMtiJYoo0zGN+L3AAtNP9huqkWlzECQE1a\n"                                               \
    "licIeVlo1e+qJ6Mgqr0Q7Aa7falZ448ccbSFYEPD6oFxiOl9Y9se9iYHZKKfIcst\n"                                               \
    "o7DUw1/hz2Ck4N5JrgUCQQCyKveNvjzkkd8HjYs0SwM0fPjK16//5qDZ2UiDGnOe\n"                                               \
    "uEzxBDAr518Z8VFbR41in3W4Y3yCDgQlLlcETrS+zYcL\n"                                                                   \
    "-----END RSA PRIVATE KEY-----\n"
#define RFC_BODY      "Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n"
#define RFC_BODY_HASH "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="

static const char *const rfc_signed[] = {"From: Joe SixPack <joe@football.example.com>",
                                         "To: Suzie Q <suzie@shopping.example.net>", "Subject: Is dinner ready?",
                                         "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
                                         "Message-ID: <20030712040037.46341.5F8J@football.example.com>"};

static const struct {
    const char *name, *pem, *field, *signature, *record;
} examples[] = {
    {"ed25519", RFC_ED25519,
     "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;\r\n d=football.example.com; "
     "i=@football.example.com;\r\n"
     " q=dns/txt; s=brisbane; t=1528637909; h=from : to :\r\n subject : date : message-id : from : subject : date;\r\n"
     " bh=" RFC_BODY_HASH ";\r\n b=",
     "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
     "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
    {"rsa", RFC_RSA,
     "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=football.example.com; i=@football.example.com;\r\n"
     " q=dns/txt; s=test; t=1528637909; h=from : to : subject :\r\n date : message-id : from : subject : date;\r\n"
     " bh=" RFC_BODY_HASH ";\r\n b=",
     "F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOs"
     "k2JzdA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=",
     "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16"
     "JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l"
     "/K4w3QIDAQAB"},
};

static DkimKey *parse(const char *pem)
{
    g_autoptr(GError) error = NULL;
    DkimKey *key = dkim_key_parse("football.example.com", "test", pem, &error);
    g_assert_no_error(error);
    return key;
}

/* The RFC's field, signed by our parts: the same signature comes out, to the letter. */
static void test_rfc_8463(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autoptr(GString) canonical = g_string_new(NULL);
    g_autoptr(GString) signature = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(rfc_signed); i++) {
        dkim_append_field(canonical, rfc_signed[i], strlen(rfc_signed[i]));
        g_string_append(canonical, "\r\n");
    }
    dkim_append_field(canonical, examples[n].field, strlen(examples[n].field));
    uint8_t digest[DKIM_DIGEST_SIZE];
    DkimHash *hash = dkim_hash_new();
    dkim_hash_add(hash, canonical->str, canonical->len);
    dkim_hash_end(hash, digest);
    dkim_hash_free(hash);
    g_autoptr(DkimKey) key = parse(examples[n].pem);
    for (int again = 0; again < 2; again++) {
        g_string_truncate(signature, 0);
        g_assert_true(dkim_key_sign(key, digest, signature, NULL));
        g_assert_cmpstr(signature->str, ==, examples[n].signature);
    }
    g_autofree char *record = dkim_key_record(key);
    g_assert_cmpstr(record, ==, examples[n].record);
}

/* RFC 6376 A.2 has the same body, with the same hash in either canonical form. */
static void test_rfc_body_hash(void)
{
    uint8_t digest[DKIM_DIGEST_SIZE];
    DkimBody body = {0};
    DkimHash *hash = dkim_hash_new();
    dkim_body_add(&body, RFC_BODY, strlen(RFC_BODY), dkim_hash_add, hash);
    dkim_body_end(&body, dkim_hash_add, hash);
    dkim_hash_end(hash, digest);
    dkim_hash_free(hash);
    g_autofree char *text = g_base64_encode(digest, sizeof digest);
    g_assert_cmpstr(text, ==, RFC_BODY_HASH);
}

/* ---- letters ------------------------------------------------------------------------------------------------------- */

#define HEADER                                                                                                         \
    "From: Kreis <presse@kreis.example>\r\nTo: Ann <ann@example.org>\r\nSubject: Hallo\r\nX-Other: not signed\r\n"     \
    "List-Unsubscribe: <https://kreis.example/leave/x>,\r\n <mailto:inbox+x@kreis.example>\r\n"                        \
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
#define BODY "Guten Tag,  Ann \r\n\r\n\r\nEnde\r\n\r\n"

/* Signs HEADER and BODY with the first bytes of BODY known before. */
static GString *sign(const GPtrArray *keys, gsize common)
{
    g_autoptr(DkimSigner) signer = dkim_signer_new(keys, BODY, common);
    GString *letter = g_string_new(HEADER "\r\n" BODY);
    g_assert_true(dkim_sign(signer, letter, 1528637909, NULL));
    g_string_assign(letter, HEADER "\r\n" BODY); /* the second letter of a plan */
    g_assert_true(dkim_sign(signer, letter, 1528637909, NULL));
    return letter;
}

static GPtrArray *both_keys(void)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func((GDestroyNotify)dkim_key_free);
    g_ptr_array_add(keys, parse(RFC_RSA));
    g_ptr_array_add(keys, parse(RFC_ED25519));
    return keys;
}

static void test_letter(void)
{
    g_autoptr(GPtrArray) keys = both_keys();
    g_autoptr(GString) whole = sign(keys, 0);
    g_assert_true(
        g_str_has_prefix(whole->str, "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; t=1528637909;\r\n"));
    g_assert_nonnull(strstr(whole->str, "\r\nDKIM-Signature: v=1; a=ed25519-sha256;"));
    g_assert_true(g_str_has_suffix(whole->str, "\r\n" HEADER "\r\n" BODY));
    g_auto(GStrv) lines = g_strsplit(whole->str, "\r\n", -1);
    for (char **line = lines; *line; line++)
        g_assert_cmpuint(strlen(*line), <=, 78);
}

static void test_covers(void)
{
    g_autoptr(GPtrArray) keys = both_keys();
    g_autoptr(GString) letter = sign(keys, 0);
    const char *begin = strstr(letter->str, "\th=") + 3;
    g_autofree char *folded = g_strndup(begin, (gsize)(strstr(begin, ";") - begin));
    g_auto(GStrv) pieces = g_strsplit(folded, "\r\n\t", -1);
    g_autofree char *names = g_strjoinv("", pieces);
    g_assert_cmpstr(names, ==, "From:To:Subject:MIME-Version:List-Unsubscribe:List-Unsubscribe-Post:From");
}

static void test_common_prefix(void)
{
    g_autoptr(GPtrArray) keys = both_keys();
    g_autoptr(GString) whole = sign(keys, 0);
    for (gsize common = 1; common <= strlen(BODY); common++) {
        g_autoptr(GString) letter = sign(keys, common);
        g_assert_cmpstr(letter->str, ==, whole->str);
    }
}

/* Two fields of one name: both are signed, the last one first (RFC 6376 5.4.2), and a third would break it. */
static void test_two_of_a_name(void)
{
    g_autoptr(GPtrArray) keys = both_keys();
    g_autoptr(DkimSigner) signer = dkim_signer_new(keys, "", 0);
    g_autoptr(GString) letter = g_string_new("To: a@x\r\nFrom: b@x\r\nTo: c@x\r\n\r\n");
    g_assert_true(dkim_sign(signer, letter, 1, NULL));
    g_assert_nonnull(strstr(letter->str, "h=From:To:To:From;"));
}

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static void test_generate(gconstpointer data)
{
    DkimKeyType type = (DkimKeyType)GPOINTER_TO_INT(data);
    g_autoptr(DkimKey) made = dkim_key_generate("kreis.example", "s1", type);
    g_autofree char *pem = dkim_key_pem(made), *record = dkim_key_record(made), *zone = dkim_key_zone_record(made);
    g_autoptr(DkimKey) read = parse(pem);
    g_autofree char *record_read = dkim_key_record(read);
    g_assert_cmpstr(record, ==, record_read);
    g_assert_true(g_str_has_prefix(zone, "s1._domainkey.kreis.example. IN TXT ( \"v=DKIM1; k="));
    GString *joined = g_string_new(NULL);
    g_auto(GStrv) quoted = g_strsplit(zone, "\"", -1);
    for (gsize i = 1; i < g_strv_length(quoted); i += 2) {
        g_assert_cmpuint(strlen(quoted[i]), <=, 255);
        g_string_append(joined, quoted[i]);
    }
    g_assert_cmpstr(joined->str, ==, record);
    g_string_free(joined, TRUE);
}

static const struct {
    const char *name, *pem, *sentence;
} wrong_keys[] = {
    {"empty", "", "no private key"},
    {"a public key",
     "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n-----END PUBLIC "
     "KEY-----\n",
     "no private key"},
    {"torn", "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v\n", "no private key"},
    {"encrypted",
     "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGjMF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBC2\n-----END ENCRYPTED "
     "PRIVATE KEY-----\n",
     "encrypted"},
    {"an elliptic curve",
     "-----BEGIN EC PRIVATE "
     "KEY-----"
     "\nMHcCAQEEIDmtWHlc7WU7ss7Oc3KXjgbyvITFKekE5fPUv45OQyjFoAoGCCqGSM49\nAwEHoUQDQgAE75FRRFCHuBJAYzRbEwG0xISFlrxUhFnNB"
     "iqlb6GEte04BJlhhl2w\nsbRrRFTrtyRZxQjltvyrOtHxExRQK5nsew==\n-----END EC PRIVATE KEY-----\n",
     "another kind"},
    {"RSA of 512 bits",
     "-----BEGIN RSA PRIVATE "
     "KEY-----\nMIIBOwIBAAJBALyuhFnH4mShcC75xT3hDmq2NDM+jQ65sUKz/"
     "jhZUI1SmJdmkMt0\nmee3T3c73fj1Ds8ZNd+Q00vkHLI6zBftJzcCAwEAAQJAQUdXvwAq0YoRGA+"
     "OMDR3\nGnBjav9PKjMQovVHFRPBjMLYt29NXJXO4Jq/Le16brmgFOT/"
     "7FdNVOlK3omobW0d\ncQIhAN1yzx2qYoiW0GMqsgvfbNDdLbEiSgQdoNS8ngOP01r9AiEA2h7sb3MjmLTl\nB1fjnvlmHPLJ11NEk9XrTuqQfQgG4"
     "0MCIGHZPwceqFcuPHn0/aMdYBmSAYSJYCcd\naFlX1oJAZOWJAiEA1yKpEUP/"
     "WB8TxqppV+OlU+gkLL10ZlwYOz4gRTIlmQECIQDa\np41RK3xen+5wLSG3kQeR3QREdY3Di1YX8LnyUWsKdw==\n-----END RSA PRIVATE "
     "KEY-----\n",
     "512 bits"},
};

static void test_wrong_key(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autoptr(GError) error = NULL;
    g_assert_null(dkim_key_parse("kreis.example", "s1", wrong_keys[n].pem, &error));
    g_assert_error(error, DKIM_ERROR, DKIM_ERROR_KEY);
    g_assert_nonnull(strstr(error->message, wrong_keys[n].sentence));
}

#define ADD_TABLE(path, table, test)                                                                                   \
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {                                                                  \
        g_autofree char *name = g_strdup_printf("/dkim/" path "/%s", table[i].name);                                   \
        g_test_add_data_func(name, GUINT_TO_POINTER(i), test);                                                         \
    }

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TABLE("body", bodies, test_body)
    ADD_TABLE("field", fields, test_field)
    ADD_TABLE("rfc8463", examples, test_rfc_8463)
    ADD_TABLE("wrong-key", wrong_keys, test_wrong_key)
    g_test_add_func("/dkim/rfc-body-hash", test_rfc_body_hash);
    g_test_add_func("/dkim/letter", test_letter);
    g_test_add_func("/dkim/covers", test_covers);
    g_test_add_func("/dkim/common-prefix", test_common_prefix);
    g_test_add_func("/dkim/two-of-a-name", test_two_of_a_name);
    g_test_add_data_func("/dkim/generate/rsa", GINT_TO_POINTER(DKIM_RSA), test_generate);
    g_test_add_data_func("/dkim/generate/ed25519", GINT_TO_POINTER(DKIM_ED25519), test_generate);
    return g_test_run();
}
