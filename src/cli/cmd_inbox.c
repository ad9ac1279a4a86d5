/* rundbrief inbox: what came back, what it was found to be and what followed; and the classifier alone, on files.
 * Changes nothing. */
/* system */
#include <string.h>
#include <sys/stat.h>

/* rundbrief */
#include "base/datetime.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/command.h"
#include "cli/output.h"
#include "inbound/classify.h"
#include "store/inbox_store.h"

extern const Command command_inbox;

#define SHOWN_BY_DEFAULT 50
#define LONGEST_LIST     100000
#define LONGEST_FILE     (64 * 1024 * 1024) /* of which the classifier reads the beginning */

static int fail(int code, const GError *error)
{
    return command_fail(&command_inbox, code, "%s", error->message);
}

/* ---- list, show -------------------------------------------------------------------------------------------------- */

static char *local_time(const Settings *settings, int64_t at)
{
    return at ? datetime_format(at, settings->site.zone, "en", DATETIME_STRICT) : NULL;
}

static void add_row(Table *table, const Settings *settings, const InboxMessage *message)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, message->id);
    g_autofree char *at = local_time(settings, message->read_at);
    table_row(table, (const char *[]){id, at, finding_class_word(message->class), message->status, message->recipients,
                                      message->consequence, message->folder, message->moved_at ? "yes" : "no"});
}

static int list(const Context *context, int64_t limit, bool json)
{
    static const char *const columns[] = {"Id",          "Read at", "Class", "Status", "Recipients",
                                          "Consequence", "Folder",  "Moved", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) page = inbox_page(context->db, INT64_MAX, (guint)limit, &error);
    if (!page)
        return fail(EXIT_FAULT, error);
    Table *table = table_new(columns, json);
    for (guint i = 0; i < page->len; i++)
        add_row(table, context->settings, g_ptr_array_index(page, i));
    table_print(table);
    return EXIT_GOOD;
}

static void add_line(Table *table, const char *what, const char *value)
{
    table_row(table, (const char *[]){what, value && *value ? value : NULL});
}

static void add_number(Table *table, const char *what, int64_t number)
{
    g_autofree char *text = number ? g_strdup_printf("%" G_GINT64_FORMAT, number) : NULL;
    add_line(table, what, text);
}

static void print_message(const Settings *settings, const InboxMessage *message, bool json)
{
    static const char *const columns[] = {"What", "Value", NULL};
    g_autofree char *read_at = local_time(settings, message->read_at);
    g_autofree char *moved_at = local_time(settings, message->moved_at);
    Table *table = table_new(columns, json);
    add_number(table, "id", message->id);
    add_line(table, "mailbox", message->mailbox);
    add_number(table, "uid", message->uid);
    add_line(table, "read at", read_at);
    add_line(table, "class", finding_class_word(message->class));
    add_line(table, "status", message->status);
    add_line(table, "recipients", message->recipients);
    add_number(table, "announcement", message->announcement_id);
    add_number(table, "subscriber", message->subscriber_id);
    add_line(table, "evidence", message->evidence);
    add_line(table, "consequence", message->consequence);
    add_line(table, "folder", message->folder);
    add_line(table, "moved at", moved_at);
    table_print(table);
}

static int show(const Context *context, const char *word, bool json)
{
    guint64 id = 0;
    g_autoptr(GError) error = NULL;
    if (!g_ascii_string_to_unsigned(word, 10, 1, INT64_MAX, &id, NULL))
        return command_fail(&command_inbox, EXIT_USAGE,
                            "'%s' is not the number of a message; 'rundbrief inbox list' shows them", word);
    g_autoptr(InboxMessage) message = NULL;
    if (!inbox_load(context->db, (int64_t)id, &message, &error))
        return fail(EXIT_FAULT, error);
    if (!message)
        return command_fail(&command_inbox, EXIT_WRONG, "there is no message %s; 'rundbrief inbox list' shows them",
                            word);
    print_message(context->settings, message, json);
    return EXIT_GOOD;
}

/* ---- classify ---------------------------------------------------------------------------------------------------- */

typedef struct Judging {
    const Keyring *keyring; /* NULL: no token is believed */
    Table *table;           /* NULL: lines of tab separated values */
    int code;
} Judging;

static char *joined(GPtrArray *words)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(text, "%s%s", i ? "," : "", (const char *)g_ptr_array_index(words, i));
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void classify_file(Judging *judging, const char *path)
{
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = file_read_whole(path, LONGEST_FILE, &length, &error);
    if (!bytes) {
        judging->code = fail(EXIT_WRONG, error);
        return;
    }
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    g_autoptr(Message) message = message_parse(bytes, length);
    classify(message, judging->keyring, &finding);
    g_autofree char *recipients = joined(finding.recipients);
    const char *class = finding_class_word(finding.class);
    if (judging->table)
        table_row(judging->table, (const char *[]){path, class, recipients, finding.status, finding.evidence});
    else
        printf("%s\t%s\t%s\t%s\n", path, class, recipients, finding.status);
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void classify_path(Judging *judging, const char *path)
{
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        classify_file(judging, path);
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(path, 0, &error);
    if (!dir) {
        judging->code = fail(EXIT_WRONG, error);
        return;
    }
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *file = g_build_filename(path, name, NULL);
        if (name[0] != '.' && g_file_test(file, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(files, g_steal_pointer(&file));
    }
    g_ptr_array_sort(files, compare_names);
    for (guint i = 0; i < files->len; i++)
        classify_file(judging, g_ptr_array_index(files, i));
}

/* Works without a configuration; with one, our own tokens are believed. */
static int classify_all(const char *config, char **paths, bool tsv, bool json)
{
    static const char *const columns[] = {"File", "Class", "Recipients", "Status", "Evidence", NULL};
    g_auto(Context) context = {0};
    int code = config ? context_open(&context, config, CONTEXT_KEYS) : EXIT_GOOD;
    if (code != EXIT_GOOD)
        return code;
    Judging judging = {context.keyring, tsv ? NULL : table_new(columns, json), EXIT_GOOD};
    for (; *paths; paths++)
        classify_path(&judging, *paths);
    if (judging.table)
        table_print(judging.table);
    return judging.code;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv)
{
    gint64 limit = SHOWN_BY_DEFAULT;
    gboolean tsv = FALSE;
    const GOptionEntry options[] = {
        {"limit", 0, 0, G_OPTION_ARG_INT64, &limit, NULL, NULL},
        {"tsv", 0, 0, G_OPTION_ARG_NONE, &tsv, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_auto(CommonOptions) common = {0};
    g_auto(Context) context = {0};
    int code = command_parse(&command_inbox, &argc, &argv, options, &common);
    if (code >= 0)
        return code;
    if (limit < 1 || limit > LONGEST_LIST)
        return command_fail(&command_inbox, EXIT_USAGE, "--limit is a number from 1 to %d", LONGEST_LIST);
    if (argc > 2 && g_str_equal(argv[1], "classify"))
        return classify_all(common.config, argv + 2, tsv, common.json);
    bool is_list = argc == 2 && g_str_equal(argv[1], "list"), is_show = argc == 3 && g_str_equal(argv[1], "show");
    if (!is_list && !is_show)
        return command_fail(&command_inbox, EXIT_USAGE,
                            "say list, show ID or classify FILE...; 'rundbrief help inbox' tells more");
    code = context_open(&context, common.config, CONTEXT_DB);
    if (code != EXIT_GOOD)
        return code;
    return is_list ? list(&context, limit, common.json) : show(&context, argv[2], common.json);
}

const Command command_inbox = {
    .name = "inbox",
    .summary = "see what came back: bounces, requests, mails for staff",
    .help = "Usage: rundbrief inbox list [--limit N] [--json]\n"
            "       rundbrief inbox show ID [--json]\n"
            "       rundbrief inbox classify [--tsv] [--json] FILE|DIR...\n\n"
            "list      the newest mails that were read: what each was found to be (bounce-hard, bounce-soft,\n"
            "          bounce-other, unsubscribe, confirm, unknown), what followed, and its folder on the server.\n"
            "          --limit N shows more or fewer than 50.\n"
            "show      everything about one of them, with the evidence: which rule decided, and on what line.\n"
            "classify  says what mails in files are, without a mailbox: file, class, recipients, status. Nothing\n"
            "          follows. A folder stands for the files in it. --tsv prints tab separated values without a\n"
            "          title. With --config, addresses that this installation signed are recognised too.\n",
    .run = run,
};
