/* outbound/smtp_command: every parameter is there when the server offers its extension, and only then. */
#include "outbound/smtp_command.h"

#include <glib.h>

#define BODY "x\r\n"

/* clang-format off */
static const struct {
    const char *name, *offered; /* EHLO lines, with '|' between */
    SmtpMail mail;
    const char *expected;
} cases[] = {
    { "plain", "", { .from = "f@x", .to = "t@x", .id = "d1", .body = BODY },
      "MAIL FROM:<f@x>\r\nRCPT TO:<t@x>\r\n" },
    { "null-sender", "", { .from = "", .to = "t@x", .body = BODY },
      "MAIL FROM:<>\r\nRCPT TO:<t@x>\r\n" },
    { "all", "SIZE 1000|8bitmime|SMTPUTF8|DSN", { .from = "f@x", .to = "t@x", .id = "d1", .body = BODY },
      "MAIL FROM:<f@x> SIZE=3 RET=HDRS ENVID=d1\r\nRCPT TO:<t@x> NOTIFY=FAILURE,DELAY ORCPT=rfc822;t@x\r\n" },
    { "size-without-a-number", "SIZE", { .from = "f@x", .to = "t@x", .body = BODY },
      "MAIL FROM:<f@x> SIZE=3\r\nRCPT TO:<t@x>\r\n" },
    { "not-quite-known", "SIZES|DSNX|8BITMIMES", { .from = "f@x", .to = "t@x", .body = "\xc3\xa4\r\n" },
      "MAIL FROM:<f@x>\r\nRCPT TO:<t@x>\r\n" },
    { "eight-bits", "8BITMIME", { .from = "f@x", .to = "t@x", .body = "0123456789\xc3\xa4\r\n" },
      "MAIL FROM:<f@x> BODY=8BITMIME\r\nRCPT TO:<t@x>\r\n" },
    { "eight-bits-not-offered", "", { .from = "f@x", .to = "t@x", .body = "\xc3\xa4\r\n" },
      "MAIL FROM:<f@x>\r\nRCPT TO:<t@x>\r\n" },
    { "no-id", "DSN", { .from = "f@x", .to = "t@x", .body = BODY },
      "MAIL FROM:<f@x> RET=HDRS\r\nRCPT TO:<t@x> NOTIFY=FAILURE,DELAY ORCPT=rfc822;t@x\r\n" },
    { "xtext", "DSN", { .from = "f@x", .to = "a+b=c@x", .id = "1+2=3", .body = BODY },
      "MAIL FROM:<f@x> RET=HDRS ENVID=1+2B2+3D3\r\n"
      "RCPT TO:<a+b=c@x> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Bb+3Dc@x\r\n" },
    { "letters", "DSN|SMTPUTF8", { .from = "f@x", .to = "j\xc3\xb6rg+\\=@x", .needs_utf8 = true, .body = BODY },
      "MAIL FROM:<f@x> SMTPUTF8 RET=HDRS\r\n"
      "RCPT TO:<j\xc3\xb6rg+\\=@x> NOTIFY=FAILURE,DELAY ORCPT=utf-8;j\xc3\xb6rg\\x{2B}\\x{5C}\\x{3D}@x\r\n" },
    { "letters-and-a-space", "DSN|SMTPUTF8", { .from = "f@x", .to = "\"j\xc3\xb6rg x\"@x", .needs_utf8 = true, .body = BODY },
      "MAIL FROM:<f@x> SMTPUTF8 RET=HDRS\r\n"
      "RCPT TO:<\"j\xc3\xb6rg x\"@x> NOTIFY=FAILURE,DELAY ORCPT=utf-8;\"j\xc3\xb6rg\\x{20}x\"@x\r\n" },
};
/* clang-format on */

static void envelope(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        SmtpCapabilities can = {0};
        SmtpMail mail = cases[i].mail;
        g_autoptr(GString) out = g_string_new(NULL);
        g_auto(GStrv) lines = g_strsplit(cases[i].offered, "|", -1);
        for (guint line = 0; lines[line]; line++)
            smtp_capabilities_learn(&can, lines[line]);
        mail.length = strlen(mail.body);
        mail.look = wire_look(mail.body, mail.length);
        smtp_append_mail(out, &mail, &can);
        smtp_append_rcpt(out, &mail, &can);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(out->str, ==, cases[i].expected);
    }
}

static void capabilities(void)
{
    SmtpCapabilities can = {0};
    const char *const lines[] = {"PIPELINING\r\n", "chunking", "AUTH PLAIN LOGIN", "SIZE 99999999999999999999"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        smtp_capabilities_learn(&can, lines[i]);
    g_assert_true(can.pipelining && can.chunking && can.auth && can.size);
    g_assert_false(can.dsn || can.utf8 || can.eight_bit);
    g_assert_cmpint(can.size_limit, ==, G_MAXINT64);
}

static void body_and_chunk(void)
{
    const SmtpMail mail = {.body = "one\r\ntwo\r\n", .length = 10};
    g_autoptr(GString) out = g_string_new(NULL);
    smtp_append_body(out, &mail);
    g_assert_cmpstr(out->str, ==, "one\r\ntwo\r\n.\r\n");
    g_string_truncate(out, 0);
    smtp_append_chunk(out, &mail);
    g_assert_cmpstr(out->str, ==, "BDAT 10 LAST\r\none\r\ntwo\r\n");
    const SmtpMail none = {.body = "", .length = 0};
    g_string_truncate(out, 0);
    smtp_append_chunk(out, &none);
    g_assert_cmpstr(out->str, ==, "BDAT 0 LAST\r\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/smtp_command/envelope", envelope);
    g_test_add_func("/smtp_command/capabilities", capabilities);
    g_test_add_func("/smtp_command/body-and-chunk", body_and_chunk);
    return g_test_run();
}
