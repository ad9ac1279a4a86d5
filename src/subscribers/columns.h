#pragma once
/* Which column of a table is what, by its title in German or English; also those of other list programs' exports. */
#include <glib.h>
#include <stdbool.h>

#include "subscribers/csv.h"

#define COLUMNS_ERROR (columns_error_quark())
GQuark columns_error_quark(void);
enum {
    COLUMNS_ERROR_ADDRESS, /* no column of addresses, or two */
};

typedef enum {
    COLUMN_ADDRESS,
    COLUMN_NAME,
    COLUMN_FIRST_NAME,
    COLUMN_LAST_NAME,
    COLUMN_LANGUAGE,
    COLUMN_FORMAT,      /* "html" or "text" */
    COLUMN_HTML,        /* phpList: 1 or 0 */
    COLUMN_UUID,        /* listmonk's mark: beside it `status` means what listmonk means */
    COLUMN_STATUS,      /* listmonk: enabled, disabled, blocklisted; others have words of their own */
    COLUMN_CONFIRMED,   /* phpList: 1 or 0 */
    COLUMN_BLACKLISTED, /* phpList: 1 or 0 */
    COLUMN_DISABLED,    /* phpList: 1 or 0 */
    COLUMN_COUNT,
} ColumnRole;

typedef struct Columns {
    guint count;             /* of the header's cells */
    int place[COLUMN_COUNT]; /* -1: the table has none */
} Columns;

/** False when the row is data already (a cell holds an '@'). */
bool columns_is_header(const CsvRow *row);

/** By the titles of a header. */
bool columns_from_header(const CsvRow *row, Columns *ret, GError **error);

/** Of a file without a header: one column of addresses. COLUMNS_ERROR_ADDRESS when its first row has more. */
bool columns_without_header(const CsvRow *row, Columns *ret, GError **error);

/** False: a cell stands behind the last title, so that cells may stand under wrong ones. Blank ones do not count. */
bool columns_hold_row(const Columns *columns, const CsvRow *row);

/** The row's cell of a role without the spaces around it; "" when it has none. Caller frees. */
char *columns_cell(const Columns *columns, const CsvRow *row, ColumnRole role);
