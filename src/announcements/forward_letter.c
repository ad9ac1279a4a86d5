/* Puts a resent block before bytes that are otherwise only brought into the form of SMTP: lines end by CRLF. */
#include "announcements/forward_letter.h"

/* system */
#include <string.h>

/* rundbrief */
#include "announcements/letter_plan.h"
#include "store/forward_store.h"

static void append_resent_block(GString *out, const OutboxMail *mail, const char *from, const char *id,
                                const char *date)
{
    const char *at = strrchr(from, '@');
    g_string_append_printf(out, "Resent-Date: %s\r\nResent-From: <%s>\r\nResent-To: <%s>\r\n", date, from,
                           mail->recipient.address);
    g_string_append_printf(out, "Resent-Message-ID: <%s%s>\r\n" FORWARD_MARK ": %" G_GINT64_FORMAT "\r\n", id,
                           at ? at : "@localhost", mail->id);
}

/* A first line "From …" is a mailbox's, not the mail's. */
static const char *skip_separator(const char *bytes, const char *end)
{
    const char *stop = memchr(bytes, '\n', (gsize)(end - bytes));
    return stop && g_str_has_prefix(bytes, "From ") ? stop + 1 : bytes;
}

static void append_line(GString *out, const char *line, gsize length)
{
    for (gsize i = 0; i < length; i++)
        if (line[i] != '\r') /* one alone is no line end in SMTP */
            g_string_append_c(out, line[i]);
    g_string_append(out, "\r\n");
}

static void append_mail(GString *out, const char *bytes, gsize length)
{
    const char *end = bytes + length;
    for (const char *line = skip_separator(bytes, end); line < end;) {
        const char *stop = memchr(line, '\n', (gsize)(end - line));
        stop = stop ? stop : end;
        append_line(out, line, (gsize)(stop - line));
        line = stop + 1;
    }
}

/* Letters beyond ASCII in a header need SMTPUTF8 (RFC 6531 3.1). */
static bool header_is_ascii(const GString *letter)
{
    const char *end = strstr(letter->str, "\r\n\r\n");
    for (const char *p = letter->str; *p && p != end; p++)
        if ((unsigned char)*p >= 0x80)
            return false;
    return true;
}

bool forward_letter_write(Db *db, const OutboxMail *mail, const char *from, const char *date, Letter *letter,
                          GError **error)
{
    GBytes *found;
    if (!forward_load(db, mail->id, &found, error))
        return false;
    g_autoptr(GBytes) stored = found;
    if (!stored) {
        g_set_error(error, LETTER_ERROR, LETTER_ERROR_MISSING, "the mail to be passed on is gone");
        return false;
    }
    gsize length;
    const char *bytes = g_bytes_get_data(stored, &length);
    if (!letter->bytes)
        letter->bytes = g_string_sized_new(length);
    g_string_truncate(letter->bytes, 0);
    append_resent_block(letter->bytes, mail, from, letter->id, date);
    append_mail(letter->bytes, bytes, length);
    letter->look = wire_look(letter->bytes->str, letter->bytes->len);
    letter->needs_utf8 |= !header_is_ascii(letter->bytes);
    return true;
}
