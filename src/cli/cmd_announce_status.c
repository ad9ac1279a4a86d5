/* rundbrief announce status: how far it is, who was refused and why, who waits until when. Rows are printed as they are
 * read: a million of them take no more memory than one. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "announcements/quiet.h"
#include "cli/cmd_announce.h"
#include "cli/output.h"
#include "store/delivery_store.h"

#define NAMED_MAX 50 /* of each kind of trouble; --deliveries shows all */

/* ---- one delivery ------------------------------------------------------------------------------------------------ */

/* "550 5.1.1 no such user": the codes are left out where the relay's words begin with them. Caller frees. */
static char *reason_text(const DeliveryRow *row)
{
    GString *reason = g_string_new(NULL);
    if (!row->kind)
        return g_string_free(reason, FALSE);
    const char *detail = row->detail && *row->detail ? row->detail : row->kind;
    g_autofree char *reply = row->reply ? g_strdup_printf("%d", row->reply) : g_strdup("");
    if (*reply && !strstr(detail, reply))
        g_string_append_printf(reason, "%s ", reply);
    if (row->enhanced && *row->enhanced && !strstr(detail, row->enhanced))
        g_string_append_printf(reason, "%s ", row->enhanced);
    g_string_append(reason, detail);
    char *clean = output_clean(reason->str);
    g_string_free(reason, TRUE);
    return clean;
}

static bool is_event(const DeliveryRow *row, DeliveryEventKind kind)
{
    return row->kind && g_str_equal(row->kind, delivery_event_kind_word(kind));
}

/* "bounced" is no state of a delivery, but what staff want to see of one that was sent. */
static const char *row_word(const DeliveryRow *row)
{
    if (row->state == DELIVERY_SENT && is_event(row, DELIVERY_EVENT_BOUNCED))
        return row->kind;
    return delivery_state_word(row->state);
}

/* Until when it waits; of all others it is when they came to be what they are. state: of the announcement. */
static char *row_when(const AnnounceCall *call, AnnouncementState state, const DeliveryRow *row, DatetimeStyle style)
{
    g_autofree char *at = announce_time(call, row->at, style);
    if (row->state != DELIVERY_DEFERRED)
        return g_steal_pointer(&at);
    if (state == ANNOUNCEMENT_PAUSED)
        return g_strdup("once it is resumed");
    return state == ANNOUNCEMENT_CANCELLED ? g_strdup("to be withdrawn") : g_strdup_printf("until %s", at);
}

static char *row_address(const DeliveryRow *row)
{
    return row->address ? output_clean(row->address) : g_strdup("(erased)");
}

/* ---- --deliveries ------------------------------------------------------------------------------------------------ */

typedef struct Listing {
    const AnnounceCall *call;
    AnnouncementState state;
    const char *only; /* rows of which this is the word; NULL: all */
    GTimeZone *zone;  /* held, or GLib would read its file for each row */
    bool any;
} Listing;

static bool is_listed(const Listing *listing, const DeliveryRow *row)
{
    return !listing->only || g_str_equal(listing->only, row_word(row));
}

static char *padded(char *text, int width)
{
    int missing = width - output_width(text);
    char *wide = g_strdup_printf("%s%*s", text, MAX(missing, 0), "");
    g_free(text);
    return wide;
}

static bool print_row(const DeliveryRow *row, gpointer data)
{
    Listing *listing = data;
    if (!is_listed(listing, row))
        return true;
    g_autofree char *address = padded(row_address(row), 32);
    g_autofree char *when = row_when(listing->call, listing->state, row, DATETIME_STRICT);
    g_autofree char *reason = reason_text(row);
    if (!listing->any)
        printf("%-32s  %-9s  %-22s  %s\n", "Address", "State", "When", "Why");
    listing->any = true;
    return printf("%s  %-9s  %-22s  %s\n", address, row_word(row), when, reason) > 0;
}

static json_t *row_json(const DeliveryRow *row)
{
    g_autofree char *reason = reason_text(row);
    return json_pack("{s:s?, s:s, s:o, s:i, s:s}", "address", row->address, "state", row_word(row), "when",
                     json_time(row->at), "attempts", row->attempts, "why", reason);
}

static bool print_row_json(const DeliveryRow *row, gpointer data)
{
    Listing *listing = data;
    if (!is_listed(listing, row))
        return true;
    json_t *object = row_json(row);
    fputs(listing->any ? ",\n " : "[\n ", stdout);
    listing->any = true;
    bool printed = json_dumpf(object, stdout, 0) == 0;
    json_decref(object);
    return printed;
}

/* The state in which rows of that word are. */
static bool state_of_word(const char *word, DeliveryState *ret_state)
{
    if (!g_str_equal(word, delivery_event_kind_word(DELIVERY_EVENT_BOUNCED)))
        return delivery_state_from_word(word, ret_state);
    *ret_state = DELIVERY_SENT;
    return true;
}

static bool read_deliveries(Listing *listing, DeliveryState state, GError **error)
{
    const AnnounceCall *call = listing->call;
    DeliveryReader reader = call->common.json ? print_row_json : print_row;
    listing->zone = g_time_zone_new_identifier(call->context.settings->site.zone);
    bool good = listing->only ? report_deliveries_in(call->context.db, call->id, state, reader, listing, error)
                              : report_deliveries(call->context.db, call->id, REPORT_ALL, reader, listing, error);
    g_time_zone_unref(listing->zone);
    return good;
}

static int print_deliveries(const AnnounceCall *call, AnnouncementState announcement_state)
{
    g_autoptr(GError) error = NULL;
    DeliveryState state = DELIVERY_PENDING;
    Listing listing = {.call = call, .state = announcement_state, .only = call->options.state};
    if (listing.only && !state_of_word(listing.only, &state))
        return command_fail(&command_announce, EXIT_USAGE,
                            "--state: '%s' is none of pending, leased, deferred, sent, failed, uncertain, cancelled, "
                            "bounced",
                            listing.only);
    if (!read_deliveries(&listing, state, &error))
        return announce_fail(error);
    if (call->common.json)
        puts(listing.any ? "\n]" : "[]");
    else if (!listing.any)
        puts(listing.only ? "None." : "No deliveries yet; they are made when sending begins.");
    return EXIT_GOOD;
}

/* ---- the overview ------------------------------------------------------------------------------------------------ */

/* What staff want to know by name, in the order in which it is told. */
typedef enum {
    TROUBLE_REFUSED,
    TROUBLE_WAITING,
    TROUBLE_UNCERTAIN,
    TROUBLE_REPEATED,
    TROUBLE_BOUNCED,
    TROUBLE_COUNT
} TroubleKind;

static const char *const trouble_titles[TROUBLE_COUNT] = {
    [TROUBLE_REFUSED] = "Refused:",
    [TROUBLE_WAITING] = "Waiting for another try:",
    [TROUBLE_UNCERTAIN] = "Uncertain (the line broke; nobody knows whether it arrived):",
    [TROUBLE_REPEATED] = "Sent again after an uncertain try (may have arrived twice):",
    [TROUBLE_BOUNCED] = "Sent, but came back:",
};

typedef struct Overview {
    const AnnounceCall *call;
    AnnouncementState state;
    GString *lines[TROUBLE_COUNT];
    guint named[TROUBLE_COUNT];
    int64_t uncertain_tries;
    char *pause_reason; /* "": none */
    json_t *json;
} Overview;

static TroubleKind trouble_kind(const DeliveryRow *row)
{
    switch (row->state) {
    case DELIVERY_FAILED:
        return TROUBLE_REFUSED;
    case DELIVERY_DEFERRED:
        return TROUBLE_WAITING;
    case DELIVERY_UNCERTAIN:
        return TROUBLE_UNCERTAIN;
    default:
        return is_event(row, DELIVERY_EVENT_BOUNCED) ? TROUBLE_BOUNCED : TROUBLE_REPEATED;
    }
}

static bool note_trouble(const DeliveryRow *row, gpointer data)
{
    Overview *overview = data;
    TroubleKind kind = trouble_kind(row);
    if (++overview->named[kind] > NAMED_MAX)
        return true;
    g_autofree char *address = row_address(row), *reason = reason_text(row);
    g_autofree char *when = row_when(overview->call, overview->state, row, DATETIME_SHORT);
    g_string_append_printf(overview->lines[kind], "  %s  %s  %s\n", address, when, reason);
    json_array_append_new(overview->json, row_json(row));
    return true;
}

static void overview_init(Overview *overview, const AnnounceCall *call, AnnouncementState state)
{
    *overview = (Overview){.call = call, .state = state, .json = json_array()};
    for (int kind = 0; kind < TROUBLE_COUNT; kind++)
        overview->lines[kind] = g_string_new(NULL);
}

static void overview_clear(Overview *overview)
{
    for (int kind = 0; kind < TROUBLE_COUNT; kind++)
        g_string_free(overview->lines[kind], TRUE);
    g_free(overview->pause_reason);
    json_decref(overview->json);
}

static void print_troubles(const Overview *overview)
{
    for (int kind = 0; kind < TROUBLE_COUNT; kind++) {
        if (overview->named[kind] == 0)
            continue;
        printf("\n%s\n%s", trouble_titles[kind], overview->lines[kind]->str);
        if (overview->named[kind] > NAMED_MAX)
            printf("  and %u more; --deliveries shows all\n", overview->named[kind] - NAMED_MAX);
    }
}

/* NULL: it is not quiet, or not for this one. */
static char *quiet_text(const AnnounceCall *call, bool urgent)
{
    const Settings *settings = call->context.settings;
    int64_t until = urgent ? 0 : quiet_until(&settings->quiet_hours, settings->site.zone, call->now);
    g_autofree char *when = until ? announce_time(call, until, DATETIME_LONG) : NULL;
    return when ? g_strdup_printf("; quiet until %s", when) : NULL;
}

static char *progress_text(const AnnounceCall *call, const AnnouncementProgress *progress, bool urgent)
{
    g_autofree char *send_at = progress->send_at ? announce_time(call, progress->send_at, DATETIME_LONG) : NULL;
    g_autofree char *started = progress->started_at ? announce_time(call, progress->started_at, DATETIME_LONG) : NULL;
    g_autofree char *finished = progress->finished_at ? announce_time(call, progress->finished_at, DATETIME_LONG)
                                                      : NULL;
    g_autofree char *held = announce_countdown(progress, call->now), *quiet = quiet_text(call, urgent);
    const char *word = announcement_state_word(progress->state);
    if (held)
        return g_strdup_printf("held for another %s. Stop it: rundbrief announce pause %" G_GINT64_FORMAT
                               "; let it go: rundbrief announce go %" G_GINT64_FORMAT,
                               held, call->id, call->id);
    switch (progress->state) {
    case ANNOUNCEMENT_SCHEDULED:
        return g_strdup_printf("%s for %s", word, send_at ? send_at : "as soon as possible");
    case ANNOUNCEMENT_SENDING:
        return g_strdup_printf("%s since %s%s%s", word, started ? started : "-",
                               progress->expanded ? "" : " (still collecting the recipients)", quiet ? quiet : "");
    case ANNOUNCEMENT_SENT:
        return g_strdup_printf("%s; begun %s, complete %s", word, started ? started : "-", finished ? finished : "-");
    case ANNOUNCEMENT_CANCELLED:
        return g_strdup_printf("%s%s", word, finished ? "" : " (open deliveries are being withdrawn)");
    default:
        return g_strdup(word);
    }
}

static void print_overview(const AnnounceCall *call, const AnnouncementProgress *progress,
                           const Announcement *announcement, const int64_t counts[static DELIVERY_STATE_COUNT],
                           const Overview *overview)
{
    const Variant *variant = announcement_variant(announcement, announcement->language);
    g_autofree char *headline = output_clean(variant ? variant->headline : "");
    g_autofree char *state = progress_text(call, progress, announcement->urgent);
    int64_t all = 0;
    printf("Announcement %" G_GINT64_FORMAT ", %s: %s\n%s\n", call->id, announcement_kind_word(announcement->kind),
           headline, state);
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        all += counts[i];
    if (*overview->pause_reason)
        puts(overview->pause_reason);
    printf("\nDeliveries: %" G_GINT64_FORMAT "\n", all);
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        if (counts[i])
            printf("  %-10s %" G_GINT64_FORMAT "\n", delivery_state_word((DeliveryState)i), counts[i]);
    if (overview->uncertain_tries)
        printf("Tries of which nobody knows whether the mail arrived: %" G_GINT64_FORMAT "\n",
               overview->uncertain_tries);
    print_troubles(overview);
}

static void print_overview_json(const AnnounceCall *call, const AnnouncementProgress *progress,
                                const Announcement *announcement, const int64_t counts[static DELIVERY_STATE_COUNT],
                                const Overview *overview)
{
    json_t *deliveries = json_object();
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        json_object_set_new(deliveries, delivery_state_word((DeliveryState)i), json_integer(counts[i]));
    json_t *root = json_pack(
        "{s:I, s:s, s:s, s:o, s:o, s:s, s:o, s:o, s:b, s:o, s:I, s:O}", "id", (json_int_t)call->id, "kind",
        announcement_kind_word(announcement->kind), "state", announcement_state_word(progress->state), "send_at",
        json_time(progress->send_at), "held_until", json_time(progress->held_until), "pause_reason",
        overview->pause_reason, "started_at", json_time(progress->started_at), "finished_at",
        json_time(progress->finished_at), "expanded", (int)progress->expanded, "deliveries", deliveries,
        "uncertain_tries", (json_int_t)overview->uncertain_tries, "troubled", overview->json);
    output_json(root);
}

int announce_status(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    int code = EXIT_GOOD;
    AnnouncementProgress progress;
    int64_t counts[DELIVERY_STATE_COUNT];
    g_autoptr(Announcement) announcement = announce_load(call, &code);
    if (!announcement)
        return code;
    if (!announcement_progress(call->context.db, call->id, &progress, &error))
        return announce_fail(error);
    if (call->options.deliveries)
        return print_deliveries(call, progress.state);
    if (call->options.state)
        return command_fail(&command_announce, EXIT_USAGE, "--state belongs to --deliveries");
    Overview overview;
    overview_init(&overview, call, progress.state);
    if (!announcement_pause_reason(call->context.db, call->id, &overview.pause_reason, &error) ||
        !delivery_counts(call->context.db, call->id, counts, &error) ||
        !report_uncertain_tries(call->context.db, call->id, &overview.uncertain_tries, &error) ||
        !report_deliveries(call->context.db, call->id, REPORT_TROUBLED, note_trouble, &overview, &error))
        code = announce_fail(error);
    else if (call->common.json)
        print_overview_json(call, &progress, announcement, counts, &overview);
    else
        print_overview(call, &progress, announcement, counts, &overview);
    overview_clear(&overview);
    return code;
}
