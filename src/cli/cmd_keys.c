/* rundbrief keys: the keys that sign leave links and return addresses. */
#include "cli/command.h"
#include "cli/ownership.h"

extern const Command command_keys;

static int create(const char *path, GError **error)
{
    if (!keyring_create(path, error))
        return EXIT_WRONG;
    ownership_inherit(path, 0640);
    printf("Created %s. Keep a copy of it in a safe place: links in mails cannot be checked without it.\n", path);
    return EXIT_GOOD;
}

static int rotate(const char *path, GError **error)
{
    if (!keyring_rotate(path, error))
        return EXIT_WRONG;
    ownership_inherit(path, 0640);
    printf("Added a key to %s; it signs once the roles have been started again. The older ones still verify.\n", path);
    return EXIT_GOOD;
}

static int check(const char *path, GError **error)
{
    g_autoptr(Keyring) keyring = keyring_load(path, error);
    if (!keyring)
        return EXIT_WRONG;
    printf("%s is in order.\n", path);
    return EXIT_GOOD;
}

static const struct {
    const char *name;
    int (*run)(const char *path, GError **error);
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
        if (code == EXIT_GOOD)
            code = actions[i].run(context.settings->files.keys, &error);
        return error ? command_fail(&command_keys, code, "%s", error->message) : code;
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
        "mails that went out are dead and suppressed addresses are not recognised any more: keep a copy of it.\n",
    .run = run,
};
