#include "inbound/mailbox_words.h"

/* rundbrief */
#include "inbound/imap_stream.h"

const char *mailbox_words_advice(const MailboxSettings *mailbox, const GError *trouble)
{
    if (trouble->domain == G_FILE_ERROR)
        return "Check password_file of this mailbox in rundbrief.conf; it is read again at the next try.";
    if (trouble->domain == G_SPAWN_ERROR)
        return "Check token_command of this mailbox in rundbrief.conf; it is run again at the next try.";
    if (trouble->domain != IMAP_ERROR)
        return "Trying again.";
    switch ((ImapError)trouble->code) {
    case IMAP_ERROR_CONNECT:
        return "Check host and port of this mailbox in rundbrief.conf, and that the server is up.";
    case IMAP_ERROR_TLS:
        return "Check host, tls and ca_file of this mailbox in rundbrief.conf; nothing is read until the certificate "
               "is good.";
    case IMAP_ERROR_LOGIN:
        return mailbox->auth == AUTH_XOAUTH2
                   ? "Check user of this mailbox in rundbrief.conf, and what its token_command brings."
                   : "Check user and password_file of this mailbox in rundbrief.conf.";
    case IMAP_ERROR_FOLDER:
        return "Make sure on the server that the folder is there, may be written to and has room, or change the "
               "folders "
               "of this mailbox in rundbrief.conf; some servers want names such as INBOX.Tray.";
    case IMAP_ERROR_REFUSED:
    case IMAP_ERROR_LINE:
        return "Trying again; if it stays so, ask whoever runs the mail server.";
    }
    return "";
}
