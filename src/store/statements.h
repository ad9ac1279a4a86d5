#pragma once
/* The SQL texts of the program, embedded from sql/ by embed.awk, and how the two dialects write what differs. */
#include <glib.h>

#include "store/statements_table.h"

#define SQL_STATEMENT_ENUM_ROW(value, ...) value,
/** SQL_NOUN_VERB for each "-- name: noun_verb" in sql/statements. */
typedef enum { SQL_STATEMENTS(SQL_STATEMENT_ENUM_ROW) SQL_STATEMENT_COUNT } SqlStatement;

typedef struct SqlText {
    const char *name;                               /* "delivery_lease" */
    const char *text;                               /* parameters are $1, $2 …; macros not yet replaced */
    const char *parameters[SQL_PARAMETERS_MAX + 1]; /* their names in order; ends with NULL */
} SqlText;
extern const SqlText sql_texts[SQL_STATEMENT_COUNT + 1];

typedef struct SchemaFile {
    int number;
    const char *name; /* "0001_initial" */
    const char *text; /* macros and sections not yet replaced */
} SchemaFile;
/** In order of their number; ends with a NULL name. */
extern const SchemaFile schema_files[];

/** The number of the last schema file: what this program works with. */
int schema_newest(void);

typedef struct SqlDialect SqlDialect;
extern const SqlDialect sql_dialect_sqlite;
extern const SqlDialect sql_dialect_pgsql;

/** The text with its macros replaced and only the sections of this dialect kept. Caller frees. An unknown macro is a
 * mistake of ours and aborts. */
char *sql_expand(const SqlDialect *dialect, const char *text);
