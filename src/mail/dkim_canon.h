#pragma once
/* The form in which a DKIM signature sees a mail (RFC 6376 3.4), above all "relaxed": what servers on the way may
 * change without harm, white space and the case of field names, is the same for signer and verifier. Pure. */
#include <glib.h>
#include <stdbool.h>

/** Takes the next bytes of the canonical form. */
typedef void (*DkimSink)(void *to, const char *bytes, gsize length);

/* A body on its way through, cut anywhere into pieces. Zero is its beginning; a copy goes on from where the original
 * stood. Nothing is kept but counts, so it may be of any length. */
typedef struct DkimBody {
    guint64 line_ends; /* held back: a body's last empty lines do not count */
    bool has_space;    /* held back: a line's last white space does not count */
    bool has_cr;       /* held back: the LF may be in the next piece */
    bool has_text;
} DkimBody;

void dkim_body_add(DkimBody *body, const char *bytes, gsize length, DkimSink sink, void *to);

/** What is left. An empty body has an empty canonical form. */
void dkim_body_end(DkimBody *body, DkimSink sink, void *to);

/** Appends one header field, "Name: value" with its folds: the name in small letters, runs of white space as one space,
 * none around the colon or at the end. A line end at the field's end is not part of it. */
void dkim_append_field(GString *out, const char *field, gsize length);

/** A whole body as "simple" has it (RFC 6376 3.4.3): the empty lines at its end do not count, and an empty one is a
 * line end. */
void dkim_body_simple(const char *bytes, gsize length, DkimSink sink, void *to);
