/* rundbrief config: checks the settings, explains them, and prints what is made from their table. Reads no database. */
#include "announcements/letter_keys.h"
#include "cli/command.h"
#include "cli/output.h"
#include "config/describe.h"
#include "config/load.h"

extern const Command command_config;

/* The only files that are opened: a key that cannot be read would hold up all mail. A credential is there for its role
 * alone. Returns how many are wrong, after it has said why. */
static guint check_dkim_keys(const Settings *settings)
{
    guint wrong = 0;
    for (guint i = 0; i < settings->dkim->len; i++) {
        g_autoptr(GError) error = NULL;
        const DkimSettings *row = settings->dkim->pdata[i];
        if (!strchr(row->key_file, '/'))
            continue;
        g_autoptr(DkimKey) key = letter_key_read(row, &error);
        if (!key)
            command_fail(&command_config, 0, "%s; what it should sign waits until it can be read", error->message);
        wrong += !key;
    }
    return wrong;
}

static int check(const char *path)
{
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(Settings) settings = settings_load(path, problems);
    if (settings && check_dkim_keys(settings) > 0)
        return EXIT_WRONG;
    if (settings) {
        printf("%s: no mistakes\n", path);
        return EXIT_GOOD;
    }
    output_problems(problems);
    guint count = problems_count(problems);
    return command_fail(&command_config, EXIT_USAGE, "%u mistake%s in %s", count, count == 1 ? "" : "s", path);
}

static int explain(const char *name)
{
    g_autofree char *text = describe_explain(name);
    if (!text)
        return command_fail(&command_config, EXIT_USAGE,
                            "there is no setting '%s'; 'rundbrief config explain' lists all", name);
    fputs(text, stdout);
    return EXIT_GOOD;
}

static int print(char *text)
{
    fputs(text, stdout);
    g_free(text);
    return EXIT_GOOD;
}

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    int code = command_parse(&command_config, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    const char *what = argc > 1 ? argv[1] : "", *name = argc > 2 ? argv[2] : NULL;
    if (argc <= 3 && g_str_equal(what, "check"))
        return check(name ? name : config_path_or_default(common.config));
    if (argc <= 3 && g_str_equal(what, "explain"))
        return explain(name);
    if (argc == 2 && g_str_equal(what, "sample"))
        return print(describe_sample());
    if (argc == 2 && g_str_equal(what, "docs"))
        return print(describe_markdown());
    if (argc == 2 && g_str_equal(what, "man"))
        return print(describe_man());
    return command_fail(&command_config, EXIT_USAGE,
                        "say check, explain, sample, docs or man; see 'rundbrief config --help'");
}

const Command command_config = {
    .name = "config",
    .summary = "check, explain or print the settings",
    .help =
        "Usage: rundbrief config check [FILE]      find every mistake in the settings, and DKIM keys in files that\n"
        "                                          cannot be read (exit code 1)\n"
        "       rundbrief config explain [NAME]    say what a setting or a group means and allows\n"
        "       rundbrief config sample            print a file with every setting and its help\n"
        "       rundbrief config docs              print the same as Markdown\n"
        "       rundbrief config man               print the same as a manual page\n\n"
        "Examples:\n"
        "  rundbrief config check /etc/rundbrief/rundbrief.conf\n"
        "  rundbrief config explain relays.host\n",
    .run = run,
};
