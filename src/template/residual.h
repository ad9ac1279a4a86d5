#pragma once
/* What a partly evaluated template leaves (see render.h): a flat program of ready bytes, slots and conditions. */
#include <glib.h>
#include <stdbool.h>

#include "template/escape.h"

typedef enum {
    RESIDUAL_TEXT,
    RESIDUAL_SLOT,   /* the value, escaped */
    RESIDUAL_WHEN,   /* up to the matching END only when the value is not empty */
    RESIDUAL_UNLESS, /* ... only when it is empty */
    RESIDUAL_END,
} ResidualKind;

typedef struct ResidualPiece {
    ResidualKind kind;
    guint slot;   /* SLOT, WHEN, UNLESS: index of the personal name */
    bool raw;     /* SLOT: the author asked for no escaping */
    gsize offset; /* TEXT: inside Residual.text */
    gsize length;
} ResidualPiece;

typedef struct Residual {
    GString *text;  /* the bytes of all TEXT pieces, one behind the other */
    GArray *pieces; /* of ResidualPiece; WHEN, UNLESS and END are balanced, no two TEXT are neighbours */
    Escape escape;
} Residual;

void residual_free(Residual *residual); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Residual, residual_free)

/** Appends the residual filled with values, one for each personal name, in their order. */
void residual_fill(const Residual *residual, const char *const values[], GString *out);

/** Breaks the lines of a plain text that are longer than width columns and lie between slots. A line that begins with
 * "- " hangs; one that begins with four blanks stays as it is. */
void residual_wrap(Residual *residual, int width);
