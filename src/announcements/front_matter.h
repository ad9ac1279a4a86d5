#pragma once
/* The YAML block at the head of an announcement file, as a tree in which every word knows its line. Only what such a
 * file needs: maps, lists and texts. Anchors, aliases, tags and several documents are refused: they turn a page of text
 * into gigabytes, and nobody writes them by hand. */
#include <glib.h>

#include "base/problems.h"

typedef enum {
    FRONT_TEXT = 1, /* bits, so that a key may allow more than one shape */
    FRONT_LIST = 2,
    FRONT_MAP = 4,
} FrontShape;

typedef struct FrontNode {
    FrontShape shape;
    unsigned line;       /* of its key, when it stands under one; else of its first character */
    char *key;           /* NULL for an item of a list and for the root */
    char *text;          /* FRONT_TEXT: surrounding white space cut; else NULL */
    GPtrArray *children; /* of FrontNode, in the order of the file; NULL for FRONT_TEXT */
} FrontNode;

void front_node_free(FrontNode *node); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrontNode, front_node_free)

/** Reads YAML that begins at first_line of file. The root is a map. On a mistake adds it to problems and returns NULL:
 * YAML cannot be read on behind one. text must be valid UTF-8. */
FrontNode *front_matter_parse(const char *text, gsize length, const char *file, unsigned first_line,
                              Problems *problems);
