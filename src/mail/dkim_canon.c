/* Canonical forms, streaming. Passes on whole stretches of bytes that need no change: nearly all of a letter. */
#include "mail/dkim_canon.h"

/* ---- the body (RFC 6376 3.4.4) ----------------------------------------------------------------------------------- */

static bool is_plain(char byte)
{
    return byte != ' ' && byte != '\t' && byte != '\r';
}

/* The end of the stretch that stays as it is: plain bytes, single spaces and single line ends between them. */
static const char *stretch_end(const char *at, const char *end)
{
    while (at < end) {
        if (is_plain(*at))
            at++;
        else if (at[0] == ' ' && end - at > 1 && is_plain(at[1]))
            at += 2;
        else if (at[0] == '\r' && end - at > 2 && at[1] == '\n' && is_plain(at[2]))
            at += 3;
        else
            break;
    }
    return at;
}

/* What was held back counts after all, since text follows it. */
static void release(DkimBody *body, DkimSink sink, void *to)
{
    for (; body->line_ends > 0; body->line_ends--)
        sink(to, "\r\n", 2);
    if (body->has_space)
        sink(to, " ", 1);
    body->has_space = false;
    body->has_text = true;
}

/* A CR without LF is a byte like any other. */
static void release_cr(DkimBody *body, DkimSink sink, void *to)
{
    release(body, sink, to);
    sink(to, "\r", 1);
    body->has_cr = false;
}

static void end_line(DkimBody *body)
{
    body->has_cr = body->has_space = false;
    body->line_ends++;
}

void dkim_body_add(DkimBody *body, const char *bytes, gsize length, DkimSink sink, void *to)
{
    const char *end = bytes + length;
    for (const char *at = bytes; at < end;) {
        if (body->has_cr && *at == '\n') {
            end_line(body);
            at++;
        } else if (body->has_cr) {
            release_cr(body, sink, to);
        } else if (is_plain(*at)) {
            const char *stretch = at;
            at = stretch_end(at, end);
            release(body, sink, to);
            sink(to, stretch, (gsize)(at - stretch));
        } else {
            body->has_cr = *at == '\r';
            body->has_space |= *at != '\r';
            at++;
        }
    }
}

void dkim_body_end(DkimBody *body, DkimSink sink, void *to)
{
    if (body->has_cr)
        release_cr(body, sink, to);
    if (body->has_text)
        sink(to, "\r\n", 2);
    *body = (DkimBody){0};
}

void dkim_body_simple(const char *bytes, gsize length, DkimSink sink, void *to)
{
    while (length >= 2 && bytes[length - 2] == '\r' && bytes[length - 1] == '\n')
        length -= 2;
    sink(to, bytes, length);
    sink(to, "\r\n", 2);
}

/* ---- header fields (RFC 6376 3.4.2) ------------------------------------------------------------------------------ */

static bool is_white(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

void dkim_append_field(GString *out, const char *field, gsize length)
{
    gsize at = 0;
    for (; at < length && field[at] != ':'; at++)
        if (!is_white(field[at]))
            g_string_append_c(out, g_ascii_tolower(field[at]));
    g_string_append_c(out, ':');
    gsize start = out->len;
    bool has_space = false;
    for (at++; at < length; at++) {
        if (is_white(field[at])) {
            has_space = true;
            continue;
        }
        if (has_space && out->len > start)
            g_string_append_c(out, ' ');
        has_space = false;
        g_string_append_c(out, field[at]);
    }
}
