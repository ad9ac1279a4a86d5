/* rundbrief run: all roles in the foreground, kept alive. */
/* system */
#include <unistd.h>

/* rundbrief */
#include "cli/command.h"
#include "service/role.h"
#include "service/supervise.h"

extern const Command command_run;

#define ROLES_MAX 8

/* The roles are this program again, from the file it was started from. */
static int supervise(const char *program, const char *config)
{
    const char *arguments[ROLES_MAX][6];
    Worker workers[ROLES_MAX + 1] = {0};
    for (guint i = 0; role_kinds[i]; i++) {
        const char *const argv[] = {program, "role", role_kinds[i]->name, "--config", config, NULL};
        memcpy(arguments[i], argv, sizeof argv);
        workers[i] = (Worker){role_kinds[i]->name, arguments[i]};
    }
    g_autoptr(GError) error = NULL;
    if (supervise_run(workers, &supervise_pace, &error))
        return EXIT_GOOD;
    return command_fail(&command_run, EXIT_WRONG, "%s", error->message);
}

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    int code = command_parse(&command_run, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    if (argc > 1)
        return command_fail(&command_run, EXIT_USAGE,
                            "takes no arguments, here '%s'; 'rundbrief role send' runs one role alone", argv[1]);
    /* Opened once here, so that whoever types this sees at once what is missing,
     * and closed before anything is forked. */
    const char *config = config_path_or_default(common.config);
    code = context_open(&context, config, CONTEXT_DB | CONTEXT_KEYS);
    if (code != EXIT_GOOD)
        return code;
    context_close(&context);
    g_autofree char *program = g_file_read_link("/proc/self/exe", NULL);
    return supervise(program ? program : "/proc/self/exe", config);
}

const Command command_run = {
    .name = "run",
    .summary = "run the daemon: all roles, in the foreground",
    .help = "Usage: rundbrief run [--config FILE]\n\n"
            "Starts the roles send and inbox and starts one again that ends, after 1 s and then ever longer pauses of\n"
            "up to a minute. For containers, demonstrations and development; under systemd each role is a unit of its\n"
            "own (rundbrief.target).\n\n"
            "SIGTERM lets the roles finish what is under way, then ends; a second one ends them at once. SIGHUP lets\n"
            "them read the settings again.\n",
    .run = run,
};
