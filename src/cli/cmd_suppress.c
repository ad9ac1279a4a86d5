/* rundbrief suppress: the addresses that must not be mailed. They are kept as keyed hashes, so the list can be asked
 * for an address, but not read for one. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/clock.h"
#include "base/text.h"
#include "cli/actor.h"
#include "cli/command.h"
#include "cli/output.h"
#include "mail/address.h"
#include "store/audit_store.h"
#include "store/suppression_store.h"
#include "subscribers/bounce_policy.h"

extern const Command command_suppress;

#define PAGE_ROWS    100
#define LIMIT_MOST   100000
#define REASON_BYTES 500

typedef struct Options {
    char *reason;
    gint64 limit, offset;
} Options;

static void options_clear(Options *options)
{
    g_clear_pointer(&options->reason, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* The address an action is about. */
typedef struct Target {
    Address address;
    uint8_t hash[ADDRESS_HASH_SIZE];
} Target;

static int fail(const GError *error)
{
    return command_fail(&command_suppress, EXIT_FAULT, "%s", error->message);
}

/* The hash's beginning: names a row to staff without naming the person. */
static void short_name(const uint8_t hash[static ADDRESS_HASH_SIZE], char ret_name[static 17])
{
    for (gsize i = 0; i < 8; i++)
        g_snprintf(ret_name + 2 * i, 3, "%02x", hash[i]);
}

/* ---- the actions ------------------------------------------------------------------------------------------------- */

static int list_rows(const Context *context, Target *target, const Options *options, bool json)
{
    (void)target;
    g_autoptr(GError) error = NULL;
    int64_t total = 0;
    if (options->limit < 1 || options->limit > LIMIT_MOST || options->offset < 0)
        return command_fail(&command_suppress, EXIT_USAGE, "--limit takes 1 to %d, --skip 0 or more", LIMIT_MOST);
    g_autoptr(GPtrArray) page = suppression_page(context->db, options->limit, options->offset, &error);
    if (!page || !suppression_count(context->db, &total, &error))
        return fail(error);
    Table *table = table_new((const char *const[]){"Since", "Reason", "Evidence", "Hash", "Address", NULL}, json,
                             context->settings->site.zone);
    for (guint i = 0; i < page->len; i++) {
        const SuppressionRow *row = page->pdata[i];
        char name[17];
        short_name(row->hash, name);
        table_row(table,
                  (const Cell[]){cell_time(row->suppression.at),
                                 cell_text(suppression_reason_word(row->suppression.reason)),
                                 cell_text(row->suppression.evidence), cell_text(name), cell_text(row->address)});
    }
    table_print(table);
    if (!json)
        printf("\n%u of %" G_GINT64_FORMAT " suppressed addresses, the latest first.\n", page->len, total);
    return EXIT_GOOD;
}

static int check(const Context *context, Target *target, const Options *options, bool json)
{
    (void)options;
    g_autoptr(GError) error = NULL;
    g_auto(Suppression) suppression = {0};
    bool found;
    int64_t score = 0, limit = context->settings->bounce.soft_limit;
    if (!suppression_find(context->db, target->hash, &suppression, &found, &error) ||
        !bounce_policy_score(context->db, &context->settings->bounce, target->hash, clock_now(), &score, &error))
        return fail(error);
    const char *reason = found ? suppression_reason_word(suppression.reason) : NULL;
    if (json) {
        json_t *object = json_pack("{s:s, s:b, s:s?, s:o, s:s?, s:I, s:I}", "address", target->address.text,
                                   "suppressed", found, "reason", reason, "since",
                                   json_time(found ? suppression.at : 0), "evidence", suppression.evidence, "score",
                                   (json_int_t)score, "limit", (json_int_t)limit);
        output_json(object);
    } else if (found) {
        g_autofree char *since = output_time(context->settings->site.zone, suppression.at);
        g_autofree char *evidence = output_clean(suppression.evidence);
        printf("%s is suppressed since %s: %s (%s).\n", target->address.text, since, reason, evidence);
    } else {
        printf("%s is not suppressed; its score is %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT ".\n",
               target->address.text, score, limit);
    }
    return found ? EXIT_GOOD : EXIT_WRONG;
}

/* The audit names the hash: an audit row is never deleted, the address may have to be. */
static bool record(const Context *context, const Target *target, const char *action, const char *detail, int64_t now,
                   GError **error)
{
    char name[17];
    short_name(target->hash, name);
    g_autofree char *actor = actor_name();
    g_autofree char *subject = g_strdup_printf("address %s", name);
    return audit_add(context->db, actor, action, subject, detail, now, error);
}

static int add(const Context *context, Target *target, const Options *options, bool json)
{
    (void)json;
    g_autoptr(GError) error = NULL;
    int64_t now = clock_now();
    bool added = false;
    const char *reason = options->reason ? options->reason : "";
    if (!*reason || strlen(reason) > REASON_BYTES || !text_is_one_line(reason))
        return command_fail(&command_suppress, EXIT_USAGE,
                            "--reason \"TEXT\" is needed: one line of at most %d bytes; it is kept", REASON_BYTES);
    g_autofree char *evidence = g_strdup_printf("staff: %s", reason);
    g_autoptr(DbTransaction) transaction = db_begin(context->db, &error);
    if (!transaction || !suppression_add(context->db, target->hash, SUPPRESSION_STAFF, evidence, now, &added, &error) ||
        (added && !record(context, target, "suppression.add", reason, now, &error)) || !db_commit(&transaction, &error))
        return fail(error);
    printf(added ? "%s will not be mailed any more.\n" : "%s is suppressed already; the first reason stays.\n",
           target->address.text);
    return EXIT_GOOD;
}

static int lift(const Context *context, Target *target, const Options *options, bool json)
{
    (void)json;
    g_autoptr(GError) error = NULL;
    bool removed = false;
    const char *reason = options->reason && text_is_one_line(options->reason) ? options->reason : "";
    g_autoptr(DbTransaction) transaction = db_begin(context->db, &error);
    if (!transaction || !suppression_remove(context->db, target->hash, &removed, &error) ||
        (removed && !record(context, target, "suppression.remove", reason, clock_now(), &error)) ||
        !db_commit(&transaction, &error))
        return fail(error);
    if (!removed)
        return command_fail(&command_suppress, EXIT_WRONG, "%s is not suppressed", target->address.text);
    printf("%s may be mailed again.\n", target->address.text);
    return EXIT_GOOD;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool takes_address;
    int (*run)(const Context *context, Target *target, const Options *options, bool json);
} actions[] = {
    {"list", false, list_rows},
    {"check", true, check},
    {"add", true, add},
    {"remove", true, lift},
};

static int about_address(const Context *context, gsize action, const char *text, const Options *options, bool json)
{
    g_autoptr(GError) error = NULL;
    Target target = {0};
    if (!text)
        return actions[action].run(context, &target, options, json);
    if (!address_parse(text, &target.address, &error))
        return command_fail(&command_suppress, EXIT_USAGE, "%s: %s", text, error->message);
    keyring_hash_address(context->keyring, target.address.key, target.hash);
    int code = actions[action].run(context, &target, options, json);
    address_clear(&target.address);
    return code;
}

static int dispatch(int argc, char **argv, const Options *options, const CommonOptions *common)
{
    g_auto(Context) context = {0};
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name) || argc != 2 + actions[i].takes_address)
            continue;
        int code = context_open(&context, common->config, (ContextNeeds)(CONTEXT_DB | CONTEXT_KEYS));
        return code == EXIT_GOOD ? about_address(&context, i, argv[2], options, common->json) : code;
    }
    return command_fail(&command_suppress, EXIT_USAGE,
                        "say list, check ADDRESS, add ADDRESS or remove ADDRESS; 'rundbrief help suppress' tells more");
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {.limit = PAGE_ROWS};
    g_auto(CommonOptions) common = {0};
    const GOptionEntry entries[] = {
        {"reason", 0, 0, G_OPTION_ARG_STRING, &options.reason, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT64, &options.limit, NULL, NULL},
        {"skip", 0, 0, G_OPTION_ARG_INT64, &options.offset, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_suppress, &argc, &argv, entries, &common);
    return code >= 0 ? code : dispatch(argc, argv, &options, &common);
}

const Command command_suppress = {
    .name = "suppress",
    .summary = "ask and change the list of addresses that must not be mailed",
    .help = "Usage: rundbrief suppress list [--limit N] [--skip N] [--json]\n"
            "       rundbrief suppress check ADDRESS [--json]\n"
            "       rundbrief suppress add ADDRESS --reason TEXT\n"
            "       rundbrief suppress remove ADDRESS [--reason TEXT]\n\n"
            "Dead addresses come here by themselves, as do people who complained or were erased. Only a keyed\n"
            "hash of the address is kept; 'list' shows the address of those who still have a record.\n\n"
            "list    the latest first\n"
            "check   says whether an address is suppressed, since when and why, and its score of soft bounces\n"
            "add     nothing is sent to it any more, queued mail included\n"
            "remove  it may be mailed again; its bounces are forgotten\n\n"
            "Exit codes: 0 done (check: it is suppressed); 1 it is not suppressed; 2 the command line is wrong;\n"
            "3 the database refuses.\n",
    .run = run,
};
