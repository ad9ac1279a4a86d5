#pragma once
/* What commands print: tables for people, JSON for programs, progress on stderr. Colours only on a terminal (and never
 * with NO_COLOR). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct Table Table;

/** columns: titles, NULL-terminated; their lower-case forms with '_' for ' ' are the JSON keys. */
Table *table_new(const char *const columns[], bool json);
/** One row; as many values as columns; they are copied. NULL prints as "-" and as null. */
void table_row(Table *table, const char *const values[]);
/** Prints to stdout and frees: aligned columns (by display width; a column of numbers to the right), or a JSON array of
 * objects with string values. On a terminal, and only there, long cells end in "…". */
void table_print(Table *table);

/** A progress bar on stderr: drawn at most ten times a second, only on a terminal; elsewhere a line every ten seconds.
 * total 0: unknown. */
typedef struct Progress Progress;
Progress *progress_new(const char *what, int64_t total);
void progress_to(Progress *progress, int64_t done);
void progress_hide(Progress *progress); /* before a line of text is printed on the same terminal; NULL is fine */
void progress_end(Progress *progress);  /* NULL is fine */

/** Text from a database or a file made fit for a terminal: valid UTF-8, no control characters. Caller frees. */
char *output_clean(const char *text);

/** How many columns of a terminal a text takes: wide characters two, combining ones none. */
int output_width(const char *text);

/** The escape sequence when the file is a terminal that may have colour, else "". style:
 * "1" bold, "31" red, "0" end. */
const char *output_style(FILE *file, const char *style);
