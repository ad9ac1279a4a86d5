/* inbound/classify: reports in prose, one mail for each family and form, written after what the mail systems write. */
#include "inbound/classify.h"

#include <glib.h>
#include <string.h>

#include "base/text.h"

#define FROM(daemon, subject) "Return-Path: <>\nFrom: " daemon "\nTo: news@news.test\nSubject: " subject "\n"
#define DAEMON(subject)       FROM("Mail Delivery Subsystem <MAILER-DAEMON@mx.test>", subject)
#define COPY                  "Received: from a by b\nFrom: news@news.test\nTo: ann@a.test\nSubject: news\n\ntext\n"
#define REPORT(block)                                                                                                  \
    DAEMON("Undelivered Mail")                                                                                         \
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nsorry\n--b\n"                   \
    "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.test\n\n" block "\n--b--\n"

typedef struct Case {
    const char *name, *mail;
    FindingClass class;
    const char *recipients;
} Case;

#define HARD  FINDING_BOUNCE_HARD
#define SOFT  FINDING_BOUNCE_SOFT
#define OTHER FINDING_BOUNCE_OTHER

static const Case qmail_and_exim[] = {
    {"qmail: remote host said",
     DAEMON(
         "failure notice") "\nHi. This is the qmail-send program at mx.test.\nI'm afraid I wasn't able to deliver your "
                           "message to the following addresses.\n\n<ann@a.test>:\n192.0.2.1 does not like recipient.\n"
                           "Remote host said: 550 5.1.1 <ann@a.test>: Recipient address rejected: User unknown\n"
                           "Giving up on 192.0.2.1.\n\n--- Below this line is a copy of the message.\n\n" COPY,
     HARD, "ann@a.test"},
    {"qmail: in the queue too long",
     DAEMON(
         "failure notice") "\n<ann@a.test>:\n192.0.2.1 failed after I sent the message.\nI'm not going to try again; "
                           "this message has been in the queue too long.\n\n--- Below this line is a copy\n",
     SOFT, "ann@a.test"},
    {"qmail: two of them",
     DAEMON(
         "failure notice") "\n<ann@a.test>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n<bob@b.test>:\nSorry, I "
                           "couldn't find any host named b.test. (#5.1.2)\n\n--- Below this line is a copy of the "
                           "message.\n\n" COPY,
     HARD, "ann@a.test,bob@b.test"},
    {"qmail: branded",
     DAEMON(
         "Delivery problem") "\nSentimos informarle que su mensaje no ha podido ser entregado.\n\n<ann@a.test>:\nThe "
                             "user does not exist.\n\n--- Mensaje original adjunto.\n\n" COPY,
     HARD, "ann@a.test"},
    {"vpopmail: full",
     DAEMON("failure notice") "\nHi. This is the qmail-send program.\n\n<ann@a.test>:\nuser is over quota\n\n--- Below "
                              "this "
                              "line is a copy of the message.\n\n" COPY,
     SOFT, "ann@a.test"},
    {"Exim: the reason is indented",
     DAEMON(
         "Mail delivery failed: returning message to sender") "\nThis message was created automatically by mail "
                                                              "delivery software.\n\nA message that you sent could not "
                                                              "be delivered to one or more of its\nrecipients. This is "
                                                              "a "
                                                              "permanent error. The following address(es) failed:\n\n  "
                                                              "ann@a.test\n    SMTP error from remote mail server "
                                                              "after "
                                                              "RCPT TO:<ann@a.test>:\n    host mx.a.test [192.0.2.1]: "
                                                              "550 5.1.1 User unknown\n\n------ This is a copy of the "
                                                              "message, including all the headers. ------\n\n" COPY,
     HARD, "ann@a.test"},
    {"Exim: unrouteable",
     DAEMON("Mail delivery failed") "\nThe following address(es) failed:\n\n  ann@a.test\n    Unrouteable "
                                    "address\n\n------ "
                                    "This is a copy of the message ------\n\n" COPY,
     HARD, "ann@a.test"},
    {"Exim: generated from",
     DAEMON("Mail delivery failed") "\nThe following address(es) failed:\n\n  |/usr/bin/filter\n    (generated from "
                                    "ann@a.test)\n    local delivery failed\n\n------ This is a copy of the message "
                                    "------\n\nTo: x@y.test\n",
     SOFT, "ann@a.test"},
    {"Exim: full",
     DAEMON("Mail delivery failed") "X-Failed-Recipients: ann@a.test\n\nThe following address(es) failed:\n\n  "
                                    "ann@a.test\n  "
                                    "  mailbox is full: retry timeout exceeded\n",
     SOFT, "ann@a.test"},
    {"GMX",
     FROM("\"GMX Mailer Daemon\" <mailer-daemon@gmx.test>",
          "Mail delivery failed: returning message to sender") "\nThis message was created automatically by mail "
                                                               "delivery software.\n\nA message that you sent could "
                                                               "not be delivered "
                                                               "to\none or more of its recipients. This is a permanent "
                                                               "error.\nThe following address "
                                                               "failed:\n\n<ann@a.test>:\nRequested"
                                                               " action not taken: mailbox unavailable\nFor "
                                                               "explanation visit http://postmaster.gmx.test\n\n--- "
                                                               "The header of the original "
                                                               "message is following. ---\n\n" COPY,
     SOFT, "ann@a.test"},
    {"Exim: told to the postmaster",
     DAEMON("Mail delivery failed") "\nA message sent by\n\n  <news@sender.test>\n\ncould not be delivered to one or "
                                    "more of "
                                    "its recipients. The following\naddress(es) failed:\n\n  ann@a.test\n    mailbox "
                                    "is full\n",
     SOFT, "ann@a.test"},
    {"Exim: generated by",
     DAEMON("Mail delivery failed") "\nThe following address(es) failed:\n\n  pipe to |/bin/x\n    generated by "
                                    "ann@a.test\n\nsee other@b.test\n",
     SOFT, "ann@a.test"},
    {"Mail.ru",
     FROM("mailer-daemon@corp.mail.ru",
          "Mail failure.") "X-Failed-Recipients: ann@a.test\n\nThis message was created "
                           "automatically by mail delivery software.\nA message that you sent could not be delivered "
                           "to one or more of its\n"
                           "recipients. The following address(es) failed:\n\n  ann@a.test\n    SMTP error: 550 Message "
                           "was not accepted -- "
                           "invalid mailbox.  Local mailbox ann@a.test is unavailable: user not found\n",
     HARD, "ann@a.test"},
    {NULL, NULL, 0, NULL},
};

static const Case postfix_and_sendmail[] = {
    {"Postfix in prose",
     FROM("MAILER-DAEMON@mx.test (Mail Delivery System)",
          "Undelivered Mail Returned to Sender") "\nThis is the Postfix program at host mx.test.\n\nI'm sorry to have "
                                                 "to inform you that your message could not be\n"
                                                 "be delivered to one or more recipients.\n\n\t\t\tThe Postfix "
                                                 "program\n\n<ann@a.test>: host mx.a.test[192.0.2.1] said: "
                                                 "550 5.1.1\n    <ann@a.test>: Recipient address rejected: User "
                                                 "unknown (in reply to RCPT TO\n    command)\n",
     HARD, "ann@a.test"},
    {"Postfix: the part for programs is lost, and who wrote it",
     "From: news@news.test\nTo: news@news.test\nSubject: news\nContent-Type: multipart/report; "
     "report-type=delivery-status; boundary=b\n\n--b\n\nThis is the mail system at host mx.test.\n\nI'm sorry to have "
     "to "
     "inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\nyou can\n"
     "delete your own text from the attached returned message.\n\n<ann@a.test>: host spam.a.test[192.0.2.1] said: 550 "
     "5.1.1 "
     "user\n    unknown\n--b--\n",
     HARD, "ann@a.test"},
    {"Postfix: only its text is left",
     "From: News <news@news.test>\nSubject: Hello\n\nThis is the mail system at host mx.test.\n\nI'm sorry to have to "
     "inform "
     "you that your message could not\nbe delivered.\n\n<ann@a.test>: user unknown\n\nReturn-Path: "
     "<news@news.test>\nTo: x\n",
     HARD, "ann@a.test"},
    {"somebody shows such a text",
     "From: Ann Example <ann@b.test>\nSubject: Hello\n\nDear colleagues, yesterday I got the letter below, and I "
     "wonder what "
     "it may mean; it came three times since, always with the same words, although I wrote to nobody of that name at "
     "all, "
     "neither then nor before. Can you help?\n\nThis is the mail system at host mx.test.\n\nI'm sorry to have to "
     "inform you "
     "that your message could not\nbe delivered.\n\n<ann@a.test>: user unknown\n",
     FINDING_NORMAL, ""},
    {"Postfix: host not found",
     DAEMON("Undelivered Mail Returned to Sender") "\nI'm sorry to have to inform you\n\n<ann@a.test>: Host or domain "
                                                   "name "
                                                   "not found. Name service error for\n    name=a.test type=A: Host "
                                                   "not found\n",
     HARD, "ann@a.test"},
    {"Postfix: the one that was mailed, not what an alias made of it",
     DAEMON("Undelivered Mail Returned to Sender") "\nI'm sorry to have to inform you\n\n<final@c.test> (expanded from "
                                                   "<ann@a.test>): user unknown\n",
     HARD, "ann@a.test"},
    {"Sendmail 8",
     DAEMON(
         "Returned mail: see transcript for details") "\nThe original message was received at Fri, 4 May 2018\n\n   "
                                                      "----- "
                                                      "The following addresses had permanent fatal errors "
                                                      "-----\n<ann@a.test>\n    (reason: 550 5.1.1 <ann@a.test>... "
                                                      "User "
                                                      "unknown)\n\n   ----- Transcript of session follows -----\n... "
                                                      "while talking to mx.a.test.:\n>>> DATA\n<<< 550 5.1.1 "
                                                      "<ann@a.test>... User unknown\n550 5.1.1 <ann@a.test>... User "
                                                      "unknown\n<<< 503 5.0.0 Need RCPT (recipient)\n",
     HARD, "ann@a.test"},
    {"Sendmail: the reason goes before the transcript",
     DAEMON("Returned mail: see transcript for details") "\n   ----- The following addresses had permanent fatal "
                                                         "errors -----"
                                                         "\n<ann@a.test>\n    (reason: 553 5.7.1 SPF check failed)\n\n "
                                                         "  ----- Transcript of session follows -----\n>>> MAIL "
                                                         "From:<news@news.test>\n<<< 553 5.7.1 SPF check failed\n550 "
                                                         "5.1.1 <ann@a.test>... User unknown\n",
     SOFT, "ann@a.test"},
    {"Sendmail 5",
     DAEMON("Returned mail: User unknown") "\n   ----- Transcript of session follows -----\nWhile talking to "
                                           "mx.a.test:\n>>> "
                                           "RCPT To:<ann@a.test>\n<<< 550 <ann@a.test>... User unknown\n550 "
                                           "ann@a.test... User unknown\n\n   ----- Unsent message "
                                           "follows -----\n" COPY,
     HARD, "ann@a.test"},
    {"Sendmail: deferred",
     DAEMON("Warning: could not send message for past 4 hours") "\n    "
                                                                "**********************************************\n    **"
                                                                "      THIS IS A WARNING MESSAGE ONLY      **\n    **  "
                                                                "YOU DO NOT NEED TO RESEND YOUR MESSAGE  **\n\n   "
                                                                "----- The "
                                                                "following addresses had transient non-fatal errors "
                                                                "-----\n<ann@a.test>\n",
     OTHER, "ann@a.test"},
    {"OpenSMTPD",
     FROM("Mailer Daemon <MAILER-DAEMON@mx.test>",
          "Delivery status notification: error") "\n    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to "
                                                 "this email.\n\n    An error has occurred while "
                                                 "attempting to deliver a message for\n    the following list of "
                                                 "recipients:\n\nann@a.test: 550 5.2.2 <ann@a.test>: Mailbox "
                                                 "is full\n\n    Below is a copy of the original message:\n\n" COPY,
     SOFT, "ann@a.test"},
    {"DragonFly",
     DAEMON("Mail delivery failed") "\nThis is the DragonFly Mail Agent v0.13 at mx.test.\n\nThere was an error "
                                    "delivering "
                                    "your mail to <ann@a.test>.\n\nmx.a.test [192.0.2.1] did not like our RCPT "
                                    "TO:\n550 5.1.1 <ann@a.test>: user unknown\n\n"
                                    "Original message headers:\n" COPY,
     HARD, "ann@a.test"},
    {"Courier",
     DAEMON(
         "NOTICE: mail delivery status.") "\n           UNDELIVERABLE MAIL\n\nYour message to the following recipients "
                                          "cannot be delivered:\n\n<ann@a.test>:\n    mx.a.test [192.0.2.1]:\n>>> RCPT "
                                          "TO:<ann@a.test>\n<<< 550 User unknown.\n\n"
                                          "If your message was also sent to additional recipients, their "
                                          "delivery\nstatus is not included in this report.\n",
     HARD, "ann@a.test"},
    {NULL, NULL, 0, NULL},
};

static const Case windows[] = {
    {"Exchange 2000",
     FROM("System Administrator <postmaster@mx.test>",
          "Undeliverable: news") "\nYour message\n\n  To:      list@news.test\n  Subject: news\n  Sent:    Fri, 4 May "
                                 "2018\n\ndid not reach the following "
                                 "recipient(s):\n\nann@a.test on Fri, 4 May 2018 10:00:00 +0200\n    The recipient "
                                 "name is not recognized\n\tThe MTS-ID of "
                                 "the original message is: c=us;a= ;p=x;l=Y\n    MSEXCH:IMS:X:Y:MX 0 (000C05A6) "
                                 "Unknown Recipient\n",
     HARD, "ann@a.test"},
    {"Exchange 5.5: X.400",
     FROM("System Administrator <postmaster@mx.test>",
          "Undeliverable: news") "\ndid not reach the following recipient(s):\n\nc=US;a= "
                                 ";p=Org;o=Site;dda:SMTP=ann@a.test; on Fri, 4 May 2018\n    The "
                                 "recipient name is not recognized\n",
     HARD, "ann@a.test"},
    {"IIS gives no reason",
     FROM(
         "postmaster@mx.test",
         "Delivery Status Notification (Failure)") "\nThis is an automatically generated Delivery Status "
                                                   "Notification.\n\nDelivery to the following recipients failed.\n\n  "
                                                   "     ann@a.test\n\n",
     OTHER, "ann@a.test"},
    {"Exchange, German",
     FROM("Microsoft Outlook <postmaster@mx.test>",
          "Unzustellbar: news") "\nFehler bei der Nachrichtenzustellung an folgende Empfänger oder "
                                "Gruppen:\n\nann@a.test\nDie von Ihnen eingegebene "
                                "E-Mail-Adresse konnte nicht gefunden werden.\n\nDiagnoseinformationen für "
                                "Administratoren:\n\nGenerierender Server: "
                                "mx.test\n\nann@a.test\nRemote Server returned '550 5.1.10 "
                                "RESOLVER.ADR.RecipientNotFound; Recipient ann@a.test not found "
                                "by SMTP address lookup'\n",
     HARD, "ann@a.test"},
    {"Domino",
     FROM("postmaster@mx.test",
          "DELIVERY FAILURE: User ann (ann@a.test) not listed in Domino Directory") "\nYour message\n\n  Subject: "
                                                                                    "news\n\nwas not delivered to:\n\n "
                                                                                    " ann@a.test\n\nbecause:\n\n  User "
                                                                                    "ann (ann@a.test) not "
                                                                                    "listed in Domino Directory\n",
     HARD, "ann@a.test"},
    {"old Notes",
     FROM("Postmaster <postmaster@mx.test>",
          "NOTICE: Delivery failure report") "\n------- Failure Reasons  --------\n\nUser not "
                                             "listed in public Name & Address Book\nann@a.test\n\n------- Returned "
                                             "Message --------\n\n" COPY,
     HARD, "ann@a.test"},
    {"GroupWise",
     FROM("Mailer-Daemon@mx.test",
          "Message status - undeliverable") "\nThe message that you sent was undeliverable to the "
                                            "following:\n\tann@a.test (user not found)\n\nPossibly truncated original "
                                            "message follows:\n\n" COPY,
     HARD, "ann@a.test"},
    {"MDaemon",
     FROM("MDaemon@mx.test",
          "Permanent Delivery Failure") "\nThe attached message had PERMANENT fatal delivery errors!\n\n"
                                        "After one or more unsuccessful delivery attempts the attached message "
                                        "has\nbeen removed from the mail queue on this "
                                        "server.\n\nFailed address: ann@a.test\n\n--- Session Transcript ---\n<-- 550 "
                                        "<ann@a.test>, Recipient unknown\n--- End "
                                        "Transcript ---\n",
     HARD, "ann@a.test"},
    {"IMail: full",
     "From: Postmaster <postmaster@mx.test>\nX-Mailer: <SMTP32 v8.22>\nSubject: Undeliverable Mail\n\nUser mailbox "
     "exceeds "
     "allowed size: ann@a.test\n\n\nOriginal message follows.\n\n" COPY,
     SOFT, "ann@a.test"},
    {"IMail: attempts",
     "From: Postmaster <postmaster@mx.test>\nX-Mailer: <SMTP32 v8.22>\nSubject: Undeliverable Mail\n\nDelivery failed "
     "20 "
     "attempts: ann@a.test\n\nOriginal message follows.\n\n" COPY,
     SOFT, "ann@a.test"},
    {"Sun Messaging Server",
     FROM(
         "Internet Mail Delivery <postmaster@mx.test>",
         "Delivery Notification: Delivery has failed") "\nThis report relates to a message you sent with the following "
                                                       "header fields:\n\n  Message-id: <1@news.test>\n  To: "
                                                       "list@news.test\n\nYour message cannot be delivered to the "
                                                       "following recipients:\n\n  Recipient address: "
                                                       "ann@ims-ms-daemon\n  "
                                                       "Original address: ann@a.test\n  Reason: Over quota\n",
     SOFT, "ann@a.test"},
    {NULL, NULL, 0, NULL},
};

static const Case portals[] = {
    {"Yahoo: no account",
     FROM("MAILER-DAEMON@yahoo.test",
          "Failure Notice") "\nSorry, we were unable to deliver your message to the following "
                            "address.\n\n<ann@yahoo.test>:\n554: delivery error: dd This user doesn't have a yahoo.com "
                            "account (ann@yahoo.test) [0] - "
                            "mta1\n\n--- Below this line is a copy of the message.\n\n" COPY,
     HARD, "ann@yahoo.test"},
    {"Yahoo: disabled",
     FROM("MAILER-DAEMON@yahoo.test",
          "Failure Notice") "\nSorry, we were unable to deliver your message to the following "
                            "address.\n\n<ann@yahoo.test>:\n554: delivery error: dd Sorry your message to "
                            "ann@yahoo.test cannot be delivered. This "
                            "account has been disabled or discontinued [#102]. - mta1\n\n--- Below this line is a copy "
                            "of the message.\n\n",
     SOFT, "ann@yahoo.test"},
    {"AOL: a bare name",
     FROM("MAILER-DAEMON@aol.com",
          "Mail Delivery Problem") "\nYour mail to the following recipients could not be delivered "
                                   "because they are not accepting mail from news@news.test:\n\n\tannscreen\n",
     SOFT, "annscreen@aol.com"},
    {"Gmail, old",
     FROM("Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
          "Delivery Status Notification (Failure)") "\nDelivery to the following recipient failed permanently:\n\n     "
                                                    "ann@a.test\n\nTechnical details of permanent failure:\n"
                                                    "Google tried to deliver your message, but it was rejected by the "
                                                    "recipient domain. The error that the other server "
                                                    "returned was: 550 550 5.1.1 User unknown (state 14).\n\n----- "
                                                    "Original message -----\n\n" COPY,
     HARD, "ann@a.test"},
    {"Gmail, old: delayed",
     FROM("Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
          "Delivery Status Notification (Delay)") "\nThis is an automatically generated Delivery Status "
                                                  "Notification\n\nTHIS IS A WARNING MESSAGE ONLY.\n\nYOU DO NOT NEED "
                                                  "TO "
                                                  "RESEND YOUR MESSAGE.\n\nDelivery to the following recipient has "
                                                  "been delayed:\n\n     ann@a.test\n\nMessage will be retried "
                                                  "for 2 more day(s)\n",
     OTHER, "ann@a.test"},
    {"Gmail, German",
     FROM("Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
          "Delivery Status Notification (Failure)") "X-Failed-Recipients: ann@a.test\n\n** Die Adresse wurde nicht "
                                                    "gefunden **\n\nIhre Nachricht wurde nicht an ann@a.test "
                                                    "zugestellt, weil die Adresse nicht gefunden wurde oder keine "
                                                    "E-Mails empfangen kann.\n",
     HARD, "ann@a.test"},
    {"SES as JSON",
     "From: AWS Notifications <no-reply@sns.amazonaws.com>\nTo: news@news.test\nSubject: Amazon SES Email Event "
     "Notification\n\n{\"notificationType\":\"Bounce\",\"bounce\":{\"bounceType\":\"Permanent\",\"bounceSubType\":"
     "\"General\","
     "\"bouncedRecipients\":[{\"emailAddress\":\"ann@a.test\",\"action\":\"failed\",\"status\":\"5.1.1\","
     "\"diagnosticCode\":\"smtp; "
     "550 5.1.1 user "
     "unknown\"}]},\"mail\":{\"source\":\"news@news.test\",\"destination\":[\"ann@a.test\",\"bob@b.test\"]}}\n",
     HARD, "ann@a.test"},
    {"SES as JSON: a complaint",
     "From: AWS Notifications <no-reply@sns.amazonaws.com>\nTo: news@news.test\nSubject: Amazon SES Email Event "
     "Notification\n\n{\"notificationType\":\"Complaint\",\"complaint\":{\"complainedRecipients\":[{\"emailAddress\":"
     "\"ann@a.test\"}],"
     "\"complaintFeedbackType\":\"abuse\"},\"mail\":{\"source\":\"news@news.test\"}}\n",
     FINDING_COMPLAINT, "ann@a.test"},
    {"WorkMail: fields as text",
     FROM("postmaster@mx.test",
          "Undeliverable: news") "X-Mailer: Amazon WorkMail\n\nTechnical report:\n\nReporting-MTA: dns; "
                                 "mx.test\n\nFinal-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: "
                                 "5.2.2\nDiagnostic-Code: smtp; 552 mailbox full\n",
     SOFT, "ann@a.test"},
    {"Zoho",
     FROM("mailer-daemon@mail.zoho.test",
          "Undelivered Mail Returned to Sender") "\nThis message was created automatically by "
                                                 "mail delivery software.\n A message that you sent could not be "
                                                 "delivered to one or more of its recipients. This is a "
                                                 "permanent error.\n\nann@a.test Invalid Address, ERROR_CODE :550, "
                                                 "ERROR_CODE :5.1.1 <ann@a.test>... User Unknown\n\nReceived: "
                                                 "from x\n",
     HARD, "ann@a.test"},
    {"Facebook",
     FROM(
         "postmaster@facebook.test",
         "Sorry, your message could not be delivered") "\nThis message was created automatically by "
                                                       "Facebook.\n\nSorry, your message could not be delivered to the "
                                                       "following recipients:\n\n   ann@facebook.test\n\nReason: 550 "
                                                       "5.1.1 RCP-P1 "
                                                       "http://postmaster.test/response_codes?ip=192.0.2.1#rcp refused "
                                                       "due to recipient preferences\n",
     SOFT, "ann@facebook.test"},
    {NULL, NULL, 0, NULL},
};

static const Case gateways[] = {
    {"Mimecast",
     FROM("MAILER-DAEMON@mx.test",
          "[Postmaster] Email Delivery Failure") "\nThis is a delivery failure notification message "
                                                 "indicating that\nan email you addressed to email address :\n-- "
                                                 "ann@a.test\n\ncould not be delivered. The problem appears to be "
                                                 ":\n-- Recipient email server rejected the message\n\nAdditional "
                                                 "information follows :\n-- 550 5.1.1 User unknown\n",
     HARD, "ann@a.test"},
    {"MailMarshal",
     FROM("MailMarshal <postmaster@mx.test>",
          "Undeliverable: news") "\nYour message:\n   From:    news@news.test\n   Subject: "
                                 "news\n\nCould not be delivered because of\n\n550 5.1.1 User unknown\n\nThe following "
                                 "recipients were affected: \n   "
                                 "ann@a.test\n",
     HARD, "ann@a.test"},
    {"Trend",
     FROM("postmaster@mx.test",
          "Mail could not be delivered") "\n****** Message from InterScan Messaging Security Suite ******\n\n"
                                         "Unable to deliver message to <ann@a.test> (and other recipients in the same "
                                         "domain).\n\nSent <<< RCPT TO:<ann@a.test>\n"
                                         "Received >>> 550 5.1.1 User unknown\n",
     HARD, "ann@a.test"},
    {"Barracuda",
     FROM("MAILER-DAEMON <>",
          "**Message you sent blocked by our bulk email filter**") "\nYour message to: ann@a.test\nwas blocked "
                                                                   "by our Spam Firewall. The email you sent with the "
                                                                   "following subject has NOT BEEN "
                                                                   "DELIVERED:\n\nSubject: news\n",
     SOFT, "ann@a.test"},
    {"amavis",
     FROM("Content-filter at mx.test <postmaster@mx.test>",
          "Considered UNSOLICITED BULK EMAIL, apparently from you") "\nA message from <news@news.test> to:\n-> "
                                                                    "ann@a.test\n\nwas considered unsolicited bulk "
                                                                    "e-mail (UBE).\n",
     SOFT, "ann@a.test"},
    {"SurfControl",
     FROM("MAILER-DAEMON@mx.test",
          "Undeliverable") "\nYour message could not be sent.\nA transcript of the attempts to send the "
                           "message follows.\nAddressed To: ann@a.test\n\n[Fri 4 May] 550 no such user\n",
     HARD, "ann@a.test"},
    {"McAfee",
     FROM("<postmaster@mx.test>",
          "Mail Delivery Problem") "\nThe following addresses had delivery problems:\n\n<ann@a.test>   "
                                   "(5.1.1 User unknown)\n",
     HARD, "ann@a.test"},
    {"m-FILTER, in Japanese",
     FROM("MAILER-DAEMON@mx.test",
          "Undelivered Mail") "Content-Type: text/plain; charset=utf-8\n\nメールが送信できませんでした。\n\n"
                              "-------server message\n550 5.1.1 <ann@a.test>... User unknown\n\n-------original "
                              "message\n" COPY,
     HARD, "ann@a.test"},
    {"KDDI: their filter",
     FROM("Postmaster@ezweb.test",
          "Mail System Error - Returned Mail") "\nEach of the following recipients was rejected by a "
                                               "remote mail server.\n    Recipient: <ann@ezweb.test>\n    >>> RCPT "
                                               "TO:<ann@ezweb.test>\n    <<< 550 <ann@ezweb.test>: User "
                                               "unknown\n",
     HARD, "ann@ezweb.test"},
    {"Verizon",
     FROM("Undeliverable Message <post_master@vtext.test>",
          "Undeliverable Message") "\nError: Message not delivered.\n  To: "
                                   "0001112222@vtext.test\n  Reason: no such subscriber\n",
     HARD, "0001112222@vtext.test"},
    {"Yale",
     FROM("Mail Delivery Subsystem <Mailer-Daemon@mx.test>",
          "Returned mail: User unknown") "\nYour message, with the subject\n   "
                                         "news\nwas not delivered because the addressee is not known:\n\n   "
                                         "<ann@a.test>\n\n   550 unknown user\n",
     HARD, "ann@a.test"},
    {"a list server",
     FROM("list-admin@lists.test",
          "NOT MEMBER article from news@news.test") "\nYou are not a member of this mailing list "
                                                    "<list@lists.test>\nso your message was rejected.\n",
     FINDING_UNKNOWN, ""},
    {NULL, NULL, 0, NULL},
};

static const Case reports[] = {
    {"lower case, no type", REPORT("final-recipient: ann@a.test\naction: Failed\nstatus: 5.1.1\n"), HARD, "ann@a.test"},
    {"the action has a comment",
     REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed (Bad destination mailbox address)\nStatus: 5.1.1 "
            "(bad)\n"),
     HARD, "ann@a.test"},
    {"the original goes first",
     REPORT("Original-Recipient: rfc822;ann@a.test\nFinal-Recipient: rfc822;x@internal.test\nAction: failed\nStatus: "
            "5.1.1\n"),
     HARD, "ann@a.test"},
    {"the name in the house",
     DAEMON("Undelivered Mail") "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nThe "
                                "following addresses had permanent "
                                "fatal errors\n<ann@a.test>\n--b\nContent-Type: "
                                "message/delivery-status\n\nFinal-Recipient: rfc822; ann\nAction: "
                                "failed\nStatus: 5.1.1\n--b--\n",
     HARD, "ann@a.test"},
    {"only the original is an address",
     REPORT("Original-Recipient: rfc822;ann@a.test\nFinal-Recipient: x-local;ann\nAction: failed\nStatus: 5.2.2\n"),
     SOFT, "ann@a.test"},
    {"delivered", REPORT("Final-Recipient: rfc822; ann@a.test\nAction: delivered\nStatus: 2.0.0\n"), OTHER,
     "ann@a.test"},
    {"one failed, one relayed",
     REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.1.1\n\nFinal-Recipient: rfc822; "
            "bob@b.test\nAction: relayed\nStatus: 2.0.0\n"),
     HARD, "ann@a.test"},
    {"delayed", REPORT("Final-Recipient: rfc822; ann@a.test\nAction: delayed\nStatus: 4.4.7\n"), OTHER, "ann@a.test"},
    {"moved without a mailbox word",
     REPORT(
         "Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.1.6\nDiagnostic-Code: smtp; 551 not here\n"),
     HARD, "ann@a.test"},
    {"the host is not there",
     REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.4.4\nDiagnostic-Code: X-Postfix; Host or "
            "domain "
            "name not found\n"),
     HARD, "ann@a.test"},
    {"access denied by Exchange Online",
     REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.4.1\nDiagnostic-Code: smtp;550 5.4.1 "
            "Recipient address "
            "rejected: Access denied. AS(201806281)\n"),
     HARD, "ann@a.test"},
    {"not accepting mail from us",
     REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.7.1\nDiagnostic-Code: smtp;550 5.7.1 "
            "RESOLVER.RST."
            "NotAuthorized; not authorized\n"),
     SOFT, "ann@a.test"},
    {"a refusal without a cause",
     REPORT(
         "Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; 550 Rejected\n"),
     SOFT, "ann@a.test"},
    {"a failure without a cause", REPORT("Final-Recipient: rfc822; ann@a.test\nAction: failed\nStatus: 5.0.0\n"), OTHER,
     "ann@a.test"},
    {NULL, NULL, 0, NULL},
};

static void test_cases(gconstpointer data)
{
    for (const Case *c = data; c->name; c++) {
        g_autoptr(Message) message = message_parse(c->mail, strlen(c->mail));
        g_auto(Finding) finding = {0};
        finding_init(&finding);
        classify(message, NULL, &finding);
        g_autofree char *recipients = text_join(finding.recipients, ",");
        g_test_message("%s: %s", c->name, finding.evidence);
        g_assert_cmpstr(finding_class_word(finding.class), ==, finding_class_word(c->class));
        g_assert_cmpstr(recipients, ==, c->recipients);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_data_func("/families/" #name, name, test_cases)
    TEST(qmail_and_exim);
    TEST(postfix_and_sendmail);
    TEST(windows);
    TEST(portals);
    TEST(gateways);
    TEST(reports);
    return g_test_run();
}
