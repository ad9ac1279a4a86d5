/* mail/dsn: reports are read the way they are written. */
#include "mail/dsn.h"

#include <glib.h>
#include <string.h>

#include "base/limits.h"
#include "base/text.h"

/* "final|original|action|status|diagnostic" of each recipient, joined by newlines. */
static char *summary(const char *text)
{
    g_autoptr(Dsn) dsn = dsn_parse(text);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < dsn->recipients->len; i++) {
        const DsnRecipient *r = g_ptr_array_index(dsn->recipients, i);
        g_string_append_printf(out, "%s%s|%s|%s|%s|%s", i ? "\n" : "", r->final_recipient, r->original_recipient,
                               dsn_action_word(r->action), r->status, r->diagnostic);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static void test_reports(void)
{
    static const struct {
        const char *name, *text, *want;
    } cases[] = {
        {"postfix",
         "Reporting-MTA: dns; mail.test\nArrival-Date: x\n\nFinal-Recipient: rfc822; ann@good.test\n"
         "Original-Recipient: rfc822;ann@good.test\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; mx.test\n"
         "Diagnostic-Code: smtp; 550 5.1.1 <ann@good.test>\n    User unknown\n",
         "ann@good.test|ann@good.test|failed|5.1.1|550 5.1.1 <ann@good.test>    User unknown"},
        {"two recipients",
         "Reporting-MTA: x\n\nFinal-Recipient: rfc822; a@b\nAction: failed\nStatus: 5.1.1\n\n"
         "Final-Recipient: rfc822; c@d\nAction: delayed\nStatus: 4.4.1\n",
         "a@b||failed|5.1.1|\nc@d||delayed|4.4.1|"},
        {"no empty line between blocks",
         "Final-Recipient: RFC822; a@b\nAction: failed\nStatus: 5.1.1\n"
         "Final-Recipient: RFC822; c@d\nAction: failed\nStatus: 5.2.2\n",
         "a@b||failed|5.1.1|\nc@d||failed|5.2.2|"},
        {"empty lines first", "\n \nFinal-Recipient: rfc822; a@b\n", "a@b||||"},
        {"bare address", "Final-Recipient: a@b\nAction: failure\nStatus: 5.1.1 (unknown user)\n", "a@b||failed|5.1.1|"},
        {"short type", "final-recipient: x; a@b\naction: Failed (Bad destination mailbox)\n", "a@b||failed||"},
        {"brackets", "Final-Recipient: LOCAL;<f.b>\nAction: error\n", "f.b||failed||"},
        {"type with slash", "Final-Recipient: rfc/822;a@b (A. B.)\n", "a@b||||"},
        {"host only", "Final-Recipient: rfc822; @host.test\n", "@host.test||||"},
        {"UTF-8", "Final-Recipient: utf-8; d\xc3\xb6mi@eai.test\nAction: delivered\nStatus: 2.0.0\n",
         "dömi@eai.test||delivered|2.0.0|"},
        {"UTF-8 escaped", "Final-Recipient: utf-8; d\\x{F6}mi@eai.test\n", "dömi@eai.test||||"},
        {"escape that is none", "Final-Recipient: utf-8; d\\x{110000}\\x{41}\\x{zz@eai.test\n",
         "d\\x{110000}\\x{41}\\x{zz@eai.test||||"},
        {"encoded word", "Final-Recipient: rfc822; =?utf-8?Q?d=C3=B6mi?=@eai.test\n", "dömi@eai.test||||"},
        {"what turns the direction or ends the line, escaped",
         "Final-Recipient: utf-8; a\\x{202E}b\\x{85}@c\nDiagnostic-Code: smtp; =?utf-8?q?a=E2=80=AEb?=\n",
         "a b @c||||a b"},
        {"no action", "Original-Recipient: rfc822;a@b\nStatus: 4.7.0\n", "|a@b||4.7.0|"},
        {"original first", "Original-Recipient: rfc822;a@b\nFinal-Recipient: rfc822;c@d\nAction: failed\n",
         "c@d|a@b|failed||"},
        {"nothing", "This is no report\n", ""},
        {"status with zeros", "Status: 5.1.351\n\nStatus: 5.1.1111\n\nStatus: 550\n\nStatus: 3.1.1\n",
         "|||5.1.351|\n||||\n||||\n||||"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = summary(cases[i].text);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void test_envelope_id(void)
{
    g_autoptr(Dsn)
        dsn = dsn_parse("Original-Envelope-ID: dabc\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b\n");
    g_assert_cmpstr(dsn->envelope_id, ==, "dabc");
    g_assert_cmpuint(dsn->recipients->len, ==, 1);
    g_autoptr(Dsn) none = dsn_parse("Final-Recipient: rfc822; a@b\n");
    g_assert_cmpstr(none->envelope_id, ==, "");
}

static void test_limits(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 3 * LIMIT_REPORT_RECIPIENTS; i++)
        g_string_append_printf(text, "Final-Recipient: rfc822; a%d@b\nAction: failed\n\n", i);
    g_string_append(text, "Diagnostic-Code: ");
    for (int i = 0; i < 100000; i++)
        g_string_append(text, "x\n ");
    g_autoptr(Dsn) dsn = dsn_parse(text->str);
    g_assert_cmpuint(dsn->recipients->len, ==, LIMIT_REPORT_RECIPIENTS);
}

static void test_strings_are_bounded(void)
{
    g_autofree char *latin = g_strnfill(LIMIT_DIAGNOSTIC_BYTES, '\xfc');
    g_autofree char *text = g_strdup_printf("Original-Envelope-Id: %s\n\nDiagnostic-Code: %s\n", latin, latin);
    g_autoptr(Dsn) dsn = dsn_parse(text);
    const DsnRecipient *recipient = g_ptr_array_index(dsn->recipients, 0);
    g_assert_true(text_is_one_line(dsn->envelope_id) && text_is_one_line(recipient->diagnostic));
    g_assert_cmpuint(strlen(dsn->envelope_id), <=, LIMIT_DIAGNOSTIC_BYTES);
    g_assert_cmpuint(strlen(recipient->diagnostic), <=, LIMIT_DIAGNOSTIC_BYTES);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dsn/reports", test_reports);
    g_test_add_func("/dsn/envelope_id", test_envelope_id);
    g_test_add_func("/dsn/limits", test_limits);
    g_test_add_func("/dsn/strings_are_bounded", test_strings_are_bounded);
    return g_test_run();
}
