#pragma once
/* Tables as people export them: RFC 4180 with any of ';' ',' TAB between cells, quotes, line ends inside quotes, CRLF,
 * LF or CR, a BOM or none; or plain lines, one cell each. Streams: memory does not grow with the file. A row that
 * cannot be read costs that row's first line and nothing else: reading goes on behind it, also after a quote that is
 * never closed. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct CsvReader CsvReader;

/** Reads from fd's position on; fd is borrowed. The separator is named by a first line "sep=;", or found in the first
 * line that does not begin with '#'. */
CsvReader *csv_reader_new(int fd);
void csv_reader_free(CsvReader *reader); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvReader, csv_reader_free)

typedef struct CsvRow {
    unsigned line;            /* where it begins, from 1 */
    guint count;              /* of cells; at least 1 */
    const char *const *cells; /* valid UTF-8, valid until the next step */
    const char *problem;      /* of a row that cannot be read: what is wrong; likewise */
} CsvRow;

typedef enum { CSV_FAILED = -1, CSV_END = 0, CSV_ROW = 1, CSV_BAD_ROW = 2 } CsvStep;

/** The next row that is not blank. Lines that begin with '#' are passed over where the file is plain lines. */
CsvStep csv_next(CsvReader *reader, CsvRow *ret_row, GError **error);

/** Bytes behind us. */
int64_t csv_offset(const CsvReader *reader);
