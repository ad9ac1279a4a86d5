#pragma once
/* Fills templates, wholly or in part.
 *
 * Partial evaluation: some names are personal, their values (texts) not known yet. template_reduce() resolves
 * everything else and leaves a flat program: bytes that are ready, slots for personal values, and parts that depend on
 * a personal value being empty or not. Filling it gives what template_render() would give with all data at once.
 * Personal names are members of the outermost data, in front of what it holds under the same name. */
#include "template/escape.h"
#include "template/mustache.h"
#include "template/partials.h"
#include "template/view.h"

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

/** Appends the template filled with data. partials may be NULL. An error names file and line; out is then as it was. */
bool template_render(const Template *template, const View *data, Partials *partials, Escape escape, GString *out,
                     GError **error);

/** personal: names, NULL-terminated. */
Residual *template_reduce(const Template *template, const View *data, const char *const personal[], Partials *partials,
                          Escape escape, GError **error);

/** Appends the residual filled with values, one for each personal name, in their order. */
void residual_fill(const Residual *residual, const char *const values[], GString *out);
