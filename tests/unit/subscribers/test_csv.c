/* subscribers/csv: every way people write tables, and what one broken row costs. */
#include "subscribers/csv.h"

/* system */
#include <fcntl.h>
#include <unistd.h>

/* rundbrief */
#include "base/limits.h"

static int file_of(const char *bytes, gsize size)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("rundbrief-csv-XXXXXX", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(unlink(path), ==, 0);
    g_assert_cmpint(write(fd, bytes, size), ==, (gssize)size);
    g_assert_cmpint(lseek(fd, 0, SEEK_SET), ==, 0);
    return fd;
}

/* "1:a|b 3!problem" for all rows. */
static char *read_all(const char *bytes, gsize size)
{
    g_autoptr(GError) error = NULL;
    int fd = file_of(bytes, size);
    g_autoptr(CsvReader) reader = csv_reader_new(fd);
    GString *all = g_string_new(NULL);
    CsvRow row;
    CsvStep step;
    while ((step = csv_next(reader, &row, &error)) > CSV_END) {
        g_string_append_printf(all, "%s%u", all->len ? " " : "", row.line);
        if (step == CSV_BAD_ROW)
            g_string_append_printf(all, "!%s", row.problem);
        else
            for (guint i = 0; i < row.count; i++)
                g_string_append_printf(all, "%c%s", i ? '|' : ':', row.cells[i]);
    }
    g_assert_no_error(error);
    g_assert_cmpint(step, ==, CSV_END);
    g_assert_cmpint(csv_offset(reader), ==, (gint64)size);
    close(fd);
    return g_string_free(all, FALSE);
}

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"semicolons", "a;b\nc;d\n", "1:a|b 2:c|d"},
    {"commas", "a,b\nc,d\n", "1:a|b 2:c|d"},
    {"tabs", "a\tb\nc\td\n", "1:a|b 2:c|d"},
    {"the separator that comes oftenest", "a;b;c,d\n1;2;3\n", "1:a|b|c,d 2:1|2|3"},
    {"commas in quotes separate nothing", "\"a,b,c\";d\n", "1:a,b,c|d"},
    {"a line that names the separator", "sep=;\r\na,b\r\nc,d;e\r\n", "2:a,b 3:c,d|e"},
    {"a line that names the separator, after a BOM", "\xef\xbb\xbfsep=,\na;b\n", "2:a;b"},
    {"an address may begin like that", "sep=;@example.org\n", "1:sep=|@example.org"},
    {"BOM",
     "\xef\xbb\xbf"
     "a;b\n",
     "1:a|b"},
    {"CRLF", "a;b\r\nc;d\r\n", "1:a|b 2:c|d"},
    {"CR", "a;b\rc;d\r", "1:a|b 2:c|d"},
    {"no line end at the end", "a;b\nc;d", "1:a|b 2:c|d"},
    {"empty cells", "a;b;c\n;;x\n", "1:a|b|c 2:||x"},
    {"empty last cell", "a;b\nc;", "1:a|b 2:c|"},
    {"blank lines and rows of empty cells are no rows", "a;b\n\n;\n  \nc;d\n", "1:a|b 5:c|d"},
    {"quotes", "a;b\n\"x;y\";\"say \"\"hi\"\"\"\n", "1:a|b 2:x;y|say \"hi\""},
    {"line ends in quotes", "a;b\n\"x\r\ny\nz\";1\nc;d\n", "1:a|b 2:x\r\ny\nz|1 5:c|d"},
    {"empty quotes", "a;b\n\"\";\"\"\nc;d\n", "1:a|b 2:| 3:c|d"},
    {"a quote within a cell stays", "a;b\n5\" pipe;1\n", "1:a|b 2:5\" pipe|1"},
    {"text behind a closing quote", "a;b\n\"x\"y;1\nc;d\n", "1:a|b 2!there is text behind a closing quote 3:c|d"},
    {"a quote never closed costs one line", "a;b\n\"x;1\nc;d\n", "1:a|b 2!a quote is opened and not closed 3:c|d"},
    {"not UTF-8", "a;b\nM\xfcller;1\nc;d\n", "1:a|b 2!the byte 0xFC is not UTF-8 3:c|d"},
    {"UTF-8", "a;b\nM\xc3\xbcller;1\n", "1:a|b 2:M\xc3\xbcller|1"},
    {"plain lines", "anna@example.org\nbob@example.org\n", "1:anna@example.org 2:bob@example.org"},
    {"plain lines with names", "\"M, Anna\" <anna@example.org>\nBob, B. <bob@example.org>\n",
     "1:\"M, Anna\" <anna@example.org> 2:Bob, B. <bob@example.org>"},
    {"comments among plain lines", "# members\nanna@example.org\n#bob@example.org\n", "2:anna@example.org"},
    {"'#' begins a cell of a table", "#;b\n1;x\n", "1:#|b 2:1|x"},
    {"one quoted column", "\"email\"\n\"anna@example.org\"\n", "1:email 2:anna@example.org"},
    {"nothing", "", ""},
    {"nothing but a BOM", "\xef\xbb\xbf", ""},
};

static void every_way_of_writing(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_autofree char *got = read_all(cases[i].text, strlen(cases[i].text));
        g_assert_cmpstr(got, ==, cases[i].want);
    }
}

static void a_nul_is_refused(void)
{
    static const char text[] = "a;b\nx\0y;1\nc;d\n";
    g_autofree char *got = read_all(text, sizeof text - 1);
    g_assert_cmpstr(got, ==, "1:a|b 2!there is a NUL byte; the file is damaged, or no table of text 3:c|d");
}

static void cells_and_rows_have_limits(void)
{
    g_autoptr(GString) text = g_string_new("a;b\n");
    for (guint i = 0; i <= LIMIT_CSV_FIELD_BYTES; i++)
        g_string_append_c(text, 'x');
    g_string_append(text, ";1\n");
    for (guint i = 0; i < 3 * LIMIT_CSV_ROW_BYTES; i++)
        g_string_append(text, i % 2 ? "y" : ";");
    g_string_append(text, "\nc;d\n");
    g_autofree char *got = read_all(text->str, text->len);
    g_assert_cmpstr(got, ==, "1:a|b 2!a cell is longer than 16384 bytes 3!the row is longer than 65536 bytes 4:c|d");
}

/* Rows that lie across every border of the window. */
static void many_rows_keep_their_lines(void)
{
    g_autoptr(GString) text = g_string_new("address;name\r\n");
    for (guint i = 0; i < 30000; i++)
        g_string_append_printf(text, "p%u@example.org;\"Person\n%u\"\r\n", i, i);
    int fd = file_of(text->str, text->len);
    g_autoptr(CsvReader) reader = csv_reader_new(fd);
    g_autoptr(GError) error = NULL;
    CsvRow row;
    g_assert_cmpint(csv_next(reader, &row, &error), ==, CSV_ROW);
    for (guint i = 0; i < 30000; i++) {
        g_assert_cmpint(csv_next(reader, &row, &error), ==, CSV_ROW);
        g_autofree char *address = g_strdup_printf("p%u@example.org", i), *name = g_strdup_printf("Person\n%u", i);
        g_assert_cmpuint(row.line, ==, 2 + 2 * i);
        g_assert_cmpuint(row.count, ==, 2);
        g_assert_cmpstr(row.cells[0], ==, address);
        g_assert_cmpstr(row.cells[1], ==, name);
    }
    g_assert_cmpint(csv_next(reader, &row, &error), ==, CSV_END);
    close(fd);
}

static void a_file_that_cannot_be_read_is_told(void)
{
    g_autoptr(GError) error = NULL;
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    g_autoptr(CsvReader) reader = csv_reader_new(fd);
    CsvRow row;
    g_assert_cmpint(csv_next(reader, &row, &error), ==, CSV_FAILED);
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_ISDIR);
    close(fd);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/csv/every_way_of_writing", every_way_of_writing);
    g_test_add_func("/csv/a_nul_is_refused", a_nul_is_refused);
    g_test_add_func("/csv/cells_and_rows_have_limits", cells_and_rows_have_limits);
    g_test_add_func("/csv/many_rows_keep_their_lines", many_rows_keep_their_lines);
    g_test_add_func("/csv/a_file_that_cannot_be_read_is_told", a_file_that_cannot_be_read_is_told);
    return g_test_run();
}
