/* Takes a mail apart: one copy of it with plain line ends, and parts that are stretches of that copy. Each level of
 * parts is one search for its boundary. Every text is decoded when somebody asks. A Message owns all it gives. */
#include "mail/parse.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/charset.h"
#include "mail/content_type.h"
#include "mail/transfer_decode.h"

#define BOUNDARY_BYTES 200 /* RFC 2046 5.1.1 says 70; senders write more */

typedef struct Stretch {
    const char *start, *end; /* inside Message.text */
} Stretch;

struct MimePart {
    Fields *fields; /* the part's own header; that of the mail for the outermost, whose owner the Message is */
    Stretch body;
    guint depth;
    char *type;
    char *text;       /* NULL until somebody asks */
    Fields *enclosed; /* likewise */
};

struct Message {
    GString *text;
    GPtrArray *parts; /* of MimePart */
    const char *note;
};

/* ---- plain line ends --------------------------------------------------------------------------------------------- */

/* Line ends become LF, NUL becomes '?'. */
static GString *with_plain_line_ends(const char *bytes, gsize length)
{
    GString *text = g_string_sized_new(length + 1);
    const char *end = bytes + length;
    for (const char *at = bytes; at < end;) {
        const char *cr = memchr(at, '\r', (gsize)(end - at));
        g_string_append_len(text, at, (cr ? cr : end) - at);
        if (!cr)
            break;
        if (cr + 1 == end || cr[1] != '\n')
            g_string_append_c(text, '\n');
        at = cr + 1;
    }
    for (char *nul = text->str; (nul = memchr(nul, '\0', (gsize)(text->str + text->len - nul)));)
        *nul = '?';
    return text;
}

/* A mail out of a mailbox file begins with "From "; some relays put empty lines above the header. */
static const char *skip_what_is_above_the_header(const char *text)
{
    text += strspn(text, "\n \t");
    while (g_str_has_prefix(text, "From ") || g_str_has_prefix(text, ">From ")) {
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return text;
}

/* ---- boundaries -------------------------------------------------------------------------------------------------- */

static const char *next_line(const char *line, const char *end)
{
    if (*line == '\n')
        return line + 1;
    const char *newline = memchr(line, '\n', (gsize)(end - line));
    return newline ? newline + 1 : end;
}

/* The next line at or behind line that begins with these words, or NULL. */
static const char *find_line(const char *line, const char *end, const char *words, gsize length)
{
    while ((gsize)(end - line) >= length) {
        if (*line == *words && memcmp(line, words, length) == 0)
            return line;
        line = next_line(line, end);
    }
    return NULL;
}

/* Where the line ends that is a delimiter and nothing else from rest on; NULL: it is none. */
static const char *delimiter_end(const char *rest, const char *end, bool *ret_closes)
{
    *ret_closes = end - rest >= 2 && rest[0] == '-' && rest[1] == '-';
    rest += *ret_closes ? 2 : 0;
    while (rest < end && (*rest == ' ' || *rest == '\t'))
        rest++;
    return rest == end || *rest == '\n' ? rest : NULL;
}

/* The next delimiter (RFC 2046 5.1.1): returns where the part before it ends, NULL: there is none. *ret_after: the line
 * behind it; NULL: it ends the last part. delimiter: "--" and the boundary. */
static const char *find_delimiter(Stretch in, const GString *delimiter, const char **ret_after)
{
    const char *line = in.start;
    while ((line = find_line(line, in.end, delimiter->str, delimiter->len))) {
        bool closes;
        const char *end = delimiter_end(line + delimiter->len, in.end, &closes);
        if (end) {
            *ret_after = closes ? NULL : end == in.end ? end : end + 1;
            return line == in.start ? line : line - 1;
        }
        line = next_line(line, in.end);
    }
    return NULL;
}

/* What looks like a delimiter at a line: "--something", and a Content-* field on the next line. */
static GString *read_delimiter(const char *line, const char *end)
{
    const char *newline = memchr(line, '\n', (gsize)(end - line));
    if (!newline || newline - line < 3 || newline - line > BOUNDARY_BYTES || strncmp(line, "--", 2) != 0 ||
        end - newline < 10 || g_ascii_strncasecmp(newline + 1, "Content-", 8) != 0)
        return NULL;
    while (newline[-1] == ' ' || newline[-1] == '\t')
        newline--;
    return newline - line > 2 ? g_string_new_len(line, newline - line) : NULL;
}

/* Some relays rewrite the header and not the boundary. */
static GString *guess_delimiter(Stretch body)
{
    GString *delimiter = NULL;
    for (const char *line = body.start; !delimiter && (line = find_line(line, body.end, "--", 2));
         line = next_line(line, body.end))
        delimiter = read_delimiter(line, body.end);
    return delimiter;
}

static GString *stated_delimiter(const MimePart *part)
{
    g_autofree char *boundary = mime_part_parameter(part, "boundary");
    gsize length = boundary ? strlen(boundary) : 0;
    if (length == 0 || length > BOUNDARY_BYTES)
        return NULL;
    GString *delimiter = g_string_new("--");
    return g_string_append(delimiter, boundary);
}

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static void read_entity(Message *message, Stretch source, guint depth, const char *usual_type);

static bool is_multipart(const MimePart *part)
{
    return g_str_has_prefix(part->type, "multipart/");
}

/* False when the boundary never comes. */
static bool read_parts(Message *message, const MimePart *part, const GString *delimiter)
{
    const char *usual_type = strcmp(part->type, "multipart/digest") == 0 ? "message/rfc822" : "text/plain";
    const char *start = NULL, *after = NULL;
    Stretch rest = part->body;
    bool found = false;
    for (const char *end; (end = find_delimiter(rest, delimiter, &after)); found = true) {
        if (start)
            read_entity(message, (Stretch){start, MAX(start, end)}, part->depth + 1, usual_type);
        if (!after || message->note)
            return true;
        start = after;
        rest.start = after;
    }
    if (start)
        read_entity(message, rest, part->depth + 1, usual_type);
    return found;
}

static MimePart *add_part(Message *message, Fields *fields, Stretch body, guint depth, const char *usual_type)
{
    MimePart *part = g_new0(MimePart, 1);
    *part = (MimePart){.fields = fields, .body = body, .depth = depth};
    const char *stated = fields ? fields_raw(fields, "Content-Type", 0) : NULL;
    part->type = stated ? content_type_name(stated) : g_strdup("");
    if (!*part->type) {
        g_free(part->type);
        part->type = g_strdup(usual_type);
    }
    g_ptr_array_add(message->parts, part);
    return part;
}

static void read_multipart(Message *message, const MimePart *part)
{
    if (part->depth >= LIMIT_MIME_DEPTH) {
        message->note = "parts in parts, deeper than is looked at";
        return;
    }
    g_autoptr(GString) stated = stated_delimiter(part);
    if (stated && read_parts(message, part, stated))
        return;
    g_autoptr(GString) guessed = guess_delimiter(part->body);
    bool is_read = guessed && read_parts(message, part, guessed);
    if (!is_read && message->parts->len < LIMIT_MIME_PARTS)
        add_part(message, NULL, part->body, part->depth + 1, "text/plain");
}

/* A header that lost its Content-Type: the body tells. */
static void note_lost_type(MimePart *part)
{
    if (fields_has(part->fields, "Content-Type"))
        return;
    const char *first = part->body.start;
    while (first < part->body.end && *first == '\n')
        first++;
    g_autoptr(GString) delimiter = read_delimiter(first, part->body.end);
    if (delimiter) {
        g_free(part->type);
        part->type = g_strdup("multipart/mixed");
    }
}

static void read_entity(Message *message, Stretch source, guint depth, const char *usual_type)
{
    if (message->parts->len >= LIMIT_MIME_PARTS) {
        message->note = "more parts than are looked at";
        return;
    }
    gsize body = 0;
    gsize length = (gsize)(source.end - source.start);
    Fields *fields = NULL;
    if (depth == 0 || fields_begin(source.start, length))
        fields = fields_parse(source.start, length, &body);
    source.start += body;
    MimePart *part = add_part(message, fields, source, depth, usual_type);
    if (depth == 0)
        note_lost_type(part);
    if (is_multipart(part))
        read_multipart(message, part);
}

static void mime_part_free(MimePart *part)
{
    fields_free(part->fields);
    fields_free(part->enclosed);
    g_free(part->type);
    g_free(part->text);
    g_free(part);
}

/* ---- the message ------------------------------------------------------------------------------------------------- */

Message *message_parse(const char *bytes, gsize length)
{
    Message *message = g_new0(Message, 1);
    message->parts = g_ptr_array_new_with_free_func((GDestroyNotify)mime_part_free);
    message->text = with_plain_line_ends(bytes, MIN(length, LIMIT_INBOX_MESSAGE_BYTES));
    const char *start = skip_what_is_above_the_header(message->text->str);
    read_entity(message, (Stretch){start, message->text->str + message->text->len}, 0, "text/plain");
    return message;
}

void message_free(Message *message)
{
    if (!message)
        return;
    g_ptr_array_unref(message->parts);
    g_string_free(message->text, TRUE);
    g_free(message);
}

const char *message_note(const Message *message)
{
    return message->note;
}

guint message_line(const Message *message, const char *words)
{
    const char *found = *words ? strstr(message->text->str, words) : NULL;
    if (!found)
        return 0;
    guint line = 1;
    for (const char *p = message->text->str; (p = memchr(p, '\n', (gsize)(found - p))); p++)
        line++;
    return line;
}

Fields *message_fields(const Message *message)
{
    return message_part(message, 0)->fields;
}

guint message_part_count(const Message *message)
{
    return message->parts->len;
}

MimePart *message_part(const Message *message, guint index)
{
    return g_ptr_array_index(message->parts, index);
}

MimePart *message_find_part(const Message *message, const char *type)
{
    for (guint i = 0; i < message->parts->len; i++) {
        MimePart *part = g_ptr_array_index(message->parts, i);
        if (strcmp(part->type, type) == 0)
            return part;
    }
    return NULL;
}

/* ---- one part ---------------------------------------------------------------------------------------------------- */

const char *mime_part_type(const MimePart *part)
{
    return part->type;
}

char *mime_part_parameter(const MimePart *part, const char *name)
{
    const char *value = part->fields ? fields_raw(part->fields, "Content-Type", 0) : NULL;
    return value ? content_type_parameter(value, name) : NULL;
}

/* Bytes as they were: their line ends are known with their charset only. NULL: they are not encoded. */
static GString *decode_transfer(const MimePart *part)
{
    const char *encoding = part->fields ? fields_raw(part->fields, "Content-Transfer-Encoding", 0) : NULL;
    return encoding ? transfer_decode(encoding, part->body.start, (gsize)(part->body.end - part->body.start)) : NULL;
}

const char *mime_part_text(MimePart *part)
{
    if (part->text)
        return part->text;
    if (is_multipart(part))
        return part->text = g_strdup("");
    g_autoptr(GString) decoded = decode_transfer(part);
    g_autofree char *charset = mime_part_parameter(part, "charset");
    part->text = decoded ? charset_to_utf8(charset, decoded->str, decoded->len)
                         : charset_to_utf8(charset, part->body.start, (gsize)(part->body.end - part->body.start));
    return part->text;
}

static bool holds_header(const char *type)
{
    static const char *const types[] = {"message/rfc822", "message/global", "text/rfc822-headers",
                                        "message/global-headers", "text/rfc822"};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

Fields *mime_part_enclosed_fields(MimePart *part)
{
    if (part->enclosed || !holds_header(part->type))
        return part->enclosed;
    g_autoptr(GString) bytes = decode_transfer(part);
    g_autoptr(GString) decoded = bytes ? with_plain_line_ends(bytes->str, bytes->len) : NULL;
    const char *start = decoded ? decoded->str : part->body.start;
    const char *end = decoded ? decoded->str + decoded->len : part->body.end;
    while (start < end && strchr("\n \t", *start))
        start++;
    part->enclosed = fields_parse(start, (gsize)(end - start), NULL);
    return part->enclosed;
}
