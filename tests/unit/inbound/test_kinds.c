/* inbound/classify: one mail for each kind and each family of reports in prose, written for its rule. */
#include "inbound/classify.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"

#define DAEMON "Return-Path: <>\nFrom: MAILER-DAEMON@mx.test\nTo: news@news.test\n"

#define SNS "From: AWS Notifications <no-reply@sns.amazonaws.com>\nSubject: AWS Notification Message\n\n"
#define SES_COMPLAINT                                                                                                  \
    "{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":\"ann@a.test\"}]}" \
    "}"

static const struct {
    const char *name, *mail;
    FindingClass class;
    const char *recipients;
} cases[] = {
    {"qmail",
     DAEMON "Subject: failure notice\n\nHi. This is the qmail-send program.\n\n<ann@a.test>:\n"
            "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nTo: "
            "bob@b.test\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"Exim's header is exact",
     DAEMON "Subject: Mail delivery failed\nX-Failed-Recipients: ann@a.test\n\n"
            "The following address(es) failed:\n\n  save to /home/x@y\n    mailbox is full\n",
     FINDING_BOUNCE_SOFT, "ann@a.test"},
    {"Exim warns",
     DAEMON "Subject: Warning: message 1 delayed 24 hours\n\nThe address to which the message has not yet been"
            " delivered is:\n\n  ann@a.test\n    Delay reason: user unknown\n",
     FINDING_BOUNCE_OTHER, "ann@a.test"},
    {"IMail",
     "From: Postmaster <postmaster@mx.test>\nX-Mailer: <SMTP32 v8.1>\nSubject: Undeliverable Mail\n\n"
     "Unknown user: ann@a.test\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"Exchange 5.5",
     DAEMON "Subject: Undeliverable: x\n\nYour message\n  To: list@news.test\n\ndid not reach the following "
            "recipient(s):\n\nann@a.test on Fri, 4 May 2018\n    The recipient name is not recognized\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"Google Groups in any language",
     DAEMON "Subject: Delivery Status Notification (Failure)\n"
            "X-Failed-Recipients: g@googlegroups.com\n\nLe groupe n'existe pas.\nGoogle Groups\n",
     FINDING_BOUNCE_SOFT, "g@googlegroups.com"},
    {"German",
     DAEMON "Subject: Unzustellbar: x\n\nDie Nachricht an\nann@a.test\nkonnte nicht zugestellt werden: "
            "Empfänger unbekannt\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"HTML alone",
     DAEMON "Subject: Undeliverable: x\nContent-Type: text/html\n\n<p>Delivery has failed to:</p>"
            "<p>ann@a.test</p><p>The mailbox is full</p>",
     FINDING_BOUNCE_SOFT, "ann@a.test"},
    {"our host is refused, whoever is unknown",
     DAEMON "Subject: failure notice\n\n<ann@a.test>:\n550 Sender verify failed: "
            "user unknown\n",
     FINDING_BOUNCE_SOFT, "ann@a.test"},
    {"a person forwards a report",
     "From: Bob <bob@b.test>\nSubject: Fwd: failure notice\nIn-Reply-To: <1@a>\n\n"
     "<ann@a.test>:\nuser unknown\n",
     FINDING_NORMAL, ""},
    {"a newsletter about bounces",
     "From: Postmaster Weekly <n@b.test>\nSubject: Undeliverable mail explained\nList-Id: <x>\n\n"
     "<ann@a.test>: user unknown\n",
     FINDING_NORMAL, ""},
    {"a complaint",
     "From: fbl@isp.test\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\n"
     "A complaint.\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nOriginal-Rcpt-To: ann@a.test\n"
     "--b--\n",
     FINDING_COMPLAINT, "ann@a.test"},
    {"a report for the administrator",
     "From: x@isp.test\nContent-Type: multipart/report; boundary=b\n\n--b\n"
     "Content-Type: message/feedback-report\n\nFeedback-Type: auth-failure\n--b--\n",
     FINDING_UNKNOWN, ""},
    {"Hotmail's complaint", "From: staff@hotmail.com\nX-HmXmrOriginalRecipient: ann@a.test\nSubject: x\n\ntext\n",
     FINDING_COMPLAINT, "ann@a.test"},
    {"an address that ends like Hotmail's", "From: Ann <newstaff@hotmail.com>\nSubject: x\n\nWho is on the picture?\n",
     FINDING_NORMAL, ""},
    {"SES tells, and SNS writes below",
     SNS SES_COMPLAINT "\n\n--\nIf you wish to stop receiving notifications, visit:\nhttps://x\n", FINDING_COMPLAINT,
     "ann@a.test"},
    {"a person shows what SES told", "From: Bob <bob@b.test>\nSubject: x\n\nWhat is this?\n" SES_COMPLAINT "\nBob\n",
     FINDING_NORMAL, ""},
    {"a person sends what SES would tell", "From: Bob <bob@b.test>\nSubject: x\n\n" SES_COMPLAINT "\n", FINDING_NORMAL,
     ""},
    {"SES is not known by its end", "From: Bob <bob@evil-amazonaws.com>\nSubject: x\n\n" SES_COMPLAINT "\n",
     FINDING_NORMAL, ""},
    {"a person shows a bounce that SES told",
     "From: Bob <bob@b.test>\nSubject: x\n\nWhat is "
     "this?\n{\"bounce\":{\"bounceType\":\"Permanent\",\"bouncedRecipients\":"
     "[{\"emailAddress\":\"ann@a.test\",\"status\":\"5.1.1\"}]}}\n",
     FINDING_NORMAL, ""},
    {"Postfix tells its postmaster of somebody else's session",
     DAEMON
     "Subject: Postfix SMTP server: errors from unknown[198.51.100.4]\n\nTranscript of session follows.\n\n"
     " Out: 220 mail.news.test ESMTP Postfix\n In:  MAIL FROM:<a@b.test>\n Out: 250 2.1.0 Ok\n"
     " In:  RCPT TO:<ann@a.test>\n Out: 550 5.1.1 <ann@a.test>: Recipient address\n     rejected: User unknown\n",
     FINDING_UNKNOWN, ""},
    {"a session under another subject",
     DAEMON "Subject: Postfix LMTP client: errors\n\n Out: 220 mail.news.test\n In:  RCPT TO:<ann@a.test>\n"
            " Out: 550 5.1.1 User unknown\n",
     FINDING_UNKNOWN, ""},
    {"our postmaster passes a report on",
     "Return-Path: <it@news.test>\nFrom: postmaster@news.test\nSubject: WG: Undelivered Mail Returned to Sender\n"
     "In-Reply-To: <a@b>\n\nKollegen, bitte pr\303\274fen.\n\n-----Urspr\303\274ngliche Nachricht-----\n"
     "Von: Mail Delivery System <MAILER-DAEMON@mx.test>\n\n<ann@a.test>: 550 5.1.1 User unknown\n",
     FINDING_NORMAL, ""},
    {"the alias that was mailed, beside Exim's header",
     DAEMON "Subject: Mail delivery failed\nX-Failed-Recipients: ann@target.test\n\nThe following address failed:\n\n"
            "  ann@target.test\n    (generated from ann@a.test)\n    550 5.1.1 User unknown\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"Exim names two, and each has a reason",
     DAEMON "Subject: Mail delivery failed\nX-Failed-Recipients: full@a.test, gone@a.test\n\nThe following addresses "
            "failed:\n\n  full@a.test\n    552 5.2.2 Mailbox over quota\n  gone@a.test\n    550 5.1.1 User unknown\n",
     FINDING_BOUNCE_HARD, "gone@a.test"},
    {"a calendar answer",
     "From: Ann <ann@a.test>\nAuto-Submitted: auto-generated\nContent-Type: text/calendar\n\n"
     "BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nATTENDEE;PARTSTAT=DECLINED:mailto:ann@a.test\nEND:VEVENT\n",
     FINDING_ITIP_REPLY, "ann@a.test"},
    {"a calendar answer whose method stands beside it",
     "From: Ann <ann@a.test>\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n"
     "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@a.test\nEND:VEVENT\n",
     FINDING_ITIP_REPLY, "ann@a.test"},
    {"an invitation is no answer",
     "From: Ann <ann@a.test>\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n"
     "METHOD:REQUEST\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:b@b.test\n",
     FINDING_NORMAL, ""},
    {"DMARC", "From: noreply-dmarc-support@isp.test\nSubject: Report Domain: a.test Submitter: isp.test\n\nx\n",
     FINDING_UNKNOWN, ""},
    {"leaving in words", "From: Ann <ann@a.test>\nSubject: Abmeldung\n\nBitte keinen Newsletter mehr.\n", FINDING_LEAVE,
     "ann@a.test"},
    {"the quoted footer is not the person's",
     "From: Ann <ann@a.test>\nSubject: Re: news\n\nThank you!\n> unsubscribe here\n", FINDING_NORMAL, ""},
    {"who does not want to leave", "From: Ann <ann@a.test>\nSubject: Re: news\n\nPlease do not remove me.\n",
     FINDING_NORMAL, ""},
    {"away, in German", "From: Ann <ann@a.test>\nSubject: Abwesenheitsnotiz: news\n\nIch bin im Urlaub.\n",
     FINDING_AUTOREPLY, ""},
    {"away, by header alone", "From: Ann <ann@a.test>\nAuto-Submitted: auto-replied\nSubject: Re: news\n\nhello\n",
     FINDING_AUTOREPLY, ""},
    {"a challenge",
     "From: Ann <ann@a.test>\nSubject: Re: news (verification)\n\nPlease confirm your message:\n"
     "http://a.test/1\n",
     FINDING_CHALLENGE, ""},
    {"a challenge that looks like a report",
     "From: noreply@boxbe.com\nX-Boxbe-Notice: 1\nSubject: Re: x\n"
     "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
     "Final-Recipient: rfc822;ann@a.test\nStatus: 4.7.0\n--b--\n",
     FINDING_CHALLENGE, ""},
    {"what turns and breaks lines",
     DAEMON
     "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
     "Content-Type: message/delivery-status; charset=utf-8\n\nFinal-Recipient: rfc822; ann@a.test\n"
     "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user \u202eunknown\u2028second line\n--b--\n",
     FINDING_BOUNCE_HARD, "ann@a.test"},
    {"a calendar answer whose words turn",
     "From: Ann <ann@a.test>\nContent-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\n"
     "BEGIN:VEVENT\nUID:m\u202e7\u2029\nATTENDEE;PARTSTAT=DEC\u202eLINED:mailto:ann@a.test\nEND:VEVENT\n",
     FINDING_ITIP_REPLY, "ann@a.test"},
    {"a person", "From: Ann <ann@a.test>\nSubject: Your news\n\nI like them.\n", FINDING_NORMAL, ""},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Message) message = message_parse(cases[i].mail, strlen(cases[i].mail));
        g_auto(Finding) finding = {0};
        finding_init(&finding);
        classify(message, NULL, &finding);
        g_autofree char *recipients = text_join(finding.recipients, ",");
        g_test_message("%s: %s", cases[i].name, finding.evidence);
        g_assert_cmpstr(finding_class_word(finding.class), ==, finding_class_word(cases[i].class));
        g_assert_cmpstr(recipients, ==, cases[i].recipients);
        g_assert_true(text_is_one_line(finding.evidence) && text_is_one_line(finding.diagnostic));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/classify/kinds", test_table);
    return g_test_run();
}
