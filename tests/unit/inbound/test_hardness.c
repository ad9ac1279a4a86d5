/* inbound/hardness: what is dead, what is only ill, what is no failure at all. */
#include "inbound/hardness.h"

#include <glib.h>

static void test_judge(void)
{
    static const struct {
        const char *name;
        DsnAction action;
        const char *status, *diagnostic;
        News want;
    } cases[] = {
        {"no such mailbox", DSN_FAILED, "5.1.1", "550 5.1.1 mailbox not here", NEWS_HARD},
        {"no such domain", DSN_FAILED, "5.1.2", "", NEWS_HARD},
        {"moved", DSN_FAILED, "5.1.6", "", NEWS_HARD},
        {"null MX", DSN_FAILED, "5.1.10", "", NEWS_HARD},
        {"host unknown", DSN_FAILED, "5.4.4", "", NEWS_HARD},
        {"words beat a policy code", DSN_FAILED, "5.7.1", "550 5.7.1 No such user here", NEWS_HARD},
        {"words beat no code", DSN_FAILED, "", "550 Unknown user", NEWS_HARD},
        {"quota beats 5.1.1", DSN_FAILED, "5.1.1", "552 mailbox over quota (#5.1.1)", NEWS_SOFT},
        {"size beats 5.1.1", DSN_FAILED, "5.1.1", "550 max message size exceeded", NEWS_SOFT},
        {"the first reason counts", DSN_FAILED, "5.1.1", "553 SPF fail; then 550 5.1.1 User unknown", NEWS_SOFT},
        {"the sender was verified, not the recipient", DSN_FAILED, "5.1.1", "550 Sender verify failed: user unknown",
         NEWS_SOFT},
        {"words in an address are names", DSN_FAILED, "5.1.1", "<spam-quota@b.test>: see http://x.test/blocked gone",
         NEWS_HARD},
        {"about the sender", DSN_FAILED, "5.1.8", "", NEWS_SOFT},
        {"full", DSN_FAILED, "5.2.2", "", NEWS_SOFT},
        {"policy", DSN_FAILED, "5.7.1", "", NEWS_SOFT},
        {"nothing said", DSN_FAILED, "5.0.0", "", NEWS_UNEXPLAINED},
        {"refused, nobody knows why", DSN_FAILED, "", "550 Bye", NEWS_SOFT},
        {"disabled may come back", DSN_FAILED, "5.2.1", "550 account disabled", NEWS_SOFT},
        {"gave up after days", DSN_FAILED, "4.4.1", "connection timed out", NEWS_SOFT},
        {"a passing code beats words", DSN_FAILED, "4.1.1", "450 user unknown in table", NEWS_SOFT},
        {"a passing reply beats words", DSN_FAILED, "", "450 user unknown in table", NEWS_SOFT},
        {"two replies, one final", DSN_FAILED, "", "450 try again; 550 user unknown", NEWS_HARD},
        {"delayed never counts", DSN_DELAYED, "5.1.1", "user unknown", NEWS_WAITING},
        {"delivered", DSN_DELIVERED, "2.0.0", "", NEWS_GOOD},
        {"relayed", DSN_RELAYED, "5.1.1", "", NEWS_GOOD},
        {"expanded", DSN_EXPANDED, "", "", NEWS_GOOD},
        {"no action, passing code", DSN_NO_ACTION, "4.7.0", "", NEWS_WAITING},
        {"no action, final code", DSN_NO_ACTION, "5.1.1", "", NEWS_HARD},
        {"nothing at all", DSN_NO_ACTION, "", "", NEWS_WAITING},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        DsnRecipient recipient = {.action = cases[i].action, .diagnostic = (char *)cases[i].diagnostic};
        g_strlcpy(recipient.status, cases[i].status, sizeof recipient.status);
        g_test_message("%s", cases[i].name);
        Verdict verdict = hardness_judge(&recipient);
        g_assert_cmpint(verdict.news, ==, cases[i].want);
        g_assert_nonnull(verdict.why);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hardness/judge", test_judge);
    return g_test_run();
}
