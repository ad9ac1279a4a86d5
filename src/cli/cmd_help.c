/* rundbrief help [COMMAND] */
#include "cli/command.h"

extern const Command command_help;

static void print_overview(void)
{
    fputs("rundbrief " RUNDBRIEF_VERSION ": press releases and invitations by mail\n\n"
          "Usage: rundbrief COMMAND [ARGUMENTS]\n"
          "       rundbrief help COMMAND\n\n"
          "Commands:\n",
          stdout);
    for (const Command *const *command = commands; *command; command++)
        printf("  %-12s %s\n", (*command)->name, (*command)->summary);
    fputs("\nExit codes: 0 done; 1 tried and failed; 2 the command line or a file is wrong;\n"
          "3 the database or the system refuses. The manual: man rundbrief, man rundbrief.conf.\n",
          stdout);
}

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    int code = command_parse(&command_help, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    if (argc > 3)
        return command_fail(&command_help, EXIT_USAGE, "one command at a time, please");
    if (argc == 1) {
        print_overview();
        return EXIT_GOOD;
    }
    const Command *command = command_find(argv[1]);
    if (!command)
        return command_unknown(argv[1]);
    command_print_help(command);
    return EXIT_GOOD;
}

const Command command_help = {
    .name = "help",
    .summary = "what there is, or how one command is used",
    .help = "Usage: rundbrief help [COMMAND [ACTION]]\n\n"
            "Without COMMAND lists all commands, otherwise says how that one is used, with all its actions.\n",
    .run = run,
};
