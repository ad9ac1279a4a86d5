/* Quoted-printable and base64. Both encode a run of bytes without knowing what stands before it; that is what lets a
 * letter plan encode once and put the runs together later. */
#include "mail/transfer.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "base/text.h"

#define QUOTED_ROOM    (TRANSFER_LINE_BYTES - 1)     /* the last column is for the '=' of a soft break */
#define BYTES_PER_LINE (TRANSFER_LINE_BYTES / 4 * 3) /* of base64 */

static const char hex_digits[] = "0123456789ABCDEF";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Length of the line end that text begins with: CRLF 2, CR or LF 1, none 0. */
static gsize line_end(const char *text, gsize length)
{
    if (length >= 2 && text[0] == '\r' && text[1] == '\n')
        return 2;
    return length && (text[0] == '\r' || text[0] == '\n') ? 1 : 0;
}

void transfer_append_canonical(GString *out, const char *text, gsize length)
{
    while (length) {
        gsize plain = 0;
        while (plain < length && text[plain] != '\r' && text[plain] != '\n')
            plain++;
        text_append(out, text, plain);
        gsize end = line_end(text + plain, length - plain);
        if (end)
            g_string_append_len(out, "\r\n", 2);
        text += plain + end;
        length -= plain + end;
    }
}

/* ---- quoted-printable -------------------------------------------------------------------------------------------- */

static bool is_plain(unsigned char c)
{
    return c >= ' ' && c <= '~' && c != '=';
}

bool transfer_prefers_base64(const char *text, gsize length)
{
    gsize escaped = 0;
    for (gsize i = 0; i < length; i++)
        escaped += !is_plain((unsigned char)text[i]) && !line_end(text + i, length - i);
    gsize quoted = length + 2 * escaped;
    return quoted + quoted / QUOTED_ROOM * 3 >
           (length + 2) / 3 * 4 / TRANSFER_LINE_BYTES * (TRANSFER_LINE_BYTES + 2) + 80;
}

typedef struct Line {
    GString *out;
    gsize column;
} Line;

static void end_line(Line *line, const char *how)
{
    text_append(line->out, how, strlen(how));
    line->column = 0;
}

/* A dot, or the F of "From ", where the line that is being written begins. */
static bool is_bad_beginning(const Line *line, const char *text, gsize length)
{
    return line->column == 0 && (text[0] == '.' || (length >= 5 && memcmp(text, "From ", 5) == 0));
}

static gsize character_length(const char *text, gsize length)
{
    gsize n = 1;
    while (n < length && n < 4 && ((unsigned char)text[n] & 0xc0) == 0x80 && (text[0] & 0x80))
        n++;
    return n;
}

/* Writes one character whole, on a new line where this one has no room for it. */
static gsize put_character(Line *line, const char *text, gsize length)
{
    gsize bytes = character_length(text, length);
    bool ends_line = bytes == length || line_end(text + bytes, length - bytes);
    bool plain = is_plain((unsigned char)text[0]) && !(text[0] == ' ' && ends_line);
    gsize width = plain ? 1 : 3 * bytes;
    if (line->column + width > QUOTED_ROOM)
        end_line(line, "=\r\n");
    if (plain && is_bad_beginning(line, text, length)) {
        plain = false;
        width = 3;
    }
    for (gsize i = 0; !plain && i < bytes; i++) {
        unsigned char c = (unsigned char)text[i];
        const char escape[3] = {'=', hex_digits[c >> 4], hex_digits[c & 15]};
        text_append(line->out, escape, sizeof escape);
    }
    if (plain)
        g_string_append_c(line->out, text[0]);
    line->column += width;
    return bytes;
}

/* Writes the characters that need no thought, inside a line, at once: most of most texts. A space does where the line
 * or the text may end behind it. */
static gsize put_letters(Line *line, const char *text, gsize length)
{
    gsize most = line->column ? MIN(length, QUOTED_ROOM - line->column) : 0;
    gsize letters = 0;
    while (letters < most && is_plain((unsigned char)text[letters]))
        letters++;
    if (letters > 0 && text[letters - 1] == ' ')
        letters--;
    text_append(line->out, text, letters);
    line->column += letters;
    return letters;
}

void transfer_append_quoted(GString *out, const char *text, gsize length)
{
    Line line = {.out = out};
    while (length) {
        gsize taken = line_end(text, length);
        if (taken)
            end_line(&line, "\r\n");
        else
            taken = put_letters(&line, text, length);
        if (!taken)
            taken = put_character(&line, text, length);
        text += taken;
        length -= taken;
    }
    if (line.column)
        end_line(&line, "=\r\n");
}

/* ---- base64 ------------------------------------------------------------------------------------------------------ */

static void encode_triple(const unsigned char in[static 3], char out[static 4])
{
    unsigned bits = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];
    out[0] = base64_digits[bits >> 18];
    out[1] = base64_digits[bits >> 12 & 63];
    out[2] = base64_digits[bits >> 6 & 63];
    out[3] = base64_digits[bits & 63];
}

void transfer_append_base64(GString *out, const char *bytes, gsize length)
{
    gsize at = out->len;
    g_string_set_size(out, at + (length + 2) / 3 * 4);
    const unsigned char *in = (const unsigned char *)bytes;
    for (; length >= 3; length -= 3, in += 3, at += 4)
        encode_triple(in, out->str + at);
    if (length) {
        unsigned char last[3] = {in[0], length == 2 ? in[1] : 0, 0};
        encode_triple(last, out->str + at);
        out->str[at + 3] = '=';
        if (length == 1)
            out->str[at + 2] = '=';
    }
}

void transfer_append_base64_lines(GString *out, const char *bytes, gsize length)
{
    while (length) {
        gsize taken = MIN(length, BYTES_PER_LINE);
        transfer_append_base64(out, bytes, taken);
        g_string_append_len(out, "\r\n", 2);
        bytes += taken;
        length -= taken;
    }
}
