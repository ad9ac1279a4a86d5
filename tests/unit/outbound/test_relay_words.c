/* outbound/relay_words: what is told fits what happened, and names nobody. */
#include "outbound/relay_words.h"

#include <glib.h>

static const RelaySettings relay = {.name = (char *)"main", .host = (char *)"mx.news.test", .port = 25};

/* clang-format off */
static const struct { const char *name; Attempt attempt; const char *want; } cases[] = {
    { "connect", { .phase = SMTP_CONNECT, .line_lost = true, .text = "refused" }, "does not take connections" },
    { "slow", { .phase = SMTP_DOT, .line_lost = true, .too_slow = true, .text = "no answer" }, "does not answer in time" },
    { "broken", { .phase = SMTP_RCPT, .line_lost = true, .text = "closed" }, "breaks our connections off" },
    { "busy", { .phase = SMTP_MAIL, .reply = 421 }, "closes our connections" },
    { "parameter", { .phase = SMTP_MAIL, .reply = 555, .text = "unsupported: SMTPUTF8" }, "refuses a parameter" },
    { "order", { .phase = SMTP_RCPT, .reply = 503, .text = "bad sequence" }, "in the wrong order" },
    { "invariant_10_recipient", { .phase = SMTP_RCPT, .reply = 554, .enhanced = "5.7.1", .text = "<p1@example.org>: Relay access denied" }, "reason: 554 5.7.1 <…>: Relay access denied" },
    { "invariant_10_sender", { .phase = SMTP_RCPT, .reply = 553, .text = "bounces+dabcdefghijklmnopqrst@news.test: no" }, "reason: 553 …: no" },
    { "invariant_10_token", { .phase = SMTP_DOT, .reply = 554, .text = "id=dabcdefghijklmnopqrst23 refused" }, "reason: 554 id=… refused" },
    { "queue-ids-and-links-stay", { .phase = SMTP_DOT, .reply = 554, .text = "4Xy7Zk2abc see https://x.test/why" }, "4Xy7Zk2abc see https://x.test/why" },
};
/* clang-format on */

static void told(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *text = relay_words_failed(&relay, &cases[i].attempt);
    g_test_message("%s", text);
    g_assert_nonnull(strstr(text, cases[i].want));
    g_assert_null(strchr(text, '@'));
    g_assert_nonnull(strstr(text, "The relay main (mx.news.test, port 25)"));
}

/* What it means, and what becomes of the mails. */
static void puts_off(void)
{
    const Attempt attempt = {.phase = SMTP_RCPT, .reply = 451, .enhanced = "4.3.0", .text = "<a@x.test>: disk full"};
    g_autofree char *alone = relay_words_puts_off(&relay, 10, false, &attempt);
    g_autofree char *beside = relay_words_puts_off(&relay, 10, true, &attempt);
    g_assert_nonnull(strstr(alone, "A reply of 4xx says that it cannot take mail now"));
    g_assert_nonnull(strstr(alone, "nobody fails for want of patience"));
    g_assert_nonnull(strstr(beside, "Other relays carry the mails meanwhile"));
    g_assert_nonnull(strstr(beside, "reason: 451 4.3.0 <…>: disk full"));
}

static void provider_refuses(void)
{
    const Attempt attempt = {.phase = SMTP_DOT, .reply = 550, .enhanced = "5.7.26", .text = "a@gmail.com: DMARC"};
    g_autofree char *text = relay_words_provider_refuses("google", 10, &attempt);
    g_assert_nonnull(strstr(text, "The provider google"));
    g_assert_nonnull(strstr(text, "550 5.7.26 …: DMARC"));
    g_assert_null(strchr(text, '@'));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/relay_words/%s", cases[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), told);
    }
    g_test_add_func("/relay_words/puts_off", puts_off);
    g_test_add_func("/relay_words/invariant_10_provider", provider_refuses);
    return g_test_run();
}
