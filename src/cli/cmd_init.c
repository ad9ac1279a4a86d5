/* rundbrief init: folders, keys and database, whatever of them is missing. Changes nothing that is there. */
/* system */
#include <errno.h>

/* rundbrief */
#include "cli/command.h"
#include "cli/ownership.h"
#include "config/secrets.h"
#include "store/migrate.h"
#include "store/statements.h"

extern const Command command_init;

static bool make_folder(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    if (g_mkdir_with_parents(path, 0750) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "cannot create the folder %s: %s", path,
                    g_strerror(errno));
        return false;
    }
    ownership_inherit(path, 0750);
    printf("Created the folder %s.\n", path);
    return true;
}

static bool make_folder_of(const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return make_folder(folder, error);
}

static bool make_folders(const Settings *settings, GError **error)
{
    return make_folder_of(settings->store.path, error) && make_folder_of(settings->files.keys, error) &&
           make_folder(settings->files.media_dir, error) && make_folder(settings->files.runtime_dir, error);
}

static bool make_keys(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autoptr(Keyring) keyring = keyring_load(path, error);
        return keyring != NULL;
    }
    if (!keyring_create(path, error))
        return false;
    ownership_inherit(path, 0640);
    printf("Created the keys in %s. Keep a copy of this file in a safe place.\n", path);
    return true;
}

static bool make_database(const StoreSettings *store, GError **error)
{
    bool is_new = !g_file_test(store->path, G_FILE_TEST_EXISTS);
    g_auto(MigrateReport) report = {0};
    bool done = migrate_run(store, &report, error);
    if (report.copy)
        printf("The database as it was before is kept in %s.\n", report.copy);
    if (!done)
        return false;
    if (is_new) {
        ownership_inherit(store->path, 0640);
        printf("Created the database %s.\n", store->path);
    } else if (report.applied > 0) {
        printf("Brought the database %s up to date.\n", store->path);
    }
    return true;
}

/* Credentials come from systemd at the start of a role; only files can be looked at now. */
static void look_for_password(const char *whose, const char *name, const char *path)
{
    g_autoptr(GError) error = NULL;
    if (!strchr(path, '/'))
        return;
    char *secret = secret_read(path, &error);
    if (!secret)
        printf("Still missing: the password of %s %s (%s).\n", whose, name, error->message);
    secret_free(secret);
}

static void say_what_is_next(const Settings *settings)
{
    for (guint i = 0; i < settings->relays->len; i++) {
        const RelaySettings *relay = settings->relays->pdata[i];
        look_for_password("relay", relay->name, relay->password_file);
    }
    for (guint i = 0; i < settings->mailboxes->len; i++) {
        const MailboxSettings *mailbox = settings->mailboxes->pdata[i];
        look_for_password("mailbox", mailbox->name, mailbox->password_file);
    }
    printf("Folders, keys and database are in place. Next: 'rundbrief list add', 'rundbrief subscriber import', then "
           "start the daemon\n"
           "with 'rundbrief run' or 'systemctl enable --now rundbrief.target'.\n");
}

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    g_autoptr(GError) error = NULL;
    int code = command_parse(&command_init, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    if (argc > 1)
        return command_fail(&command_init, EXIT_USAGE, "takes no arguments");
    code = context_open(&context, common.config, CONTEXT_SETTINGS);
    if (code != EXIT_GOOD)
        return code;
    const Settings *settings = context.settings;
    if (!make_folders(settings, &error) || !make_keys(settings->files.keys, &error) ||
        !make_database(&settings->store, &error))
        return command_fail(&command_init, EXIT_FAULT, "%s", error->message);
    say_what_is_next(settings);
    return EXIT_GOOD;
}

const Command command_init = {
    .name = "init",
    .summary = "create folders, keys and database",
    .help = "Usage: rundbrief init [--config FILE]\n\n"
            "Creates what is missing of the folders, the key file and the database that the settings name, and brings\n"
            "an older database up to date. Does no harm to what is there; may be run again at any time.\n",
    .run = run,
};
