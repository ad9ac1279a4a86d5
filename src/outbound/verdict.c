/* The policy for failure, in this order:
 *
 *   the connection   No connection, no TLS, no login: the relay. Nothing was said about any mail.
 *   the line         Lost after the dot: uncertain, the relay may have taken the mail. Lost before it: later, and the
 *                    try counts, for some mails end every line.
 *   the relay        502, 503, 504 (out of step), 530, 534, 535, 538 (login): the relay, at whatever command.
 *   the sender       MAIL refused, or a refusal whose code or text speaks of us (not allowed to relay, SPF, DKIM,
 *                    DMARC, PTR): the relay, until staff or time mend it. Else one wrong setting would cost every
 *                    subscriber. Unless it takes the mails of others: see blame.h.
 *   leaving          421 to MAIL: the relay. To what belongs to one mail (RCPT, DATA, the dot): later, as a lost line.
 *                    Whether the relay is to be left alone too is relay.c's business.
 *   the message      Too big, or an address the relay has no extension for: this mail, for good.
 *   the recipient    4yz: later. 5yz: for good. */
#include "outbound/verdict.h"

/* libraries */
#include <glib.h>

/* rundbrief */
#include "model/refusal.h"

/* 502 and 504: a command or an argument is not known. Postfix says 504 of a recipient without a domain, too. */
static bool is_about_relay(const Attempt *attempt)
{
    static const int codes[] = {502, 503, 530, 534, 535, 538};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (attempt->reply == codes[i])
            return true;
    g_autofree char *text = g_ascii_strdown(attempt->text, -1);
    return attempt->reply == 504 && !strstr(text, "recipient");
}

static bool is_about_message(const Attempt *attempt)
{
    return attempt->reply == 552 || g_str_equal(attempt->enhanced, "5.3.4") || g_str_equal(attempt->enhanced, "5.6.7");
}

static bool is_about_sender(const Attempt *attempt)
{
    if (attempt->phase == SMTP_MAIL)
        return attempt->reply == 421 || !is_about_message(attempt);
    return refusal_is_about_us(attempt->enhanced, attempt->text);
}

Verdict verdict_of(const Attempt *attempt)
{
    if (attempt->phase < SMTP_MAIL)
        return VERDICT_RELAY;
    if (attempt->line_lost || attempt->reply == 0)
        return attempt->phase == SMTP_DOT ? VERDICT_UNCERTAIN : VERDICT_DEFERRED;
    if (attempt->phase == SMTP_DOT && attempt->reply / 100 == 2)
        return VERDICT_SENT;
    if (is_about_relay(attempt) || is_about_sender(attempt))
        return VERDICT_RELAY;
    return attempt->reply / 100 == 5 ? VERDICT_FAILED : VERDICT_DEFERRED;
}

/* Gmail: 421 4.7.28 "unusual rate of unsolicited mail"; Outlook: 451 4.7.500 "Server busy"; Yahoo: 421 4.7.0 [TSS04]
 * "temporarily deferred due to unexpected volume"; GMX: 450 "requested mail action not taken ... rate limit". */
bool verdict_is_too_fast(const Attempt *attempt)
{
    static const char *const words[] = {"rate limit",   "ratelimit",        "rate-limit", "too many",
                                        "too fast",     "too much mail",    "throttl",    "slow down",
                                        "unusual rate", "unexpected volume"};
    g_autofree char *text = g_ascii_strdown(attempt->text, -1);
    if (verdict_of(attempt) != VERDICT_DEFERRED || attempt->line_lost || strstr(text, "greylist") ||
        strstr(text, "graylist"))
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strstr(text, words[i]))
            return true;
    return g_str_has_prefix(attempt->enhanced, "4.7.");
}
