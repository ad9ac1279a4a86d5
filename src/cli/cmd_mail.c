/* rundbrief mail: single mails (confirmations, first copies) of which nobody knows whether they arrived, and what staff
 * decide about them. */
/* rundbrief */
#include "announcements/resolve.h"
#include "base/clock.h"
#include "cli/actor.h"
#include "cli/command.h"
#include "cli/output.h"
#include "store/outbox_store.h"
#include "store/wake.h"

extern const Command command_mail;

typedef struct Options {
    gboolean sent, failed; /* settle */
} Options;

static int fail(const GError *error)
{
    return command_fail(&command_mail, error->domain == DB_ERROR ? EXIT_FAULT : EXIT_WRONG, "%s", error->message);
}

/* ---- the actions ------------------------------------------------------------------------------------------------- */

static int list(const Context *context, int64_t id, const Options *options, bool json)
{
    (void)options;
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) mails = outbox_uncertain(context->db, id, &error);
    if (!mails)
        return fail(error);
    Table *table = table_new((const char *const[]){"Id", "Mail", "Address", "Uncertain since", NULL}, json,
                             context->settings->site.zone);
    for (guint i = 0; i < mails->len; i++) {
        const OutboxDoubt *mail = mails->pdata[i];
        table_row(table, (const Cell[]){cell_number(mail->id), cell_text(mail->template), cell_text(mail->address),
                                        cell_time(mail->at)});
    }
    table_print(table);
    return EXIT_GOOD;
}

static int resolve(const Context *context, int64_t id, DeliveryState to, const char *sentence)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    if (!resolve_single(context->db, id, to, actor, clock_now(), &error))
        return fail(error);
    wake_role(&context->settings->files, "send");
    printf("Mail %" G_GINT64_FORMAT " %s.\n", id, sentence);
    return EXIT_GOOD;
}

static int resend(const Context *context, int64_t id, const Options *options, bool json)
{
    (void)options;
    (void)json;
    return resolve(context, id, DELIVERY_DEFERRED, "is sent again");
}

static int settle(const Context *context, int64_t id, const Options *options, bool json)
{
    (void)json;
    if (options->sent == options->failed)
        return command_fail(&command_mail, EXIT_USAGE,
                            "settle: say --sent (it arrived) or --failed (it did not); 'mail resend ID' tries again");
    return resolve(context, id, options->sent ? DELIVERY_SENT : DELIVERY_FAILED,
                   options->sent ? "is noted as sent" : "is noted as failed");
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool takes_id;
    int (*run)(const Context *context, int64_t id, const Options *options, bool json);
} actions[] = {{"list", false, list}, {"resend", true, resend}, {"settle", true, settle}};

static int with_id(gsize action, const char *text, const Options *options, const CommonOptions *common)
{
    g_auto(Context) context = {0};
    guint64 id = 0;
    if (text && !g_ascii_string_to_unsigned(text, 10, 1, INT64_MAX, &id, NULL))
        return command_fail(&command_mail, EXIT_USAGE,
                            "'%s' is not the number of a mail; 'rundbrief mail list' shows them", text);
    int code = context_open(&context, common->config, CONTEXT_DB);
    return code == EXIT_GOOD ? actions[action].run(&context, (int64_t)id, options, common->json) : code;
}

static int run(int argc, char **argv)
{
    Options options = {0};
    g_auto(CommonOptions) common = {0};
    const GOptionEntry entries[] = {
        {"sent", 0, 0, G_OPTION_ARG_NONE, &options.sent, NULL, NULL},
        {"failed", 0, 0, G_OPTION_ARG_NONE, &options.failed, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_mail, &argc, &argv, entries, &common);
    if (code >= 0)
        return code;
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++)
        if (g_str_equal(argv[1], actions[i].name) && argc == 2 + actions[i].takes_id)
            return with_id(i, actions[i].takes_id ? argv[2] : NULL, &options, &common);
    return command_fail(&command_mail, EXIT_USAGE,
                        "say list, resend ID or settle ID; 'rundbrief help mail' tells more");
}

const Command command_mail = {
    .name = "mail",
    .summary = "single mails of which nobody knows whether they arrived",
    .help =
        "Usage: rundbrief mail list [--json]\n"
        "       rundbrief mail resend ID\n"
        "       rundbrief mail settle ID --sent | --failed\n\n"
        "Confirmations, receipts and the first copies of offices are single mails. Where the connection broke at\n"
        "the wrong moment, nobody knows whether the relay has taken one; the setting uncertain.single says whether\n"
        "it is sent again or held until staff decide.\n\n"
        "list    those that are held\n"
        "resend  sends one again, with the same Message-ID\n"
        "settle  it is known now: it arrived, or it did not\n\n"
        "What 'rundbrief announce' sent is resent and settled there; mails of people that were not passed on for\n"
        "certain wait in the tray ('rundbrief inbox tray').\n\n"
        "Exit codes: 0 done; 1 no such mail is uncertain; 2 the command line is wrong; 3 the database refuses.\n",
    .run = run,
};
