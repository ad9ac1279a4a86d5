/* inbound/claims: which of the addresses in a report did not get the mail. */
#include "inbound/claims.h"

#include <glib.h>

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"a paragraph begins with it", "Sorry.\n<ann@a.test>:\nno mailbox here\n<bob@b.test>:\nfull\n",
     "ann@a.test,bob@b.test"},
    {"indented, its reason deeper", "failed:\n  ann@a.test\n    bob@b.test is over quota\n", "ann@a.test"},
    {"a label before it", "Unknown user: ann@a.test\nwrite to help@b.test\n", "ann@a.test"},
    {"in quotes", "Failed to deliver to 'ann@a.test'\n", "ann@a.test"},
    {"an X.400 address", "to recipients:\nc=US;a= ;p=X;dda:SMTP=ann@a.test; on Friday\n", "ann@a.test"},
    {"of two names the one that was mailed", "Recipient address: ann@internal.test\nOriginal address: ann@a.test\n",
     "ann@a.test"},
    {"a list goes before the transcript", "failed:\n<ann@a.test>\n>>> RCPT TO:<bob@b.test>\n<<< 550 no\n",
     "ann@a.test"},
    {"a transcript alone", "talking to mx:\n>>> RCPT TO:<ann@a.test>\n<<< 550 no\n", "ann@a.test"},
    {"the one to ask is none", "Please contact <ann@a.test> for help.\n", ""},
    {"nor is the postmaster", "postmaster@a.test\n", ""},
    {"between brackets of another script", "「taro@a.test」へのメールは配信できませんでした\n", "taro@a.test"},
    {"behind a colon of another script", "收件人：li@a.test\n", "li@a.test"},
    {"a script without spaces around it", "发给li@a.test的邮件无法投递\n", "li@a.test"},
    {"with letters beyond ASCII", "<müller@straße.test>: unknown user\n", "müller@straße.test"},
    {"in a script of wide letters", "<用户@例え.test>: unknown user\n", "用户@例え.test"},
    {"each once", "<ann@a.test>: no\n<ANN@A.test>: no\n", "ann@a.test"},
    {"no address at all", "a @ b @@ <@>\n", ""},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) text = g_string_new(cases[i].text), got = g_string_new(NULL);
        g_autoptr(GArray) claims = claims_find(text);
        for (guint n = 0; n < claims->len; n++)
            g_string_append_printf(got, "%s%s", n ? "," : "", g_array_index(claims, Claim, n).address);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(got->str, ==, cases[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/claims/table", test_table);
    return g_test_run();
}
