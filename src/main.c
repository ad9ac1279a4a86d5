/* Finds argv[1] in the command table and runs it; nothing else. */
/* system */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>

/* rundbrief */
#include "cli/command.h"

/* All text in the program is UTF-8, whatever the terminal says;
 * numbers and sentences stay as they are in every locale. */
static void use_utf8(void)
{
    setlocale(LC_CTYPE, "");
    if (!g_str_equal(nl_langinfo(CODESET), "UTF-8"))
        setlocale(LC_CTYPE, "C.UTF-8");
}

static int run_named(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "help";
    if (g_str_equal(name, "--version")) {
        puts("rundbrief " RUNDBRIEF_VERSION);
        return EXIT_GOOD;
    }
    if (g_str_equal(name, "--help") || g_str_equal(name, "-h"))
        name = "help";
    const Command *command = command_find(name);
    if (!command)
        return command_unknown(name);
    char *own_name[] = {argv[0], NULL};
    return argc > 1 ? command->run(argc - 1, argv + 1) : command->run(1, own_name);
}

int main(int argc, char **argv)
{
    /* `rundbrief subscriber list | head` ends quietly, even when our parent ignores SIGPIPE. The roles ignore it
     * themselves. */
    signal(SIGPIPE, SIG_DFL);
    use_utf8();
    int code = run_named(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "rundbrief: cannot write the output: %s\n", g_strerror(errno));
    return code == EXIT_GOOD ? EXIT_FAULT : code;
}
