#pragma once
/* A parsed template from the inside; for mustache.c, which builds it, and render.c, which walks it. */
#include "template/mustache.h"

typedef enum {
    NODE_LINE, /* a line of the template begins: indentation goes here */
    NODE_TEXT,
    NODE_VALUE,
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
    NODE_PARENT, /* its children are the blocks given to it */
    NODE_BLOCK,
} NodeKind;

typedef struct Node {
    NodeKind kind;
    bool raw;      /* values: do not escape */
    bool dynamic;  /* partials and parents: the name is to be looked up */
    bool own_line; /* the opening tag stands alone on its line */
    unsigned line;
    char *text; /* the text, or the name */
    gsize length;
    char **path;      /* the name cut at its dots; NULL for "." */
    char *indent;     /* what partials, parents and blocks add to the indentation of what takes their place */
    GArray *children; /* of Node, or NULL */
} Node;

struct Template {
    char *file;
    GArray *nodes; /* of Node */
};
