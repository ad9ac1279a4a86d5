#pragma once
/* Mail systems, and what gives their reports away. */
#include "model/phrases.h"

#define FAMILIES(X)                                                                                                    \
    X(AMAVIS, "amavis")                                                                                                \
    X(AMAZON_SES, "amazon-ses")                                                                                        \
    X(AOL, "aol")                                                                                                      \
    X(APPLE, "apple")                                                                                                  \
    X(BARRACUDA, "barracuda")                                                                                          \
    X(COURIER, "courier")                                                                                              \
    X(DOCOMO, "docomo")                                                                                                \
    X(DOMINO, "domino")                                                                                                \
    X(DOVECOT, "dovecot")                                                                                              \
    X(DRAGONFLY, "dragonfly")                                                                                          \
    X(EXCHANGE, "exchange")                                                                                            \
    X(EXIM, "exim")                                                                                                    \
    X(FACEBOOK, "facebook")                                                                                            \
    X(FML, "fml")                                                                                                      \
    X(GMX, "gmx")                                                                                                      \
    X(GMAIL, "gmail")                                                                                                  \
    X(GOOGLE_GROUPS, "google-groups")                                                                                  \
    X(GROUPWISE, "groupwise")                                                                                          \
    X(IMAIL, "imail")                                                                                                  \
    X(INTERSCAN, "interscan")                                                                                          \
    X(JAMES, "james")                                                                                                  \
    X(KDDI, "kddi")                                                                                                    \
    X(MAILMARSHAL, "mailmarshal")                                                                                      \
    X(MAILRU, "mail.ru")                                                                                               \
    X(MCAFEE, "mcafee")                                                                                                \
    X(MDAEMON, "mdaemon")                                                                                              \
    X(MESSAGELABS, "messagelabs")                                                                                      \
    X(MESSAGING_SERVER, "messaging-server")                                                                            \
    X(MFILTER, "m-filter")                                                                                             \
    X(MIMECAST, "mimecast")                                                                                            \
    X(OPENSMTPD, "opensmtpd")                                                                                          \
    X(OUTLOOK, "outlook.com")                                                                                          \
    X(POSTFIX, "postfix")                                                                                              \
    X(POWERMTA, "powermta")                                                                                            \
    X(QMAIL, "qmail")                                                                                                  \
    X(SENDGRID, "sendgrid")                                                                                            \
    X(SENDMAIL, "sendmail")                                                                                            \
    X(SURFCONTROL, "surfcontrol")                                                                                      \
    X(SYMANTEC, "symantec")                                                                                            \
    X(VERIZON, "verizon")                                                                                              \
    X(WORKMAIL, "amazon-workmail")                                                                                     \
    X(YAHOO, "yahoo")                                                                                                  \
    X(YANDEX, "yandex")                                                                                                \
    X(ZOHO, "zoho")

typedef enum {
#define FAMILY_NUMBER(id, name) FAMILY_##id,
    FAMILIES(FAMILY_NUMBER)
#undef FAMILY_NUMBER
} Family;

static const char *const family_names[] = {
#define FAMILY_NAME(id, name) [FAMILY_##id] = (name),
    FAMILIES(FAMILY_NAME)
#undef FAMILY_NAME
};

typedef struct FamilyField {
    Family family;
    const char *field, *words;
} FamilyField;

static const FamilyField family_fields[] = {
    {FAMILY_GMAIL, "From", "@googlemail.com"},
    {FAMILY_GMAIL, "From", "@google.com"},
    {FAMILY_WORKMAIL, "X-Mailer", "amazon workmail"},
    {FAMILY_AMAZON_SES, "From", "amazonses.com"},
    {FAMILY_YAHOO, "From", "@yahoo"},
    {FAMILY_YAHOO, "From", ".yahoo.co"},
    {FAMILY_AOL, "From", "@aol."},
    {FAMILY_AOL, "From", ".aol.com"},
    {FAMILY_OUTLOOK, "From", "@hotmail.com"},
    {FAMILY_OUTLOOK, "From", "@outlook.com"},
    {FAMILY_APPLE, "From", "icloud.com"},
    {FAMILY_APPLE, "From", "@mac.com"},
    {FAMILY_FACEBOOK, "From", "facebook.com"},
    {FAMILY_ZOHO, "From", "zoho."},
    {FAMILY_MAILRU, "From", "mail.ru"},
    {FAMILY_YANDEX, "From", "yandex"},
    {FAMILY_GMX, "From", "@gmx."},
    {FAMILY_DOCOMO, "From", "docomo.ne.jp"},
    {FAMILY_KDDI, "From", "ezweb.ne.jp"},
    {FAMILY_KDDI, "From", "@au.com"},
    {FAMILY_VERIZON, "From", "vzwpix.com"},
    {FAMILY_VERIZON, "From", "vtext.com"},
    {FAMILY_MESSAGELABS, "From", "messagelabs.com"},
    {FAMILY_SENDGRID, "From", "sendgrid"},
    {FAMILY_MDAEMON, "From", "mdaemon@"},
    {FAMILY_IMAIL, "X-Mailer", "SMTP32"},
    {FAMILY_EXCHANGE, "X-Mailer", "internet mail service"},
    {FAMILY_EXCHANGE, "X-MimeOLE", "exchange"},
    {FAMILY_MDAEMON, "X-Mailer", "mdaemon"},
    {FAMILY_DOMINO, "X-Mailer", "lotus"},
    {FAMILY_DOMINO, "X-MIMETrack", "domino"},
    {FAMILY_GROUPWISE, "X-Mailer", "groupwise"},
    {FAMILY_MFILTER, "X-Mailer", "m-filter"},
    {FAMILY_SURFCONTROL, "X-Mailer", "surfcontrol"},
    {FAMILY_FML, "X-MLServer", "fml"},
    {FAMILY_COURIER, "Message-ID", "courier."},
};

static const Phrase family_sentences[] = {
    {"google groups", FAMILY_GOOGLE_GROUPS, 0},
    {"this is the qmail send program", FAMILY_QMAIL, 0},
    {"qmail", FAMILY_QMAIL, 1},
    {"this is the mail system at host", FAMILY_POSTFIX, 0},
    {"this is the postfix program", FAMILY_POSTFIX, 0},
    {"postfix", FAMILY_POSTFIX, 1},
    {"i m sorry to have to inform you", FAMILY_POSTFIX, 1},
    {"this message was created automatically by mail delivery software", FAMILY_EXIM, 0},
    {"exim", FAMILY_EXIM, 1},
    {"had permanent fatal errors", FAMILY_SENDMAIL, 0},
    {"had transient non fatal errors", FAMILY_SENDMAIL, 0},
    {"transcript of session follows", FAMILY_SENDMAIL, 0},
    {"the original message was received at", FAMILY_SENDMAIL, 1},
    {"diagnostic information for administrators", FAMILY_EXCHANGE, 0},
    {"diagnoseinformationen fur administratoren", FAMILY_EXCHANGE, 0},
    {"did not reach the following recipient", FAMILY_EXCHANGE, 0},
    {"microsoft exchange", FAMILY_EXCHANGE, 1},
    {"resolver adr", FAMILY_EXCHANGE, 1},
    {"domino directory", FAMILY_DOMINO, 0},
    {"lotus notes", FAMILY_DOMINO, 0},
    {"groupwise", FAMILY_GROUPWISE, 0},
    {"the message that you sent was undeliverable to the following", FAMILY_GROUPWISE, 0},
    {"this is the mailer daemon please do not reply", FAMILY_OPENSMTPD, 0},
    {"dragonfly mail agent", FAMILY_DRAGONFLY, 0},
    {"this is a delivery status notification from", FAMILY_COURIER, 0},
    {"this report relates to a message you sent with the following header", FAMILY_MESSAGING_SERVER, 0},
    {"doesn t have a yahoo", FAMILY_YAHOO, 0},
    {"amazon simple email service", FAMILY_AMAZON_SES, 0},
    {"mimecast", FAMILY_MIMECAST, 0},
    {"mailmarshal", FAMILY_MAILMARSHAL, 0},
    {"spam firewall", FAMILY_BARRACUDA, 0},
    {"barracuda", FAMILY_BARRACUDA, 0},
    {"considered unsolicited bulk", FAMILY_AMAVIS, 0},
    {"interscan", FAMILY_INTERSCAN, 0},
    {"symantec", FAMILY_SYMANTEC, 0},
    {"messagelabs", FAMILY_MESSAGELABS, 0},
    {"surfcontrol", FAMILY_SURFCONTROL, 0},
    {"mcafee", FAMILY_MCAFEE, 0},
    {"james", FAMILY_JAMES, 1},
    {"powermta", FAMILY_POWERMTA, 0},
    {"was automatically rejected", FAMILY_DOVECOT, 1},
};
