/* rundbrief check deliverability: sends a test mail, reads it back, and says what receivers think of it. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "base/clock.h"
#include "cli/output.h"
#include "cli/test_mail.h"
#include "deliverability/check.h"
#include "mail/address.h"
#include "store/list_store.h"

extern const Command command_check;

#define WAIT_SECONDS 120
#define WAIT_MAX     3600

typedef struct Options {
    char *to, *list, *language, *mailbox, *ip, *helo, *ca_file;
    int wait_seconds;
} Options;

typedef struct Call {
    Options options;
    CommonOptions common;
    Context context;
} Call;

static void call_clear(Call *call)
{
    Options *options = &call->options;
    char **texts[] = {&options->to, &options->list, &options->language, &options->mailbox,
                      &options->ip, &options->helo, &options->ca_file};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_clear_pointer(texts[i], g_free);
    common_options_clear(&call->common);
    context_close(&call->context);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

/* ---- what to send ------------------------------------------------------------------------------------------------ */

static int fault(const GError *error)
{
    return command_fail(&command_check, EXIT_FAULT, "%s", error->message);
}

/* The list of --list, or the first there is. */
static int choose_list(const Call *call, MailingList **ret_list)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) lists = list_all(call->context.db, &error);
    if (!lists)
        return fault(error);
    const char *slug = call->options.list ? call->options.list
                       : lists->len > 0   ? ((const MailingList *)lists->pdata[0])->slug
                                          : NULL;
    if (!slug)
        return command_fail(&command_check, EXIT_WRONG,
                            "there is no list yet, whose mails could be looked at; 'rundbrief list add' makes one");
    if (!list_by_slug(call->context.db, slug, ret_list, &error))
        return fault(error);
    return *ret_list ? EXIT_GOOD
                     : command_fail(&command_check, EXIT_USAGE,
                                    "there is no list '%s'; 'rundbrief list show' lists all", slug);
}

static bool has_mailbox(const Settings *settings, const char *name)
{
    for (guint i = 0; i < settings->mailboxes->len; i++)
        if (!name || g_str_equal(((const MailboxSettings *)settings->mailboxes->pdata[i])->name, name))
            return true;
    return false;
}

static int check_options(const Call *call)
{
    const Options *options = &call->options;
    g_autofree char *reverse = options->ip ? dns_reverse_name(options->ip) : NULL;
    g_auto(Address) address = {0};
    if (options->wait_seconds < 1 || options->wait_seconds > WAIT_MAX)
        return command_fail(&command_check, EXIT_USAGE, "--wait takes seconds, from 1 to %d", WAIT_MAX);
    if (options->ip && !reverse)
        return command_fail(&command_check, EXIT_USAGE, "--ip takes an IP address, not \"%s\"", options->ip);
    if (options->to && !address_parse(options->to, &address, NULL))
        return command_fail(&command_check, EXIT_USAGE, "--to takes a mail address, not \"%s\"", options->to);
    if (options->language && !g_str_equal(options->language, "de") && !g_str_equal(options->language, "en"))
        return command_fail(&command_check, EXIT_USAGE, "--lang takes de or en, not \"%s\"", options->language);
    if (!has_mailbox(call->context.settings, NULL))
        return command_fail(&command_check, EXIT_WRONG,
                            "the settings have no mailbox (mailboxes) from which the test mail could be read");
    if (!has_mailbox(call->context.settings, options->mailbox))
        return command_fail(&command_check, EXIT_USAGE, "the settings have no mailbox named \"%s\"", options->mailbox);
    return EXIT_GOOD;
}

static RemarkLanguage report_language(const Call *call)
{
    const char *tag = call->options.language ? call->options.language : call->context.settings->site.language;
    bool german = g_ascii_strncasecmp(tag, "de", 2) == 0 && (tag[2] == '\0' || tag[2] == '-');
    return german ? REMARK_GERMAN : REMARK_ENGLISH;
}

/* ---- the mail ---------------------------------------------------------------------------------------------------- */

/* Sends and reads back; false and error when it got lost. */
static bool exchange(const Call *call, const MailingList *list, GString *ret_bytes, GError **error)
{
    const char *to = call->options.to ? call->options.to : call->context.settings->site.reply_address;
    const Recipient recipient = {.address = (char *)to,
                                 .language = (char *)(report_language(call) == REMARK_GERMAN ? "de" : "en"),
                                 .list_id = list->id};
    TestMail mail = {.context = &call->context,
                     .mailbox = call->options.mailbox,
                     .until = clock_monotonic() + call->options.wait_seconds * SECOND_US};
    return test_mail_queue(&mail, &recipient, error) && test_mail_wait_sent(&mail, error) &&
           test_mail_wait_back(&mail, ret_bytes, error);
}

static WebPage *get_page(void *context, const char *url, bool follow)
{
    return web_get(url, follow, ((const Call *)context)->options.ca_file);
}

static bool look_at(Call *call, const GString *mail, Remarks *remarks, GError **error)
{
    const DnsSettings *dns = &call->context.settings->dns;
    g_autoptr(DnsResolver) resolver = dns_resolver_new(dns->server, dns->port, error);
    if (!resolver)
        return false;
    g_auto(Evidence) evidence = {0};
    evidence_init(&evidence, &(EvidenceSource){.settings = call->context.settings,
                                               .dns = resolver,
                                               .get = get_page,
                                               .context = call,
                                               .mail = mail->str,
                                               .length = mail->len,
                                               .ip = call->options.ip,
                                               .helo = call->options.helo,
                                               .now = clock_now() / SECOND_US});
    check_deliverability(&evidence, remarks);
    return true;
}

/* ---- the report -------------------------------------------------------------------------------------------------- */

static void print_json(const Remarks *remarks)
{
    json_t *all = json_array();
    for (guint i = 0; i < remarks_count(remarks); i++) {
        const Remark *remark = remarks_at(remarks, i);
        json_array_append_new(all,
                              json_pack("{s:s, s:s, s:s, s:s}", "check", remark->check, "grade",
                                        remark_grade_word(remark->grade), "text", remark->text, "mend", remark->mend));
    }
    output_json(json_pack("{s:o, s:i}", "remarks", all, "bad", (int)remarks_count_bad(remarks)));
}

static void print_remark(const Remark *remark, RemarkLanguage language)
{
    static const char *const words[][2] = {
        [REMARK_GOOD] = {"good", "gut"}, [REMARK_NOTE] = {"note", "Hinweis"}, [REMARK_BAD] = {"bad", "schlecht"}};
    static const char *const styles[] = {[REMARK_GOOD] = "32", [REMARK_NOTE] = "33", [REMARK_BAD] = "31"};
    g_autofree char *text = output_clean(remark->text), *mend = output_clean(remark->mend);
    printf("%s%-8s%s %-8s %s\n", output_style(stdout, styles[remark->grade]), words[remark->grade][language],
           output_style(stdout, "0"), remark->check, text);
    if (*mend)
        printf("%18s-> %s\n", "", mend);
}

static void print_report(const Remarks *remarks, RemarkLanguage language)
{
    static const char *const good[] = {"Nothing hinders our mail.", "Nichts hindert unsere Mails."};
    static const char *const bad[] = {"of these hinder our mail.", "davon hindern unsere Mails."};
    guint count = remarks_count_bad(remarks);
    for (guint i = 0; i < remarks_count(remarks); i++)
        print_remark(remarks_at(remarks, i), language);
    if (count == 0)
        puts(good[language]);
    else
        printf("%u %s\n", count, bad[language]);
}

static int deliverability(Call *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(MailingList) list = NULL;
    g_autoptr(GString) mail = g_string_new(NULL);
    g_autoptr(Remarks) remarks = remarks_new(report_language(call));
    int code = check_options(call);
    if (code == EXIT_GOOD)
        code = choose_list(call, &list);
    if (code != EXIT_GOOD)
        return code;
    if (!exchange(call, list, mail, &error))
        return error->domain == DB_ERROR ? fault(error)
                                         : command_fail(&command_check, EXIT_WRONG, "%s", error->message);
    if (!look_at(call, mail, remarks, &error))
        return fault(error);
    if (call->common.json)
        print_json(remarks);
    else
        print_report(remarks, report_language(call));
    return remarks_count_bad(remarks) == 0 ? EXIT_GOOD : EXIT_WRONG;
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static int run(int argc, char **argv)
{
    g_auto(Call) call = {.options.wait_seconds = WAIT_SECONDS};
    Options *options = &call.options;
    const GOptionEntry entries[] = {
        {"to", 0, 0, G_OPTION_ARG_STRING, &options->to, NULL, NULL},
        {"list", 0, 0, G_OPTION_ARG_STRING, &options->list, NULL, NULL},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &options->language, NULL, NULL},
        {"mailbox", 0, 0, G_OPTION_ARG_STRING, &options->mailbox, NULL, NULL},
        {"ip", 0, 0, G_OPTION_ARG_STRING, &options->ip, NULL, NULL},
        {"helo", 0, 0, G_OPTION_ARG_STRING, &options->helo, NULL, NULL},
        {"ca-file", 0, 0, G_OPTION_ARG_FILENAME, &options->ca_file, NULL, NULL},
        {"wait", 0, 0, G_OPTION_ARG_INT, &options->wait_seconds, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_check, &argc, &argv, entries, &call.common);
    if (code >= 0)
        return code;
    if (argc != 2 || !g_str_equal(argv[1], "deliverability"))
        return command_fail(&command_check, EXIT_USAGE, "say deliverability; see 'rundbrief check --help'");
    code = context_open(&call.context, call.common.config, CONTEXT_DB | CONTEXT_KEYS);
    return code == EXIT_GOOD ? deliverability(&call) : code;
}

const Command command_check = {
    .name = "check",
    .summary = "send a test mail and see what receivers think of it",
    .help =
        "Usage: rundbrief check deliverability [--to ADDRESS] [--list LIST] [--lang de|en] [--wait SECONDS]\n\n"
        "Sends one mail that looks like an announcement of a list, by the daemon and its relay as all others,\n"
        "waits until it lies in one of our mailboxes, and says of it and of our DNS what is well, what is not,\n"
        "and how to mend it: DKIM signatures and what they cover, SPF, DMARC and alignment, the sending host's\n"
        "name, TLS, size, the one-click address (it is only looked at; nobody leaves) and the imprint.\n\n"
        "  --to ADDRESS      where it goes, instead of site.reply_address. Best is a mailbox outside, which\n"
        "                    forwards to ours: then it shows from which address our mail leaves the house\n"
        "  --list LIST       whose sender and headers it has; otherwise those of the first list\n"
        "  --lang de|en      language of the report; otherwise that of the site\n"
        "  --mailbox NAME    look into this one of mailboxes only\n"
        "  --ip ADDRESS      from which our mail leaves the house, when the mail itself does not show it\n"
        "  --helo NAME       how that host greets, likewise\n"
        "  --wait SECONDS    how long to wait for the mail (120)\n"
        "  --ca-file FILE    certificates to trust for web pages, instead of the system's\n\n"
        "The mail stays where it was found: the inbox role puts it into the tray for staff, and it may be deleted.\n"
        "The DNS is asked as the settings say (dns.server). Secrets that are systemd credentials are found with\n"
        "CREDENTIALS_DIRECTORY=/etc/rundbrief/credentials in front of the command.\n\n"
        "Example: rundbrief check deliverability --lang de\n\n"
        "Exit codes: 0 nothing hinders our mail; 1 something does, or the test mail got lost; 2 a wrong option;\n"
        "3 the database or the system refuses.\n",
    .run = run,
};
