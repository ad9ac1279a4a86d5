/* The last look before an announcement goes out. Repeats what the manuscript was checked for, because a row can come
 * from elsewhere and its files can have gone since (invariant 10: no announcement leaves without publisher, leave
 * headers and text). */
#include "announcements/preflight.h"

/* system */
#include <sys/stat.h>

/* rundbrief */
#include "store/list_store.h"
#include "store/report_store.h"

typedef struct Check {
    const Announcement *announcement;
    const char *subject; /* "announcement 4" */
    Problems *problems;
} Check;

static bool is_blank(const char *text)
{
    return !text || !text[strspn(text, " \t\n")];
}

/* ---- the record -------------------------------------------------------------------------------------------------- */

static void check_publisher(const Check *check)
{
    const Publisher *publisher = &check->announcement->publisher;
    const struct {
        const char *name, *text;
    } parts[] = {{"office", publisher->office},
                 {"person", publisher->person},
                 {"address", publisher->address},
                 {"phone", publisher->phone}};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        if (is_blank(parts[i].text))
            problems_add(check->problems, check->subject, 0, "the publisher's %s is missing; the law wants it named",
                         parts[i].name);
}

static void check_variants(const Check *check)
{
    const GPtrArray *variants = check->announcement->variants;
    bool has_fallback = false;
    for (guint i = 0; i < variants->len; i++) {
        const Variant *variant = variants->pdata[i];
        if (g_str_equal(variant->language, check->announcement->language))
            has_fallback = true;
        if (is_blank(variant->subject) || is_blank(variant->headline))
            problems_add(check->problems, check->subject, 0, "the headline in '%s' is missing", variant->language);
        if (is_blank(variant->lead) && is_blank(variant->body))
            problems_add(check->problems, check->subject, 0, "the text in '%s' is empty", variant->language);
    }
    if (!has_fallback)
        problems_add(check->problems, check->subject, 0,
                     "there is no text in '%s', which people get whose language is not offered",
                     check->announcement->language);
}

static bool has_alt_in(const Medium *medium, const char *language)
{
    for (guint i = 0; i < medium->texts->len; i++) {
        const MediumText *text = medium->texts->pdata[i];
        if (g_str_equal(text->language, language))
            return !is_blank(text->alt);
    }
    return false;
}

static void check_alt_texts(const Check *check)
{
    for (guint i = 0; i < check->announcement->media->len; i++) {
        const Medium *medium = check->announcement->media->pdata[i];
        for (guint j = 0; j < check->announcement->variants->len; j++) {
            const Variant *variant = check->announcement->variants->pdata[j];
            if (!has_alt_in(medium, variant->language))
                problems_add(check->problems, check->subject, 0, "'%s' has no alt text in '%s'", medium->file_name,
                             variant->language);
        }
    }
}

static void check_attachments(const Check *check)
{
    guint attached = 0;
    for (guint i = 0; i < check->announcement->media->len; i++)
        attached += ((const Medium *)check->announcement->media->pdata[i])->attached;
    if (attached > 1)
        problems_add(check->problems, check->subject, 0, "%u documents are attached; only one may be", attached);
}

static void check_meeting(const Check *check)
{
    const Meeting *meeting = check->announcement->meeting;
    bool is_invitation = check->announcement->kind == ANNOUNCEMENT_INVITATION;
    if (is_invitation && !meeting)
        problems_add(check->problems, check->subject, 0, "an invitation needs a meeting");
    else if (meeting &&
             (is_blank(meeting->place) || is_blank(meeting->topic) || meeting->ends_at <= meeting->starts_at))
        problems_add(check->problems, check->subject, 0,
                     "the meeting needs a place, a topic and an end after its start");
}

void preflight_record(const Announcement *announcement, const char *subject, Problems *problems)
{
    const Check check = {announcement, subject, problems};
    check_publisher(&check);
    check_variants(&check);
    check_alt_texts(&check);
    check_attachments(&check);
    check_meeting(&check);
    if (announcement->lists->len == 0)
        problems_add(problems, subject, 0, "it goes to no list");
}

/* ---- what it relies on ------------------------------------------------------------------------------------------- */

static void check_files(const Check *check, const char *media_dir)
{
    for (guint i = 0; i < check->announcement->media->len; i++) {
        const Medium *medium = check->announcement->media->pdata[i];
        g_autofree char *path = g_build_filename(media_dir, medium->sha256, NULL);
        struct stat status;
        if (stat(path, &status) < 0 || status.st_size != medium->size)
            problems_add(check->problems, check->subject, 0, "the file of '%s' is missing or damaged in %s",
                         medium->file_name, media_dir);
    }
}

static bool check_lists(Db *db, const Check *check, int64_t *ret_first_list, GError **error)
{
    *ret_first_list = 0;
    for (guint i = 0; i < check->announcement->lists->len; i++) {
        const char *slug = check->announcement->lists->pdata[i];
        g_autoptr(MailingList) list = NULL;
        if (!list_by_slug(db, slug, &list, error))
            return false;
        if (!list)
            problems_add(check->problems, check->subject, 0, "there is no list '%s'", slug);
        else if (!*ret_first_list)
            *ret_first_list = list->id;
    }
    return true;
}

/* ---- the letter -------------------------------------------------------------------------------------------------- */

static const char *form_of(bool wants_text)
{
    return wants_text ? "text only" : "HTML and text";
}

static void check_letter(Db *db, LetterBox *box, const Check *check, const Recipient *recipient, int64_t now)
{
    g_autoptr(GError) error = NULL;
    g_auto(Letter) letter = {0};
    if (!letter_preview(box, db, check->announcement, recipient, now, &letter, &error))
        problems_add(check->problems, check->subject, 0, "no letter can be written in '%s' as %s: %s",
                     recipient->language, form_of(recipient->wants_text), error->message);
    else if (!strstr(letter.bytes->str, "\r\nList-Unsubscribe:"))
        problems_add(check->problems, check->subject, 0, "the letter in '%s' as %s has no leave header",
                     recipient->language, form_of(recipient->wants_text));
}

static void check_letters(Db *db, LetterBox *box, const Check *check, int64_t list_id, int64_t now)
{
    for (guint i = 0; i < check->announcement->variants->len; i++) {
        const Variant *variant = check->announcement->variants->pdata[i];
        for (int wants_text = 0; wants_text <= 1; wants_text++) {
            const Recipient recipient = {.subscriber_id = PREVIEW_SUBSCRIBER,
                                         .list_id = list_id,
                                         .address = (char *)"sample@example.org",
                                         .name = (char *)"Sam Sample",
                                         .language = variant->language,
                                         .wants_text = wants_text};
            check_letter(db, box, check, &recipient, now);
        }
    }
}

bool preflight_check(Db *db, LetterBox *box, const Settings *settings, const Announcement *announcement, int64_t now,
                     int64_t *ret_audience, Problems *problems, GError **error)
{
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, announcement->id);
    const Check check = {announcement, subject, problems};
    int64_t first_list;
    preflight_record(announcement, subject, problems);
    check_files(&check, settings->files.media_dir);
    if (!check_lists(db, &check, &first_list, error) || !report_audience(db, announcement->id, ret_audience, error))
        return false;
    if (*ret_audience == 0)
        problems_add(problems, subject, 0, "nobody would get it: its lists have no active subscriber");
    if (problems_count(problems) == 0)
        check_letters(db, box, &check, first_list, now);
    return true;
}
