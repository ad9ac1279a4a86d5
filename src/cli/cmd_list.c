/* rundbrief list: the lists that one subscribes to. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/clock.h"
#include "cli/actor.h"
#include "cli/command.h"
#include "cli/output.h"
#include "store/audit_store.h"
#include "store/list_store.h"
#include "subscribers/list_change.h"

extern const Command command_list;

typedef struct Options {
    char *title, *description, *language, *joining, *basis;
    char *from_name, *from_address, *sender_address, *reply_to;
    char *rate_per_minute, *weight;
    char *hold, *office, *contact, *relay, *dkim;
} Options;

static void options_clear(Options *options)
{
    char **each[] = {&options->title,    &options->description,     &options->language,     &options->joining,
                     &options->basis,    &options->from_name,       &options->from_address, &options->sender_address,
                     &options->reply_to, &options->rate_per_minute, &options->weight,       &options->hold,
                     &options->office,   &options->contact,         &options->relay,        &options->dkim};
    for (gsize i = 0; i < G_N_ELEMENTS(each); i++)
        g_clear_pointer(each[i], g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static ListChange change_of(const Options *options)
{
    return (ListChange){
        .title = options->title,
        .description = options->description,
        .language = options->language,
        .joining = options->joining,
        .basis = options->basis,
        .from_name = options->from_name,
        .from_address = options->from_address,
        .sender_address = options->sender_address,
        .reply_to = options->reply_to,
        .rate_per_minute = options->rate_per_minute,
        .weight = options->weight,
        .hold = options->hold,
        .office = options->office,
        .contact = options->contact,
        .relay = options->relay,
        .dkim = options->dkim,
    };
}

static bool changes_nothing(const ListChange *change)
{
    static const ListChange nothing;
    return memcmp(change, &nothing, sizeof nothing) == 0;
}

static int fail(const GError *error)
{
    return command_fail(&command_list, EXIT_FAULT, "%s", error->message);
}

/* NULL after it has said why; ret_code is what to exit with. */
static MailingList *find(Db *db, const char *slug, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    MailingList *list;
    if (!list_by_slug(db, slug, &list, &error))
        *ret_code = fail(error);
    else if (!list)
        *ret_code = command_fail(&command_list, EXIT_WRONG, "there is no list \"%s\"; 'rundbrief list list' shows all",
                                 slug);
    return list;
}

static bool record(Db *db, const MailingList *list, const char *action, int64_t now, GError **error)
{
    g_autofree char *actor = actor_name();
    g_autofree char *subject = g_strdup_printf("list %s", list->slug);
    g_autofree char *detail = g_strdup_printf(
        "title \"%s\", language %s, joining %s, basis %s, from \"%s\" <%s>, sender <%s>, reply-to <%s>, "
        "rate %" G_GINT64_FORMAT ", weight %" G_GINT64_FORMAT ", hold %" G_GINT64_FORMAT " s, office <%s>, "
        "contact <%s>, relay \"%s\", DKIM %s",
        list->title, list->language, joining_rule_word(list->joining), legal_basis_word(list->legal_basis),
        list->from_name, list->from_address, list->sender_address, list->reply_to, list->rate_per_minute, list->weight,
        list->hold_seconds, list->office_address, list->contact_address, list->relay, list->dkim ? "yes" : "no");
    return audit_add(db, actor, action, subject, detail, now, error);
}

static int store(Db *db, MailingList *list, const char *action)
{
    g_autoptr(GError) error = NULL;
    int64_t now = clock_now();
    g_autoptr(DbTransaction) transaction = db_begin(db, &error);
    bool stored = transaction && (list->id ? list_update(db, list, &error) : list_insert(db, list, now, &error)) &&
                  record(db, list, action, now, &error) && db_commit(&transaction, &error);
    if (g_error_matches(error, DB_ERROR, DB_ERROR_CONSTRAINT))
        return command_fail(&command_list, EXIT_WRONG,
                            "there is a list \"%s\" already; 'rundbrief list change' alters it", list->slug);
    return stored ? EXIT_GOOD : fail(error);
}

static int add(const Context *context, const char *slug, const Options *options, bool json)
{
    (void)json;
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(MailingList) list = list_new(slug, context->settings->site.language, problems);
    const ListChange change = change_of(options);
    list_apply(list, &change, context->settings->relays, slug, problems);
    if (!options->title)
        problems_add(problems, slug, 0, "--title is missing; people see it, such as \"Presseinformationen\"");
    if (problems_count(problems)) {
        output_problems(problems);
        return EXIT_USAGE;
    }
    int code = store(context->db, list, "list.add");
    if (code == EXIT_GOOD)
        printf("List %s added: %s, joining %s, basis %s.\n", list->slug, list->title, joining_rule_word(list->joining),
               legal_basis_word(list->legal_basis));
    return code;
}

static int change(const Context *context, const char *slug, const Options *options, bool json)
{
    (void)json;
    int code = EXIT_GOOD;
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(MailingList) list = find(context->db, slug, &code);
    if (!list)
        return code;
    const ListChange wanted = change_of(options);
    if (changes_nothing(&wanted))
        return command_fail(&command_list, EXIT_USAGE,
                            "change: say what, such as --title TITLE; 'rundbrief help list' lists the options");
    list_apply(list, &wanted, context->settings->relays, slug, problems);
    if (problems_count(problems)) {
        output_problems(problems);
        return EXIT_USAGE;
    }
    code = store(context->db, list, "list.change");
    if (code == EXIT_GOOD)
        printf("List %s changed.\n", list->slug);
    return code;
}

static void add_row(Table *table, const MailingList *list, const int64_t counts[static SUBSCRIPTION_STATE_COUNT])
{
    table_row(table, (const Cell[]){
                         cell_text(list->slug),
                         cell_text(list->title),
                         cell_text(list->language),
                         cell_text(joining_rule_word(list->joining)),
                         cell_text(legal_basis_word(list->legal_basis)),
                         cell_number(counts[SUBSCRIPTION_ACTIVE]),
                         cell_number(counts[SUBSCRIPTION_PENDING]),
                         cell_number(counts[SUBSCRIPTION_PAUSED]),
                         cell_number(counts[SUBSCRIPTION_LEFT]),
                     });
}

static int list_lists(const Context *context, const char *slug, const Options *options, bool json)
{
    (void)slug;
    (void)options;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) lists = list_all(context->db, &error);
    if (!lists)
        return fail(error);
    Table *table = table_new((const char *const[]){"List", "Title", "Language", "Joining", "Basis", "Active", "Pending",
                                                   "Paused", "Left", NULL},
                             json, NULL);
    for (guint i = 0; i < lists->len && !error; i++) {
        const MailingList *list = lists->pdata[i];
        int64_t counts[SUBSCRIPTION_STATE_COUNT] = {0};
        if (list_counts(context->db, list->id, counts, &error))
            add_row(table, list, counts);
    }
    table_print(table);
    return error ? fail(error) : EXIT_GOOD;
}

static void show_json(const MailingList *list, const int64_t counts[static SUBSCRIPTION_STATE_COUNT])
{
    json_t *numbers = json_object();
    for (int state = 0; state < SUBSCRIPTION_STATE_COUNT; state++)
        json_object_set_new(numbers, subscription_state_word((SubscriptionState)state), json_integer(counts[state]));
    json_t *object = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:s, s:s, s:s, s:b, s:o}", "list",
        list->slug, "title", list->title, "description", list->description, "language", list->language, "joining",
        joining_rule_word(list->joining), "basis", legal_basis_word(list->legal_basis), "from_name", list->from_name,
        "from_address", list->from_address, "sender_address", list->sender_address, "reply_to", list->reply_to,
        "rate_per_minute", (json_int_t)list->rate_per_minute, "weight", (json_int_t)list->weight, "hold_seconds",
        (json_int_t)list->hold_seconds, "office_address", list->office_address, "contact_address",
        list->contact_address, "relay", list->relay, "dkim", list->dkim, "subscriptions", numbers);
    output_json(object);
}

static void show_line(const char *label, const char *value, const char *instead)
{
    g_autofree char *clean = output_clean(*value ? value : instead);
    printf("%-15s %s\n", label, clean);
}

static void show_number(const char *label, int64_t number, const char *unit, const char *none)
{
    g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT "%s", number, unit);
    show_line(label, number ? text : "", none);
}

static void show_text(const MailingList *list, const SiteSettings *site,
                      const int64_t counts[static SUBSCRIPTION_STATE_COUNT])
{
    show_line("List", list->slug, "");
    show_line("Title", list->title, "");
    show_line("Description", list->description, "-");
    show_line("Language", list->language, "");
    show_line("Joining", joining_rule_word(list->joining), "");
    show_line("Basis", legal_basis_word(list->legal_basis), "");
    g_autofree char *name = g_strdup_printf("%s (the site's)", site->from_name);
    g_autofree char *address = g_strdup_printf("%s (the site's)", site->from_address);
    show_line("From name", list->from_name, name);
    show_line("From address", list->from_address, address);
    show_line("Sender address", list->sender_address, "-");
    show_line("Reply-To", list->reply_to, "-");
    show_number("Rate", list->rate_per_minute, " mails a minute", "no limit");
    show_number("Weight", list->weight, "", "");
    show_number("Hold", list->hold_seconds, " seconds", "not held");
    show_line("Office", list->office_address, "-");
    show_line("Contact", list->contact_address, "-");
    show_line("Relay", list->relay, "any");
    show_line("DKIM", list->dkim ? "signed with our keys, where there are some" : "left to the relay", "");
    for (int state = 0; state < SUBSCRIPTION_STATE_COUNT; state++) {
        g_autofree char *label = g_strdup(subscription_state_word((SubscriptionState)state));
        label[0] = g_ascii_toupper(label[0]);
        printf("%-15s %" G_GINT64_FORMAT "\n", label, counts[state]);
    }
}

static int show(const Context *context, const char *slug, const Options *options, bool json)
{
    (void)options;
    int code = EXIT_GOOD;
    g_autoptr(GError) error = NULL;
    int64_t counts[SUBSCRIPTION_STATE_COUNT] = {0};
    g_autoptr(MailingList) list = find(context->db, slug, &code);
    if (!list)
        return code;
    if (!list_counts(context->db, list->id, counts, &error))
        return fail(error);
    if (json)
        show_json(list, counts);
    else
        show_text(list, &context->settings->site, counts);
    return EXIT_GOOD;
}

static const struct {
    const char *name;
    bool takes_slug;
    int (*run)(const Context *context, const char *slug, const Options *options, bool json);
} actions[] = {
    {"add", true, add},
    {"list", false, list_lists},
    {"show", true, show},
    {"change", true, change},
};

static int dispatch(int argc, char **argv, const Options *options, const CommonOptions *common)
{
    g_auto(Context) context = {0};
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name) || argc != 2 + actions[i].takes_slug)
            continue;
        int code = context_open(&context, common->config, CONTEXT_DB);
        return code == EXIT_GOOD ? actions[i].run(&context, argv[2], options, common->json) : code;
    }
    return command_fail(&command_list, EXIT_USAGE,
                        "say add NAME, list, show NAME or change NAME; 'rundbrief help list' tells more");
}

static int run(int argc, char **argv)
{
    g_auto(Options) options = {0};
    g_auto(CommonOptions) common = {0};
    const GOptionEntry entries[] = {
        {"title", 0, 0, G_OPTION_ARG_STRING, &options.title, NULL, NULL},
        {"description", 0, 0, G_OPTION_ARG_STRING, &options.description, NULL, NULL},
        {"language", 0, 0, G_OPTION_ARG_STRING, &options.language, NULL, NULL},
        {"joining", 0, 0, G_OPTION_ARG_STRING, &options.joining, NULL, NULL},
        {"basis", 0, 0, G_OPTION_ARG_STRING, &options.basis, NULL, NULL},
        {"from-name", 0, 0, G_OPTION_ARG_STRING, &options.from_name, NULL, NULL},
        {"from-address", 0, 0, G_OPTION_ARG_STRING, &options.from_address, NULL, NULL},
        {"sender-address", 0, 0, G_OPTION_ARG_STRING, &options.sender_address, NULL, NULL},
        {"reply-to", 0, 0, G_OPTION_ARG_STRING, &options.reply_to, NULL, NULL},
        {"rate", 0, 0, G_OPTION_ARG_STRING, &options.rate_per_minute, NULL, NULL},
        {"weight", 0, 0, G_OPTION_ARG_STRING, &options.weight, NULL, NULL},
        {"hold", 0, 0, G_OPTION_ARG_STRING, &options.hold, NULL, NULL},
        {"office", 0, 0, G_OPTION_ARG_STRING, &options.office, NULL, NULL},
        {"contact", 0, 0, G_OPTION_ARG_STRING, &options.contact, NULL, NULL},
        {"relay", 0, 0, G_OPTION_ARG_STRING, &options.relay, NULL, NULL},
        {"dkim", 0, 0, G_OPTION_ARG_STRING, &options.dkim, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_list, &argc, &argv, entries, &common);
    return code >= 0 ? code : dispatch(argc, argv, &options, &common);
}

const Command command_list = {
    .name = "list",
    .summary = "add, show and change the lists one subscribes to",
    .help =
        "Usage: rundbrief list add NAME --title TITLE [options]\n"
        "       rundbrief list list [--json]\n"
        "       rundbrief list show NAME [--json]\n"
        "       rundbrief list change NAME [options]\n\n"
        "NAME is small letters, digits and hyphens (\"presse\"); it stands in mail headers and never changes.\n\n"
        "  --title TITLE           what people see\n"
        "  --description TEXT      one line more about it\n"
        "  --language TAG          de, en, …; of people who name none (default: the site's)\n"
        "  --joining RULE          open: anybody, by confirming; request: anybody may ask; closed: staff add\n"
        "                          people (the default)\n"
        "  --basis BASIS           legal basis: consent (the default), public-task or contract\n"
        "  --from-name NAME        From of its mails; empty: the site's\n"
        "  --from-address ADDRESS  likewise\n"
        "  --sender-address ADDRESS  Sender, when somebody else sends for them\n"
        "  --reply-to ADDRESS      where answers go\n"
        "  --rate N                so many mails a minute at most (2000 unless set; 0: no limit)\n"
        "  --weight N              share beside other announcements sent at the same time: 2 gets twice as much\n"
        "                          as 1 (1 unless set)\n"
        "  --hold SECONDS          each send waits so long after its time, so that you can stop it (120 unless set;\n"
        "                          0: it does not)\n"
        "  --office ADDRESS        gets the first copy of each send, when the hold begins\n"
        "  --contact ADDRESS       gets, unchanged, what people write in answer to its mails or to its addresses;\n"
        "                          without one it waits in the tray (rundbrief inbox tray)\n"
        "  --relay RELAY           its mails, single ones too, go by this relay of the settings alone, and wait when\n"
        "                          it does not work; empty: by any (the default)\n"
        "  --dkim yes|no           whether our keys (setting dkim) sign its mails; no: the relay does (yes unless "
        "set)\n\n"
        "Example: rundbrief list add presse --title Presseinformationen --joining open\n\n"
        "Exit codes: 0 done; 1 there is such a list already, or no such list; 2 a wrong option; 3 the\n"
        "database refuses.\n",
    .run = run,
};
