/* rundbrief dkim: makes the keys that sign mails and prints what belongs in DNS. */
/* rundbrief */
#include "announcements/letter_keys.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/ownership.h"
#include "config/check.h"
#include "config/secrets.h"

extern const Command command_dkim;

typedef struct Options {
    char *domain, *selector, *type;
} Options;

static void options_clear(Options *options)
{
    g_clear_pointer(&options->domain, g_free);
    g_clear_pointer(&options->selector, g_free);
    g_clear_pointer(&options->type, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* The settings' own rule for these two. */
static bool is_fit(const char *name, const char *value)
{
    return setting_text_is_fit(setting_find(setting_group_find("dkim"), name), value);
}

static int print_record(const DkimKey *key)
{
    g_autofree char *record = dkim_key_zone_record(key);
    fputs(record, stdout);
    return EXIT_GOOD;
}

/* ---- new --------------------------------------------------------------------------------------------------------- */

static int write_key(const DkimKey *key, const char *path)
{
    g_autoptr(GError) error = NULL;
    char *pem = dkim_key_pem(key);
    bool written = file_write_new(path, pem, strlen(pem), &error);
    secret_free(pem);
    if (g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST))
        return command_fail(&command_dkim, EXIT_WRONG,
                            "%s exists, and keys are never overwritten; name another file, and a new selector", path);
    if (!written)
        return command_fail(&command_dkim, EXIT_FAULT, "%s", error->message);
    ownership_inherit(path, 0600);
    return EXIT_GOOD;
}

static int create(const char *path, const Options *options, const CommonOptions *common)
{
    (void)common;
    DkimKeyType type = DKIM_RSA;
    if (!options->domain || !options->selector)
        return command_fail(&command_dkim, EXIT_USAGE,
                            "--domain and --selector are missing, such as --domain "
                            "kreis-musterland.example --selector r2026a");
    if (!is_fit("domain", options->domain) || !is_fit("selector", options->selector))
        return command_fail(&command_dkim, EXIT_USAGE,
                            "domain and selector are letters, digits, hyphens and dots (beyond ASCII as xn--...)");
    if (options->type && !dkim_key_type_from_word(options->type, &type))
        return command_fail(&command_dkim, EXIT_USAGE, "--type takes rsa or ed25519, not \"%s\"", options->type);
    g_autoptr(DkimKey) key = dkim_key_generate(options->domain, options->selector, type);
    int code = write_key(key, path);
    if (code != EXIT_GOOD)
        return code;
    fprintf(stderr, "Wrote the private key to %s. Put this record into DNS, then the key into the settings (dkim):\n",
            path);
    return print_record(key);
}

/* ---- show -------------------------------------------------------------------------------------------------------- */

/* What the settings say of a key file; NULL when they do not name it. */
static const DkimSettings *row_of(const Settings *settings, const char *path)
{
    for (guint i = 0; i < settings->dkim->len; i++) {
        const DkimSettings *row = settings->dkim->pdata[i];
        if (g_str_equal(row->key_file, path))
            return row;
    }
    return NULL;
}

static int show_key(const DkimSettings *row)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DkimKey) key = letter_key_read(row, &error);
    return key ? print_record(key) : command_fail(&command_dkim, EXIT_WRONG, "%s", error->message);
}

static int show(const char *path, const Options *options, const CommonOptions *common)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    if (options->domain && options->selector)
        return show_key(&(DkimSettings){options->domain, options->selector, full});
    g_auto(Context) context = {0};
    int code = context_open(&context, common->config, CONTEXT_SETTINGS);
    if (code != EXIT_GOOD)
        return command_fail(&command_dkim, code, "with --domain and --selector it needs no settings");
    const DkimSettings *row = row_of(context.settings, full);
    if (!row)
        return command_fail(&command_dkim, EXIT_USAGE,
                            "the settings do not name %s; say --domain and --selector, which the file does not hold",
                            full);
    return show_key(row);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int (*run)(const char *path, const Options *options, const CommonOptions *common);
} actions[] = {{"new", create}, {"show", show}};

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_auto(CommonOptions) common = {0};
    const GOptionEntry entries[] = {
        {"domain", 0, 0, G_OPTION_ARG_STRING, &options.domain, NULL, NULL},
        {"selector", 0, 0, G_OPTION_ARG_STRING, &options.selector, NULL, NULL},
        {"type", 0, 0, G_OPTION_ARG_STRING, &options.type, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_dkim, &argc, &argv, entries, &common);
    if (code >= 0)
        return code;
    for (gsize i = 0; argc == 3 && i < G_N_ELEMENTS(actions); i++)
        if (g_str_equal(argv[1], actions[i].name))
            return actions[i].run(argv[2], &options, &common);
    return command_fail(&command_dkim, EXIT_USAGE, "say new FILE or show FILE; see 'rundbrief dkim --help'");
}

const Command command_dkim = {
    .name = "dkim",
    .summary = "make a key that signs mails, or print its DNS record",
    .help = "Usage: rundbrief dkim new --domain DOMAIN --selector SELECTOR [--type rsa|ed25519] FILE\n"
            "       rundbrief dkim show [--domain DOMAIN --selector SELECTOR] FILE\n\n"
            "new writes a private key into a new file (mode 0600) and prints the DNS record of its public half,\n"
            "as a line of a zone file. show prints the record again; domain and selector come from the\n"
            "settings when they name the file.\n\n"
            "  --domain DOMAIN      whose mails it signs: that of the From address\n"
            "  --selector SELECTOR  names the key under the domain; a new key gets a new one, such as r2026a\n"
            "  --type TYPE          rsa (2048 bits, the default), which everybody verifies, or ed25519;\n"
            "                       with one of each, mails bear two signatures\n\n"
            "To change a key: make a new one with a new selector, publish its record, add it to the settings,\n"
            "restart the roles, take the old entry out of the settings; leave the old record in DNS for a week.\n\n"
            "Example: rundbrief dkim new --domain kreis-musterland.example --selector r2026a \\\n"
            "             /etc/rundbrief/credentials/dkim-r2026a\n\n"
            "Exit codes: 0 done; 1 there is such a file already, or it holds no key; 2 a wrong option;\n"
            "3 the system refuses.\n",
    .run = run,
};
