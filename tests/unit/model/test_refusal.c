/* model/refusal: which words and codes say that an address is dead. In doubt it lives. */
#include "model/refusal.h"

#include <glib.h>

static const struct {
    const char *name, *enhanced, *text;
    bool dead;
    const char *why;
} cases[] = {
    {"words", "5.1.1", "User unknown in virtual mailbox table", true, "user unknown"},
    {"code alone", "5.1.1", "rejected", true, "5.1.1"},
    {"code of a domain", "5.1.2", "", true, "5.1.2"},
    {"code of the sender", "5.1.8", "", false, "5.1.8"},
    {"code that says nothing", "5.0.0", "", false, "5.0.0"},
    {"no code, no words", "", "go away", false, ""},
    {"no code, words", "", "No such user here", true, "no such user"},
    {"words against a policy code", "5.7.1", "No such user", true, "no such user"},
    {"words against a hard code", "5.1.1", "mailbox is over quota", false, "over quota"},
    {"the earliest words win", "5.1.1", "listed at a blocklist; user unknown", false, "listed"},
    {"the earliest words win, dead", "5.7.1", "user unknown; see our blocklist", true, "user unknown"},
    {"not listed in a directory", "5.1.1", "ann is not listed in Domino Directory", true, "not listed in"},
    {"a temporary code is never dead", "4.1.1", "user unknown", false, "4.1.1"},
    {"an address is not a reason", "5.1.1", "<spam-reports@policy.test> rejected", true, "5.1.1"},
    {"a link is not a reason", "5.1.1", "see https://blocked.test/spam", true, "5.1.1"},
    {"an account that may come back", "5.2.1", "this account is disabled", false, "disabled"},
    {"a server asked the next one: full", "5.1.1",
     "550 5.1.1 <ann@a.test>: Recipient address rejected: undeliverable address: host mx2[192.0.2.8] said: 552 5.2.2 "
     "mailbox full (in reply to RCPT TO command)",
     false, "mailbox full"},
    {"a server asked the next one, which gave a code alone", "5.1.1",
     "550 5.1.1 <ann@a.test>: Recipient address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.7.23 "
     "go away",
     false, "recipient address rejected undeliverable address"},
    {"a server asked the next one, which asked another: full", "5.1.1",
     "550 5.1.1 <ann@a.test>: Recipient address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.1.1 "
     "<ann@a.test>: Recipient address rejected: undeliverable address: host mx3[192.0.2.9] said: 552 mailbox full",
     false, "mailbox full"},
    {"a server asked the next one and knows nothing yet", "5.1.1",
     "550 5.1.1 <ann@a.test>: Recipient address rejected: unverified address: User unknown?", false,
     "recipient address rejected unverified address"},
    {"a server asked whether we are there", "5.1.7",
     "550 5.1.7 <us@b.test>: Sender address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.1.1 "
     "<us@b.test>: User unknown",
     false, "sender address rejected"},
    {"a server asked whether we are there, in brackets", "", "550 unknown user <us@b.test> (sender callout)", false,
     "sender callout"},
    {"a callout of Exim: nobody", "", "550-Callout verification failed: 550 no such user", true, "550 no such"},
    {"a callout of Exim: spam", "", "550-Callout verification failed: 554 5.7.1 taken for spam", false, "spam"},
    {"a callout of Exim that says nothing", "", "550 Callout verification failed", false,
     "callout verification failed"},
    {"Cisco ESA: spam", "5.1.0", "5.1.0 - Unknown address error 554-'5.7.1 Message blocked due to spam content'", false,
     "blocked"},
    {"Cisco ESA: blocked", "5.1.0", "5.1.0 - Unknown address error 550-'Your server is listed in our blacklist'", false,
     "listed"},
    {"Cisco ESA: full", "5.1.0", "5.1.0 - Unknown address error 550-'Mailbox quota exceeded'", false, "quota"},
    {"Cisco ESA: nobody", "5.1.0", "5.1.0 - Unknown address error 550-'User unknown'", true, "user unknown"},
    {"Cisco ESA: a code", "5.1.0", "5.1.0 - Unknown address error 550-'5.1.1 go away'", true, "unknown address error"},
    {"Exchange Online: spam", "5.1.351",
     "550 5.1.351 Remote server returned unknown recipient or mailbox unavailable -> 554 5.7.1 spam", false, "spam"},
    {"Exchange Online: nothing", "5.1.351",
     "550 5.1.351 Remote server returned unknown recipient or mailbox unavailable", true, "5.1.351"},
    {"a white list that lacks us", "5.7.1", "550 Address not found in white list", false, "white list"},
    {"our return address", "5.7.1", "550 5.7.1 Your return address is invalid or does not exist", false,
     "your return address"},
    {"our host", "5.7.1", "550 5.7.1 unknown client, no such host", false, "unknown client"},
    {"full, in Italian", "", "la casella di posta del destinatario è piena", false, "destinatario e piena"},
    {"nobody, in German", "", "550 Kein Benutzer mit diesem Namen", true, "kein benutzer mit"},
    {"nobody, in Chinese, beside an address", "", "发给li@a.test的邮件：收件人不存在", true, "收件人不存在"},
    {"a fault that may pass, with a dead code", "5.1.1",
     "550 5.1.1 Mailbox temporarily unavailable: user lookup failed, please try again later", false,
     "mailbox temporarily"},
    {"a question that may be asked again, with a dead code", "5.1.1", "Recipient verification temporarily failed",
     false, "temporar"},
    {"a name server that may answer later, with a dead code", "5.1.2", "Host lookup: temporary DNS failure", false,
     "temporary dns"},
    {"a directory that is away, with a dead code", "5.1.1", "LDAP server unavailable", false, "server unavailable"},
    {"a server asked the next one: nobody", "5.1.1",
     "550 5.1.1 <ann@a.test>: Recipient address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.1.1 "
     "User unknown",
     true, "user unknown"},
    {"a server asked the next one and says nothing", "5.1.1", "Recipient address rejected: undeliverable address", true,
     "5.1.1"},
    {"a server asked the next one, for now", "4.1.1",
     "450 4.1.1 <ann@a.test>: Recipient address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.1.1 "
     "User unknown",
     false, "4.1.1"},
    {"dead or full", "5.1.1", "user unknown or mailbox full", false, "mailbox full"},
    {"dead or full, in German", "", "550 Benutzer unbekannt oder Postfach voll", false, "postfach voll"},
    {"dead or dead", "5.1.1", "user unknown or no such domain", true, "user unknown"},
    {"whom somebody takes mail from", "5.7.1", "This address no longer accepts mail from your domain", false,
     "accepts mail from"},
    {"who may write to somebody", "5.7.1", "set to reject mail from unknown users", false, "mail from unknown"},
    {"the sender is not there, in German", "", "550 Absenderadresse existiert nicht", false, "absenderadresse"},
    {"the sender is not there, in French", "", "550 L'adresse de l'expéditeur n'existe pas", false,
     "adresse de l expediteur"},
    {"the sender is not there, in Spanish", "", "550 La dirección del remitente no existe", false,
     "direccion del remitente"},
    {"the sender is not there, in Italian", "", "550 L'indirizzo del mittente non esiste", false,
     "indirizzo del mittente"},
    {"the sender is not there, in Polish", "", "550 Adres nadawcy nie istnieje", false, "adres nadawcy"},
    {"the sender is not there, in Dutch", "", "550 Afzenderadres bestaat niet", false, "afzenderadres"},
    {"a provider stopped by itself", "5.1.1",
     "550 5.1.1 Amazon SES has suppressed sending to this address because it has a recent history of bouncing as an "
     "invalid address",
     false, "suppressed sending"},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        Refusal refusal = refusal_read(cases[i].enhanced, cases[i].text);
        g_assert_cmpstr(refusal.why, ==, cases[i].why);
        g_assert_true(refusal.is_dead == cases[i].dead);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refusal/table", test_table);
    return g_test_run();
}
