/* The table of subcommands and what they share: options, help, and how a failure is told.
 * Knows no command's business. */
#include "cli/command.h"

/* system */
#include <stdarg.h>

/* rundbrief */
#include "base/nearest.h"

/* A new command is one line here, in the order of the help, and a `const Command command_NAME` in cmd_NAME.c. */
// clang-format off
#define COMMANDS(X) \
    X(help)         \
    X(init)         \
    X(run)          \
    X(role)         \
    X(status)       \
    X(list)         \
    X(subscriber)   \
    X(suppress)     \
    X(announce)     \
    X(mail)         \
    X(template)     \
    X(config)       \
    X(keys)         \
    X(dkim)         \
    X(check)        \
    X(inbox)        \
    X(db)           \
/* the end */
// clang-format on

#define DECLARE_COMMAND(name) extern const Command command_##name;
#define COMMAND_ROW(name)     &command_##name,

COMMANDS(DECLARE_COMMAND)
const Command *const commands[] = {COMMANDS(COMMAND_ROW) NULL};

const Command *command_find(const char *name)
{
    for (const Command *const *command = commands; *command; command++)
        if (g_str_equal((*command)->name, name))
            return *command;
    return NULL;
}

int command_unknown(const char *name)
{
    if (*name == '-') {
        fprintf(stderr,
                "rundbrief: '%s' stands before the command; options follow it, as in 'rundbrief status "
                "--json'.\n",
                name);
        return EXIT_USAGE;
    }
    Nearest nearest = nearest_to(name);
    for (const Command *const *command = commands; *command; command++)
        nearest_offer(&nearest, (*command)->name);
    if (nearest.found)
        fprintf(stderr, "rundbrief: there is no command '%s'; did you mean '%s'? 'rundbrief help' lists all.\n", name,
                nearest.found);
    else
        fprintf(stderr, "rundbrief: there is no command '%s'; 'rundbrief help' lists all.\n", name);
    return EXIT_USAGE;
}

int command_fail(const Command *command, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "rundbrief %s: %s\n", command->name, sentence);
    return code;
}

void command_print_help(const Command *command)
{
    fputs(command->help, stdout);
    if (!g_str_has_suffix(command->help, "\n"))
        putchar('\n');
    fputs("\nEvery command takes --config FILE (otherwise $RUNDBRIEF_CONFIG, otherwise " CONFIG_DEFAULT_PATH "),\n"
          "--json where a table is printed, and --help.\n",
          stdout);
}

int command_parse(const Command *command, int *argc, char ***argv, const GOptionEntry *options,
                  CommonOptions *ret_common)
{
    gboolean help = FALSE;
    const GOptionEntry common[] = {
        {"config", 0, 0, G_OPTION_ARG_FILENAME, &ret_common->config, NULL, NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &ret_common->json, NULL, NULL},
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_help_enabled(context, FALSE);
    if (options)
        g_option_context_add_main_entries(context, options, NULL);
    g_option_context_add_main_entries(context, common, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, argc, argv, &error))
        return command_fail(command, EXIT_USAGE, "%s. See 'rundbrief %s --help'.", error->message, command->name);
    if (help) {
        command_print_help(command);
        return EXIT_GOOD;
    }
    return -1;
}

void common_options_clear(CommonOptions *options)
{
    g_clear_pointer(&options->config, g_free);
}

const char *config_path_or_default(const char *path)
{
    if (path)
        return path;
    const char *from_environment = g_getenv("RUNDBRIEF_CONFIG");
    return from_environment && *from_environment ? from_environment : CONFIG_DEFAULT_PATH;
}
