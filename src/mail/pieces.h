#pragma once
/* Content with holes: text that is the same for everybody, and slots that are filled for each recipient. This is what a
 * partially evaluated template leaves and what a letter plan (mail/plan.h) is built from. */
#include <glib.h>

typedef enum {
    PIECE_TEXT,   /* bytes that are already known, UTF-8 */
    PIECE_SLOT,   /* the value of a slot, put as it is: whoever fills it has escaped it for its place (HTML, text) */
    PIECE_WHEN,   /* what follows up to the matching PIECE_END is there only when the slot's value is not empty */
    PIECE_UNLESS, /* ... only when it is empty */
    PIECE_END,
} PieceKind;

typedef struct Piece {
    PieceKind kind;
    guint slot;       /* SLOT, WHEN, UNLESS */
    const char *text; /* TEXT: inside the Pieces, valid until the next change; no NUL behind it */
    gsize length;
} Piece;

typedef struct Pieces Pieces;

Pieces *pieces_new(void);
/** One text and no slot. */
Pieces *pieces_new_text(const char *text);
void pieces_free(Pieces *pieces); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pieces, pieces_free)

/** Appends text (length -1: up to its NUL); joins it with a text just before. Copies. */
void pieces_add_text(Pieces *pieces, const char *text, gssize length);
void pieces_add_slot(Pieces *pieces, guint slot);
void pieces_add_when(Pieces *pieces, guint slot);
void pieces_add_unless(Pieces *pieces, guint slot);
void pieces_add_end(Pieces *pieces);

guint pieces_count(const Pieces *pieces);
Piece pieces_at(const Pieces *pieces, guint index);
