#pragma once
/* A template as a flat row of text and tags, with what only the look of its lines can tell: which tags stand alone on a
 * line (and take the line with them) and how far a line is indented. Used by mustache.c alone. */
#include <glib.h>
#include <stdbool.h>

typedef enum {
    LEXEME_TEXT,
    LEXEME_VALUE,    /* {{name}} */
    LEXEME_RAW,      /* {{{name}}} and {{&name}} */
    LEXEME_SECTION,  /* {{#name}} */
    LEXEME_INVERTED, /* {{^name}} */
    LEXEME_PARTIAL,  /* {{>name}} */
    LEXEME_PARENT,   /* {{<name}} */
    LEXEME_BLOCK,    /* {{$name}} */
    LEXEME_CLOSE,    /* {{/name}} */
    LEXEME_SILENT,   /* comments and new delimiters: nothing to render, but they can stand alone */
} LexemeKind;

typedef struct Span {
    const char *start; /* inside the template's text */
    gsize length;
} Span;

typedef struct Lexeme {
    LexemeKind kind;
    Span span;     /* the text, or the tag's name without the asterisk of a dynamic one */
    Span indent;   /* blanks before a tag that is the first on its line */
    unsigned line; /* from 1 */
    guint partner; /* index of the closing or opening tag */
    bool dynamic;  /* {{>*name}}, {{<*name}} */
    bool starts;   /* the first of its line */
    bool alone;    /* a tag that stands alone on its line */
    bool gone;     /* blanks and line end around such a tag */
} Lexeme;

/** Fills lexemes (of Lexeme). An error names file and line. */
bool lexer_run(const char *file, const char *text, gsize length, GArray *lexemes, GError **error);

/** Blanks with which span begins, at most length bytes. */
Span span_blanks(Span span);
