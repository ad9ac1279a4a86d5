/* outbound/verdict: a refusal is judged by who was refused. */
#include "outbound/verdict.h"

#include <glib.h>

/* clang-format off */
static const struct { const char *name; Attempt attempt; Verdict want; } cases[] = {
    { "accepted", { .phase = SMTP_DOT, .reply = 250 }, VERDICT_SENT },
    { "accepted-251", { .phase = SMTP_DOT, .reply = 251 }, VERDICT_SENT },
    { "no-such-user", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1" }, VERDICT_FAILED },
    { "mailbox-full", { .phase = SMTP_RCPT, .reply = 452, .enhanced = "4.2.2" }, VERDICT_DEFERRED },
    { "greylisted", { .phase = SMTP_RCPT, .reply = 451, .enhanced = "4.7.1" }, VERDICT_DEFERRED },
    { "recipient-policy", { .phase = SMTP_RCPT, .reply = 554, .enhanced = "5.7.1", .text = "not for outsiders" }, VERDICT_FAILED },
    { "data-later", { .phase = SMTP_DATA, .reply = 451 }, VERDICT_DEFERRED },
    { "data-refused", { .phase = SMTP_DATA, .reply = 554 }, VERDICT_FAILED },
    { "content-later", { .phase = SMTP_DOT, .reply = 451 }, VERDICT_DEFERRED },
    { "content-refused", { .phase = SMTP_DOT, .reply = 554, .enhanced = "5.7.1" }, VERDICT_FAILED },
    { "too-big", { .phase = SMTP_MAIL, .reply = 552, .enhanced = "5.3.4" }, VERDICT_FAILED },
    { "address-needs-utf8", { .phase = SMTP_RCPT, .reply = 553, .enhanced = "5.6.7" }, VERDICT_FAILED },
    { "line-lost-after-dot", { .phase = SMTP_DOT, .line_lost = true }, VERDICT_UNCERTAIN },
    { "line-lost-in-body", { .phase = SMTP_DATA, .line_lost = true }, VERDICT_DEFERRED },
    { "line-lost-in-envelope", { .phase = SMTP_MAIL, .line_lost = true }, VERDICT_DEFERRED },
    /* from here on it is the relay or we: no subscriber pays */
    { "invariant_5_no-connection", { .phase = SMTP_CONNECT, .line_lost = true }, VERDICT_RELAY },
    { "invariant_5_greeting", { .phase = SMTP_CONNECT, .reply = 554 }, VERDICT_RELAY },
    { "invariant_5_ehlo", { .phase = SMTP_CONNECT, .reply = 550 }, VERDICT_RELAY },
    { "invariant_5_certificate", { .phase = SMTP_TLS, .line_lost = true }, VERDICT_RELAY },
    { "invariant_5_login", { .phase = SMTP_AUTH, .reply = 535, .enhanced = "5.7.8" }, VERDICT_RELAY },
    { "invariant_5_sender-refused", { .phase = SMTP_MAIL, .reply = 550, .enhanced = "5.1.8" }, VERDICT_RELAY },
    { "invariant_5_sender-later", { .phase = SMTP_MAIL, .reply = 451 }, VERDICT_RELAY },
    { "invariant_5_login-wanted", { .phase = SMTP_MAIL, .reply = 530 }, VERDICT_RELAY },
    { "invariant_5_login-wanted-at-rcpt", { .phase = SMTP_RCPT, .reply = 530 }, VERDICT_RELAY },
    { "invariant_5_relaying-postfix", { .phase = SMTP_RCPT, .reply = 554, .enhanced = "5.7.1", .text = "<a@b>: Relay access denied" }, VERDICT_RELAY },
    { "invariant_5_relaying-exim", { .phase = SMTP_RCPT, .reply = 550, .text = "relay not permitted" }, VERDICT_RELAY },
    { "invariant_5_spf", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.7.23" }, VERDICT_RELAY },
    { "invariant_5_dmarc", { .phase = SMTP_DOT, .reply = 550, .enhanced = "5.7.26" }, VERDICT_RELAY },
    { "invariant_5_421-at-mail", { .phase = SMTP_MAIL, .reply = 421 }, VERDICT_RELAY },
    { "invariant_5_helo-at-rcpt", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.7.1", .text = "<news.test>: Helo command rejected: Host not found" }, VERDICT_RELAY },
    { "invariant_5_helo-later", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.7.1", .text = "<news.test>: Helo command rejected: Host not found" }, VERDICT_RELAY },
    { "invariant_5_helo-504", { .phase = SMTP_RCPT, .reply = 504, .enhanced = "5.5.2", .text = "<news>: Helo command rejected: need fully-qualified hostname" }, VERDICT_RELAY },
    { "invariant_5_sender-not-owned", { .phase = SMTP_RCPT, .reply = 553, .enhanced = "5.7.1", .text = "<a@b>: Sender address rejected: not owned by user x" }, VERDICT_RELAY },
    { "invariant_5_client-denied", { .phase = SMTP_RCPT, .reply = 554, .enhanced = "5.7.1", .text = "<host[10.0.0.1]>: Client host rejected: Access denied" }, VERDICT_RELAY },
    { "invariant_5_client-later", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.7.1", .text = "Client host rejected: cannot find your hostname, [10.0.0.1]" }, VERDICT_RELAY },
    { "invariant_5_client-at-data", { .phase = SMTP_DATA, .reply = 554, .enhanced = "5.7.1", .text = "<h>: Client host rejected: Access denied" }, VERDICT_RELAY },
    { "invariant_5_client-at-dot", { .phase = SMTP_DOT, .reply = 450, .enhanced = "4.7.1", .text = "<h>: Client host rejected: Access denied" }, VERDICT_RELAY },
    { "invariant_5_sender-verify-exim", { .phase = SMTP_RCPT, .reply = 550, .text = "Verification failed for <b@news.test> no such user Sender verify failed" }, VERDICT_RELAY },
    { "invariant_5_sender-code-7", { .phase = SMTP_RCPT, .reply = 553, .enhanced = "5.1.7" }, VERDICT_RELAY },
    { "invariant_5_sender-code-8", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.1.8", .text = "<b@news.test>: Domain not found" }, VERDICT_RELAY },
    { "invariant_5_blocklisted", { .phase = SMTP_RCPT, .reply = 554, .enhanced = "5.7.1", .text = "Service unavailable; Client host [10.0.0.1] blocked using x" }, VERDICT_RELAY },
    /* and here it is not, though the words are alike */
    { "recipient-verify-quotes-another", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1", .text = "<a@b>: Recipient address rejected: undeliverable address: host mx said: 554 Client host rejected" }, VERDICT_FAILED },
    { "recipient-domain", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.2", .text = "<a@b>: Recipient address rejected: Domain not found" }, VERDICT_FAILED },
    { "recipient-504", { .phase = SMTP_RCPT, .reply = 504, .enhanced = "5.5.2", .text = "<a@b>: Recipient address rejected: need fully-qualified address" }, VERDICT_FAILED },
    { "greylisted-client", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.7.1", .text = "<h>: Client host rejected: Greylisted" }, VERDICT_DEFERRED },
    { "named-like-us", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1", .text = "<relaying.denied@b>: no such user" }, VERDICT_FAILED },
    /* leaving at one mail: it is that mail's try */
    { "invariant_9_421-at-rcpt", { .phase = SMTP_RCPT, .reply = 421 }, VERDICT_DEFERRED },
    { "invariant_9_421-at-dot", { .phase = SMTP_DOT, .reply = 421 }, VERDICT_DEFERRED },
    { "invariant_5_out-of-step", { .phase = SMTP_DATA, .reply = 503 }, VERDICT_RELAY },
};
/* clang-format on */

static void judged(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_assert_cmpstr(verdict_word(verdict_of(&cases[i].attempt)), ==, verdict_word(cases[i].want));
}

/* clang-format off */
static const struct { const char *name; Attempt attempt; bool want; } paces[] = {
    { "gmail", { .phase = SMTP_RCPT, .reply = 421, .enhanced = "4.7.28", .text = "Our system has detected an unusual rate of unsolicited mail" }, true },
    { "outlook", { .phase = SMTP_DOT, .reply = 451, .enhanced = "4.7.500", .text = "Server busy. Please try again later" }, true },
    { "yahoo", { .phase = SMTP_RCPT, .reply = 421, .enhanced = "4.7.0", .text = "[TSS04] temporarily deferred due to unexpected volume" }, true },
    { "without a code", { .phase = SMTP_RCPT, .reply = 452, .text = "Too many mails from you" }, true },
    { "greylisted", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.7.1", .text = "Greylisting in action" }, false },
    { "mailbox full", { .phase = SMTP_RCPT, .reply = 452, .enhanced = "4.2.2", .text = "quota exceeded" }, false },
    { "it is about us", { .phase = SMTP_RCPT, .reply = 450, .enhanced = "4.7.1", .text = "Client host rejected: cannot find your hostname" }, false },
    { "the relay itself", { .phase = SMTP_MAIL, .reply = 450, .enhanced = "4.7.1", .text = "Error: too much mail from 10.0.0.1" }, false },
    { "for good", { .phase = SMTP_RCPT, .reply = 550, .enhanced = "5.7.1", .text = "rate limit" }, false },
    { "accepted", { .phase = SMTP_DOT, .reply = 250 }, false },
    { "lost", { .phase = SMTP_DATA, .line_lost = true }, false },
};
/* clang-format on */

static void too_fast(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(paces); i++) {
        g_test_message("%s", paces[i].name);
        g_assert_true(verdict_is_too_fast(&paces[i].attempt) == paces[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/verdict/%s", cases[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), judged);
    }
    g_test_add_func("/verdict/too_fast", too_fast);
    return g_test_run();
}
