/* rundbrief announce: the actions, their options, and those that change something. */
#include "cli/cmd_announce.h"

/* rundbrief */
#include "announcements/draft.h"
#include "announcements/preflight.h"
#include "announcements/schedule.h"
#include "base/clock.h"
#include "cli/actor.h"
#include "cli/output.h"
#include "mail/address.h"
#include "store/announcement_store.h"
#include "store/wake.h"

static void call_clear(AnnounceCall *call)
{
    context_close(&call->context);
    common_options_clear(&call->common);
    g_free(call->options.at);
    g_free(call->options.language);
    g_free(call->options.recipient);
    g_free(call->options.state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(AnnounceCall, call_clear)

/* ---- shared ------------------------------------------------------------------------------------------------------ */

int announce_fail(const GError *error)
{
    int code = error->domain == DB_ERROR ? EXIT_FAULT : error->domain == ADDRESS_ERROR ? EXIT_USAGE : EXIT_WRONG;
    return command_fail(&command_announce, code, "%s", error->message);
}

char *announce_time(const AnnounceCall *call, int64_t at, DatetimeStyle style)
{
    const SiteSettings *site = &call->context.settings->site;
    return datetime_format(at, site->zone, site->language, style);
}

char *announce_countdown(const AnnouncementProgress *progress, int64_t now)
{
    if (progress->state != ANNOUNCEMENT_SCHEDULED || progress->held_until == 0)
        return NULL;
    return output_countdown(progress->held_until - now);
}

Announcement *announce_load(const AnnounceCall *call, int *ret_code)
{
    g_autoptr(GError) error = NULL;
    Announcement *announcement;
    if (!announcement_load(call->context.db, call->id, &announcement, &error))
        *ret_code = announce_fail(error);
    else if (!announcement)
        *ret_code = command_fail(&command_announce, EXIT_WRONG,
                                 "there is no announcement %" G_GINT64_FORMAT "; 'rundbrief announce list' shows all",
                                 call->id);
    return announcement;
}

void announce_wake_sender(const AnnounceCall *call)
{
    wake_role(&call->context.settings->files, "send");
}

/* ---- add --------------------------------------------------------------------------------------------------------- */

static int add(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(Problems) notes = problems_new();
    g_autofree char *actor = actor_name();
    int64_t id;
    bool added = draft_add(call->context.db, call->context.settings, call->files, actor, call->now, &id, problems,
                           notes, &error);
    output_problems(problems);
    if (error)
        return announce_fail(error);
    if (!added)
        return command_fail(&command_announce, EXIT_USAGE, "%u mistake%s; nothing was added", problems_count(problems),
                            problems_count(problems) == 1 ? "" : "s");
    output_problems(notes);
    if (call->common.json)
        output_json(json_pack("{s:I}", "id", (json_int_t)id));
    else
        printf("Announcement %" G_GINT64_FORMAT " is a draft now. See it: rundbrief announce preview %" G_GINT64_FORMAT
               "; send it: rundbrief announce queue %" G_GINT64_FORMAT "\n",
               id, id, id);
    return EXIT_GOOD;
}

/* ---- queue ------------------------------------------------------------------------------------------------------- */

/* The time of --at, 0 without it. */
static bool read_wish(const AnnounceCall *call, int64_t *ret_at, GError **error)
{
    const char *zone = call->context.settings->site.zone;
    bool twice = false;
    *ret_at = 0;
    if (!call->options.at)
        return true;
    if (!datetime_parse(call->options.at, zone, ret_at, &twice, error)) {
        g_prefix_error(error, "--at: ");
        return false;
    }
    g_autofree char *note = twice ? datetime_twice_note(*ret_at, zone) : NULL;
    if (note)
        fprintf(stderr, "rundbrief announce: --at: %s\n", note);
    return true;
}

static bool look_once_more(const AnnounceCall *call, const Announcement *announcement, int64_t *ret_audience,
                           Problems *problems, GError **error)
{
    const Context *context = &call->context;
    g_autoptr(LetterBox) box = letter_box_new(context->settings, context->keyring, error);
    return box &&
           preflight_check(context->db, box, context->settings, announcement, call->now, ret_audience, problems, error);
}

static void tell_hold(const AnnounceCall *call, int64_t seconds)
{
    g_autofree char *length = output_countdown(seconds * SECOND_US);
    if (seconds > 0)
        printf("It is held for %s then. Stop it: rundbrief announce pause %" G_GINT64_FORMAT
               "; let it go: rundbrief announce go %" G_GINT64_FORMAT "\n",
               length, call->id, call->id);
}

static void tell_queued(const AnnounceCall *call, int64_t at, int64_t hold_seconds, int64_t audience)
{
    g_autofree char *when = announce_time(call, at, DATETIME_LONG);
    if (call->common.json) {
        output_json(json_pack("{s:I, s:o, s:I, s:I}", "id", (json_int_t)call->id, "send_at", json_time(at),
                              "hold_seconds", (json_int_t)hold_seconds, "audience", (json_int_t)audience));
        return;
    }
    printf("Announcement %" G_GINT64_FORMAT " %s: %s, to %" G_GINT64_FORMAT " %s.\n", call->id,
           at <= call->now ? "goes out now" : "will go out", when, audience, audience == 1 ? "person" : "people");
    tell_hold(call, hold_seconds);
}

static int queue(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Problems) problems = problems_new();
    g_autofree char *actor = actor_name();
    int code = EXIT_GOOD;
    int64_t wished_at, at, audience, hold_seconds;
    if (call->options.at && call->options.at_once)
        return command_fail(&command_announce, EXIT_USAGE, "--at and --now exclude each other");
    if (!read_wish(call, &wished_at, &error))
        return command_fail(&command_announce, EXIT_USAGE, "%s", error->message);
    g_autoptr(Announcement) announcement = announce_load(call, &code);
    if (!announcement)
        return code;
    if (!schedule_decide(announcement, wished_at, call->options.at_once, call->now, call->context.settings->site.zone,
                         &at, &error) ||
        !look_once_more(call, announcement, &audience, problems, &error))
        return announce_fail(error);
    output_problems(problems);
    if (problems_count(problems) > 0)
        return command_fail(&command_announce, EXIT_WRONG, "it was not queued");
    if (!schedule_queue(call->context.db, call->id, at, call->options.urgent, actor, call->now, &error) ||
        !announcement_hold_seconds(call->context.db, call->id, &hold_seconds, &error))
        return announce_fail(error);
    announce_wake_sender(call);
    tell_queued(call, at, hold_seconds, audience);
    return EXIT_GOOD;
}

/* ---- hold, go on, stop ------------------------------------------------------------------------------------------- */

static int tell_moved(const AnnounceCall *call, bool moved, const GError *error, const char *sentence)
{
    if (!moved)
        return announce_fail(error);
    announce_wake_sender(call);
    printf("Announcement %" G_GINT64_FORMAT " %s\n", call->id, sentence);
    return EXIT_GOOD;
}

static int pause_it(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    AnnouncementProgress progress = {0};
    bool moved = schedule_pause(call->context.db, call->id, actor, call->now, &error) &&
                 announcement_progress(call->context.db, call->id, &progress, &error);
    return tell_moved(call, moved, error,
                      progress.started_at ? "is paused; a mail whose text is on the line at this moment still arrives."
                                          : "is paused; it had not begun to go out.");
}

static int resume(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    AnnouncementProgress progress = {0};
    bool moved = schedule_resume(call->context.db, call->id, actor, call->now, &error) &&
                 announcement_progress(call->context.db, call->id, &progress, &error);
    return tell_moved(call, moved, error,
                      progress.started_at ? "goes on where it stood."
                                          : "is scheduled again; 'rundbrief announce status' says when it goes out.");
}

static int go(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    bool moved = schedule_go(call->context.db, call->id, actor, call->now, &error);
    return tell_moved(call, moved, error, "goes out now.");
}

static int cancel(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *actor = actor_name();
    Cancellation counts = {0};
    bool moved = schedule_cancel(call->context.db, call->id, actor, call->now, &counts, &error);
    g_autofree char *under_way = counts.under_way > 0
                                     ? g_strdup_printf("%" G_GINT64_FORMAT " are under way and may still arrive, ",
                                                       counts.under_way)
                                     : g_strdup("");
    g_autofree char *sentence = g_strdup_printf("is cancelled; %" G_GINT64_FORMAT
                                                " went out before and cannot be called back, %s%" G_GINT64_FORMAT
                                                " are withdrawn.",
                                                counts.sent, under_way, counts.withdrawn);
    return tell_moved(call, moved, error, sentence);
}

/* ---- the command ------------------------------------------------------------------------------------------------- */

typedef enum { TAKES_NOTHING, TAKES_ID, TAKES_ID_AND_ADDRESSES, TAKES_FILES } Takes;

static const struct {
    const char *name;
    Takes takes;
    ContextNeeds needs;
    int (*run)(const AnnounceCall *call);
} actions[] = {
    {"add", TAKES_FILES, CONTEXT_DB, add},
    {"list", TAKES_NOTHING, CONTEXT_DB, announce_list},
    {"show", TAKES_ID, CONTEXT_DB, announce_show},
    {"preview", TAKES_ID, CONTEXT_DB | CONTEXT_KEYS, announce_preview},
    {"queue", TAKES_ID, CONTEXT_DB | CONTEXT_KEYS, queue},
    {"status", TAKES_ID, CONTEXT_DB, announce_status},
    {"pause", TAKES_ID, CONTEXT_DB, pause_it},
    {"go", TAKES_ID, CONTEXT_DB, go},
    {"resume", TAKES_ID, CONTEXT_DB, resume},
    {"cancel", TAKES_ID, CONTEXT_DB, cancel},
    {"resend", TAKES_ID_AND_ADDRESSES, CONTEXT_DB, announce_resend},
    {"settle", TAKES_ID_AND_ADDRESSES, CONTEXT_DB, announce_settle},
};

static int usage(const char *action, const char *sentence)
{
    return command_fail(&command_announce, EXIT_USAGE, "%s %s; see 'rundbrief announce --help'", action, sentence);
}

static int read_id(AnnounceCall *call, int argc, char **argv)
{
    guint64 id;
    if (argc < 3)
        return usage(argv[1], "needs the number of an announcement; 'rundbrief announce list' shows them");
    if (!g_ascii_string_to_unsigned(argv[2], 10, 1, INT64_MAX, &id, NULL))
        return command_fail(&command_announce, EXIT_USAGE,
                            "'%s' is not the number of an announcement; 'rundbrief announce list' shows them", argv[2]);
    call->id = (int64_t)id;
    return EXIT_GOOD;
}

static int read_arguments(AnnounceCall *call, Takes takes, int argc, char **argv)
{
    switch (takes) {
    case TAKES_NOTHING:
        return argc == 2 ? EXIT_GOOD : usage(argv[1], "takes no argument");
    case TAKES_FILES:
        call->files = (const char *const *)argv + 2;
        return argc > 2 ? EXIT_GOOD : usage(argv[1], "needs a file, or one for each language");
    case TAKES_ID:
        if (argc > 3)
            return usage(argv[1], "takes one number");
        break;
    case TAKES_ID_AND_ADDRESSES:
        call->addresses = (const char *const *)argv + MIN(argc, 3);
        break;
    }
    return read_id(call, argc, argv);
}

static int run_action(AnnounceCall *call, int argc, char **argv)
{
    for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS(actions); i++) {
        if (!g_str_equal(argv[1], actions[i].name))
            continue;
        int code = read_arguments(call, actions[i].takes, argc, argv);
        if (code == EXIT_GOOD)
            code = context_open(&call->context, call->common.config, actions[i].needs);
        return code == EXIT_GOOD ? actions[i].run(call) : code;
    }
    return command_fail(&command_announce, EXIT_USAGE,
                        "say add, list, show, preview, queue, status, go, pause, resume, cancel, resend or settle; "
                        "see 'rundbrief announce --help'");
}

static int run(int argc, char **argv)
{
    g_auto(AnnounceCall) call = {.now = clock_now(), .options.limit = 100};
    AnnounceOptions *options = &call.options;
    const GOptionEntry entries[] = {
        {"at", 0, 0, G_OPTION_ARG_STRING, &options->at, NULL, NULL},
        {"now", 0, 0, G_OPTION_ARG_NONE, &options->at_once, NULL, NULL},
        {"urgent", 0, 0, G_OPTION_ARG_NONE, &options->urgent, NULL, NULL},
        {"language", 0, 0, G_OPTION_ARG_STRING, &options->language, NULL, NULL},
        {"recipient", 0, 0, G_OPTION_ARG_STRING, &options->recipient, NULL, NULL},
        {"text", 0, 0, G_OPTION_ARG_NONE, &options->as_text, NULL, NULL},
        {"html", 0, 0, G_OPTION_ARG_NONE, &options->as_html, NULL, NULL},
        {"eml", 0, 0, G_OPTION_ARG_NONE, &options->as_mail, NULL, NULL},
        {"deliveries", 0, 0, G_OPTION_ARG_NONE, &options->deliveries, NULL, NULL},
        {"state", 0, 0, G_OPTION_ARG_STRING, &options->state, NULL, NULL},
        {"failed", 0, 0, G_OPTION_ARG_NONE, &options->failed, NULL, NULL},
        {"sent", 0, 0, G_OPTION_ARG_NONE, &options->sent, NULL, NULL},
        {"uncertain", 0, 0, G_OPTION_ARG_NONE, &options->uncertain, NULL, NULL},
        {"limit", 0, 0, G_OPTION_ARG_INT64, &options->limit, NULL, NULL},
        G_OPTION_ENTRY_NULL,
    };
    int code = command_parse(&command_announce, &argc, &argv, entries, &call.common);
    return code >= 0 ? code : run_action(&call, argc, argv);
}

const Command command_announce = {
    .name = "announce",
    .summary = "add, preview, queue and watch press releases and invitations",
    .help =
        "Usage: rundbrief announce add FILE…          store a draft; one file for each language\n"
        "       rundbrief announce list [--limit N]   the newest announcements (100)\n"
        "       rundbrief announce show ID            what it says and to whom it goes\n"
        "       rundbrief announce preview ID [--language CODE] [--recipient ADDRESS] [--text | --html | --eml]\n"
        "                                             the mail as somebody would get it\n"
        "       rundbrief announce queue ID [--at \"2026-05-02 09:00\" | --now] [--urgent]\n"
        "                                             send it: at that time, at once, or when its file says; it is "
        "held\n"
        "                                             first as long as its list says, unless it is urgent\n"
        "       rundbrief announce status ID\n"
        "                                             how far it is; who was refused and why, who waits until when\n"
        "       rundbrief announce status ID --deliveries [--state STATE] [--json]\n"
        "                                             everybody, or those in one state: pending, leased (under\n"
        "                                             way), deferred, sent, failed, uncertain, cancelled,\n"
        "                                             bounced\n"
        "       rundbrief announce go ID              end its hold: let it go out now\n"
        "       rundbrief announce pause ID           stop it, while it waits, is held or goes out\n"
        "       rundbrief announce resume ID          go on where it was stopped\n"
        "       rundbrief announce cancel ID          withdraw all that has not gone out; cannot be undone\n"
        "       rundbrief announce resend ID --failed | --uncertain [ADDRESS…]\n"
        "                                             try again what was refused for good, or may not have arrived:\n"
        "                                             all of it, or what went to these addresses\n"
        "       rundbrief announce settle ID --sent | --failed [ADDRESS…]\n"
        "                                             what was uncertain is known now: it arrived, or it did not\n\n"
        "A file is a head of YAML between two lines \"---\" and a text in Markdown:\n\n"
        "    ---\n"
        "    kind: press-release          (or invitation, notice)\n"
        "    lists: [presse]\n"
        "    date_line: 2. Mai 2018\n"
        "    place_line: Kreis Musterland.\n"
        "    headline: \"Freie Fahrt: Brücke ist fertig\"\n"
        "    send_at: 2018-05-02 09:00    (time of the site's zone)\n"
        "    urgent: no                   (yes: it is not held)\n"
        "    publisher:\n"
        "      office: Kreis Musterland, Pressestelle\n"
        "      person: Änne Groß\n"
        "      address: Marktplatz 1, 12345 Musterstadt\n"
        "      phone: 01234 567\n"
        "    media:\n"
        "      - path: bruecke.jpg        (below the folder of the file)\n"
        "        alt: Die neue Brücke im Morgenlicht\n"
        "    ---\n"
        "    The first paragraph is the lead.\n\n"
        "rundbrief(1) lists every key; the German names (art, verteiler, titel, herausgeber …) are understood too.\n"
        "Times are local times of the setting site.zone; one that daylight saving skips is refused.\n",
    .run = run,
};
