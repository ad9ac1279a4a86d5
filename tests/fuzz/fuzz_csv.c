/* The table reader and all that looks at its cells: no input may crash it, loop in it, or lose the count of lines. */
#include "subscribers/csv.h"

/* system */
#include <stdlib.h>
#include <unistd.h>

/* rundbrief */
#include "subscribers/candidate.h"
#include "subscribers/columns.h"
#include "subscribers/encoding.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check_row(const CsvRow *row, unsigned *last_line)
{
    Columns columns;
    g_assert(row->line > *last_line);
    *last_line = row->line;
    for (guint i = 0; i < row->count; i++)
        g_assert(g_utf8_validate(row->cells[i], -1, NULL));
    if (!columns_is_header(row) || !columns_from_header(row, &columns, NULL))
        return;
    for (int role = 0; role < COLUMN_COUNT; role++) {
        g_autofree char *cell = columns_cell(&columns, row, (ColumnRole)role);
        g_autofree char *tag = language_tag(cell);
        g_assert(!tag || g_str_is_ascii(tag));
    }
}

static void read_file(int fd, size_t size)
{
    g_autoptr(CsvReader) reader = csv_reader_new(fd);
    CsvRow row;
    CsvStep step;
    unsigned last_line = 0;
    while ((step = csv_next(reader, &row, NULL)) > CSV_END)
        if (step == CSV_ROW)
            check_row(&row, &last_line);
    g_assert(step == CSV_END);
    g_assert(csv_offset(reader) == (int64_t)size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static FILE *file;
    if (!file && !(file = tmpfile()))
        abort();
    int fd = fileno(file);
    if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes, size, 0) != (ssize_t)size)
        abort();
    encoding_check(fd, NULL);
    if (lseek(fd, 0, SEEK_SET) != 0)
        abort();
    read_file(fd, size);
    return 0;
}
