/* rundbrief inbox: what came back, what it was found to be and what followed; and the classifier alone, on files.
 * What staff decide is in cmd_inbox_staff.c. */
/* system */
#include <string.h>
#include <sys/stat.h>

/* rundbrief */
#include "base/file.h"
#include "base/text.h"
#include "cli/cmd_inbox.h"
#include "cli/output.h"
#include "inbound/classify.h"
#include "store/tray_store.h"

#define SHOWN_BY_DEFAULT 50
#define LONGEST_LIST     100000
#define LONGEST_FILE     (64 * 1024 * 1024) /* of which the classifier reads the beginning */

static int fail(int code, const GError *error)
{
    return command_fail(&command_inbox, code, "%s", error->message);
}

/* ---- list, show -------------------------------------------------------------------------------------------------- */

static void add_row(Table *table, const InboxMessage *message)
{
    table_row(table, (const Cell[]){
                         cell_number(message->id),
                         cell_time(message->read_at),
                         cell_text(finding_class_word(message->class)),
                         cell_text(message->status),
                         cell_text(message->recipients),
                         cell_text(message->consequence),
                         cell_text(message->folder),
                         cell_flag(message->moved_at != 0),
                     });
}

static int list(const Context *context, const char *class, int64_t limit, bool json)
{
    static const char *const columns[] = {"Id",          "Read at", "Class", "Status", "Recipients",
                                          "Consequence", "Folder",  "Moved", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) page = tray_page(context->db, INT64_MAX, class, (guint)limit, &error);
    if (!page)
        return fail(EXIT_FAULT, error);
    Table *table = table_new(columns, json, context->settings->site.zone);
    for (guint i = 0; i < page->len; i++)
        add_row(table, g_ptr_array_index(page, i));
    table_print(table);
    return EXIT_GOOD;
}

static void add_line(Table *table, const char *what, Cell value)
{
    bool is_none = value.kind == CELL_TEXT ? !value.text || !*value.text : value.number == 0;
    table_row(table, (const Cell[]){cell_text(what), is_none ? cell_text(NULL) : value});
}

static void print_message(const Settings *settings, const InboxMessage *message)
{
    static const char *const columns[] = {"What", "Value", NULL};
    Table *table = table_new(columns, false, settings->site.zone);
    add_line(table, "id", cell_number(message->id));
    add_line(table, "mailbox", cell_text(message->mailbox));
    add_line(table, "uid", cell_number(message->uid));
    add_line(table, "read at", cell_time(message->read_at));
    add_line(table, "class", cell_text(finding_class_word(message->class)));
    add_line(table, "from", cell_text(message->sender));
    add_line(table, "subject", cell_text(message->subject));
    add_line(table, "status", cell_text(message->status));
    add_line(table, "recipients", cell_text(message->recipients));
    add_line(table, "announcement", cell_number(message->announcement_id));
    add_line(table, "subscriber", cell_number(message->subscriber_id));
    add_line(table, "evidence", cell_text(message->evidence));
    add_line(table, "rule", cell_text(message->rule));
    add_line(table, "line", cell_number(message->line));
    add_line(table, "diagnostic", cell_text(message->diagnostic));
    add_line(table, "consequence", cell_text(message->consequence));
    add_line(table, "folder", cell_text(message->folder));
    add_line(table, "moved at", cell_time(message->moved_at));
    add_line(table, "waits for you", message->waits ? cell_text("yes") : cell_text("no"));
    add_line(table, "decided by", cell_text(message->decided_by));
    add_line(table, "decided at", cell_time(message->decided_at));
    add_line(table, "deleted at", cell_time(message->deleted_at));
    table_print(table);
}

static json_t *positive_json(int64_t number)
{
    return number ? json_integer(number) : json_null();
}

static void print_message_json(const InboxMessage *message)
{
    output_json(json_pack(
        "{s:I, s:s, s:I, s:o, s:s, s:s?, s:s?, s:o, s:o, s:s?, s:s, s:o, s:s, s:s?, s:s?, s:o, s:s, s:s, "
        "s:b, s:s, s:o, s:o}",
        "id", (json_int_t)message->id, "mailbox", message->mailbox, "uid", (json_int_t)message->uid, "read_at",
        json_time(message->read_at), "class", finding_class_word(message->class), "status", message->status,
        "recipients", message->recipients, "announcement", positive_json(message->announcement_id), "subscriber",
        positive_json(message->subscriber_id), "evidence", message->evidence, "rule", message->rule, "line",
        positive_json(message->line), "diagnostic", message->diagnostic, "consequence", message->consequence, "folder",
        message->folder, "moved_at", json_time(message->moved_at), "from", message->sender, "subject", message->subject,
        "waits", (int)message->waits, "decided_by", message->decided_by, "decided_at", json_time(message->decided_at),
        "deleted_at", json_time(message->deleted_at)));
}

struct InboxMessage *inbox_find(const Context *context, const char *word, int *ret_code)
{
    guint64 id = 0;
    InboxMessage *message = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_ascii_string_to_unsigned(word, 10, 1, INT64_MAX, &id, NULL))
        *ret_code = command_fail(&command_inbox, EXIT_USAGE,
                                 "'%s' is not the number of a message; 'rundbrief inbox list' shows them", word);
    else if (!tray_load(context->db, (int64_t)id, &message, &error))
        *ret_code = fail(EXIT_FAULT, error);
    else if (!message)
        *ret_code = command_fail(&command_inbox, EXIT_WRONG,
                                 "there is no message %s; 'rundbrief inbox list' shows them", word);
    return message;
}

static int show(const Context *context, const char *word, bool json)
{
    int code = EXIT_GOOD;
    g_autoptr(InboxMessage) message = inbox_find(context, word, &code);
    if (!message)
        return code;
    if (json)
        print_message_json(message);
    else
        print_message(context->settings, message);
    return EXIT_GOOD;
}

/* ---- classify ---------------------------------------------------------------------------------------------------- */

typedef struct Judging {
    const Keyring *keyring; /* NULL: no token is believed */
    Table *table;           /* NULL: lines of tab separated values */
    int code;
} Judging;

static void classify_file(Judging *judging, const char *path)
{
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *bytes = file_read_whole(path, LONGEST_FILE, &length, &error);
    if (!bytes) {
        judging->code = fail(EXIT_USAGE, error);
        return;
    }
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    g_autoptr(Message) message = message_parse(bytes, length);
    classify(message, judging->keyring, &finding);
    g_autofree char *recipients = finding_failed(&finding);
    const char *class = finding_class_word(finding.class);
    if (judging->table)
        table_row(judging->table,
                  (const Cell[]){cell_text(path), cell_text(class), cell_text(recipients), cell_text(finding.status),
                                 cell_text(finding.family), cell_text(reason_word(finding.reason)),
                                 cell_text(finding.rule), cell_number(finding.line), cell_text(finding.diagnostic),
                                 cell_text(finding.evidence)});
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
        judging->code = fail(EXIT_USAGE, error);
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
    static const char *const columns[] = {"File", "Class", "Recipients", "Status",   "Family", "Reason",
                                          "Rule", "Line",  "Diagnostic", "Evidence", NULL};
    g_auto(Context) context = {0};
    int code = config ? context_open(&context, config, CONTEXT_KEYS) : EXIT_GOOD;
    if (code != EXIT_GOOD)
        return code;
    Judging judging = {context.keyring, tsv ? NULL : table_new(columns, json, NULL), EXIT_GOOD};
    for (; *paths; paths++)
        classify_path(&judging, *paths);
    if (judging.table)
        table_print(judging.table);
    return judging.code;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

typedef struct Options {
    gint64 limit;
    gboolean tsv;
    char *class;   /* "": any */
    char *address; /* NULL: whom the mail names */
} Options;

static void options_clear(Options *options)
{
    g_clear_pointer(&options->class, g_free);
    g_clear_pointer(&options->address, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

/* words: what stands behind the action. */
static int act(const Context *context, const char *action, char **words, const Options *options, bool json)
{
    if (g_str_equal(action, "list"))
        return list(context, options->class, options->limit, json);
    if (g_str_equal(action, "status"))
        return inbox_status(context, json);
    if (g_str_equal(action, "tray"))
        return inbox_tray(context, options->class, options->limit, json);
    if (g_str_equal(action, "show"))
        return show(context, words[0], json);
    if (g_str_equal(action, "answers"))
        return inbox_answers(context, words, options->limit, json);
    if (g_str_equal(action, "reclassify"))
        return inbox_reclassify(context, words, options->address);
    return inbox_done(context, words);
}

/* How many words each action takes behind it. */
static bool is_action(const char *action, int words)
{
    static const struct {
        const char *name;
        int least, most;
    } actions[] = {{"list", 0, 0},    {"status", 0, 0},     {"tray", 0, 0},           {"show", 1, 1},
                   {"answers", 0, 1}, {"reclassify", 2, 2}, {"done", 1, LONGEST_LIST}};
    for (gsize i = 0; i < G_N_ELEMENTS(actions); i++)
        if (g_str_equal(action, actions[i].name))
            return words >= actions[i].least && words <= actions[i].most;
    return false;
}

static int dispatch(int argc, char **argv, const Options *options, const CommonOptions *common)
{
    g_auto(Context) context = {0};
    FindingClass class;
    if (options->limit < 1 || options->limit > LONGEST_LIST)
        return command_fail(&command_inbox, EXIT_USAGE, "--limit is a number from 1 to %d", LONGEST_LIST);
    if (*options->class && !finding_class_from_word(options->class, &class))
        return command_fail(&command_inbox, EXIT_USAGE, "--class: there is no class '%s'", options->class);
    if (argc > 2 && g_str_equal(argv[1], "classify"))
        return classify_all(common->config, argv + 2, options->tsv, common->json);
    if (argc < 2 || !is_action(argv[1], argc - 2))
        return command_fail(
            &command_inbox, EXIT_USAGE,
            "say list, status, tray, show ID, answers, reclassify ID CLASS, done ID... or classify FILE...; "
            "'rundbrief help inbox' tells more");
    int code = context_open(&context, common->config, CONTEXT_DB);
    return code == EXIT_GOOD ? act(&context, argv[1], argv + 2, options, common->json) : code;
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {.limit = SHOWN_BY_DEFAULT, .class = g_strdup("")};
    const GOptionEntry entries[] = {
        {"limit", 0, 0, G_OPTION_ARG_INT64, &options.limit, NULL, NULL},
        {"tsv", 0, 0, G_OPTION_ARG_NONE, &options.tsv, NULL, NULL},
        {"class", 0, 0, G_OPTION_ARG_STRING, &options.class, NULL, NULL},
        {"address", 0, 0, G_OPTION_ARG_STRING, &options.address, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    g_auto(CommonOptions) common = {0};
    int code = command_parse(&command_inbox, &argc, &argv, entries, &common);
    return code >= 0 ? code : dispatch(argc, argv, &options, &common);
}

const Command command_inbox = {
    .name = "inbox",
    .summary = "see what came back, and decide what waits for staff",
    .help =
        "Usage: rundbrief inbox list [--class CLASS] [--limit N] [--json]\n"
        "       rundbrief inbox status [--json]\n"
        "       rundbrief inbox tray [--class CLASS] [--limit N] [--json]\n"
        "       rundbrief inbox show ID [--json]\n"
        "       rundbrief inbox answers [ANNOUNCEMENT] [--limit N] [--json]\n"
        "       rundbrief inbox reclassify ID CLASS [--address ADDRESS]\n"
        "       rundbrief inbox done ID...\n"
        "       rundbrief inbox classify [--tsv] [--json] FILE|DIR...\n\n"
        "list        the newest mails that were read: what each was found to be (bounce-hard, bounce-soft,\n"
        "            bounce-other, complaint, unsubscribe, confirm, itip-reply, challenge, autoreply, normal,\n"
        "            unknown), what followed, and its folder on the server.\n"
        "            --limit N shows more or fewer than 50, --class CLASS those of one class.\n"
        "status      each mailbox, and how many mails of each class came today, in 7 and in 30 days\n"
        "tray        what waits for a decision of yours, the oldest first, and from when on it may be deleted\n"
        "show        everything about one of them, with the evidence: the words or code that decided, their\n"
        "            line in the mail (none: they were encoded), what the other server said\n"
        "answers     what people answered to invitations by their calendars: the latest answer of each, to "
        "ANNOUNCEMENT\n"
        "            or to all; the mail it came in\n"
        "reclassify  the mail is something else: takes back the suppression and the soft bounce that it caused,\n"
        "            does what follows from CLASS for whom the mail names (bounce-hard: suppressed; complaint: off\n"
        "            all lists and suppressed; unsubscribe: off all lists; normal: it waits for your answer;\n"
        "            others: nothing), and moves it on the server. A subscription that ended stays ended.\n"
        "            --address ADDRESS says whom it is about. Where that is nobody, nothing is changed\n"
        "done        you have dealt with what waited; it leaves the tray\n"
        "classify    says what mails in files are, without a mailbox: file, class, recipients, status, the mail\n"
        "            system that wrote a report, its reason, the words or code that decided and their line in the\n"
        "            mail (0: they were encoded), what the other server said. Nothing follows. A folder stands\n"
        "            for the files in it. --tsv prints tab separated values (file, class, recipients, status)\n"
        "            without a title. With --config, addresses that this installation signed are recognised\n"
        "            too.\n",
    .run = run,
};
