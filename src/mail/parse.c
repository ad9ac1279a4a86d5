/* Takes a mail apart with libetpan, behind a guard: one linear pass brings the bytes into a form that libetpan reads
 * safely (LF only, no NUL, only Content-* fields of the outer header) and counts what would make it slow or deep. Every
 * text is decoded when somebody asks for it. A Message owns all it gives. */
#include "mail/parse.h"

/* system */
#include <string.h>

/* libraries */
#include <libetpan/libetpan.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/boundary.h"
#include "mail/charset.h"

struct MimePart {
    const struct mailmime *mime; /* NULL: the whole body as plain text */
    Message *message;
    guint depth, nesting;
    char *type;
    char *text;       /* NULL until somebody asks */
    Fields *enclosed; /* likewise */
};

struct Message {
    GString *source; /* Content-* fields, empty line, body: what libetpan read; its tree points into it */
    gsize body_start;
    Fields *fields;
    struct mailmime *mime; /* NULL: not looked at */
    GPtrArray *parts;      /* of MimePart */
    const char *note;
};

/* ---- the guard --------------------------------------------------------------------------------------------------- */

/* Line ends become LF, NUL becomes '?'. */
static GString *with_plain_line_ends(const char *bytes, gsize length)
{
    length = MIN(length, LIMIT_INBOX_MESSAGE_BYTES);
    GString *text = g_string_sized_new(length + 1);
    for (gsize i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == '\r') {
            c = '\n';
            if (i + 1 < length && bytes[i + 1] == '\n')
                i++;
        }
        text->str[text->len++] = c ? c : '?';
    }
    text->str[text->len] = '\0';
    return text;
}

/* A mail out of a mailbox file begins with "From "; some relays put empty lines above the header. */
static void drop_what_is_above_the_header(GString *text)
{
    gsize skip = strspn(text->str, "\n \t");
    while (g_str_has_prefix(text->str + skip, "From ") || g_str_has_prefix(text->str + skip, ">From ")) {
        skip += strcspn(text->str + skip, "\n");
        skip += text->str[skip] == '\n';
    }
    g_string_erase(text, 0, (gssize)skip);
}

typedef struct Counts {
    guint markers, boundaries, comments, most_comments;
} Counts;

/* Each level of nesting needs one of these words. */
static bool at_marker(const char *text)
{
    switch (*text) {
    case 'm':
    case 'M':
        return g_ascii_strncasecmp(text, "multipart", 9) == 0;
    case 'r':
    case 'R':
        return g_ascii_strncasecmp(text, "rfc822", 6) == 0;
    case 'd':
    case 'D':
        return g_ascii_strncasecmp(text, "digest", 6) == 0;
    default:
        return false;
    }
}

static Counts count(const char *text)
{
    Counts counts = {0};
    bool line_start = true;
    for (const char *p = text; *p; p++) {
        if (line_start && p[0] == '-' && p[1] == '-')
            counts.boundaries++;
        if (line_start && *p != ' ' && *p != '\t')
            counts.comments = 0;
        if (*p == '(' && ++counts.comments > counts.most_comments)
            counts.most_comments = counts.comments;
        counts.markers += at_marker(p);
        line_start = *p == '\n';
    }
    return counts;
}

static const char *over_limit(const char *text)
{
    Counts counts = count(text);
    if (counts.markers > LIMIT_MIME_MARKERS)
        return "more parts in parts than are looked at";
    if (counts.boundaries > LIMIT_MIME_BOUNDARIES)
        return "more lines that may end a part than are looked at";
    if (counts.most_comments > LIMIT_HEADER_COMMENTS)
        return "more parentheses in one header field than are looked at";
    return NULL;
}

/* ---- the tree ---------------------------------------------------------------------------------------------------- */

static char *content_type(const struct mailmime *mime)
{
    static const char *const discrete[] = {
        [MAILMIME_DISCRETE_TYPE_ERROR] = "text",        [MAILMIME_DISCRETE_TYPE_TEXT] = "text",
        [MAILMIME_DISCRETE_TYPE_IMAGE] = "image",       [MAILMIME_DISCRETE_TYPE_AUDIO] = "audio",
        [MAILMIME_DISCRETE_TYPE_VIDEO] = "video",       [MAILMIME_DISCRETE_TYPE_APPLICATION] = "application",
        [MAILMIME_DISCRETE_TYPE_EXTENSION] = "x-other",
    };
    const struct mailmime_content *content = mime->mm_content_type;
    if (!content || !content->ct_type || !content->ct_subtype)
        return g_strdup(mime->mm_type == MAILMIME_MESSAGE ? "message/rfc822" : "text/plain");
    const char *top = "text";
    if (content->ct_type->tp_type == MAILMIME_TYPE_COMPOSITE_TYPE)
        top = content->ct_type->tp_data.tp_composite_type->ct_type == MAILMIME_COMPOSITE_TYPE_MESSAGE ? "message"
                                                                                                      : "multipart";
    else if (content->ct_type->tp_type == MAILMIME_TYPE_DISCRETE_TYPE)
        top = discrete[content->ct_type->tp_data.tp_discrete_type->dt_type];
    g_autofree char *type = g_strdup_printf("%s/%s", top, content->ct_subtype);
    return g_ascii_strdown(type, -1);
}

static MimePart *add_part(Message *message, const struct mailmime *mime, guint depth, guint nesting)
{
    MimePart *part = g_new0(MimePart, 1);
    *part = (MimePart){.mime = mime, .message = message, .depth = depth, .nesting = nesting};
    part->type = mime ? content_type(mime) : g_strdup("text/plain");
    g_ptr_array_add(message->parts, part);
    return part;
}

/* Recursion is as deep as the tree, which the guard keeps at LIMIT_MIME_MARKERS. */
static void collect(Message *message, const struct mailmime *mime, guint depth, guint nesting)
{
    if (!mime || message->parts->len >= LIMIT_MIME_PARTS)
        return;
    add_part(message, mime, depth, nesting);
    if (mime->mm_type == MAILMIME_MESSAGE)
        collect(message, mime->mm_data.mm_message.mm_msg_mime, depth + 1, nesting + 1);
    if (mime->mm_type != MAILMIME_MULTIPLE || !mime->mm_data.mm_multipart.mm_mp_list)
        return;
    for (clistiter *i = clist_begin(mime->mm_data.mm_multipart.mm_mp_list); i; i = clist_next(i))
        collect(message, clist_content(i), depth + 1, nesting);
}

static void mime_part_free(MimePart *part)
{
    fields_free(part->enclosed);
    g_free(part->type);
    g_free(part->text);
    g_free(part);
}

/* ---- the message ------------------------------------------------------------------------------------------------- */

static void parse_tree(Message *message)
{
    message->note = over_limit(message->source->str);
    if (message->note)
        return;
    boundary_require();
    size_t at = 0;
    if (mailmime_parse(message->source->str, message->source->len, &at, &message->mime) != MAILIMF_NO_ERROR)
        message->mime = NULL;
    if (message->mime && message->mime->mm_type == MAILMIME_MESSAGE)
        collect(message, message->mime->mm_data.mm_message.mm_msg_mime, 0, 0);
}

Message *message_parse(const char *bytes, gsize length)
{
    Message *message = g_new0(Message, 1);
    message->parts = g_ptr_array_new_with_free_func((GDestroyNotify)mime_part_free);
    g_autoptr(GString) text = with_plain_line_ends(bytes, length);
    drop_what_is_above_the_header(text);
    gsize body = 0;
    message->fields = fields_parse(text->str, text->len, &body);
    message->source = g_string_sized_new(text->len + 64);
    fields_copy(message->fields, "Content-", message->source);
    g_string_append_c(message->source, '\n');
    message->body_start = message->source->len;
    g_string_append_len(message->source, text->str + body, (gssize)(text->len - body));
    parse_tree(message);
    if (message->parts->len == 0)
        add_part(message, NULL, 0, 0);
    return message;
}

void message_free(Message *message)
{
    if (!message)
        return;
    g_ptr_array_unref(message->parts);
    if (message->mime)
        mailmime_free(message->mime);
    fields_free(message->fields);
    g_string_free(message->source, TRUE);
    g_free(message);
}

const char *message_note(const Message *message)
{
    return message->note;
}

Fields *message_fields(const Message *message)
{
    return message->fields;
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
        if (part->nesting == 0 && strcmp(part->type, type) == 0)
            return part;
    }
    return NULL;
}

/* ---- one part ---------------------------------------------------------------------------------------------------- */

const char *mime_part_type(const MimePart *part)
{
    return part->type;
}

const char *mime_part_parameter(const MimePart *part, const char *name)
{
    if (!part->mime || !part->mime->mm_content_type || !part->mime->mm_content_type->ct_parameters)
        return NULL;
    for (clistiter *i = clist_begin(part->mime->mm_content_type->ct_parameters); i; i = clist_next(i)) {
        const struct mailmime_parameter *parameter = clist_content(i);
        if (g_ascii_strcasecmp(parameter->pa_name, name) == 0)
            return parameter->pa_value;
    }
    return NULL;
}

guint mime_part_depth(const MimePart *part)
{
    return part->depth;
}

guint mime_part_nesting(const MimePart *part)
{
    return part->nesting;
}

static char *decode(const MimePart *part)
{
    const struct mailmime_data *data = part->mime->mm_body;
    if (!data || data->dt_type != MAILMIME_DATA_TEXT || part->mime->mm_type == MAILMIME_MULTIPLE)
        return g_strdup("");
    const char *bytes = data->dt_data.dt_text.dt_data;
    size_t length = data->dt_data.dt_text.dt_length, at = 0, decoded_length = 0;
    char *decoded = NULL;
    const char *charset = mime_part_parameter(part, "charset");
    if (part->mime->mm_type == MAILMIME_MESSAGE ||
        mailmime_part_parse(bytes, length, &at, data->dt_encoding, &decoded, &decoded_length) != MAILIMF_NO_ERROR)
        return charset_to_utf8(charset, bytes, length);
    g_autoptr(GString) lines = with_plain_line_ends(decoded, decoded_length);
    mailmime_decoded_part_free(decoded);
    return charset_to_utf8(charset, lines->str, lines->len);
}

const char *mime_part_text(MimePart *part)
{
    const GString *source = part->message->source;
    if (!part->text && part->mime)
        part->text = decode(part);
    else if (!part->text)
        part->text = charset_to_utf8(NULL, source->str + part->message->body_start,
                                     source->len - part->message->body_start);
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
    if (!part->enclosed && holds_header(part->type)) {
        const char *text = mime_part_text(part);
        part->enclosed = fields_parse(text, strlen(text), NULL);
    }
    return part->enclosed;
}
