#pragma once
/* What commands print: tables for people, JSON for programs, progress on stderr. Colours only on a terminal (and never with
 * NO_COLOR). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Table Table;

/** columns: titles, NULL-terminated; their lower-case forms with '_' for ' ' are the JSON keys. */
Table *table_new(const char *const columns[], bool json);
/** One row; as many values as columns; they are copied. NULL prints as "-" and as null. */
void table_row(Table *table, const char *const values[]);
/** Prints to stdout and frees: aligned columns (by display width), or a JSON array of objects with string values. */
void table_print(Table *table);

/** A progress bar on stderr: drawn at most ten times a second, only on a terminal; elsewhere a line every ten seconds. total 0: unknown. */
typedef struct Progress Progress;
Progress *progress_new(const char *what, int64_t total);
void progress_to(Progress *progress, int64_t done);
void progress_end(Progress *progress); /* NULL is fine */
