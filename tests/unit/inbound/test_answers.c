/* inbound/classify: what people and their programs answer, and what only looks like it; one mail for each form. */
#include "inbound/classify.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name;
    FindingClass class;
    const char *mail;
} cases[] = {
    {"Gmail's vacation responder", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: news\n"
     "Precedence: bulk\n"
     "X-Autoreply: yes\n"
     "Auto-Submitted: auto-replied\n"
     "\n"
     "I'm on holiday till May.\n"},
    {"Outlook", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Automatic reply: news\n"
     "X-Auto-Response-Suppress: All\n"
     "Auto-Submitted: auto-generated\n"
     "\n"
     "I am out.\n"},
    {"Outlook, in German", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Automatische Antwort: news\n"
     "X-Auto-Response-Suppress: All\n"
     "\n"
     "Sehr geehrte Damen und Herren, ich bin bis 3. Mai nicht im Haus.\n"},
    {"Notes, in German", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: =?utf-8?q?AUTO=3A_Ann_ist_au=C3=9Fer_Haus_=28R=C3=BCckkehr_am_03=2E05=2E2018=29?=\n"
     "\n"
     "Ich bin bis 3. Mai abwesend.\n"
     "\n"
     "Hinweis: Dies ist eine automatische Antwort auf Ihre Nachricht news.\n"},
    {"only its text tells, in German", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "Guten Tag, ich bin vom 1. bis 10. Mai im Urlaub. Ihre Nachricht wird nicht weitergeleitet.\n"},
    {"only its text tells", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "Thank you for your message. I am out of the office until 3 May with no access to email. For urgent matters "
     "please contact Bob.\n"},
    {"French", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: =?utf-8?q?Absence_du_bureau_=3A_news?=\n"
     "\n"
     "Je suis absente jusqu'au 3 mai.\n"},
    {"French, with a title", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: =?utf-8?q?R=C3=A9ponse_automatique_=3A_news?=\n"
     "\n"
     "Bonjour, je suis en cong\303\251.\n"},
    {"a ticket system", FINDING_AUTOREPLY,
     "From: Support <s@a.test>\n"
     "Subject: [Ticket#1] We have received your request\n"
     "Auto-Submitted: auto-replied\n"
     "\n"
     "Thank you.\n"},
    {"a title and nobody's return path", FINDING_AUTOREPLY,
     "Return-Path: <>\n"
     "From: Ann <ann@a.test>\n"
     "Subject: Out of office\n"
     "\n"
     "I am away.\n"},
    {"Spanish", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Subject: Respuesta automatica: boletin\n"
     "\n"
     "Estoy de vacaciones.\n"},
    {"Spanish, by its text", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Subject: Fuera de la oficina\n"
     "\n"
     "Estar\351 fuera hasta el lunes.\n"},
    {"Portuguese", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Subject: =?utf-8?q?Resposta_autom=C3=A1tica=3A?= news\n"
     "\n"
     "Estou de ferias.\n"},
    {"Dutch", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Subject: Automatisch antwoord: news\n"
     "\n"
     "Ik ben niet aanwezig.\n"},
    {"Japanese", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Content-Type: text/plain; charset=utf-8\n"
     "Subject: =?utf-8?b?6Ieq5YuV5b+c562UOiBuZXdz?=\n"
     "\n"
     "\344\270\215\345\234\250\343\201\253\343\201\227\343\201\246\n"},
    {"Russian", FINDING_AUTOREPLY,
     "From: Ana <ana@a.test>\n"
     "Subject: =?utf-8?b?0JDQstGC0L7QvtGC0LLQtdGC?=: news\n"
     "\n"
     ".\n"},
    {"nobody reads here", FINDING_AUTOREPLY,
     "From: noreply@a.test\n"
     "Subject: Re: news\n"
     "Auto-Submitted: auto-replied\n"
     "\n"
     "This mailbox is not monitored.\n"},
    {"has left", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\n"
     "Subject: Automatic reply: news\n"
     "\n"
     "I no longer work at Example. Please write to bob@a.test.\n"},
    {"a link to confirm by", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Please confirm your message\n"
     "\n"
     "I use an anti-spam system. Click the link below to deliver your message:\n"
     "http://x.test/1\n"},
    {"Spam Arrest", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: news (verification)\n"
     "\n"
     "ann here, I'm protecting myself from receiving junk mail.\n"
     "Just this once, click the link below so I can receive your emails.\n"
     "http://www.spamarrest.com/a2?x\n"},
    {"UOL", FINDING_CHALLENGE,
     "From: AntiSpam UOL <ann@a.test>\n"
     "Subject: Re: news\n"
     "\n"
     "Para receber sua mensagem confirme o envio: http://a.test\n"},
    {"TMDA", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Please confirm your message\n"
     "Auto-Submitted: auto-replied\n"
     "Reply-To: ann+confirm+1@a.test\n"
     "\n"
     "This message was created automatically by mail delivery software (TMDA). Your message is being held. To release "
     "it, reply to this message.\n"},
    {"German", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Ihre Nachricht an ann@a.test\n"
     "Auto-Submitted: auto-replied\n"
     "\n"
     "Ihre Nachricht wurde vom Spamschutz zurueckgehalten. Bitte bestaetigen Sie Ihre Nachricht: http://a.test/1\n"},
    {"French", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Demande d'authentification\n"
     "\n"
     "Je suis protege par MailInBlack. Veuillez confirmer: http://a.test/1\n"},
    {"not on a list", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: news [Sender confirmation required]\n"
     "\n"
     "You are not on my whitelist. Please verify that you are a human by clicking http://a.test/1\n"},
    {"EarthLink", FINDING_CHALLENGE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: news\n"
     "X-ELNK-AV: 0\n"
     "\n"
     "I apologize for this automatic reply to your email.\n"
     "\n"
     "To control spam, I now allow incoming messages only from senders I have approved beforehand.\n"
     "\n"
     "If you would like to be added to my list of approved senders, please fill out the short request form (see link "
     "below).\n"
     "http://webmail.pas.earthlink.net/x\n"},
    {"a subject", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: unsubscribe\n"
     "\n"
     "\n"},
    {"a body", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: \n"
     "\n"
     "unsubscribe\n"},
    {"one word", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: STOP\n"
     "\n"
     "\n"},
    {"an answer", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "Please remove me from your mailing list.\n"
     "\n"
     "Thanks,\n"
     "Ann\n"
     "\n"
     "On Mon, May 1, 2018, News <n@n.test> wrote:\n"
     "> hello\n"
     "> unsubscribe here\n"},
    {"an answer, in German", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: AW: Newsletter\n"
     "\n"
     "Bitte nehmen Sie mich aus dem Verteiler. Danke!\n"
     "\n"
     "Von: News\n"
     "Gesendet: Montag\n"},
    {"a sentence, in German", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "Ich moechte keine weiteren Mails von Ihnen erhalten.\n"},
    {"a subject, in German", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Abbestellung\n"
     "\n"},
    {"French", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Lettre\n"
     "\n"
     "Merci de me retirer de votre liste de diffusion.\n"},
    {"Spanish", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Baja\n"
     "\n"
     "Quiero darme de baja.\n"},
    {"an address for leaving", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "To: unsubscribe+abc123@news.test\n"
     "Subject: \n"
     "\n"
     "\n"},
    {"Gmail's button", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "To: news+leave@news.test\n"
     "Subject: unsubscribe\n"
     "\n"
     "This message was automatically generated by Gmail.\n"},
    {"a list's address for leaving", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "To: list-unsubscribe@news.test\n"
     "Subject: leave\n"
     "\n"
     "\n"},
    {"Italian", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: x\n"
     "\n"
     "Vi prego di cancellarmi dalla lista.\n"},
    {"Portuguese", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: x\n"
     "\n"
     "Por favor, retirem meu e-mail da lista.\n"},
    {"Dutch", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: x\n"
     "\n"
     "Graag uitschrijven.\n"},
    {"no longer wishes", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: x\n"
     "\n"
     "I no longer wish to receive these emails.\n"},
    {"take me off", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Take me off this list\n"
     "\n"
     "now\n"},
    {"stop sending", FINDING_LEAVE,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: x\n"
     "\n"
     "Stop sending me this.\n"},
    {"who does not want to leave", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "How do I change my address? I don't want to unsubscribe.\n"},
    {"who was on holiday", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Re: Newsletter\n"
     "\n"
     "Danke fuer Ihre Mail, ich bin im Urlaub in Spanien gewesen und habe eine Frage zum Artikel.\n"},
    {"who forwards a report", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Fwd: Undelivered Mail Returned to Sender\n"
     "\n"
     "Was heisst das?\n"
     "\n"
     "> <bob@b.test>: user unknown\n"},
    {"who wants an appointment confirmed", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Please confirm our meeting\n"
     "\n"
     "Please confirm. See http://a.test\n"},
    {"who asks how to leave, and more", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Frage\n"
     "\n"
     "Wie kann ich mich abmelden, falls ich umziehe? Und ich haette noch eine zweite Frage zu der Veranstaltung am "
     "Freitag, die im Newsletter angekuendigt war, naemlich ob man Kinder mitbringen darf. Ausserdem interessiert "
     "mich, ob es Parkplaetze gibt, und wie lange die Veranstaltung dauern wird. Vielen Dank im Voraus!\n"},
    {"a shop that confirms an address", FINDING_NORMAL,
     "From: Shop <s@a.test>\n"
     "Subject: Please verify your email\n"
     "List-Unsubscribe: <x>\n"
     "\n"
     "Click http://a.test to verify your email address.\n"},
    {"who was on vacation", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Vacation photos\n"
     "\n"
     "I am back from vacation, see http://a.test\n"},
    {"who speaks of another delivery", FINDING_NORMAL,
     "From: Ann <ann@a.test>\n"
     "Subject: Delivery of the chairs\n"
     "\n"
     "The chairs could not be delivered, nobody was at home. Call ann@a.test.\n"},
    {"leaving: sich abmelden", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nBitte melden Sie mich vom "
     "Newsletter ab.\n"},
    {"leaving: abbestellen", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch möchte den Newsletter "
     "abbestellen.\n"},
    {"leaving: austragen, nach einem Grund", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch bin im Ruhestand und "
     "brauche die Mitteilungen nicht mehr. Bitte austragen.\n"},
    {"leaving: eine Adresse aus der Liste", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nBitte entfernen Sie "
     "ann@a.test aus der Liste.\n"},
    {"leaving: keine Mitteilungen mehr", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nBitte schicken Sie mir "
     "keine Pressemitteilungen mehr.\n"},
    {"leaving: Widerruf der Einwilligung", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Widerruf\nContent-Type: text/plain; charset=utf-8\n\nIch widerrufe meine "
     "Einwilligung in den Erhalt Ihres Newsletters und bitte um Löschung meiner Daten.\n"},
    {"leaving: a command, and a signature", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: \nContent-Type: text/plain; charset=utf-8\n\nunsubscribe\n--\nAnn\n"},
    {"leaving: in English", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nPlease unsubscribe this "
     "email address, thank you very much.\n"},
    {"leaving: in French", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nVeuillez me retirer de "
     "votre liste de diffusion.\n"},
    {"leaving: in Spanish", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nPor favor, quiero darme de "
     "baja del boletin.\n"},
    {"leaving: in Italian", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nVorrei cancellare la mia "
     "iscrizione dalla mailing list.\n"},
    {"leaving: in Dutch", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nGraag wil ik mij "
     "uitschrijven.\n"},
    {"leaving: in Polish", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nProsze o wypisanie mnie z "
     "listy.\n"},
    {"leaving: what can be abgemeldet, too", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIn Ihrer Mitteilung steht, "
     "man könne die Mülltonne abmelden. Wie geht das?\n"},
    {"leaving: who wants to abmelden something else", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch möchte zum Monatsende "
     "meine Mülltonne abmelden.\n"},
    {"leaving: a link that is broken", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nUnsubscribe-Link in Ihrer "
     "Mail ist defekt, bitte reparieren.\n"},
    {"leaving: who did not leave", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch habe den Newsletter "
     "nicht abbestellt, bekomme ihn aber nicht mehr. Bitte wieder aufnehmen.\n"},
    {"leaving: who wants in", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nFrau Klein ist nicht mehr "
     "im Haus. Bitte nehmen Sie mich statt ihrer in den Verteiler auf.\n"},
    {"leaving: who gets none", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch bekomme keine "
     "Newsletter mehr, bitte prüfen Sie das.\n"},
    {"leaving: who asks how", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nWie kann ich mich vom "
     "Newsletter abmelden?\n"},
    {"a person quotes an automatic reply", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: Abwesenheitsnotiz\nContent-Type: text/plain; charset=utf-8\n\nWer vertritt "
     "Sie "
     "denn?\n\n> Ich bin bis zum 2. April nicht im Büro. In dringenden Fällen wenden Sie sich an meine Vertretung.\n> "
     "Ihre Mail wird nicht weitergeleitet.\n"},
    {"a person quotes an automatic reply without marks", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\n\nWho is in charge?\n\nOn Mon, 3 May, Bob wrote:\nI am currently out "
     "of "
     "the office and will return on 5 May. I will have limited access to my email.\n"},
    {"a person names another in what she complains of", FINDING_BOUNCE_SOFT,
     "Return-Path: <ann@a.test>\nFrom: ann@a.test\nSubject: failure notice\n\nHi, failure notice from your list again "
     "for "
     "bob@a.test, user unknown.\n"},
    {"a gateway that brings the mail back", FINDING_BOUNCE_HARD,
     "Return-Path: <gateway@a.test>\nFrom: gateway@a.test\nSubject: failure notice\n\nYour message could not be "
     "delivered "
     "to\n\n<bob@a.test>: user unknown\n\n--- Original message ---\nFrom: us@b.test\nSubject: news\n"},
    {"a warning that is no delay", FINDING_BOUNCE_SOFT,
     "Return-Path: <>\nFrom: MDaemon at a.test <MDaemon@a.test>\nSubject: MDaemon Warning - Mailbox over quota\n\nThe "
     "mailbox for bob@a.test is full.\nYour message was NOT delivered to bob@a.test.\n"},
    {"a success of Postfix, told in prose", FINDING_BOUNCE_OTHER,
     "Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@a.test>\nSubject: Successful Mail Delivery "
     "Report\n\nThis is the mail system at host a.test.\n\nYour message was successfully delivered to the "
     "destination(s)\nlisted below.\n\n<bob@a.test>: delivery via mx: 250 2.0.0 Ok\n"},
    {"a success of iPlanet, told in prose", FINDING_BOUNCE_OTHER,
     "Return-Path: <>\nFrom: postmaster@a.test\nSubject: Delivery Notification: Delivery has been successful\n\nThis "
     "report relates to a message you sent with the following header fields:\n\n  Subject: news\n\nYour message has "
     "been successfully delivered to the following recipients:\n\n  Recipient address: bob@a.test\n"},
    {"no success, though it says the word", FINDING_BOUNCE_HARD,
     "Return-Path: <>\nFrom: postmaster@a.test\nSubject: Undelivered mail\n\nYour message could not be successfully "
     "delivered.\n\n<bob@a.test>: user unknown\n"},
    {"Danish, with a title", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: =?utf-8?q?Frav=C3=A6rende=3A_news?=\n\nJeg er tilbage 3. maj.\n"},
    {"a title that no person writes", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: Abwesenheitsnotiz\n\nUnser Amt ist zu.\n"},
    {"a title that a person may write", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Assenza\n\nLunedi non ci sono.\n"},
    {"leaving: an Abo", FINDING_LEAVE,
     "From: Ann <ann@a.test>\nSubject: Newsletter\nContent-Type: text/plain; charset=utf-8\n\nHiermit kündige ich das "
     "Newsletter-Abo.\n"},
    {"a program confesses", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: Your news\nPrecedence: bulk\n\nThis is an automated response. I am out of the "
     "office until Monday.\n"},
    {"a person names herself in what she complains of", FINDING_NORMAL,
     "Return-Path: <ann@a.test>\nFrom: Ann Alt <ann@a.test>\nSubject: Mail delivery failed\n\nYour last mail came back "
     "as "
     "undeliverable: user unknown. My address is ann@a.test.\n"},
    {"Polish, the other way round", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: =?utf-8?q?Odpowied=C5=BA_automatyczna=3A_news?=\nContent-Type: text/plain; "
     "charset=utf-8\n\nJestem na urlopie.\n"},
    {"Ukrainian", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: Автоматична відповідь: news\nContent-Type: text/plain; charset=utf-8\n\nЯ у "
     "відпустці.\n"},
    {"Croatian", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: Automatski odgovor: news\nContent-Type: text/plain; charset=utf-8\n\nNa "
     "godišnjem sam odmoru.\n"},
    {"Greek", FINDING_AUTOREPLY,
     "From: Ann <ann@a.test>\nSubject: Αυτόματη απάντηση: news\nContent-Type: text/plain; "
     "charset=utf-8\n\nΑπουσιάζω.\n"},
    {"ill, and somebody stands in", FINDING_AUTOREPLY,
     "Return-Path: <>\nFrom: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch bin "
     "derzeit erkrankt. Meine Vertretung ist Herr Beck.\n"},
    {"a person who is ill", FINDING_NORMAL,
     "From: Ann <ann@a.test>\nSubject: Re: news\nContent-Type: text/plain; charset=utf-8\n\nIch bin derzeit erkrankt. "
     "Meine Vertretung ist Herr Beck.\n"},
};

static void test_cases(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Message) message = message_parse(cases[i].mail, strlen(cases[i].mail));
        g_auto(Finding) finding = {0};
        finding_init(&finding);
        classify(message, NULL, &finding);
        g_test_message("%s: %s", cases[i].name, finding.evidence);
        g_assert_cmpstr(finding_class_word(finding.class), ==, finding_class_word(cases[i].class));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/answers/cases", test_cases);
    return g_test_run();
}
