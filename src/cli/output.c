/* Tables and progress. Owns nothing but what it is given; values are cleaned before they reach a terminal, because
 * subjects and names come from files and mails. */
#include "cli/output.h"

/* system */
#include <unistd.h>

/* rundbrief */
#include "base/clock.h"
#include "base/datetime.h"
#include "base/text.h"

/* ---- text on a terminal ------------------------------------------------------------------------------------------ */

char *output_clean(const char *text)
{
    return text_one_line(text, G_MAXSIZE);
}

int output_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_iszerowidth(c))
            width += g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

/* At most width columns; what was cut shows as "…". Caller frees. */
static char *shortened(const char *text, int width)
{
    if (output_width(text) <= width)
        return g_strdup(text);
    const char *end = text;
    for (int used = 1; *end; end = g_utf8_next_char(end)) {
        gunichar c = g_utf8_get_char(end);
        used += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
        if (used > width)
            break;
    }
    return g_strdup_printf("%.*s…", (int)(end - text), text);
}

static bool wants_colour(FILE *file)
{
    const char *no_color = g_getenv("NO_COLOR"); /* no-color.org: present and not empty */
    return !(no_color && *no_color) && g_strcmp0(g_getenv("TERM"), "dumb") != 0 && isatty(fileno(file));
}

const char *output_style(FILE *file, const char *style)
{
    static const char *const known[][2] = {{"0", "\033[0m"}, {"1", "\033[1m"}, {"31", "\033[31m"}, {"32", "\033[32m"}};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_str_equal(known[i][0], style) && wants_colour(file))
            return known[i][1];
    return "";
}

/* ---- one value --------------------------------------------------------------------------------------------------- */

char *output_time(const char *zone, int64_t at)
{
    return at ? datetime_format(at, zone, "en", DATETIME_STRICT) : NULL;
}

char *output_countdown(int64_t span_us)
{
    int64_t seconds = MAX(0, (span_us + SECOND_US - 1) / SECOND_US);
    if (seconds < 60)
        return g_strdup_printf("%" G_GINT64_FORMAT " s", seconds);
    return g_strdup_printf("%" G_GINT64_FORMAT " min %" G_GINT64_FORMAT " s", seconds / 60, seconds % 60);
}

json_t *json_time(int64_t at)
{
    g_autofree char *text = at ? datetime_utc(at) : NULL;
    return text ? json_string(text) : json_null();
}

Cell cell_text(const char *text)
{
    return (Cell){.kind = CELL_TEXT, .text = text};
}

Cell cell_number(int64_t number)
{
    return (Cell){.kind = CELL_NUMBER, .number = number};
}

Cell cell_time(int64_t at)
{
    return (Cell){.kind = CELL_TIME, .number = at};
}

Cell cell_flag(bool flag)
{
    return (Cell){.kind = CELL_FLAG, .number = flag};
}

/* NULL: there is no value. Caller frees. */
static char *cell_for_people(const Cell *cell, const char *zone)
{
    switch (cell->kind) {
    case CELL_TEXT:
        return cell->text ? output_clean(cell->text) : NULL;
    case CELL_NUMBER:
        return g_strdup_printf("%" G_GINT64_FORMAT, cell->number);
    case CELL_TIME:
        return output_time(zone, cell->number);
    case CELL_FLAG:
        break;
    }
    return g_strdup(cell->number ? "yes" : "no");
}

static json_t *cell_for_programs(const Cell *cell)
{
    switch (cell->kind) {
    case CELL_TEXT: {
        g_autofree char *clean = cell->text ? output_clean(cell->text) : NULL;
        return clean ? json_string(clean) : json_null();
    }
    case CELL_NUMBER:
        return json_integer(cell->number);
    case CELL_TIME:
        return json_time(cell->number);
    case CELL_FLAG:
        break;
    }
    return json_boolean(cell->number);
}

/* ---- tables ------------------------------------------------------------------------------------------------------ */

/* On a terminal one long headline must not push all other columns out of sight; whoever reads from a pipe gets it
 * whole. */
#define CELL_COLUMNS 48

struct Table {
    GStrv titles;
    const char *zone;
    json_t *array;   /* for programs: the rows; else NULL */
    GPtrArray *rows; /* for people: of GPtrArray of char *, NULL for no value */
    bool *is_text;   /* for each column: something in it is no number */
};

Table *table_new(const char *const columns[], bool json, const char *zone)
{
    Table *table = g_new0(Table, 1);
    table->titles = g_strdupv((char **)columns);
    table->zone = zone;
    table->array = json ? json_array() : NULL;
    table->rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    table->is_text = g_new0(bool, g_strv_length(table->titles) + 1);
    return table;
}

static void table_free(Table *table)
{
    g_strfreev(table->titles);
    json_decref(table->array);
    g_ptr_array_unref(table->rows);
    g_free(table->is_text);
    g_free(table);
}

static void add_object(Table *table, const Cell cells[])
{
    json_t *object = json_object();
    for (gsize i = 0; table->titles[i]; i++) {
        g_autofree char *key = g_strdelimit(g_utf8_strdown(table->titles[i], -1), " ", '_');
        json_object_set_new(object, key, cell_for_programs(&cells[i]));
    }
    json_array_append_new(table->array, object);
}

static void add_line(Table *table, const Cell cells[])
{
    GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
    for (gsize i = 0; table->titles[i]; i++) {
        char *text = cell_for_people(&cells[i], table->zone);
        table->is_text[i] |= text && cells[i].kind != CELL_NUMBER;
        g_ptr_array_add(row, text);
    }
    g_ptr_array_add(table->rows, row);
}

void table_row(Table *table, const Cell cells[])
{
    if (table->array)
        add_object(table, cells);
    else
        add_line(table, cells);
}

/* What stands there, "-" for no value. */
static const char *cell_at(const Table *table, guint row, guint column)
{
    const GPtrArray *texts = table->rows->pdata[row];
    return texts->pdata[column] ? texts->pdata[column] : "-";
}

static int column_width(const Table *table, guint column)
{
    int width = output_width(table->titles[column]);
    for (guint r = 0; r < table->rows->len; r++)
        width = MAX(width, output_width(cell_at(table, r, column)));
    return width;
}

static void print_cell(const char *value, int width, bool right, bool last)
{
    int padding = width - output_width(value);
    if (right)
        printf("%*s%s", padding, "", value);
    else
        printf("%s%*s", value, last ? 0 : padding, "");
    fputs(last ? "\n" : "  ", stdout);
}

static void shorten_cells(Table *table)
{
    for (guint r = 0; r < table->rows->len; r++) {
        GPtrArray *row = table->rows->pdata[r];
        for (guint c = 0; c < row->len; c++) {
            char *whole = row->pdata[c];
            row->pdata[c] = whole ? shortened(whole, CELL_COLUMNS) : NULL;
            g_free(whole);
        }
    }
}

static void print_aligned(Table *table)
{
    if (isatty(STDOUT_FILENO))
        shorten_cells(table);
    guint columns = g_strv_length(table->titles);
    g_autofree int *widths = g_new0(int, columns + 1);
    for (guint c = 0; c < columns; c++)
        widths[c] = column_width(table, c);
    fputs(output_style(stdout, "1"), stdout);
    for (guint c = 0; c < columns; c++)
        print_cell(table->titles[c], widths[c], !table->is_text[c] && table->rows->len, c + 1 == columns);
    fputs(output_style(stdout, "0"), stdout);
    for (guint r = 0; r < table->rows->len; r++)
        for (guint c = 0; c < columns; c++)
            print_cell(cell_at(table, r, c), widths[c], !table->is_text[c], c + 1 == columns);
}

void table_print(Table *table)
{
    if (table->array)
        output_json(json_incref(table->array));
    else
        print_aligned(table);
    table_free(table);
}

void output_json(json_t *root)
{
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

void output_problems(const Problems *problems)
{
    g_autofree char *text = problems_text(problems);
    fputs(text, stderr);
}

/* ---- progress ---------------------------------------------------------------------------------------------------- */

#define BAR_WIDTH   30
#define DRAW_PAUSE  (SECOND_US / 10)
#define SPEAK_PAUSE (10 * SECOND_US)

struct Progress {
    char *what;
    int64_t total, done;
    int64_t started_at, told_at; /* monotonic */
    bool terminal, told;
};

Progress *progress_new(const char *what, int64_t total)
{
    Progress *progress = g_new0(Progress, 1);
    progress->what = g_strdup(what);
    progress->total = total;
    progress->terminal = isatty(STDERR_FILENO);
    progress->started_at = progress->told_at = clock_monotonic();
    return progress;
}

static void append_bar(GString *line, int64_t done, int64_t total)
{
    int filled = (int)(BAR_WIDTH * MIN(done, total) / total);
    g_string_append(line, " [");
    for (int i = 0; i < BAR_WIDTH; i++)
        g_string_append_c(line, i < filled ? '#' : '.');
    g_string_append_printf(line, "] %3d%%", (int)(100 * MIN(done, total) / total));
}

static void tell(Progress *progress, int64_t now)
{
    g_autoptr(GString) line = g_string_new(progress->what);
    double seconds = (double)(now - progress->started_at) / (double)SECOND_US;
    if (progress->total > 0 && progress->terminal)
        append_bar(line, progress->done, progress->total);
    g_string_append_printf(line, " %" G_GINT64_FORMAT, progress->done);
    if (progress->total > 0)
        g_string_append_printf(line, " of %" G_GINT64_FORMAT, progress->total);
    if (seconds > 0.5)
        g_string_append_printf(line, ", %.0f/s", (double)progress->done / seconds);
    if (progress->terminal)
        fprintf(stderr, "\r\033[K%s", line->str);
    else
        fprintf(stderr, "%s\n", line->str);
    progress->told_at = now;
    progress->told = true;
}

void progress_to(Progress *progress, int64_t done)
{
    progress->done = done;
    int64_t now = clock_monotonic();
    if (now - progress->told_at >= (progress->terminal ? DRAW_PAUSE : SPEAK_PAUSE))
        tell(progress, now);
}

void progress_hide(Progress *progress)
{
    if (progress && progress->told && progress->terminal)
        fputs("\r\033[K", stderr);
}

void progress_end(Progress *progress)
{
    if (!progress)
        return;
    if (progress->told)
        tell(progress, clock_monotonic());
    if (progress->told && progress->terminal)
        fputc('\n', stderr);
    g_free(progress->what);
    g_free(progress);
}
