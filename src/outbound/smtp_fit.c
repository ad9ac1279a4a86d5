/* The last look before a mail is said. Addresses are checked when they are taken in; this is what makes command
 * injection impossible even if that should err, as mail/wire.h does with smuggling in bodies. */
#include "outbound/smtp_fit.h"

/* It cannot end its command early, which would be a command of somebody else's. A space is fit between quotes (RFC 5321
 * 4.1.2); a bracket is nowhere, for not every server reads them so. */
static bool address_fits(const char *address)
{
    bool quoted = false;
    for (const char *p = address; *p; p++) {
        if (g_ascii_iscntrl(*p) || *p == '<' || *p == '>' || (*p == ' ' && !quoted))
            return false;
        if (*p == '"')
            quoted = !quoted;
        else if (*p == '\\' && quoted && g_ascii_isprint(p[1]) && p[1] != '<' && p[1] != '>')
            p++;
    }
    return *address != '\0' && !quoted;
}

/* A mail to an address with letters beyond ASCII names it in its header, and so has eight bits: SMTPUTF8 goes with
 * 8BITMIME (RFC 6531 3.1), and without it is the address's fault, not the text's. */
const Attempt *smtp_mail_unfit(const SmtpMail *mail, const SmtpCapabilities *can)
{
    static const Attempt
        address = {.phase = SMTP_RCPT,
                   .reply = 553,
                   .ours = true,
                   .enhanced = "5.1.3",
                   .text = "the address cannot be written in SMTP"},
        letters = {.phase = SMTP_RCPT,
                   .reply = 553,
                   .ours = true,
                   .enhanced = "5.6.7",
                   .text = "the relay does not take addresses with letters beyond ASCII (SMTPUTF8, 8BITMIME)"},
        size = {.phase = SMTP_MAIL,
                .reply = 552,
                .ours = true,
                .enhanced = "5.3.4",
                .text = "the mail is bigger than the relay takes"},
        unfit = {.phase = SMTP_DATA,
                 .reply = 554,
                 .ours = true,
                 .enhanced = "5.6.0",
                 .text = "the mail's text is not fit for SMTP"},
        bits = {.phase = SMTP_DATA,
                .reply = 554,
                .ours = true,
                .enhanced = "5.6.3",
                .text = "the relay does not take texts of eight bits (8BITMIME)"};
    if (!address_fits(mail->from) || !address_fits(mail->to))
        return &address;
    if (mail->needs_utf8 && !(can->utf8 && can->eight_bit))
        return &letters;
    if (can->size_limit > 0 && mail->length > (guint64)can->size_limit)
        return &size;
    if (mail->look.length != mail->length || !wire_is_fit(&mail->look))
        return &unfit;
    return can->eight_bit || !mail->look.has_eight_bits ? NULL : &bits;
}
