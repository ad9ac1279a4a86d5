/* What most commands begin with: settings, keys and database, each opened once, every failure told on stderr. */
#include "cli/command.h"

/* rundbrief */
#include "base/log.h"
#include "cli/output.h"
#include "config/load.h"

static int open_settings(Context *context, const char *path)
{
    g_autoptr(Problems) problems = problems_new();
    context->settings = settings_load(path, problems);
    if (context->settings) {
        log_configure("rundbrief", (LogLevel)context->settings->log.level);
        return EXIT_GOOD;
    }
    output_problems(problems);
    return EXIT_USAGE;
}

static int tell(int code, const GError *error, const char *advice)
{
    fprintf(stderr, "rundbrief: %s%s\n", error->message, advice);
    return code;
}

int keys_exit_code(const GError *error)
{
    if (error->domain == TOKEN_ERROR)
        return EXIT_USAGE;
    return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST) ? EXIT_WRONG : EXIT_FAULT;
}

int context_open(Context *context, const char *config_path, ContextNeeds needs)
{
    g_autoptr(GError) error = NULL;
    *context = (Context){0};
    int code = open_settings(context, config_path_or_default(config_path));
    if (code != EXIT_GOOD)
        return code;
    if (needs & CONTEXT_KEYS) {
        context->keyring = keyring_load(context->settings->files.keys, &error);
        if (!context->keyring)
            return tell(
                keys_exit_code(error), error,
                g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? " ('rundbrief init' creates the keys)" : "");
    }
    if (needs & CONTEXT_DB) {
        context->db = db_open(&context->settings->store, &error);
        if (!context->db)
            return tell(EXIT_FAULT, error, "");
    }
    return EXIT_GOOD;
}

void context_close(Context *context)
{
    g_clear_pointer(&context->db, db_close);
    g_clear_pointer(&context->keyring, keyring_free);
    g_clear_pointer(&context->settings, settings_free);
}
