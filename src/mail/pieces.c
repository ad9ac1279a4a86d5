/* An array of pieces over one string that holds all their text. Owns both; knows nothing of mail. */
#include "mail/pieces.h"

/* libraries */
#include <stdbool.h>
#include <string.h>

typedef struct Item {
    PieceKind kind;
    guint slot;
    gsize offset; /* TEXT: in bytes */
    gsize length;
} Item;

struct Pieces {
    GArray *items;
    GString *bytes;
};

Pieces *pieces_new(void)
{
    Pieces *pieces = g_new0(Pieces, 1);
    pieces->items = g_array_new(FALSE, FALSE, sizeof(Item));
    pieces->bytes = g_string_new(NULL);
    return pieces;
}

Pieces *pieces_new_text(const char *text)
{
    Pieces *pieces = pieces_new();
    pieces_add_text(pieces, text, -1);
    return pieces;
}

void pieces_free(Pieces *pieces)
{
    if (!pieces)
        return;
    g_array_free(pieces->items, TRUE);
    g_string_free(pieces->bytes, TRUE);
    g_free(pieces);
}

static void add(Pieces *pieces, PieceKind kind, guint slot)
{
    Item item = {.kind = kind, .slot = slot, .offset = pieces->bytes->len};
    g_array_append_val(pieces->items, item);
}

void pieces_add_text(Pieces *pieces, const char *text, gssize length)
{
    gsize bytes = length < 0 ? strlen(text) : (gsize)length;
    if (bytes == 0)
        return;
    guint count = pieces->items->len;
    if (count == 0 || g_array_index(pieces->items, Item, count - 1).kind != PIECE_TEXT)
        add(pieces, PIECE_TEXT, 0);
    g_array_index(pieces->items, Item, pieces->items->len - 1).length += bytes;
    g_string_append_len(pieces->bytes, text, (gssize)bytes);
}

void pieces_add_slot(Pieces *pieces, guint slot)
{
    add(pieces, PIECE_SLOT, slot);
}

void pieces_add_when(Pieces *pieces, guint slot)
{
    add(pieces, PIECE_WHEN, slot);
}

void pieces_add_unless(Pieces *pieces, guint slot)
{
    add(pieces, PIECE_UNLESS, slot);
}

void pieces_add_end(Pieces *pieces)
{
    add(pieces, PIECE_END, 0);
}

guint pieces_count(const Pieces *pieces)
{
    return pieces->items->len;
}

Piece pieces_at(const Pieces *pieces, guint index)
{
    const Item *item = &g_array_index(pieces->items, Item, index);
    return (Piece){
        .kind = item->kind,
        .slot = item->slot,
        .text = pieces->bytes->str + item->offset,
        .length = item->length,
    };
}
