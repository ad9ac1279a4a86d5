/* rundbrief db: brings the database to this program's schema, looks whether it is whole,
 * copies it while it is in use. */
#include "cli/command.h"
#include "cli/output.h"
#include "store/check.h"
#include "store/migrate.h"

extern const Command command_db;

static int fail(int code, const GError *error)
{
    return command_fail(&command_db, code, "%s", error->message);
}

static int migrate(const Settings *settings, char **arguments)
{
    (void)arguments;
    g_autoptr(GError) error = NULL;
    g_auto(MigrateReport) report = {0};
    bool done = migrate_run(&settings->store, &report, &error);
    if (report.copy)
        printf("The database as it was before is kept in %s.\n", report.copy);
    for (guint i = schema_newest() - report.applied; done && i < (guint)schema_newest(); i++)
        printf("Applied %s.\n", schema_files[i].name);
    if (!done)
        return fail(EXIT_FAULT, error);
    printf("%s has schema version %d.\n", settings->store.path, schema_newest());
    return EXIT_GOOD;
}

static int check(const Settings *settings, char **arguments)
{
    (void)arguments;
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(&settings->store, &error);
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    if (!db || !check_database(db, findings, &error))
        return fail(EXIT_FAULT, error);
    for (guint i = 0; i < findings->len; i++)
        printf("%s: %s.\n", settings->store.path, (const char *)g_ptr_array_index(findings, i));
    if (findings->len > 0)
        return command_fail(&command_db, EXIT_WRONG,
                            "%u findings; stop rundbrief, keep a copy of the file and restore a backup", findings->len);
    printf("%s is whole.\n", settings->store.path);
    return EXIT_GOOD;
}

/* Made with the first look, so that a quick copy says nothing. */
static void show(int64_t done, int64_t total, gpointer data)
{
    Progress **progress = data;
    if (!*progress)
        *progress = progress_new("bytes copied", total);
    progress_to(*progress, done);
}

static int backup(const Settings *settings, char **arguments)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open_any(&settings->store, &error);
    Progress *progress = NULL;
    bool copied = db && db_copy(db, arguments[0], show, &progress, &error);
    progress_end(progress);
    if (!copied)
        return fail(EXIT_FAULT, error);
    printf("%s is a complete copy of %s.\n", arguments[0], settings->store.path);
    return EXIT_GOOD;
}

static const struct {
    const char *name;
    int arguments;
    int (*run)(const Settings *settings, char **arguments);
} actions[] = {
    {"migrate", 0, migrate},
    {"check", 0, check},
    {"backup", 1, backup},
};

static int run(int argc, char **argv)
{
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    int code = command_parse(&command_db, &argc, &argv, NULL, &common);
    if (code >= 0)
        return code;
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name) || argc - 2 != actions[i].arguments)
            continue;
        code = context_open(&context, common.config, CONTEXT_SETTINGS);
        return code == EXIT_GOOD ? actions[i].run(context.settings, argv + 2) : code;
    }
    return command_fail(&command_db, EXIT_USAGE, "say migrate, check or backup FILE; 'rundbrief help db' tells more");
}

const Command command_db = {
    .name = "db",
    .summary = "bring the database up to date, check it, copy it",
    .help = "Usage: rundbrief db migrate\n"
            "       rundbrief db check\n"
            "       rundbrief db backup FILE\n\n"
            "migrate  creates the database (setting store.path), or brings an older one to the schema of this\n"
            "         program. The older one is kept beside it as PATH.before-NNNN.\n"
            "check    looks for damage and for counts that do not agree; changes nothing.\n"
            "backup   writes a complete copy to FILE, which must not exist, while the daemon goes on working.\n",
    .run = run,
};
