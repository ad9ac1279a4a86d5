/* The reply reader. Pure: no I/O. Strict where a wrong guess would pair replies with the wrong commands (codes,
 * continuation lines, limits), lenient where it cannot (line ends, text, case). */
#include "outbound/smtp_reply.h"

void smtp_reply_reader_init(SmtpReplyReader *reader)
{
    *reader = (SmtpReplyReader){.line = g_string_new(NULL)};
}

void smtp_reply_reader_clear(SmtpReplyReader *reader)
{
    if (reader->line)
        g_string_free(reader->line, TRUE);
    reader->line = NULL;
}

/* Length of "5.1.1" at the beginning of text when its class fits the code; 0 otherwise. */
static gsize enhanced_length(const char *text, int code)
{
    gsize at = 0;
    for (int part = 0; part < 3; part++) {
        gsize digits = strspn(text + at, "0123456789");
        if (digits < 1 || digits > (part == 0 ? 1 : 3))
            return 0;
        at += digits;
        if (part < 2 && text[at++] != '.')
            return 0;
    }
    bool ends = text[at] == '\0' || text[at] == ' ';
    return ends && text[0] - '0' == code / 100 ? at : 0;
}

static void append_text(SmtpReply *reply, const char *text)
{
    gsize used = strlen(reply->text);
    if (used > 0 && used < sizeof reply->text - 1)
        reply->text[used++] = ' ';
    for (; *text && used < sizeof reply->text - 1; text++)
        reply->text[used++] = g_ascii_iscntrl(*text) ? ' ' : *text;
    reply->text[used] = '\0';
}

/* Replaces what is not UTF-8, including a character that the limit cut in two. */
static void make_valid(char *text)
{
    const char *bad;
    while (!g_utf8_validate(text, -1, &bad))
        text[bad - text] = '?';
}

/* A server writes "250 2.1.0 ok"; the line's end is already taken off. */
static SmtpReplyResult take_line(SmtpReplyReader *reader)
{
    const GString *line = reader->line;
    const char *text = line->str;
    if (line->len < 3 || memchr(text, '\0', line->len) || strspn(text, "0123456789") != 3)
        return SMTP_REPLY_BROKEN;
    int code = (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0');
    bool more = text[3] == '-';
    if (code < 200 || code > 599 || (text[3] != '\0' && text[3] != ' ' && !more))
        return SMTP_REPLY_BROKEN;
    if (reader->lines == 0)
        reader->reply = (SmtpReply){.code = code};
    if (code != reader->reply.code || ++reader->lines > LIMIT_SMTP_REPLY_LINES)
        return SMTP_REPLY_BROKEN;
    text += text[3] != '\0' ? 4 : 3;
    gsize enhanced = enhanced_length(text, code);
    if (enhanced > 0 && enhanced < sizeof reader->reply.enhanced && reader->reply.enhanced[0] == '\0')
        g_strlcpy(reader->reply.enhanced, text, enhanced + 1);
    append_text(&reader->reply, text + enhanced + (enhanced > 0 && text[enhanced] == ' '));
    if (more)
        return SMTP_REPLY_NONE;
    make_valid(reader->reply.text);
    reader->lines = 0;
    return SMTP_REPLY_WHOLE;
}

SmtpReplyResult smtp_reply_read(SmtpReplyReader *reader, const char **bytes, gsize *length)
{
    while (*length > 0) {
        const char *newline = memchr(*bytes, '\n', *length);
        gsize taken = newline ? (gsize)(newline - *bytes) + 1 : *length;
        if (reader->line->len + taken > LIMIT_SMTP_LINE_BYTES)
            return SMTP_REPLY_BROKEN;
        g_string_append_len(reader->line, *bytes, (gssize)taken);
        *bytes += taken;
        *length -= taken;
        if (!newline)
            return SMTP_REPLY_NONE;
        g_string_truncate(reader->line, reader->line->len - 1);
        if (reader->line->len > 0 && reader->line->str[reader->line->len - 1] == '\r')
            g_string_truncate(reader->line, reader->line->len - 1);
        SmtpReplyResult result = take_line(reader);
        g_string_truncate(reader->line, 0);
        if (result != SMTP_REPLY_NONE)
            return result;
    }
    return SMTP_REPLY_NONE;
}
