#pragma once
/* One header field being written word by word: keeps lines at 76 characters (RFC 5322 2.2.3) and writes encoded words
 * (RFC 2047). Checks nothing: mail/header.c does before it comes here. */
#include <glib.h>
#include <stdbool.h>

#define FOLD_COLUMNS 76 /* RFC 2047 2: a line with an encoded word has at most 76 characters */

typedef struct Fold {
    GString *out;
    gsize line_start; /* offset in out */
    bool begun;       /* a word was written: from now on a line may end */
} Fold;

/** Writes "Name:". */
void fold_begin(Fold *fold, GString *out, const char *name);

/** Writes a space and the word, on a new line where this one is full; the first one too. A word too long for any line
 * stays whole. */
void fold_word(Fold *fold, const char *word, gsize length);

/** Writes UTF-8 text as encoded words, Q or B by what is shorter; no character is split. */
void fold_encoded(Fold *fold, const char *text, gsize length);

/** Writes the line end. */
void fold_end(Fold *fold);
