/* cli/command: options may stand anywhere, mistakes and help end a command with their code. */
#include "cli/command.h"

#include <glib/gstdio.h>
#include <unistd.h>

static int run_nothing(int argc, char **argv)
{
    (void)argc, (void)argv;
    return EXIT_GOOD;
}

static const Command sample = {
    .name = "sample", .summary = "s", .help = "Usage: rundbrief sample\n", .run = run_nothing};

static const struct {
    const char *name;
    const char *line; /* after "sample" */
    int code;
    int left; /* arguments that stay */
    const char *config;
    bool json;
} cases[] = {
    {"nothing", "", -1, 1, NULL, false},
    {"options between arguments", "add --json x --config /c y", -1, 4, "/c", true},
    {"options with =", "--config=/c", -1, 1, "/c", false},
    {"unknown option", "--jsno", EXIT_USAGE, 0, NULL, false},
    {"option without its value", "--config", EXIT_USAGE, 0, NULL, false},
    {"behind -- everything is an argument", "x -- --json", -1, 4, NULL, false},
    {"one of our own", "--limit 5", -1, 1, NULL, false},
    {"a word for a number", "--limit five", EXIT_USAGE, 0, NULL, false},
};

static void options_are_parsed(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *line = g_strconcat("sample ", cases[i].line, NULL);
        g_auto(GStrv) words = NULL;
        int argc, limit = 0;
        g_assert_true(g_shell_parse_argv(line, &argc, &words, NULL));
        g_autofree char **argv = g_memdup2(words, sizeof(char *) * ((gsize)argc + 1));
        char **moving = argv;
        const GOptionEntry options[] = {{"limit", 0, 0, G_OPTION_ARG_INT, &limit, NULL, NULL}, G_OPTION_ENTRY_NULL};
        g_auto(CommonOptions) common = {0};
        g_test_message("%s", cases[i].name);
        g_assert_cmpint(command_parse(&sample, &argc, &moving, options, &common), ==, cases[i].code);
        if (cases[i].code >= 0)
            continue;
        g_assert_cmpint(argc, ==, cases[i].left);
        g_assert_cmpstr(common.config, ==, cases[i].config);
        g_assert_cmpint(common.json, ==, cases[i].json);
    }
}

static void the_settings_have_three_places(void)
{
    g_unsetenv("RUNDBRIEF_CONFIG");
    g_assert_cmpstr(config_path_or_default(NULL), ==, CONFIG_DEFAULT_PATH);
    g_setenv("RUNDBRIEF_CONFIG", "", TRUE);
    g_assert_cmpstr(config_path_or_default(NULL), ==, CONFIG_DEFAULT_PATH);
    g_setenv("RUNDBRIEF_CONFIG", "/e", TRUE);
    g_assert_cmpstr(config_path_or_default(NULL), ==, "/e");
    g_assert_cmpstr(config_path_or_default("/o"), ==, "/o");
}

static void the_table_is_sound(void)
{
    for (const Command *const *command = commands; *command; command++) {
        g_assert_true(command_find((*command)->name) == *command); /* no name twice */
        g_assert_nonnull((*command)->run);
        g_assert_true(g_str_has_prefix((*command)->help, "Usage: rundbrief "));
        g_assert_cmpuint(strlen((*command)->summary), <=, 66); /* one line of the help */
    }
    g_assert_null(command_find("no-such-command"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!g_freopen("/dev/null", "w", stderr)) /* what the cases above tell */
        return 1;
#define TEST(name) g_test_add_func("/command/" #name, name)
    TEST(options_are_parsed);
    TEST(the_settings_have_three_places);
    TEST(the_table_is_sound);
    return g_test_run();
}
