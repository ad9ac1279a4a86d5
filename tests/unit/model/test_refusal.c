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
     false, " recipient address rejected undeliverable address "},
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
    {"a server asked for our own address, in vain", "5.1.7",
     "550 5.1.7 <us@b.test>: Sender address rejected: undeliverable address: host mx2[192.0.2.8] said: 550 5.1.1 User "
     "unknown",
     false, "sender address rejected"},
    {"nobody, says a gateway, but quotes another reason", "5.1.0",
     "5.1.0 - Unknown address error 554-'5.7.1 Message blocked due to spam content'", false, "blocked"},
    {"dead by its code, but only for now", "5.1.1", "550 5.1.1 Recipient verification temporarily failed, please retry",
     false, "temporar"},
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
