/* rundbrief announce list, show, preview: what there is, what it says, how it will look. Changes nothing. */
/* libraries */
#include <jansson.h>

/* rundbrief */
#include "announcements/letter.h"
#include "announcements/letter_view.h"
#include "base/text.h"
#include "cli/cmd_announce.h"
#include "cli/output.h"
#include "mail/address.h"
#include "mail/parse.h"
#include "store/announcement_store.h"
#include "store/list_store.h"
#include "store/subscriber_store.h"

/* ---- list -------------------------------------------------------------------------------------------------------- */

static void summary_destroy(gpointer summary)
{
    announcement_summary_free(summary);
}

/* The instant that says most about it: when it was sent, or is to be sent. */
static int64_t summary_time(const AnnouncementProgress *progress)
{
    return progress->started_at ? progress->started_at : progress->send_at;
}

static void add_row(const AnnouncementSummary *summary, int64_t now, Table *table)
{
    g_autofree char *held = announce_countdown(&summary->progress, now);
    const int64_t *counts = summary->counts;
    int64_t waiting = counts[DELIVERY_PENDING] + counts[DELIVERY_LEASED] + counts[DELIVERY_DEFERRED];
    table_row(table, (const Cell[]){
                         cell_number(summary->id),
                         cell_text(announcement_kind_word(summary->kind)),
                         cell_text(announcement_state_word(summary->progress.state)),
                         cell_text(held),
                         cell_time(summary_time(&summary->progress)),
                         cell_text(summary->lists),
                         cell_number(waiting),
                         cell_number(counts[DELIVERY_SENT]),
                         cell_number(counts[DELIVERY_FAILED]),
                         cell_number(counts[DELIVERY_UNCERTAIN]),
                         cell_number(counts[DELIVERY_CANCELLED]),
                         cell_text(summary->headline),
                     });
}

int announce_list(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func(summary_destroy);
    guint limit = (guint)CLAMP(call->options.limit, 1, 100000);
    if (!report_announcements(call->context.db, limit, summaries, &error))
        return announce_fail(error);
    if (summaries->len == 0 && !call->common.json) {
        puts("No announcements yet; 'rundbrief announce add FILE' makes one.");
        return EXIT_GOOD;
    }
    Table *table = table_new((const char *[]){"Id", "Kind", "State", "Held", "Time", "Lists", "Waiting", "Sent",
                                              "Failed", "Uncertain", "Cancelled", "Headline", NULL},
                             call->common.json, call->context.settings->site.zone);
    for (guint i = 0; i < summaries->len; i++)
        add_row(summaries->pdata[i], call->now, table);
    table_print(table);
    return EXIT_GOOD;
}

/* ---- show -------------------------------------------------------------------------------------------------------- */

static void print_line(const char *name, const char *text)
{
    g_autofree char *clean = output_clean(text ? text : "");
    if (*clean)
        printf("%-14s %s\n", name, clean);
}

/* Keeps the line ends that output_clean() would take away. */
static void print_block(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *clean = output_clean(lines[i]);
        puts(clean);
    }
}

static void print_variant(const Variant *variant)
{
    printf("\n%s--- %s ---%s\n", output_style(stdout, "1"), variant->language, output_style(stdout, "0"));
    print_line("Subject:", variant->subject);
    print_line("Date line:", variant->date_line);
    print_line("Place line:", variant->place_line);
    print_line("Headline:", variant->headline);
    print_line("Sub-headline:", variant->sub_headline);
    print_line("Contact:", variant->contact);
    putchar('\n');
    if (*variant->lead) {
        print_block(variant->lead);
        putchar('\n');
    }
    print_block(variant->body);
}

static void print_media(const Announcement *announcement)
{
    for (guint i = 0; i < announcement->media->len; i++) {
        const Medium *medium = announcement->media->pdata[i];
        const MediumText *text = medium_text(medium, announcement->language);
        g_autofree char *size = g_format_size((guint64)medium->size);
        g_autofree char *line = g_strdup_printf("%s (%s, %s%s)%s%s", medium->file_name, medium->media_type, size,
                                                medium->attached ? ", attached" : "", text ? ": " : "",
                                                text ? text->alt : "");
        print_line("Medium:", line);
    }
}

static void print_announcement(const AnnounceCall *call, const Announcement *announcement)
{
    const Publisher *publisher = &announcement->publisher;
    const SiteSettings *site = &call->context.settings->site;
    g_autofree char *send_at = announcement->send_at ? announce_time(call, announcement->send_at, DATETIME_LONG) : NULL;
    g_autofree char *embargo = announcement->embargo_at ? announce_time(call, announcement->embargo_at, DATETIME_LONG)
                                                        : NULL;
    g_autofree char *lists = text_join(announcement->lists, ", ");
    g_autofree char *issuer = g_strdup_printf("%s; %s; %s; %s", publisher->office, publisher->person,
                                              publisher->address, publisher->phone);
    printf("Announcement %" G_GINT64_FORMAT ": %s, %s\n", announcement->id, announcement_kind_word(announcement->kind),
           announcement_state_word(announcement->state));
    print_line("Lists:", lists);
    print_line("Send time:", send_at ? send_at : "as soon as it is queued");
    print_line("Embargo:", embargo);
    print_line("Publisher:", issuer);
    if (announcement->meeting) {
        g_autofree char *span = datetime_format_span(announcement->meeting->starts_at, announcement->meeting->ends_at,
                                                     site->zone, site->language);
        print_line("Meeting:", span);
        print_line("Place:", announcement->meeting->place);
        print_line("Topic:", announcement->meeting->topic);
        print_line("Registration:", announcement->meeting->registration);
    }
    print_media(announcement);
    for (guint i = 0; i < announcement->variants->len; i++)
        print_variant(announcement->variants->pdata[i]);
}

static json_t *variants_json(const Announcement *announcement)
{
    json_t *array = json_array();
    for (guint i = 0; i < announcement->variants->len; i++) {
        const Variant *v = announcement->variants->pdata[i];
        json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "language", v->language,
                                               "subject", v->subject, "date_line", v->date_line, "place_line",
                                               v->place_line, "headline", v->headline, "sub_headline", v->sub_headline,
                                               "lead", v->lead, "body", v->body, "contact", v->contact));
    }
    return array;
}

static json_t *media_json(const Announcement *announcement)
{
    json_t *array = json_array();
    for (guint i = 0; i < announcement->media->len; i++) {
        const Medium *m = announcement->media->pdata[i];
        json_t *texts = json_object();
        for (guint j = 0; j < m->texts->len; j++) {
            const MediumText *text = m->texts->pdata[j];
            json_object_set_new(texts, text->language,
                                json_pack("{s:s, s:s}", "caption", text->caption, "alt", text->alt));
        }
        json_array_append_new(array, json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:b, s:o}", "file_name", m->file_name,
                                               "type", m->media_type, "size", (json_int_t)m->size, "sha256", m->sha256,
                                               "credit", m->credit, "licence", m->licence, "attached", (int)m->attached,
                                               "texts", texts));
    }
    return array;
}

static json_t *meeting_json(const Meeting *meeting)
{
    if (!meeting)
        return json_null();
    return json_pack("{s:o, s:o, s:s, s:s, s:s}", "start", json_time(meeting->starts_at), "end",
                     json_time(meeting->ends_at), "place", meeting->place, "topic", meeting->topic, "registration",
                     meeting->registration);
}

static void print_json(const Announcement *a)
{
    const Publisher *p = &a->publisher;
    json_t *lists = json_array();
    for (guint i = 0; i < a->lists->len; i++)
        json_array_append_new(lists, json_string(a->lists->pdata[i]));
    json_t *publisher = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "office", p->office, "person", p->person,
                                  "address", p->address, "phone", p->phone, "fax", p->fax, "web", p->web, "email",
                                  p->email);
    json_t *root = json_pack("{s:I, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "id", (json_int_t)a->id, "kind",
                             announcement_kind_word(a->kind), "state", announcement_state_word(a->state), "language",
                             a->language, "lists", lists, "send_at", json_time(a->send_at), "embargo",
                             json_time(a->embargo_at), "publisher", publisher, "meeting", meeting_json(a->meeting),
                             "media", media_json(a), "variants", variants_json(a));
    output_json(root);
}

int announce_show(const AnnounceCall *call)
{
    int code = EXIT_GOOD;
    g_autoptr(Announcement) announcement = announce_load(call, &code);
    if (!announcement)
        return code;
    if (call->common.json)
        print_json(announcement);
    else
        print_announcement(call, announcement);
    return EXIT_GOOD;
}

/* ---- preview ----------------------------------------------------------------------------------------------------- */

/* The person of --recipient; NULL without it. Otherwise it says why there is none. */
static int find_person(const AnnounceCall *call, Subscriber **ret)
{
    g_autoptr(GError) error = NULL;
    g_auto(Address) address = {0};
    const char *wanted = call->options.recipient;
    *ret = NULL;
    if (!wanted)
        return EXIT_GOOD;
    if (!address_parse(wanted, &address, &error)) {
        g_autofree char *shown = output_clean(wanted);
        return command_fail(&command_announce, EXIT_USAGE, "--recipient '%s': %s", shown, error->message);
    }
    if (!subscriber_by_key(call->context.db, address.key, ret, &error))
        return announce_fail(error);
    if (*ret)
        return EXIT_GOOD;
    return command_fail(&command_announce, EXIT_WRONG,
                        "--recipient: nobody here has the address %s; without --recipient the mail is that to a sample "
                        "person",
                        address.text);
}

/* --language must be one that the announcement is written in: another would show a language nobody asked for. */
static int check_language(const AnnounceCall *call, const Announcement *announcement)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < announcement->variants->len; i++) {
        const Variant *variant = announcement->variants->pdata[i];
        if (!call->options.language || g_ascii_strcasecmp(variant->language, call->options.language) == 0)
            return EXIT_GOOD;
        g_string_append_printf(known, "%s%s", i ? ", " : "", variant->language);
    }
    g_autofree char *shown = output_clean(call->options.language);
    return command_fail(&command_announce, EXIT_WRONG, "--language: the announcement is not written in '%s', but in %s",
                        shown, known->str);
}

/* A known person's name, language and format, or a sample's; the language is theirs unless one is asked for. */
static int fill_recipient(const AnnounceCall *call, const Announcement *announcement, Recipient *ret)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Subscriber) person = NULL;
    g_autoptr(MailingList) list = NULL;
    int code = find_person(call, &person);
    if (code == EXIT_GOOD)
        code = check_language(call, announcement);
    if (code != EXIT_GOOD)
        return code;
    if (!list_by_slug(call->context.db, announcement->lists->pdata[0], &list, &error))
        return announce_fail(error);
    const char *language = call->options.language ? call->options.language
                           : person               ? person->language
                                                  : announcement->language;
    *ret = (Recipient){
        .subscriber_id = PREVIEW_SUBSCRIBER,
        .list_id = list ? list->id : 0,
        .address = g_strdup(person ? person->address : "sample@example.org"),
        .name = g_strdup(person ? person->name : ""),
        .language = g_strdup(language),
        .wants_text = person && person->wants_text && !call->options.as_html,
    };
    return EXIT_GOOD;
}

/* A browser has no mail to take the pictures from: each goes into the page itself. */
static void embed_pictures(const AnnounceCall *call, const Announcement *announcement, GString *html)
{
    for (guint i = 0; i < announcement->media->len; i++) {
        const Medium *medium = announcement->media->pdata[i];
        if (!medium->thumbnail)
            continue;
        gsize size;
        const guchar *bytes = g_bytes_get_data(medium->thumbnail, &size);
        g_autofree char *content_id = letter_content_id(call->context.settings, i);
        g_autofree char *reference = g_strconcat("\"cid:", content_id, "\"", NULL);
        g_autofree char *base64 = g_base64_encode(bytes, size);
        g_autofree char *data = g_strconcat("\"data:image/jpeg;base64,", base64, "\"", NULL);
        g_string_replace(html, reference, data, 0);
    }
}

static int print_part(const AnnounceCall *call, const Announcement *announcement, const Letter *letter,
                      const char *type)
{
    g_autoptr(Message) message = message_parse(letter->bytes->str, letter->bytes->len);
    MimePart *part = message_find_part(message, type);
    if (!part)
        return command_fail(&command_announce, EXIT_WRONG, "this letter has no part %s", type);
    g_autoptr(GString) text = g_string_new(mime_part_text(part));
    if (call->options.as_html)
        embed_pictures(call, announcement, text);
    fputs(text->str, stdout);
    return EXIT_GOOD;
}

static int print_letter(const AnnounceCall *call, const Announcement *announcement, const Letter *letter)
{
    if (call->options.as_html)
        return print_part(call, announcement, letter, "text/html");
    if (!call->options.as_mail)
        return print_part(call, announcement, letter, "text/plain");
    fwrite(letter->bytes->str, 1, letter->bytes->len, stdout);
    return EXIT_GOOD;
}

int announce_preview(const AnnounceCall *call)
{
    g_autoptr(GError) error = NULL;
    int code = EXIT_GOOD;
    if (call->options.as_text + call->options.as_html + call->options.as_mail > 1)
        return command_fail(&command_announce, EXIT_USAGE, "--text, --html and --eml exclude each other");
    g_autoptr(Announcement) announcement = announce_load(call, &code);
    if (!announcement)
        return code;
    g_auto(Recipient) recipient = {0};
    code = fill_recipient(call, announcement, &recipient);
    if (code != EXIT_GOOD)
        return code;
    g_autoptr(LetterBox) box = letter_box_new(call->context.settings, call->context.keyring, &error);
    if (!box)
        return announce_fail(error);
    g_auto(Letter) letter = {0};
    bool written = letter_preview(box, call->context.db, announcement, &recipient, call->now, &letter, &error);
    return written ? print_letter(call, announcement, &letter) : announce_fail(error);
}
