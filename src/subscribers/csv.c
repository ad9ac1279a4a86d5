/* Reads tables row by row out of a window of the file that always holds one whole row, however long it may be.
 * Knows nothing of subscribers; never keeps more than the window. */
#include "subscribers/csv.h"

/* system */
#include <errno.h>
#include <stdarg.h>
#include <unistd.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"

#define WINDOW_BYTES (4 * LIMIT_CSV_ROW_BYTES)

struct CsvReader {
    int fd;
    char *window;
    gsize from, to; /* what of the window is still to be read */
    bool at_end;    /* of the file: nothing comes behind `to` */
    bool begun;
    int64_t offset;
    unsigned line; /* of window[from] */
    char separator;
    GString *text;  /* the cells of this row, a NUL behind each */
    GArray *starts; /* gsize: where in text each begins */
    GPtrArray *cells;
    char *problem;
};

CsvReader *csv_reader_new(int fd)
{
    CsvReader *reader = g_new0(CsvReader, 1);
    reader->fd = fd;
    reader->window = g_malloc(WINDOW_BYTES);
    reader->line = 1;
    reader->text = g_string_new(NULL);
    reader->starts = g_array_new(FALSE, FALSE, sizeof(gsize));
    reader->cells = g_ptr_array_new();
    return reader;
}

void csv_reader_free(CsvReader *reader)
{
    if (!reader)
        return;
    g_free(reader->window);
    g_string_free(reader->text, TRUE);
    g_array_unref(reader->starts);
    g_ptr_array_unref(reader->cells);
    g_free(reader->problem);
    g_free(reader);
}

int64_t csv_offset(const CsvReader *reader)
{
    return reader->offset;
}

/* ---- the window -------------------------------------------------------------------------------------------------- */

/* Makes the window hold a whole row, or all that is left of the file. */
static bool fill(CsvReader *reader, GError **error)
{
    if (reader->at_end || reader->to - reader->from >= LIMIT_CSV_ROW_BYTES)
        return true;
    memmove(reader->window, reader->window + reader->from, reader->to - reader->from);
    reader->to -= reader->from;
    reader->from = 0;
    while (!reader->at_end && reader->to < WINDOW_BYTES) {
        ssize_t got = file_read(reader->fd, reader->window + reader->to, WINDOW_BYTES - reader->to);
        if (got < 0) {
            g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "the file cannot be read: %s",
                        g_strerror(errno));
            return false;
        }
        reader->at_end = got == 0;
        reader->to += (gsize)got;
    }
    return true;
}

static bool is_line_end(char c)
{
    return c == '\n' || c == '\r';
}

static const char *find_line_end(const char *p, const char *end)
{
    while (p < end && !is_line_end(*p))
        p++;
    return p;
}

/* Behind the line end at p: LF, CR or both. */
static const char *after_line_end(const char *p, const char *end)
{
    if (p < end && *p == '\r')
        return p + 1 < end && p[1] == '\n' ? p + 2 : p + 1;
    return p < end ? p + 1 : p;
}

static void advance(CsvReader *reader, const char *to)
{
    const char *from = reader->window + reader->from;
    for (const char *p = find_line_end(from, to); p < to; p = find_line_end(after_line_end(p, to), to))
        reader->line++;
    reader->from += (gsize)(to - from);
    reader->offset += to - from;
}

/* To the next line, however far away it is. */
static bool skip_line(CsvReader *reader, GError **error)
{
    for (;;) {
        const char *end = reader->window + reader->to;
        const char *p = find_line_end(reader->window + reader->from, end);
        if (p < end) {
            advance(reader, after_line_end(p, end));
            return true;
        }
        advance(reader, end);
        if (reader->at_end)
            return true;
        if (!fill(reader, error))
            return false;
    }
}

/* ---- how the rows are written ------------------------------------------------------------------------------------ */

static guint count_outside_quotes(const char *p, const char *end, char wanted)
{
    guint count = 0;
    bool quoted = false;
    for (; p < end; p++) {
        if (*p == '"')
            quoted = !quoted;
        else if (*p == wanted && !quoted)
            count++;
    }
    return count;
}

/* A line such as "Anna Müller <anna@example.org>", or a bare address, is no table. */
static char separator_of(const char *line, const char *end)
{
    while (end > line && g_ascii_isspace(end[-1]))
        end--;
    if (end > line && end[-1] == '>' && memchr(line, '@', (gsize)(end - line)))
        return '\0';
    char best = line < end && *line == '"' ? ',' : '\0';
    guint most = 0;
    for (const char *candidate = ";\t,"; *candidate; candidate++) {
        guint count = count_outside_quotes(line, end, *candidate);
        if (count > most) {
            best = *candidate;
            most = count;
        }
    }
    return best;
}

/* "sep=;", which some programs put above the titles so that a spreadsheet finds the separator. */
static bool names_separator(const char *line, const char *end)
{
    return end - line == 5 && g_ascii_strncasecmp(line, "sep=", 4) == 0 && strchr(";,\t", line[4]);
}

static void begin(CsvReader *reader)
{
    static const char bom[] = "\xef\xbb\xbf";
    const char *p = reader->window + reader->from, *end = reader->window + reader->to;
    if (end - p >= 3 && memcmp(p, bom, 3) == 0)
        advance(reader, p += 3);
    reader->begun = true;
    const char *stop = find_line_end(p, end);
    if (names_separator(p, stop)) {
        reader->separator = p[4];
        advance(reader, after_line_end(stop, end));
        return;
    }
    while (p < end && (is_line_end(*p) || *p == '#'))
        p = after_line_end(find_line_end(p, end), end);
    reader->separator = separator_of(p, find_line_end(p, end));
}

/* ---- one row ----------------------------------------------------------------------------------------------------- */

G_GNUC_PRINTF(2, 3) static const char *refuse(CsvReader *reader, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_free(reader->problem);
    reader->problem = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return NULL;
}

/* Behind the closing quote of the cell at p, or NULL. */
static const char *read_quoted(CsvReader *reader, const char *p, const char *end)
{
    for (p++; p < end; p++) {
        const char *quote = memchr(p, '"', (gsize)(end - p));
        if (!quote)
            break;
        g_string_append_len(reader->text, p, quote - p);
        p = quote + 1;
        if (p == end || *p != '"')
            return p;
        g_string_append_c(reader->text, '"');
    }
    return refuse(reader, "a quote is opened and not closed");
}

static const char *read_plain(CsvReader *reader, const char *p, const char *end)
{
    const char *stop = p;
    while (stop < end && !is_line_end(*stop) && (*stop != reader->separator || !reader->separator))
        stop++;
    g_string_append_len(reader->text, p, stop - p);
    return stop;
}

/* The cell at p, up to the separator or line end behind it. NULL: it cannot be read. */
static const char *read_cell(CsvReader *reader, const char *p, const char *end)
{
    gsize start = reader->text->len;
    g_array_append_val(reader->starts, start);
    bool quoted = reader->separator && p < end && *p == '"';
    p = quoted ? read_quoted(reader, p, end) : read_plain(reader, p, end);
    if (!p)
        return NULL;
    if (p < end && !is_line_end(*p) && *p != reader->separator)
        return refuse(reader, "there is text behind a closing quote");
    if (reader->text->len - start > LIMIT_CSV_FIELD_BYTES)
        return refuse(reader, "a cell is longer than %d bytes", LIMIT_CSV_FIELD_BYTES);
    g_string_append_c(reader->text, '\0');
    return p;
}

static const char *check_utf8(CsvReader *reader, const char *from, const char *to)
{
    const char *bad;
    if (g_utf8_validate_len(from, (gsize)(to - from), &bad))
        return to;
    if (*bad == '\0')
        return refuse(reader, "there is a NUL byte; the file is damaged, or no table of text");
    return refuse(reader, "the byte 0x%02X is not UTF-8", (unsigned char)*bad);
}

/* The row at the front of the window. Returns where its line end begins, or NULL with reader->problem. */
static const char *read_cells(CsvReader *reader)
{
    const char *from = reader->window + reader->from;
    const char *end = from + MIN(reader->to - reader->from, (gsize)LIMIT_CSV_ROW_BYTES);
    bool whole = reader->at_end && end == reader->window + reader->to;
    g_string_truncate(reader->text, 0);
    g_array_set_size(reader->starts, 0);
    const char *p = read_cell(reader, from, end);
    while (p && p < end && !is_line_end(*p))
        p = read_cell(reader, p + 1, end);
    if (p == end && !whole)
        return refuse(reader, "the row is longer than %d bytes", LIMIT_CSV_ROW_BYTES);
    return p ? check_utf8(reader, from, p) : NULL;
}

static void point_at_cells(CsvReader *reader, CsvRow *ret_row)
{
    g_ptr_array_set_size(reader->cells, 0);
    for (guint i = 0; i < reader->starts->len; i++)
        g_ptr_array_add(reader->cells, reader->text->str + g_array_index(reader->starts, gsize, i));
    ret_row->count = reader->cells->len;
    ret_row->cells = (const char *const *)reader->cells->pdata;
}

/* Spreadsheets put rows of empty cells below the last one. */
static bool is_blank(const CsvReader *reader, const char *from, const char *to)
{
    while (from < to && (g_ascii_isspace(*from) || *from == reader->separator))
        from++;
    return from == to || (!reader->separator && *from == '#');
}

CsvStep csv_next(CsvReader *reader, CsvRow *ret_row, GError **error)
{
    for (;;) {
        if (!fill(reader, error))
            return CSV_FAILED;
        if (!reader->begun)
            begin(reader);
        if (reader->from == reader->to)
            return CSV_END;
        *ret_row = (CsvRow){.line = reader->line};
        const char *from = reader->window + reader->from, *stop = read_cells(reader);
        if (!stop) {
            ret_row->problem = reader->problem;
            return skip_line(reader, error) ? CSV_BAD_ROW : CSV_FAILED;
        }
        bool blank = is_blank(reader, from, stop);
        advance(reader, after_line_end(stop, reader->window + reader->to));
        if (!blank) {
            point_at_cells(reader, ret_row);
            return CSV_ROW;
        }
    }
}
