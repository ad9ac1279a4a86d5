/* A copy begins behind a line that says so ("--- Below this line is a copy of the message."), or where a header
 * does. */
#include "inbound/report_text.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/html_text.h"
#include "model/phrases.h"

#define ANNOUNCING_LINE_BYTES 120 /* a longer one is prose */

/* Words of the line above a copy. */
static const Phrase copy_phrases[] = {
    {"below this line", 0, 0},
    {"below the next line", 0, 0},
    {"copy of the message", 0, 0},
    {"copy of your message", 0, 0},
    {"copy of the first part of the message", 0, 0},
    {"copy of the original", 0, 0},
    {"enclosed is a copy", 0, 0},
    {"original message", 0, 0},
    {"original mail", 0, 0},
    {"original email", 0, 0},
    {"unsent message", 0, 0},
    {"undelivered message", 0, 0},
    {"undelivered mail", 0, 0},
    {"undeliverable message", 0, 0},
    {"undeliverable mail", 0, 0},
    {"returned message", 0, 0},
    {"returned mail", 0, 0},
    {"rejected message", 0, 0},
    {"failed message", 0, 0},
    {"bounced e mail", 0, 0},
    {"bounced mail", 0, 0},
    {"bounced message", 0, 0},
    {"message headers", 0, 0},
    {"message header ", 0, 0},
    {"message text follows", 0, 0},
    {"message follows", 0, 0},
    {"message reads", 0, 0},
    {"headers follow", 0, 0},
    {"header of the", 0, 0},
    {"headers of the", 0, 0},
    {"text of your message", 0, 0},
    {"text of the message", 0, 0},
    {"mensaje original", 0, 0},
    {"mensagem original", 0, 0},
    {"message original", 0, 0},
    {"messaggio originale", 0, 0},
    {"ursprungliche nachricht", 0, 0},
    {"originalnachricht", 0, 0},
    {"kopie der nachricht", 0, 0},
    {"oorspronkelijk bericht", 0, 0},
    {"copie du message", 0, 0},
    {"copia del mensaje", 0, 0},
    {"copia del messaggio", 0, 0},
};
/* The same words in a line that announces something else. */
static const Phrase no_copy_phrases[] = {
    {"transcript", 0, 0},        {"not receive", 0, 0},         {"not reach", 0, 0},
    {"following address", 0, 0}, {"following recipient", 0, 0},
};
static PhraseSet copies = PHRASE_SET(copy_phrases), no_copies = PHRASE_SET(no_copy_phrases);

/* Fields that no report writes about itself in its text. */
static bool begins_header(const char *line)
{
    static const char *const names[] = {"Received:",     "Return-Path:",          "DKIM-Signature:", "X-Received:",
                                        "MIME-Version:", "X-Google-Smtp-Source:", "Delivered-To:"};
    while (*line == ' ' || *line == '\t' || *line == '>' || *line == '|')
        line++;
    if (!*line || !strchr("RrDdXxMm", *line)) /* as the names do */
        return false;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strncasecmp(line, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Such a line is set apart by dashes, or ends like a title. */
static bool announces_copy(const char *line, gsize length)
{
    while (length > 0 && strchr(" \t", line[length - 1]))
        length--;
    gsize start = strspn(line, " \t");
    if (length <= start + 4 || length > ANNOUNCING_LINE_BYTES)
        return false;
    bool is_marked = strchr("-=*_#|+", line[start]) || strchr("-=*_#|:", line[length - 1]) ||
                     (length > 6 && g_ascii_strncasecmp(line + length - 6, "follow", 6) == 0) ||
                     (length > 7 && g_ascii_strncasecmp(line + length - 7, "follows", 7) == 0);
    if (!is_marked)
        return false;
    g_autoptr(GString) words = phrase_fold(line, length);
    return !phrases_best(&no_copies, words, NULL) && phrases_best(&copies, words, NULL);
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

/* The header in a copy: from the first line that looks like a field. */
static Fields *read_header(const char *text)
{
    g_autoptr(GString) header = g_string_new(NULL);
    bool begun = false;
    for (const char *line = text; *line; line = next_line(line)) {
        gsize length = strcspn(line, "\n"), indent = begun ? 0 : strspn(line, " \t>|");
        gsize name = strcspn(line + indent, ": \t\n");
        bool is_field = name > 1 && line[indent + name] == ':';
        if (!begun && !is_field)
            continue;
        if (strspn(line, " \t\r") >= length || header->len > LIMIT_REPORT_TEXT_BYTES)
            break;
        begun = true;
        g_string_append_len(header, line + indent, (gssize)(length - indent));
        g_string_append_c(header, '\n');
    }
    return begun ? fields_parse(header->str, header->len, NULL) : NULL;
}

/* Cuts the text where a copy begins, and reads that one's header. */
static void cut_copy(ReportText *text)
{
    for (const char *line = text->own->str; *line; line = next_line(line)) {
        bool is_header = line > text->own->str && begins_header(line);
        if (!is_header && !announces_copy(line, strcspn(line, "\n")))
            continue;
        if (!text->returned) {
            text->returned = read_header(is_header ? line : next_line(line));
            text->owns_returned = text->returned != NULL;
        }
        g_string_truncate(text->own, (gsize)(line - text->own->str));
        return;
    }
}

static void append_part(ReportText *text, MimePart *part, bool is_html)
{
    g_autofree char *plain = is_html ? html_text(mime_part_text(part)) : NULL;
    const char *source = plain ? plain : mime_part_text(part);
    gsize room = LIMIT_REPORT_TEXT_BYTES - text->own->len, length = strlen(source);
    while (length > room)
        length = (gsize)(g_utf8_find_prev_char(source, source + room + 1) - source);
    g_string_append_len(text->own, source, (gssize)length);
    if (text->own->len < LIMIT_REPORT_TEXT_BYTES)
        g_string_append_c(text->own, '\n');
}

static void append_parts(Message *message, ReportText *text, const char *type)
{
    for (guint i = 0; i < message_part_count(message); i++) {
        MimePart *part = message_part(message, i);
        if (strcmp(mime_part_type(part), type) == 0)
            append_part(text, part, strcmp(type, "text/html") == 0);
    }
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

void report_text_read(Message *message, ReportText *ret)
{
    *ret = (ReportText){.own = g_string_new(NULL)};
    for (guint i = 0; i < message_part_count(message) && !ret->returned; i++)
        ret->returned = mime_part_enclosed_fields(message_part(message, i));
    append_parts(message, ret, "text/plain");
    if (is_blank(ret->own->str))
        append_parts(message, ret, "text/html");
    cut_copy(ret);
}

const GString *report_text_folded(ReportText *text)
{
    if (!text->folded)
        text->folded = phrase_fold(text->own->str, text->own->len);
    return text->folded;
}

/* "On 3 May, Ann <ann@a.test> wrote:" */
static bool introduces_quote(const char *line, gsize length)
{
    static const char wrote[] = " wrote:";
    const gsize n = strlen(wrote);
    return (length > 8 && line[length - 1] == ':' && memchr(line, '@', length)) ||
           (length > n && memcmp(line + length - n, wrote, n) == 0);
}

/* A quote, the line that introduces one, or a signature. */
static bool ends_words(const char *line, gsize length)
{
    static const char *const ends[] = {
        ">", "-- \n", "-----", "_____", "Von:", "From:", "De:", "Sent from", "Gesendet von", "Get Outlook"};
    const char *start = line + strspn(line, " \t");
    for (gsize i = 0; i < G_N_ELEMENTS(ends) && strchr(">-_VFDSG", *start); i++) /* as they begin */
        if (strncmp(start, ends[i], strlen(ends[i])) == 0)
            return true;
    return introduces_quote(line, length);
}

gsize report_text_said(ReportText *text)
{
    if (text->has_said)
        return text->said;
    const char *line = text->own->str;
    for (gsize length; *line && !ends_words(line, length = strcspn(line, "\n"));)
        line += length + (line[length] == '\n');
    text->has_said = true;
    return text->said = (gsize)(line - text->own->str);
}

const GString *report_text_folded_said(ReportText *text)
{
    const gsize length = report_text_said(text);
    if (length == text->own->len)
        return report_text_folded(text);
    if (!text->folded_said)
        text->folded_said = phrase_fold(text->own->str, length);
    return text->folded_said;
}

void report_text_clear(ReportText *text)
{
    if (text->folded)
        g_string_free(text->folded, TRUE);
    if (text->folded_said)
        g_string_free(text->folded_said, TRUE);
    if (text->own)
        g_string_free(text->own, TRUE);
    if (text->owns_returned)
        fields_free(text->returned);
    *text = (ReportText){0};
}
