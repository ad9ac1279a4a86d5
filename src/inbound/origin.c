/* Lists of names and marks; whoever asks decides what they are worth. */
#include "inbound/origin.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "mail/address.h"

const char *const origin_envelope_fields[] = {
    "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc", NULL};

/* The first Return-Path is that of the server that delivered to us; others may be the sender's own. */
bool origin_is_nobody(const Fields *fields)
{
    const char *path = fields_raw(fields, "Return-Path", 0);
    return path && strcmp(path, "<>") == 0;
}

/* "postmaster" counts as a whole name only: newsletters are called Postmaster Weekly. */
bool origin_is_mail_system(Fields *fields)
{
    static const char *const names[] = {
        "mailer-daemon", "mailer_daemon", "mailerdaemon", "maildaemon",         "mail-daemon",
        "mdaemon@",      "postmaster@",   "post_master@", "postmaster <",       "postmaster\"",
        "mail delivery", "mail.delivery", "mail system",  "mail administrator", "system administrator",
        "mailsystem@",   "postoffice",    "delivery sub", "delivery system",    "microsoft exchange",
        "mail server",   "mailserver",    "mail gateway", "mailmarshal",        "posta-certificata@",
    };
    const char *from = fields_text(fields, "From");
    if (*from == '\0' || strcmp(from, "<>") == 0)
        return !fields_has(fields, "Return-Path") || origin_is_nobody(fields);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (text_search(from, names[i]))
            return true;
    return g_ascii_strcasecmp(from, "postmaster") == 0;
}

bool origin_is_own_path(Fields *fields)
{
    g_autofree char *from = address_bare(fields_text(fields, "From"));
    g_autofree char *path = address_bare(fields_text(fields, "Return-Path"));
    return *path && g_ascii_strcasecmp(from, path) == 0;
}

/* "Re: x", "AW[2]: x", "RE : x". */
bool origin_is_answer(Fields *fields)
{
    static const char *const marks[] = {"re", "fwd", "fw", "aw", "wg",  "antw", "sv",  "vs", "tr",
                                        "rv", "rif", "r",  "i",  "odp", "pd",   "res", "enc"};
    const char *subject = fields_text(fields, "Subject");
    gsize length = strspn(subject, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
    if (subject[length + strspn(subject + length, " []0123456789")] != ':')
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (strlen(marks[i]) == length && g_ascii_strncasecmp(subject, marks[i], length) == 0)
            return true;
    return false;
}
