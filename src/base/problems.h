#pragma once
/* A list of mistakes in a file a person wrote, each with its line, so that all are told at once. */
#include <glib.h>
#include <stdbool.h>

typedef struct Problem {
    char *file;
    unsigned line; /* 0: the file as a whole */
    char *text;    /* a sentence: what is wrong and what is allowed */
} Problem;

typedef struct Problems Problems;

Problems *problems_new(void);
void problems_free(Problems *problems); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Problems, problems_free)

/** Adds a mistake. line 0: of the file as a whole. The sentence says what is wrong and what is allowed; it ends without
 * a full stop and a line end. */
void problems_add(Problems *problems, const char *file, unsigned line, const char *format, ...) G_GNUC_PRINTF(4, 5);
guint problems_count(const Problems *problems);
/** In the order in which they were added; belongs to problems. */
const Problem *problems_at(const Problems *problems, guint index);

/** "FILE:LINE: text\n" for each, sorted by file and line. Caller frees. */
char *problems_text(const Problems *problems);
