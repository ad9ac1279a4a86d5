#pragma once
/* What commands print: tables for people, JSON for programs, progress on stderr. Colours only on a terminal (and never
 * with NO_COLOR). One rule for JSON everywhere: a number is a number, an instant is UTC ("2026-05-02T07:00:00Z"), what
 * is not there is null. People read local time of the site's zone. */
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/problems.h"

/* ---- one value --------------------------------------------------------------------------------------------------- */

/** "2026-05-02 09:00", local time of the zone; NULL for 0. Caller frees. */
char *output_time(const char *zone, int64_t at);

/** The same for programs: "2026-05-02T07:00:00Z"; null for 0. */
json_t *json_time(int64_t at);

/** "1 min 40 s": a span of microseconds in whole seconds, rounded up; "0 s" when it is over. Caller frees. */
char *output_countdown(int64_t span_us);

/** What stands in a column of a row. */
typedef struct Cell {
    enum { CELL_TEXT, CELL_NUMBER, CELL_TIME, CELL_FLAG } kind;
    const char *text; /* borrowed; NULL: none */
    int64_t number;
} Cell;

Cell cell_text(const char *text); /* NULL prints as "-" and as null */
Cell cell_number(int64_t number);
Cell cell_time(int64_t at); /* 0 prints as "-" and as null */
Cell cell_flag(bool flag);  /* "yes" and "no", true and false */

/* ---- many values ------------------------------------------------------------------------------------------------- */

typedef struct Table Table;

/** columns: titles, NULL-terminated; their lower-case forms with '_' for ' ' are the JSON keys. zone: of the times that
 * people read; NULL where there are none. Both are borrowed. */
Table *table_new(const char *const columns[], bool json, const char *zone);
/** One row; as many cells as columns; they are copied. */
void table_row(Table *table, const Cell cells[]);
/** Prints to stdout and frees: aligned columns (by display width; a column of numbers to the right), or a JSON array of
 * objects. On a terminal, and only there, long cells end in "…". */
void table_print(Table *table);

/** Prints to stdout, indented, and frees. */
void output_json(json_t *root);

/** Every mistake with its file and line, on stderr. */
void output_problems(const Problems *problems);

/** A progress bar on stderr: drawn at most ten times a second, only on a terminal; elsewhere a line every ten seconds.
 * total 0: unknown. */
typedef struct Progress Progress;
Progress *progress_new(const char *what, int64_t total);
void progress_to(Progress *progress, int64_t done);
void progress_hide(Progress *progress); /* before a line of text is printed on the same terminal; NULL is fine */
void progress_end(Progress *progress);  /* NULL is fine */

/** Text from a database or a file made fit for a terminal (text_one_line()). Caller frees. */
char *output_clean(const char *text);

/** How many columns of a terminal a text takes: wide characters two, combining ones none. */
int output_width(const char *text);

/** The escape sequence when the file is a terminal that may have colour, else "". style:
 * "1" bold, "31" red, "0" end. */
const char *output_style(FILE *file, const char *style);
