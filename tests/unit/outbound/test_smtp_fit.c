/* outbound/smtp_fit: what must not be said is refused here, and whose fault it is. */
#include "outbound/smtp_fit.h"

#include <glib.h>

/* clang-format off */
static const struct {
    const char *name, *to, *body;
    SmtpCapabilities can;
    const char *code; /* NULL: fit */
    SmtpPhase phase;
} cases[] = {
    { "plain", "a@x", "x\r\n", {0}, NULL, 0 },
    { "empty", "", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "space", "john doe@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "space-between-quotes", "\"john doe\"@x", "x\r\n", {0}, NULL, 0 },
    { "escaped-quote", "\"john \\\" doe\"@x", "x\r\n", {0}, NULL, 0 },
    { "space-behind-quotes", "\"john\" doe@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "quotes-not-closed", "\"john doe@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "invariant_6_line-end-between-quotes", "\"a\r\nDATA\"@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "invariant_6_escaped-line-end", "\"a\\\nDATA\"@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "invariant_6_bracket-between-quotes", "\"a> b\"@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "invariant_6_escaped-bracket", "\"a\\> b\"@x", "x\r\n", {0}, "5.1.3", SMTP_RCPT },
    { "letters", "j\xc3\xb6rg@x", "\xc3\xb6\r\n", { .utf8 = true, .eight_bit = true }, NULL, 0 },
    { "letters-not-taken", "j\xc3\xb6rg@x", "\xc3\xb6\r\n", { .eight_bit = true }, "5.6.7", SMTP_RCPT },
    { "letters-without-eight-bits", "j\xc3\xb6rg@x", "\xc3\xb6\r\n", { .utf8 = true }, "5.6.7", SMTP_RCPT },
    { "text-of-eight-bits", "a@x", "\xc3\xb6\r\n", {0}, "5.6.3", SMTP_DATA },
    { "too-big", "a@x", "0123456789\r\n", { .size = true, .size_limit = 10 }, "5.3.4", SMTP_MAIL },
    { "not-a-text", "a@x", "x\n", {0}, "5.6.0", SMTP_DATA },
};
/* clang-format on */

static void looked_at(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    SmtpMail mail = {.from = "f@x", .to = cases[i].to, .body = cases[i].body, .length = strlen(cases[i].body)};
    mail.needs_utf8 = !g_str_is_ascii(mail.to);
    mail.look = wire_look(mail.body, mail.length);
    const Attempt *refusal = smtp_mail_unfit(&mail, &cases[i].can);
    g_assert_cmpstr(refusal ? refusal->enhanced : NULL, ==, cases[i].code);
    if (refusal)
        g_assert_true(refusal->ours && refusal->phase == cases[i].phase);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/smtp_fit/%s", cases[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), looked_at);
    }
    return g_test_run();
}
