#pragma once
/* Subcommands: one table row each in command.c, one file per command. main() looks up argv[1] and calls run(). */
#include <glib.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"

/* Exit codes, documented in rundbrief(1). */
enum {
    EXIT_GOOD = 0,
    EXIT_WRONG = 1, /* it was tried and failed; the sentence says why */
    EXIT_USAGE = 2, /* the command line, a configuration or an input file is wrong */
    EXIT_FAULT = 3, /* the database or the system refuses */
};

typedef struct Command {
    const char *name;                  /* "subscriber" */
    const char *summary;               /* one line for `rundbrief help` */
    const char *help;                  /* the whole text of --help: usage, options, examples */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} Command;

/** Every command, in the order of the help; ends with NULL. */
extern const Command *const commands[];

const Command *command_find(const char *name);   /* NULL when there is none */
int command_unknown(const char *name);           /* says so on stderr, with a suggestion; returns EXIT_USAGE */
void command_print_help(const Command *command); /* to stdout */

#define CONFIG_DEFAULT_PATH "/etc/rundbrief/rundbrief.conf"

/** The path itself, or $RUNDBRIEF_CONFIG, or the default. */
const char *config_path_or_default(const char *path);

/** What most commands begin with. Reads --config (or $RUNDBRIEF_CONFIG, or /etc/rundbrief/rundbrief.conf), says every
 * mistake on stderr. Fields that were not asked for stay NULL. */
typedef enum { CONTEXT_SETTINGS = 0, CONTEXT_DB = 1, CONTEXT_KEYS = 2 } ContextNeeds;
typedef struct Context {
    Settings *settings;
    Keyring *keyring;
    Db *db;
} Context;
/** Returns EXIT_GOOD, or the exit code after it has said why. */
int context_open(Context *context, const char *config_path, ContextNeeds needs);
void context_close(Context *context);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Context, context_close)

/** The exit code for a failure of the key file: EXIT_USAGE when it is wrong, EXIT_WRONG when it should not be there
 * yet, EXIT_FAULT when it cannot be read or written. */
int keys_exit_code(const GError *error);

/** "rundbrief COMMAND: sentence" on stderr; returns code. */
int command_fail(const Command *command, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/** Parses options by GOption with --config, --json and --help added, wherever they stand among the other arguments.
 * Returns -1 to go on, otherwise the exit code (--help printed, or a mistake told). options may be NULL. */
typedef struct CommonOptions {
    char *config; /* caller frees through common_options_clear() */
    gboolean json;
} CommonOptions;
int command_parse(const Command *command, int *argc, char ***argv, const GOptionEntry *options,
                  CommonOptions *ret_common);
void common_options_clear(CommonOptions *options);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CommonOptions, common_options_clear)
