/* The policy for failure, in this order:
 *
 *   the connection   No connection, no TLS, no login: the relay. Nothing was said about any mail.
 *   the line         Lost after the dot: uncertain, the relay may have taken the mail. Lost before it: later.
 *   the relay        421 (closing), 503 (out of step), 530, 534, 535, 538 (login): the relay, at whatever command.
 *   the sender       MAIL refused, or a refusal whose code or text speaks of us (not allowed to relay, SPF, DKIM,
 *                    DMARC, PTR): the relay, until staff or time mend it. Else one wrong setting would cost every
 *                    subscriber.
 *   the message      Too big, or an address the relay has no extension for: this mail, for good.
 *   the recipient    4yz: later. 5yz: for good. */
#include "outbound/verdict.h"

/* libraries */
#include <glib.h>

static bool is_about_relay(int reply)
{
    return reply == 421 || reply == 503 || reply == 530 || reply == 534 || reply == 535 || reply == 538;
}

/* RFC 3463 3.8, RFC 7372 (SPF, DKIM, reverse DNS, DMARC), and Exchange's 5.7.54 "unable to relay". */
static bool is_sender_code(const char *enhanced)
{
    static const char *const codes[] = {"7.8", "7.9", "7.11", "7.54"};
    if (strlen(enhanced) < 5)
        return false;
    const char *detail = enhanced + 2;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (g_str_equal(detail, codes[i]))
            return true;
    return g_str_has_prefix(detail, "7.2") && strlen(detail) == 4; /* 7.20 … 7.29 */
}

/* Refusals to relay carry no code of their own: 554 5.7.1 in Postfix, 550 in Exim and Sendmail. */
static bool speaks_of_relaying(const char *text)
{
    static const char *const words[] = {"relay access denied", "relaying denied", "relay not permitted",
                                        "relaying not allowed", "unable to relay"};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(lower, words[i]))
            return true;
    return false;
}

static bool is_about_message(const Attempt *attempt)
{
    return attempt->reply == 552 || g_str_equal(attempt->enhanced, "5.3.4") || g_str_equal(attempt->enhanced, "5.6.7");
}

static bool is_about_sender(const Attempt *attempt)
{
    if (attempt->phase == SMTP_MAIL)
        return !is_about_message(attempt);
    return is_sender_code(attempt->enhanced) ||
           (attempt->phase == SMTP_RCPT && attempt->reply >= 500 && speaks_of_relaying(attempt->text));
}

Verdict verdict_of(const Attempt *attempt)
{
    if (attempt->phase < SMTP_MAIL)
        return VERDICT_RELAY;
    if (attempt->line_lost || attempt->reply == 0)
        return attempt->phase == SMTP_DOT ? VERDICT_UNCERTAIN : VERDICT_DEFERRED;
    if (attempt->phase == SMTP_DOT && attempt->reply / 100 == 2)
        return VERDICT_SENT;
    if (is_about_relay(attempt->reply) || is_about_sender(attempt))
        return VERDICT_RELAY;
    return attempt->reply / 100 == 5 ? VERDICT_FAILED : VERDICT_DEFERRED;
}

bool verdict_is_blameless(const Attempt *attempt)
{
    return attempt->line_lost && attempt->phase < SMTP_DATA;
}
