/* mail/dkim_verify: signatures that dkimpy made in every canonical form, our own, and what must not be believed. */
#include "mail/dkim_verify.h"

/* rundbrief */
#include "mail/dkim.h"
#include "mail/dkim_public_key.h"

#define RSA_P                                                                                                          \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91" \
    "y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
#define RSA_RECORD     "v=DKIM1; k=rsa; p=" RSA_P
#define ED25519_RECORD "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

#define MAIL                                                                                                           \
    "Received: by a.example;\r\n\tFri, 11 Jul 2003 21:01:54 -0700\r\nFrom: Joe <joe@football.example.com>\r\n"         \
    "Subject:  Is   dinner\r\n ready? \r\nTo: a@b.example\r\nTo: c@d.example\r\n\r\n"                                  \
    "Hi.  \r\n\r\nWe lost  the game.\r\n\r\n\r\n"

/* By the key of RFC 8463 A.2; h=from : subject : to : to : reply-to. */
static const struct {
    const char *name, *field;
} foreign[] = {
    {"simple-simple", "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple;\r\n"
                      " d=football.example.com; i=@football.example.com; q=dns/txt; s=test;\r\n"
                      " t=1795531902; h=from : subject : to : to : reply-to;\r\n"
                      " bh=iemH5lJMY2s4ze8ExJfcvTiz7atoekjJlWUDwC6Q32c=;\r\n"
                      " b=oH4w2PghxOsGfyVYOHntI2EKlERx1YXI2UCIlws/1/ULddJPhVTI4+sqrKnnNG1+NElkn\r\n"
                      " 7e5y1LcYVG0o7BHaU9Q9EswbKIy5uk+q81NPHmHVybjnpJeiKYpMpg+fhtS9lYR+h3AMxU9\r\n"
                      " 9lW3kk20cSOGWXvuKTnIvXJz47m4/i8=\r\n"},
    {"simple-simple-length", "DKIM-Signature: v=1; a=rsa-sha256; c=simple/simple;\r\n"
                             " d=football.example.com; i=@football.example.com; l=29; q=dns/txt;\r\n"
                             " s=test; t=1795531902; h=from : subject : to : to : reply-to;\r\n"
                             " bh=iemH5lJMY2s4ze8ExJfcvTiz7atoekjJlWUDwC6Q32c=;\r\n"
                             " b=dE+vwulI4EYVdoYsUEFCAKkwM7xMYNndJq9wPa3LtMS2rWtMsCsYqCu7SW2sTxXCJvNUx\r\n"
                             " Odkiv1DALm6Lbo3Mku8eUwU1XC7cSodE71EjrNead7KoXhbe5lFhNP5b6kdpd1qWRd6aOGS\r\n"
                             " 6pTw1PUCTjlmMPtzS6JxTycv0WO6800=\r\n"},
    {"simple-relaxed", "DKIM-Signature: v=1; a=rsa-sha256; c=simple/relaxed;\r\n"
                       " d=football.example.com; i=@football.example.com; q=dns/txt; s=test;\r\n"
                       " t=1795531902; h=from : subject : to : to : reply-to;\r\n"
                       " bh=sTT02lKuPAH1nGYBiIjR27DGuCuXdYrdO56uQNzQX+8=;\r\n"
                       " b=bwbQScAnTiOOkrsbVPCt03e8enRv1MdDAQuaGQTmV545aQwy+SkSqNJq1VXEa23iVUSN9\r\n"
                       " aFfBxCYuCHmUWLFDnOeKZozCW1HSPe8KakYowx0EgbEZTj6+CJ7e7MAHbb3qGvduncxg9Sh\r\n"
                       " v0U8CahwVAELVL3I0GRa6mURJ9hY+eg=\r\n"},
    {"relaxed-simple", "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple;\r\n"
                       " d=football.example.com; i=@football.example.com; q=dns/txt; s=test;\r\n"
                       " t=1795531902; h=from : subject : to : to : reply-to;\r\n"
                       " bh=iemH5lJMY2s4ze8ExJfcvTiz7atoekjJlWUDwC6Q32c=;\r\n"
                       " b=g3UZil3fPz3a32BFR7ggqaZZRbAYXkIkufT/V4ZGceiteHP20FUA25Tf6F6AJsBJDsip5\r\n"
                       " OiSmVF2zDvRyTlGVOwnt0isHsVNOPgFW+RqdfJLbRAn4HV2SRryQlcbnKUlT2rs50i8/0rG\r\n"
                       " OR+Q6NXAVKfO7f/OvdIaZLn88FzX22s=\r\n"},
    {"relaxed-relaxed", "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n"
                        " d=football.example.com; i=@football.example.com; q=dns/txt; s=test;\r\n"
                        " t=1795531902; h=from : subject : to : to : reply-to;\r\n"
                        " bh=sTT02lKuPAH1nGYBiIjR27DGuCuXdYrdO56uQNzQX+8=;\r\n"
                        " b=bds0HXJ35DUJQiF8ndT+lXXC7FR53HtddZbnam9EzGkxkIMiKffth9ocCLmKydf4TDtL5\r\n"
                        " 6Vh6cMNCbjnve/tFyygvrWhRo9O0PAN/of005h2aYadsNI78IBGSXpE1PTaN54MzwF/9Pvk\r\n"
                        " 1LvX9Zk71s0eZIBMp9m5qSVvejPbJIY=\r\n"},
};

static DkimVerdict verdict_of(const char *mail, const char *record, int64_t now)
{
    g_autoptr(GPtrArray) signatures = dkim_signatures(mail, strlen(mail));
    g_assert_cmpuint(signatures->len, ==, 1);
    return dkim_signature_verify(signatures->pdata[0], record, now, NULL);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, 2);
    g_assert_nonnull(parts[1]);
    return g_strjoinv(to, parts);
}

static void test_foreign(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    int bits;
    g_autofree char *mail = g_strconcat(foreign[n].field, MAIL, NULL);
    g_autoptr(GPtrArray) signatures = dkim_signatures(mail, strlen(mail));
    const DkimSignature *signature = signatures->pdata[0];
    g_assert_cmpint(dkim_signature_verify(signature, RSA_RECORD, 0, &bits), ==, DKIM_VERIFIED);
    g_assert_cmpint(bits, ==, 1024);
    g_assert_cmpstr(signature->domain, ==, "football.example.com");
    g_assert_cmpstr(signature->selector, ==, "test");
    g_assert_cmpstr(signature->algorithm, ==, "rsa-sha256");
    g_assert_true(dkim_signature_covers(signature, "Subject") && dkim_signature_covers(signature, "to"));
    g_assert_false(dkim_signature_covers(signature, "Received"));
    g_assert_false(dkim_signature_covers(signature, "Reply-To")); /* is not there */
}

/* Each change is seen; what comes behind the length that l= says is not signed. */
static void test_changed(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autofree char *mail = g_strconcat(foreign[n].field, MAIL, NULL);
    g_autofree char *body = replaced(mail, "the game", "the gane"), *subject = replaced(mail, "dinner", "lunch");
    g_autofree char *added = replaced(mail, "From: Joe", "Reply-To: x@y.example\r\nFrom: Joe");
    g_autofree char *longer = g_strconcat(mail, "More.\r\n", NULL);
    bool has_length = strstr(foreign[n].field, "l=") != NULL;
    g_assert_cmpint(verdict_of(body, RSA_RECORD, 0), ==, DKIM_BODY_CHANGED);
    g_assert_cmpint(verdict_of(subject, RSA_RECORD, 0), ==, DKIM_HEADER_CHANGED);
    g_assert_cmpint(verdict_of(added, RSA_RECORD, 0), ==, DKIM_HEADER_CHANGED);
    g_assert_cmpint(verdict_of(longer, RSA_RECORD, 0), ==, has_length ? DKIM_VERIFIED : DKIM_BODY_CHANGED);
}

/* ---- our own ----------------------------------------------------------------------------------------------------- */

static void test_own(void)
{
    g_autoptr(DkimKey) rsa = dkim_key_generate("kreis.example", "r1", DKIM_RSA);
    g_autoptr(DkimKey) ed25519 = dkim_key_generate("kreis.example", "e1", DKIM_ED25519);
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    g_ptr_array_add(keys, rsa);
    g_ptr_array_add(keys, ed25519);
    g_autoptr(DkimSigner) signer = dkim_signer_new(keys, "", 0);
    g_autoptr(GString) letter = g_string_new(MAIL);
    g_assert_true(dkim_sign(signer, letter, 1, NULL));
    g_autoptr(GPtrArray) signatures = dkim_signatures(letter->str, letter->len);
    g_assert_cmpuint(signatures->len, ==, 2);
    for (guint i = 0; i < 2; i++) {
        int bits;
        g_autofree char *record = dkim_key_record(keys->pdata[i]), *other = dkim_key_record(keys->pdata[1 - i]);
        g_assert_cmpint(dkim_signature_verify(signatures->pdata[i], record, 1, &bits), ==, DKIM_VERIFIED);
        g_assert_cmpint(bits, ==, i == 0 ? 2048 : 256);
        g_assert_cmpint(dkim_signature_verify(signatures->pdata[i], other, 1, NULL), ==, DKIM_KEY_UNUSABLE);
    }
}

/* ---- records ------------------------------------------------------------------------------------------------------ */

/* clang-format off */
static const struct { const char *name, *record; DkimVerdict want; } records[] = {
    { "bare", "p=" RSA_P, DKIM_VERIFIED },
    { "spaces", " v = DKIM1 ;k= rsa;\tp = " RSA_P " ; n=x", DKIM_VERIFIED },
    { "pkcs1", "k=rsa; p=MIGJAoGBAOQeU5CgFPNZGIazlXo2k/eJ1jpaTTxrmqF1HrDLlt04pvaMtCJj8nXoliLRC/H9vJjMI1vdb3XLcW60AIN/PBD8EL97"
               "/y4GwJH7LPUvGP48vqUe+owqszesbiGy1PlCO8c70/OjFnJVgvMF87YR4Lcincb7aSvI5MgpP6X8rjDdAgMBAAE=", DKIM_VERIFIED },
    { "empty", "", DKIM_NO_KEY },
    { "another-record", "v=spf1 -all", DKIM_NO_KEY },
    { "another-version", "v=DKIM2; p=" RSA_P, DKIM_NO_KEY },
    { "revoked", "v=DKIM1; k=rsa; p=", DKIM_KEY_REVOKED },
    { "no-key", "v=DKIM1; k=rsa", DKIM_KEY_UNUSABLE },
    { "torn", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB", DKIM_KEY_UNUSABLE },
    { "unknown-kind", "v=DKIM1; k=dsa; p=" RSA_P, DKIM_KEY_UNUSABLE },
    { "of-another-kind", ED25519_RECORD, DKIM_KEY_UNUSABLE },
};

/* What the field lacks or has too much of; in place of the first tag. */
static const struct { const char *name, *from, *to; DkimVerdict want; } fields[] = {
    { "no-version", "v=1; ", "", DKIM_UNREADABLE },
    { "no-domain", "d=football.example.com;", "", DKIM_UNREADABLE },
    { "sha1", "rsa-sha256", "rsa-sha1", DKIM_UNREADABLE },
    { "unknown-algorithm", "rsa-sha256", "ecdsa-sha256", DKIM_UNREADABLE },
    { "unknown-form", "c=simple/simple", "c=strict/simple", DKIM_UNREADABLE },
    { "from-not-covered", "h=from", "h=date", DKIM_UNREADABLE },
    { "expired", "v=1;", "v=1; x=999;", DKIM_EXPIRED },
    { "changed-itself", "q=dns/txt", "q=dns", DKIM_HEADER_CHANGED },
};
/* clang-format on */

static void test_record(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autofree char *mail = g_strconcat(foreign[0].field, MAIL, NULL);
    g_assert_cmpint(verdict_of(mail, records[n].record, 1000), ==, records[n].want);
}

static void test_field(gconstpointer data)
{
    gsize n = GPOINTER_TO_UINT(data);
    g_autofree char *mail = g_strconcat(foreign[0].field, MAIL, NULL);
    g_autofree char *other = replaced(mail, fields[n].from, fields[n].to);
    g_assert_cmpint(verdict_of(other, RSA_RECORD, 1000), ==, fields[n].want);
}

/* No header at all, no end of it, a NUL in it: no signature, and no crash. */
static void test_no_mail(void)
{
    static const char *const mails[] = {"", "\r\n", "\r\n\r\n", "DKIM-Signature: v=1", "DKIM-Signature\r\n\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(mails); i++) {
        g_autoptr(GPtrArray) signatures = dkim_signatures(mails[i], strlen(mails[i]));
        g_assert_cmpuint(signatures->len, ==, 0);
    }
    static const char with_nul[] = "DKIM-Signature: v=1\0\r\nFrom: a\r\n\r\n";
    g_autoptr(GPtrArray) signatures = dkim_signatures(with_nul, sizeof with_nul - 1);
    g_assert_cmpuint(signatures->len, ==, 0);
}

#define ADD_TABLE(path, table, test)                                                                                   \
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {                                                                  \
        g_autofree char *name = g_strdup_printf("/dkim-verify/" path "/%s", table[i].name);                            \
        g_test_add_data_func(name, GUINT_TO_POINTER(i), test);                                                         \
    }

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    ADD_TABLE("foreign", foreign, test_foreign)
    ADD_TABLE("changed", foreign, test_changed)
    ADD_TABLE("record", records, test_record)
    ADD_TABLE("field", fields, test_field)
    g_test_add_func("/dkim-verify/own", test_own);
    g_test_add_func("/dkim-verify/no-mail", test_no_mail);
    return g_test_run();
}
