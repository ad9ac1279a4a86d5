/* Runs the program, and lays out its plain text. */
#include "template/residual.h"

/* rundbrief */
#include "template/wrap.h"

void residual_free(Residual *residual)
{
    if (!residual)
        return;
    g_string_free(residual->text, TRUE);
    g_array_unref(residual->pieces);
    g_free(residual);
}

/* Index of the END that belongs to the WHEN or UNLESS at `at`. */
static guint matching_end(const Residual *residual, guint at)
{
    guint open = 0;
    for (;; at++) {
        ResidualKind kind = g_array_index(residual->pieces, ResidualPiece, at).kind;
        if (kind == RESIDUAL_WHEN || kind == RESIDUAL_UNLESS)
            open++;
        else if (kind == RESIDUAL_END && --open == 0)
            return at;
    }
}

void residual_fill(const Residual *residual, const char *const values[], GString *out)
{
    for (guint i = 0; i < residual->pieces->len; i++) {
        const ResidualPiece *piece = &g_array_index(residual->pieces, ResidualPiece, i);
        switch (piece->kind) {
        case RESIDUAL_TEXT:
            g_string_append_len(out, residual->text->str + piece->offset, (gssize)piece->length);
            break;
        case RESIDUAL_SLOT:
            escape_append(out, residual->escape, piece->raw, values[piece->slot], strlen(values[piece->slot]));
            break;
        case RESIDUAL_WHEN:
        case RESIDUAL_UNLESS:
            if ((values[piece->slot][0] != '\0') != (piece->kind == RESIDUAL_WHEN))
                i = matching_end(residual, i);
            break;
        case RESIDUAL_END:
            break;
        }
    }
}

/* ---- layout ------------------------------------------------------------------------------------------------------ */

static void append_wrapped_line(GString *out, const char *line, gsize length, int width)
{
    g_autofree char *text = g_strndup(line, length);
    gsize blanks = strspn(text, " ");
    if (display_width(text) <= width || blanks >= 4) {
        g_string_append_len(out, line, (gssize)length);
        return;
    }
    bool hangs = g_str_has_prefix(text + blanks, "- ");
    gsize lead = blanks + (hangs ? 2 : 0);
    g_autofree char *first = g_strndup(text, lead);
    g_autofree char *rest = g_strnfill(lead, ' ');
    wrap_append(out, text + lead, first, rest, width);
    g_string_truncate(out, out->len - 1);
}

/* Whole lines only: what touches a slot at either end stays, for the width of its value is not known. */
static void append_wrapped(GString *out, const char *text, gsize length, bool begins_line, bool ends_text, int width)
{
    const char *end = text + length;
    while (text < end) {
        const char *newline = memchr(text, '\n', (gsize)(end - text));
        gsize line = (gsize)((newline ? newline : end) - text);
        if (begins_line && (newline || ends_text))
            append_wrapped_line(out, text, line, width);
        else
            g_string_append_len(out, text, (gssize)line);
        if (newline)
            g_string_append_c(out, '\n');
        text += line + (newline != NULL);
        begins_line = true;
    }
}

void residual_wrap(Residual *residual, int width)
{
    GString *wrapped = g_string_sized_new(residual->text->len + 64);
    bool begins_line = true;
    for (guint i = 0; i < residual->pieces->len; i++) {
        ResidualPiece *piece = &g_array_index(residual->pieces, ResidualPiece, i);
        if (piece->kind == RESIDUAL_SLOT)
            begins_line = false;
        if (piece->kind != RESIDUAL_TEXT)
            continue;
        const char *text = residual->text->str + piece->offset;
        gsize offset = wrapped->len;
        append_wrapped(wrapped, text, piece->length, begins_line, i + 1 == residual->pieces->len, width);
        begins_line = text[piece->length - 1] == '\n';
        piece->offset = offset;
        piece->length = wrapped->len - offset;
    }
    g_string_free(residual->text, TRUE);
    residual->text = wrapped;
}
