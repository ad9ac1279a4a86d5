/* The sentences about relays. Pure; decides nothing. */
#include "outbound/relay_words.h"

/* libraries */
#include <glib.h>

#define TOKEN_MIN_LENGTH 20 /* tokens are longer; queue ids and host names without a dot are shorter */

static bool looks_like_token(const char *word, gsize length)
{
    return length >= TOKEN_MIN_LENGTH && strspn(word, "abcdefghijklmnopqrstuvwxyz234567") >= length;
}

/* The server's words, with addresses and tokens left out. Caller frees. */
static char *without_names(const char *text)
{
    static const char *const between = " \t<>()[]{},;:=\"'";
    g_autoptr(GString) clean = g_string_new(NULL);
    for (const char *word = text; *word;) {
        gsize gap = strspn(word, between);
        g_string_append_len(clean, word, (gssize)gap);
        word += gap;
        gsize length = strcspn(word, between);
        bool is_name = memchr(word, '@', length) || looks_like_token(word, length);
        g_string_append_len(clean, is_name ? "…" : word, is_name ? -1 : (gssize)length);
        word += length;
    }
    return g_string_free(g_steal_pointer(&clean), FALSE);
}

char *relay_words_said(const Attempt *attempt)
{
    g_autofree char *text = without_names(attempt->text);
    return attempt_said(attempt->reply, attempt->enhanced, text);
}

static char *place(const RelaySettings *relay)
{
    return g_strdup_printf("The relay %s (%s, port %" G_GINT64_FORMAT ")", relay->name, relay->host, relay->port);
}

/* By how far we got. */
static const char *advice(const RelaySettings *relay, const Attempt *attempt)
{
    if (attempt->too_slow)
        return "does not answer in time. See its load and its log, and the network between it and us";
    if (attempt->reply == 421)
        return "closes our connections. See its log; it may be overloaded, or limit us";
    if (attempt->line_lost && attempt->phase >= SMTP_MAIL)
        return "breaks our connections off. See its log, and the network between it and us";
    if (attempt->reply == 555)
        return "offers an extension of SMTP and refuses a parameter of it. Ask its administrator to mend it, or to "
               "take it out of the answer to EHLO";
    if (attempt->reply == 503)
        return "says that our commands come in the wrong order. See its log, and what stands between it and us";
    switch (attempt->phase) {
    case SMTP_CONNECT:
        return "does not take connections. See that it runs and that relays.host and relays.port are right";
    case SMTP_TLS:
        return "offers no TLS that can be verified, or refuses ours. See to its certificate, or to relays.tls, "
               "relays.tls_min, relays.ca_file, relays.client_cert and relays.client_key";
    case SMTP_AUTH:
        if (relay->auth == AUTH_XOAUTH2)
            return "refuses our log-in, or has no token from us. Check relays.user and what relays.token_command "
                   "prints";
        return "refuses our log-in. Check relays.user and the password in relays.password_file";
    case SMTP_MAIL:
        return "refuses our envelope sender. It must accept the domain of site.bounce_address from this host or log-in";
    default:
        return "does not forward mail for us. Ask its administrator to allow this host or log-in, our name in EHLO "
               "(site.helo_name) and the domain of site.bounce_address, and check SPF, DKIM and the reverse DNS of our "
               "address";
    }
}

char *relay_words_failed(const RelaySettings *relay, const Attempt *attempt)
{
    g_autofree char *who = place(relay), *why = relay_words_said(attempt);
    return g_strdup_printf("%s %s. Mails wait meanwhile, none is lost. The reason: %s", who, advice(relay, attempt),
                           why);
}

char *relay_words_refuses(const RelaySettings *relay, guint recipients, const Attempt *attempt)
{
    g_autofree char *who = place(relay), *why = relay_words_said(attempt);
    return g_strdup_printf(
        "%s has refused the last %u recipients one after the other and accepted none since. Ask its "
        "administrator whether it forwards mail for us. Until it accepts one, nobody else fails. The "
        "last reason: %s",
        who, recipients, why);
}

char *relay_words_puts_off(const RelaySettings *relay, guint recipients, bool others_accept, const Attempt *attempt)
{
    g_autofree char *who = place(relay), *why = relay_words_said(attempt);
    const char *meanwhile = others_accept ? "Other relays carry the mails meanwhile, and this one is tried now and then"
                                          : "The mails are tried again after growing pauses; until it accepts one, "
                                            "nobody fails for want of patience";
    return g_strdup_printf("%s has put off the last %u recipients one after the other and accepted none since. A "
                           "reply of 4xx says that it cannot take mail now: it may be overloaded, out of disk space or "
                           "without its name service, or keep us waiting as a stranger (greylisting). See its log. %s. "
                           "The last reason: %s",
                           who, recipients, meanwhile, why);
}

char *relay_words_provider_refuses(const char *provider, guint recipients, const Attempt *attempt)
{
    g_autofree char *why = relay_words_said(attempt);
    return g_strdup_printf(
        "The provider %s has refused the last %u of its recipients one after the other, while others "
        "get their mail. It refuses us, not them: check SPF, DKIM and DMARC of the sender's domain, "
        "the reverse DNS of the relay, and whether it is on a block list, or ask the provider. The "
        "last reason: %s",
        provider, recipients, why);
}
