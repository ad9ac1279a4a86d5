/* rundbrief keys: the keys that sign leave links and return addresses. */
#include "cli/command.h"
#include "cli/ownership.h"

extern const Command command_keys;

static bool create(const char *path, GError **error)
{
    if (!keyring_create(path, error))
        return false;
    ownership_inherit(path, 0640);
    printf("Created %s. Keep a copy of it in a safe place: links in mails cannot be checked without it.\n", path);
    return true;
}

static bool rotate(const char *path, GError **error)
{
    if (!keyring_rotate(path, error))
        return false;
    ownership_inherit(path, 0640);
    printf("Added a key to %s; it signs once the roles have been started again. The older ones still verify.\n", path);
    return true;
}

static bool check(const char *path, GError **error)
{
    g_autoptr(Keyring) keyring = keyring_load(path, error);
    if (!keyring)
        return false;
    printf("%s is in order.\n", path);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(const char *path, GError **error);
} actions[] = {{"new", create}, {"rotate", rotate}, {"check", check}};

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    g_autoptr(GError) error = NULL;
    int code = command_parse(&command_keys, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    for (gsize i = 0; argc == 2 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name))
            continue;
        code = context_open(&context, common.config, CONTEXT_SETTINGS);
        if (code != EXIT_GOOD || actions[i].run(context.settings->files.keys, &error))
            return code;
        return command_fail(&command_keys, keys_exit_code(error), "%s", error->message);
    }
    return command_fail(&command_keys, EXIT_USAGE, "say new, rotate or check; see 'rundbrief keys --help'");
}

const Command command_keys = {
    .name = "keys",
    .summary = "create, rotate or check the signing keys",
    .help =
        "Usage: rundbrief keys new      create the key file (setting files.keys); never overwrites one\n"
        "       rundbrief keys rotate   add a fresh key that signs from now on; the older ones verify on\n"
        "       rundbrief keys check    look whether the file can be read and is well-formed\n\n"
        "The keys sign leave links and return addresses, and hide suppressed addresses. Without the file, links in\n"
        "mails that went out are dead and suppressed addresses are not recognised any more: keep a copy of it.\n\n"
        "Exit codes: 0 done; 1 new: there is such a file already; 2 the file is not in order; 3 it cannot be read or\n"
        "written.\n",
    .run = run,
};
