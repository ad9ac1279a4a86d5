/* rundbrief role: one role in the foreground, as a systemd unit starts it. */
#include "cli/command.h"
#include "service/role.h"

extern const Command command_role;

static const int exit_codes[] = {
    [ROLE_DRAINED] = EXIT_GOOD,
    [ROLE_CUT] = EXIT_WRONG,
    [ROLE_SETTINGS] = EXIT_USAGE,
    [ROLE_FAULT] = EXIT_FAULT,
};

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    int code = command_parse(&command_role, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    const RoleKind *kind = argc == 2 ? role_find(argv[1]) : NULL;
    if (!kind)
        return command_fail(&command_role, EXIT_USAGE, "say which role: send or inbox");
    return exit_codes[role_run(kind, config_path_or_default(common.config))];
}

const Command command_role = {
    .name = "role",
    .summary = "run one role of the daemon (for systemd units)",
    .help = "Usage: rundbrief role send|inbox [--config FILE]\n\n"
            "send   starts what is due, sends it, judges the answers of the relays\n"
            "inbox  reads the mailboxes for bounces and for mails that leave or confirm\n\n"
            "Runs in the foreground until SIGTERM, which lets it finish what is under way; a second one ends it\n"
            "at once. SIGHUP reads the settings again; when they have a mistake, those in use stay.\n"
            "'rundbrief run' starts both.\n",
    .run = run,
};
