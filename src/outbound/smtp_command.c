/* Commands are built by hand: printf would allocate for each. */
#include "outbound/smtp_command.h"

static void append_number(GString *out, gsize number)
{
    char digits[24];
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    g_string_append_len(out, at, digits + sizeof digits - at);
}

/* xtext, RFC 3461 4. */
static void append_xtext(GString *out, const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    for (const char *p = text; *p; p++) {
        unsigned char c = (unsigned char)*p;
        if (c > ' ' && c < 127 && c != '+' && c != '=') {
            g_string_append_c(out, *p);
        } else {
            g_string_append_c(out, '+');
            g_string_append_c(out, hex[c >> 4]);
            g_string_append_c(out, hex[c & 15]);
        }
    }
}

/* utf-8-addr-unitext, RFC 6533 3: what a server with SMTPUTF8 takes. */
static void append_unitext(GString *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '+')
            g_string_append(out, "\\x{2B}");
        else if (*p == '=')
            g_string_append(out, "\\x{3D}");
        else if (*p == '\\')
            g_string_append(out, "\\x{5C}");
        else if (*p == ' ')
            g_string_append(out, "\\x{20}");
        else
            g_string_append_c(out, *p);
    }
}

void smtp_append_mail(GString *out, const SmtpMail *mail, const SmtpCapabilities *can)
{
    g_string_append(out, "MAIL FROM:<");
    g_string_append(out, mail->from);
    g_string_append_c(out, '>');
    if (can->size) {
        g_string_append(out, " SIZE=");
        append_number(out, mail->length);
    }
    if (can->eight_bit && mail->look.has_eight_bits)
        g_string_append(out, " BODY=8BITMIME");
    if (mail->needs_utf8)
        g_string_append(out, " SMTPUTF8");
    if (can->dsn)
        g_string_append(out, " RET=HDRS");
    if (can->dsn && mail->id) {
        g_string_append(out, " ENVID=");
        append_xtext(out, mail->id);
    }
    g_string_append(out, "\r\n");
}

void smtp_append_rcpt(GString *out, const SmtpMail *mail, const SmtpCapabilities *can)
{
    g_string_append(out, "RCPT TO:<");
    g_string_append(out, mail->to);
    g_string_append_c(out, '>');
    if (can->dsn && mail->needs_utf8) {
        g_string_append(out, " NOTIFY=FAILURE,DELAY ORCPT=utf-8;");
        append_unitext(out, mail->to);
    } else if (can->dsn) {
        g_string_append(out, " NOTIFY=FAILURE,DELAY ORCPT=rfc822;");
        append_xtext(out, mail->to);
    }
    g_string_append(out, "\r\n");
}

void smtp_append_body(GString *out, const SmtpMail *mail)
{
    g_string_append_len(out, mail->body, (gssize)mail->length);
    g_string_append(out, ".\r\n");
}

void smtp_append_chunk(GString *out, const SmtpMail *mail)
{
    g_string_append(out, "BDAT ");
    append_number(out, mail->length);
    g_string_append(out, " LAST\r\n");
    g_string_append_len(out, mail->body, (gssize)mail->length);
}
