/* rundbrief subscriber: the actions, their options, and those that concern one person. */
#include "cli/cmd_subscriber.h"

/* rundbrief */
#include "base/clock.h"
#include "base/text.h"
#include "cli/actor.h"
#include "store/list_store.h"
#include "store/subscriber_store.h"
#include "store/wake.h"
#include "subscribers/membership.h"

#define GROUND_BYTES 2000
#define PAGE_ROWS    100

static void options_clear(SubscriberOptions *options)
{
    char **each[] = {&options->list,   &options->state,    &options->after,    &options->ground,
                     &options->basis,  &options->language, &options->name,     &options->format,
                     &options->reason, &options->output,   &options->separator};
    for (gsize i = 0; i < G_N_ELEMENTS(each); i++)
        g_clear_pointer(each[i], g_free);
}

static void call_clear(SubscriberCall *call)
{
    context_close(&call->context);
    options_clear(&call->options);
    common_options_clear(&call->common);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SubscriberCall, call_clear)

/* ---- shared ------------------------------------------------------------------------------------------------------ */

int subscriber_fail(const GError *error)
{
    return command_fail(&command_subscriber, EXIT_FAULT, "%s", error->message);
}

int subscriber_usage(const char *sentence)
{
    return command_fail(&command_subscriber, EXIT_USAGE, "%s", sentence);
}

MailingList *subscriber_call_list(const SubscriberCall *call, int *ret_code)
{
    const char *slug = call->options.list;
    if (!slug) {
        *ret_code = subscriber_usage("--list NAME is missing; 'rundbrief list list' shows all");
        return NULL;
    }
    g_autoptr(GError) error = NULL;
    MailingList *list;
    if (!list_by_slug(call->context.db, slug, &list, &error))
        *ret_code = subscriber_fail(error);
    else if (!list)
        *ret_code = command_fail(&command_subscriber, EXIT_WRONG,
                                 "there is no list \"%s\"; 'rundbrief list list' shows all", slug);
    return list;
}

/* The person with that address. NULL after it has said why; ret_code is then what to exit with. */
static Subscriber *find_person(const SubscriberCall *call, const char *address, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    g_auto(Address) parsed = {0};
    if (!address_parse(address, &parsed, &error)) {
        *ret_code = command_fail(&command_subscriber, EXIT_USAGE, "%s: %s", address, error->message);
        return NULL;
    }
    Subscriber *person;
    if (!subscriber_by_key(call->context.db, parsed.key, &person, &error))
        *ret_code = subscriber_fail(error);
    else if (!person)
        *ret_code = command_fail(&command_subscriber, EXIT_WRONG, "nobody here has the address %s", parsed.text);
    return person;
}

bool subscriber_call_state(const SubscriberCall *call, SubscriptionState *ret_state, bool *ret_has)
{
    const char *word = call->options.state;
    *ret_has = word && !g_str_equal(word, "any");
    if (!*ret_has || subscription_state_from_word(word, ret_state))
        return true;
    command_fail(&command_subscriber, EXIT_USAGE, "--state takes pending, active, paused, left or any, not \"%s\"",
                 word);
    return false;
}

/* Everybody on a list is told the list's basis in each mail: another one in the records would be a contradiction. */
static int check_basis(const char *word, const MailingList *list)
{
    LegalBasis basis;
    if (!word)
        return EXIT_GOOD;
    if (!legal_basis_from_word(word, &basis))
        return subscriber_usage("--basis takes consent, public-task or contract");
    if (basis == list->legal_basis)
        return EXIT_GOOD;
    return command_fail(&command_subscriber, EXIT_USAGE,
                        "the list %s is kept on the basis %s, and its mails tell people so; for people on the basis %s "
                        "make a list of their own: rundbrief list add NAME --basis %s",
                        list->slug, legal_basis_word(list->legal_basis), word, word);
}

int subscriber_call_terms(const SubscriberCall *call, const MailingList *list, ConsentKind kind, const char *actor,
                          AdmissionTerms *ret)
{
    const SubscriberOptions *options = &call->options;
    const char *ground = options->ground ? g_strstrip(options->ground) : "";
    *ret = (AdmissionTerms){
        .list = list,
        .kind = options->invite ? CONSENT_INVITED : kind,
        .ground = ground,
        .actor = actor,
        .returning = options->returning,
        .site = &call->context.settings->site,
        .keyring = call->context.keyring,
    };
    if (!*ground)
        return subscriber_usage(
            "--ground \"TEXT\" is missing: say on what ground these people may be written to, such as "
            "\"signed up at the desk, form of 12 January 2026\"; it is kept as evidence");
    if (strlen(ground) > GROUND_BYTES || !text_is_one_line(ground))
        return subscriber_usage("--ground must be one line of UTF-8 of at most " G_STRINGIFY(GROUND_BYTES) " bytes");
    return check_basis(options->basis, list);
}

/* ---- one person -------------------------------------------------------------------------------------------------- */

static int admit(const SubscriberCall *call, const AdmissionTerms *terms, const Candidate *candidate)
{
    g_autoptr(GError) error = NULL;
    g_auto(Rejection) rejection = {0};
    g_autoptr(DbTransaction) transaction = db_begin(call->context.db, &error);
    if (!transaction ||
        !admission_admit(call->context.db, terms, candidate, "command line", clock_now(), &rejection, &error))
        return subscriber_fail(error);
    if (rejection.kind == REJECTION_LEFT)
        return command_fail(&command_subscriber, EXIT_WRONG, "%s; if they asked to come back, say so: --returning",
                            rejection.sentence);
    if (rejection.kind == REJECTION_SUPPRESSED)
        return command_fail(&command_subscriber, EXIT_WRONG, "%s; 'rundbrief suppress remove %s' lifts that",
                            rejection.sentence, candidate->address.text);
    if (rejection.kind != REJECTION_NONE)
        return command_fail(&command_subscriber, EXIT_WRONG, "%s", rejection.sentence);
    if (!db_commit(&transaction, &error))
        return subscriber_fail(error);
    if (terms->kind == CONSENT_INVITED) {
        wake_role(&call->context.settings->files, "send");
        printf("%s will be asked by mail to confirm list %s.\n", candidate->address.text, terms->list->slug);
    } else {
        printf("%s is on list %s.\n", candidate->address.text, terms->list->slug);
    }
    return EXIT_GOOD;
}

static int add(const SubscriberCall *call, const char *address)
{
    int code = EXIT_GOOD;
    const SubscriberOptions *options = &call->options;
    g_autofree char *actor = actor_name();
    AdmissionTerms terms;
    g_auto(Rejection) rejection = {0};
    g_auto(Candidate) candidate = {0};
    g_autoptr(MailingList) list = subscriber_call_list(call, &code);
    if (!list || (code = subscriber_call_terms(call, list, CONSENT_ADDED, actor, &terms)) != EXIT_GOOD)
        return code;
    if (!candidate_init(&candidate, terms.keyring, address, options->name ? options->name : "",
                        options->language ? options->language : "", list->language, &rejection))
        return command_fail(&command_subscriber, EXIT_USAGE, "%s", rejection.sentence);
    if (options->format && !g_str_equal(options->format, "html") && !g_str_equal(options->format, "text"))
        return subscriber_usage("--format takes html or text");
    candidate.wants_text = options->format && g_str_equal(options->format, "text");
    return admit(call, &terms, &candidate);
}

static int end_membership(const SubscriberCall *call, const Subscriber *person, const MailingList *list)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    const char *reason = call->options.reason ? call->options.reason : "removed by staff";
    bool changed;
    g_autoptr(DbTransaction) transaction = db_begin(call->context.db, &error);
    if (!transaction || !membership_end(call->context.db, person, list, reason, actor, clock_now(), &changed, &error) ||
        !db_commit(&transaction, &error))
        return subscriber_fail(error);
    if (!changed)
        return command_fail(&command_subscriber, EXIT_WRONG, "%s is not on list %s", person->address, list->slug);
    printf("%s is no longer on list %s.\n", person->address, list->slug);
    return EXIT_GOOD;
}

static int erase(const SubscriberCall *call, const Subscriber *person)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    g_autoptr(DbTransaction) transaction = db_begin(call->context.db, &error);
    if (!transaction || !membership_erase(call->context.db, person, actor, clock_now(), &error) ||
        !db_commit(&transaction, &error))
        return subscriber_fail(error);
    printf(
        "%s is erased. A keyed hash stays, so that no import brings the address back, and the proof of past consent.\n",
        person->address);
    return EXIT_GOOD;
}

static int remove_person(const SubscriberCall *call, const char *address)
{
    int code = EXIT_GOOD;
    const SubscriberOptions *options = &call->options;
    if (options->erase && options->list)
        return subscriber_usage("--erase takes the person off every list; leave --list out");
    if (!options->erase && !options->list)
        return subscriber_usage("say --list NAME to take the person off one list, or --erase to forget them");
    if (options->reason && (strlen(options->reason) > GROUND_BYTES || !text_is_one_line(options->reason)))
        return subscriber_usage("--reason must be one line of UTF-8");
    g_autoptr(MailingList) list = options->list ? subscriber_call_list(call, &code) : NULL;
    if (options->list && !list)
        return code;
    g_autoptr(Subscriber) person = find_person(call, address, &code);
    if (!person)
        return code;
    return options->erase ? erase(call, person) : end_membership(call, person, list);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const char *argument; /* NULL: takes none */
    int (*run)(const SubscriberCall *call, const char *argument);
} actions[] = {
    {"import", "FILE", subscriber_import}, {"list", NULL, subscriber_list},
    {"show", "ADDRESS", subscriber_show},  {"add", "ADDRESS", add},
    {"remove", "ADDRESS", remove_person},  {"export", NULL, subscriber_export},
};

static int dispatch(int argc, char **argv, SubscriberCall *call)
{
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name))
            continue;
        if (argc != 2 + (actions[i].argument != NULL))
            return command_fail(&command_subscriber, EXIT_USAGE,
                                "'%s' takes %s; 'rundbrief help subscriber' tells more", argv[1],
                                actions[i].argument ? actions[i].argument : "options only");
        int code = context_open(&call->context, call->common.config, (ContextNeeds)(CONTEXT_DB | CONTEXT_KEYS));
        return code == EXIT_GOOD ? actions[i].run(call, argv[2]) : code;
    }
    return subscriber_usage("say import FILE, list, show ADDRESS, add ADDRESS, remove ADDRESS or export; "
                            "'rundbrief help subscriber' tells more");
}

static int run(int argc, char **argv)
{
    g_auto(SubscriberCall) call = {.options = {.limit = PAGE_ROWS}};
    SubscriberOptions *o = &call.options;
    const GOptionEntry entries[] = {
        {"list", 'l', 0, G_OPTION_ARG_STRING, &o->list, NULL, NULL},
        {"state", 0, 0, G_OPTION_ARG_STRING, &o->state, NULL, NULL},
        {"after", 0, 0, G_OPTION_ARG_STRING, &o->after, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT64, &o->limit, NULL, NULL},
        {"ground", 0, 0, G_OPTION_ARG_STRING, &o->ground, NULL, NULL},
        {"basis", 0, 0, G_OPTION_ARG_STRING, &o->basis, NULL, NULL},
        {"language", 0, 0, G_OPTION_ARG_STRING, &o->language, NULL, NULL},
        {"name", 0, 0, G_OPTION_ARG_STRING, &o->name, NULL, NULL},
        {"format", 0, 0, G_OPTION_ARG_STRING, &o->format, NULL, NULL},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &o->reason, NULL, NULL},
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output, NULL, NULL},
        {"separator", 0, 0, G_OPTION_ARG_STRING, &o->separator, NULL, NULL},
        {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &o->dry_run, NULL, NULL},
        {"keep-going", 'k', 0, G_OPTION_ARG_NONE, &o->keep_going, NULL, NULL},
        {"invite", 0, 0, G_OPTION_ARG_NONE, &o->invite, NULL, NULL},
        {"returning", 0, 0, G_OPTION_ARG_NONE, &o->returning, NULL, NULL},
        {"erase", 0, 0, G_OPTION_ARG_NONE, &o->erase, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_subscriber, &argc, &argv, entries, &call.common);
    return code >= 0 ? code : dispatch(argc, argv, &call);
}

const Command command_subscriber = {
    .name = "subscriber",
    .summary = "import, find, add, remove and export people",
    .help = "Usage: rundbrief subscriber import FILE --list NAME --ground TEXT [options]\n"
            "       rundbrief subscriber list [--list NAME] [--state STATE] [--limit N] [--after ADDRESS]\n"
            "       rundbrief subscriber show ADDRESS\n"
            "       rundbrief subscriber add ADDRESS --list NAME --ground TEXT [--name NAME] [--language TAG]\n"
            "                            [--format html|text] [--basis BASIS] [--invite] [--returning]\n"
            "       rundbrief subscriber remove ADDRESS --list NAME [--reason TEXT]\n"
            "       rundbrief subscriber remove ADDRESS --erase\n"
            "       rundbrief subscriber export [--list NAME] [--state STATE] [--separator ';'] [--output FILE]\n\n"
            "import   reads a table of people, UTF-8, with ';' ',' or tabs between the cells and a line of titles\n"
            "         in German or English (E-Mail, Name, Vorname, Nachname, Sprache, Format), the exports of\n"
            "         listmonk and phpList, or plain lines of addresses such as Mailman writes. Each rejected row\n"
            "         is told with its line and reason. One rejected row, and nothing is imported, unless\n"
            "         --keep-going is given.\n"
            "  --ground TEXT    on what ground these people may be written to; kept as evidence with each\n"
            "  --basis BASIS    legal basis: consent, public-task or contract; must be the list's\n"
            "  --language TAG   of rows that name none (default: the list's)\n"
            "  --keep-going     import the good rows, whatever the others are\n"
            "  --dry-run        say what would happen, change nothing\n"
            "  --invite         ask each person by mail to confirm, at most once a day, instead of subscribing them\n"
            "add      puts one person on a list; --returning when somebody who left asked to come back\n"
            "list     a page of people by address; --after ADDRESS shows the next one\n"
            "show     one person: subscriptions, the history of their consent in words, suppression\n"
            "remove   ends one subscription, or with --erase forgets the person: only a keyed hash and the proof\n"
            "         of past consent stay\n"
            "export   CSV, or JSON with --json; a list's active people unless --state STATE or --state any\n\n"
            "Exit codes: 0 done; 1 nothing was done: rows were rejected, or there is no such person; 2 the\n"
            "command line or the file as a whole is wrong; 3 the database or the system refuses.\n",
    .run = run,
};
