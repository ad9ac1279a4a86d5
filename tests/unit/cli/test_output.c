/* cli/output: tables line up whatever script they are in, and nothing in a value reaches the terminal as a command. */
#include "cli/output.h"

#include <glib/gstdio.h>
#include <jansson.h>
#include <pty.h>
#include <unistd.h>

/* What a function prints to stdout. Caller frees. */
static char *printed(void (*print)(void))
{
    g_autofree char *path = NULL;
    int file = g_file_open_tmp("rundbrief-output-XXXXXX", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(file, STDOUT_FILENO);
    print();
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_unlink(path);
    return text;
}

static const struct {
    const char *name, *text;
    int width;
} widths[] = {
    {"ascii", "abc", 3},
    {"umlaut", "ü", 1},
    {"u and combining dots", "u\xcc\x88", 1},
    {"wide", "広報", 4},
    {"zero-width joiner",
     "a\xe2\x80\x8d"
     "b",
     2},
    {"nothing", "", 0},
};

static void width_is_that_of_the_terminal(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(widths); i++) {
        g_test_message("%s", widths[i].name);
        g_assert_cmpint(output_width(widths[i].text), ==, widths[i].width);
    }
}

static void values_are_cleaned(void)
{
    g_autofree char *escape = output_clean("a\033[31mb\r\nc\x7f"), *bytes = output_clean("a\xff"),
                    *c1 = output_clean("a\xc2\x9b"
                                       "b"),
                    *turned = output_clean("gpj.\u202aexe");
    g_assert_cmpstr(escape, ==, "a [31mb  c ");
    g_assert_cmpstr(bytes, ==, "a\xef\xbf\xbd");
    g_assert_cmpstr(c1, ==, "a b");
    g_assert_cmpstr(turned, ==, "gpj. exe");
}

static void print_some(bool json)
{
    Table *table = table_new((const char *[]){"Name", "Sent so far", "Note", "At", "Done", NULL}, json,
                             "Europe/Berlin");
    table_row(table,
              (const Cell[]){cell_text("Müller"), cell_number(7), cell_text("広報"), cell_time(0), cell_flag(false)});
    table_row(table, (const Cell[]){cell_text("広報"), cell_number(1234), cell_text(NULL),
                                    cell_time(INT64_C(1777705200123456)), cell_flag(true)});
    table_row(table, (const Cell[]){cell_text("u\xcc\x88"), cell_text(NULL), cell_text("\033[2J"), cell_time(0),
                                    cell_flag(false)});
    table_print(table);
}

static void print_text(void)
{
    print_some(false);
}

static void print_json(void)
{
    print_some(true);
}

static void columns_line_up(void)
{
    g_autofree char *text = printed(print_text);
    g_assert_cmpstr(text, ==,
                    "Name    Sent so far  Note  At                Done\n"
                    "Müller            7  広報  -                 no\n"
                    "広報           1234  -     2026-05-02 09:00  yes\n"
                    "u\xcc\x88                 -   [2J  -                 no\n");
}

static void json_is_an_array_of_objects(void)
{
    g_autofree char *text = printed(print_json);
    json_t *array = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    g_assert_cmpuint(json_array_size(array), ==, 3);
    json_t *first = json_array_get(array, 0), *second = json_array_get(array, 1);
    g_assert_cmpstr(json_string_value(json_object_get(first, "name")), ==, "Müller");
    g_assert_true(json_is_integer(json_object_get(first, "sent_so_far")));
    g_assert_cmpint(json_integer_value(json_object_get(first, "sent_so_far")), ==, 7);
    g_assert_true(json_is_null(json_object_get(first, "at")));
    g_assert_cmpstr(json_string_value(json_object_get(second, "at")), ==, "2026-05-02T07:00:00Z");
    g_assert_true(json_is_true(json_object_get(second, "done")));
    g_assert_true(json_is_null(json_object_get(second, "note")));
    json_decref(array);
}

#define LONG_HEADLINE "Freie Fahrt über die Musterbrücke: Landrat gibt den Radweg frei"

static void print_long(void)
{
    Table *table = table_new((const char *[]){"Headline", "State", NULL}, false, NULL);
    table_row(table, (const Cell[]){cell_text(LONG_HEADLINE), cell_text("draft")});
    table_print(table);
}

/* The same on a terminal. Caller frees. */
static char *printed_on_terminal(void (*print)(void))
{
    char seen[4096];
    int terminal, end;
    g_assert_cmpint(openpty(&terminal, &end, NULL, NULL, NULL), ==, 0);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(end, STDOUT_FILENO);
    print();
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    ssize_t got = read(terminal, seen, sizeof seen);
    close(end);
    close(terminal);
    g_assert_cmpint(got, >, 0);
    return g_strndup(seen, (gsize)got);
}

static void long_cells_end_early_on_a_terminal_alone(void)
{
    g_autofree char *piped = printed(print_long), *shown = printed_on_terminal(print_long);
    g_assert_nonnull(strstr(piped, LONG_HEADLINE "  draft\n"));
    g_assert_nonnull(strstr(shown, "Freie Fahrt über die Musterbrücke: Landrat gibt…  draft"));
}

static void print_empty(void)
{
    table_print(table_new((const char *[]){"Id", NULL}, true, NULL));
}

static void an_empty_table_is_an_empty_array(void)
{
    g_autofree char *text = printed(print_empty);
    g_assert_cmpstr(text, ==, "[]\n");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/output/" #name, name)
    TEST(width_is_that_of_the_terminal);
    TEST(values_are_cleaned);
    TEST(columns_line_up);
    TEST(json_is_an_array_of_objects);
    TEST(long_cells_end_early_on_a_terminal_alone);
    TEST(an_empty_table_is_an_empty_array);
    return g_test_run();
}
