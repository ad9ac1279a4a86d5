/* Puts a letter together from its templates:
 *   mixed( alternative( text, related( HTML, pictures ) ), calendar, attachments )
 * where each wrapping is there only when it has something to wrap, and readers who want text get no HTML. */
#include "announcements/letter_plan.h"

/* rundbrief */
#include "announcements/letter_check.h"
#include "base/file.h"
#include "base/limits.h"
#include "mail/calendar.h"
#include "mail/list_headers.h"

/* What stands behind the '@' of Message-IDs, Content-IDs and List-Ids: the domain of the mailbox that is read. */
static const char *letter_domain(const Settings *settings)
{
    return strrchr(settings->site.reply_address, '@') + 1;
}

/* ---- headers ----------------------------------------------------------------------------------------------------- */

static const char *first_filled(const char *first, const char *second, const char *third)
{
    return first && first[0] ? first : second && second[0] ? second : third;
}

static void add_slot_header(PlanBuilder *builder, const char *name, const char *before, guint slot, const char *after)
{
    g_autoptr(Pieces) value = pieces_new();
    pieces_add_text(value, before, -1);
    pieces_add_slot(value, slot);
    pieces_add_text(value, after, -1);
    plan_builder_tokens(builder, name, value);
}

const char *letter_from_address(const SiteSettings *site, const MailingList *list)
{
    return first_filled(list ? list->from_address : NULL, site->from_address, NULL);
}

/* From, Sender and Reply-To are the list's where it has its own. */
static void add_senders(PlanBuilder *builder, const SiteSettings *site, const MailingList *list)
{
    const char *name = first_filled(list ? list->from_name : NULL, site->from_name, site->name);
    const char *address = letter_from_address(site, list);
    plan_builder_address(builder, "From", name, address);
    if (list && list->sender_address && list->sender_address[0] && g_strcmp0(list->sender_address, address) != 0)
        plan_builder_address(builder, "Sender", NULL, list->sender_address);
    plan_builder_address_slots(builder, "To", PERSONAL_NAME, PERSONAL_ADDRESS);
    if (list && list->reply_to && list->reply_to[0])
        plan_builder_address(builder, "Reply-To", NULL, list->reply_to);
}

static PlanBuilder *begin(const Settings *settings, const MailingList *list, const Pieces *subject)
{
    PlanBuilder *builder = plan_builder_new(SLOT_COUNT);
    g_autofree char *after = g_strconcat("@", letter_domain(settings), ">", NULL);
    add_senders(builder, &settings->site, list);
    plan_builder_text(builder, "Subject", subject);
    add_slot_header(builder, "Date", "", SLOT_DATE, "");
    add_slot_header(builder, "Message-ID", "<", SLOT_MESSAGE_ID, after);
    return builder;
}

static void add_list_headers(PlanBuilder *builder, const Edition *edition, const View *view)
{
    const SiteSettings *site = &edition->settings->site;
    const View *leave_url = view_member(view, "leave_base_url");
    g_autofree char *help = site->help_address[0] ? g_strconcat("mailto:", site->help_address, NULL) : NULL;
    g_autofree char *number = g_strdup_printf("a%" G_GINT64_FORMAT, edition->announcement->id);
    ListHeaders known = {
        .list_title = edition->list->title,
        .list_slug = edition->list->slug,
        .domain = letter_domain(edition->settings),
        .inbox_address = site->reply_address,
        .leave_url = leave_url ? view_shown(leave_url) : NULL,
        .archive_url = site->public_url,
        .help_url = help,
        .leave_token_slot = PERSONAL_LEAVE_TOKEN,
        .announcement = number,
        .kind = announcement_kind_word(edition->announcement->kind),
        .sender = letter_domain(edition->settings),
    };
    list_headers_add_announcement(builder, &known);
}

/* ---- parts ------------------------------------------------------------------------------------------------------- */

static PlanPart *fill_part(LetterTemplates *templates, LetterFormat format, const char *name, const View *view,
                           GError **error)
{
    g_autoptr(Pieces) content = letter_templates_fill(templates, format, name, view, error);
    if (!content)
        return NULL;
    PlanPartLabel label = {.type = format == LETTER_HTML ? "text/html" : "text/plain", .place = PLAN_PART_BODY};
    label.language = view_shown(view_member(view, "language"));
    return plan_part_new_text(&label, content);
}

static void add_pictures(PlanPart *related, const Edition *edition)
{
    for (guint i = 0; i < edition->announcement->media->len; i++) {
        const Medium *medium = edition->announcement->media->pdata[i];
        if (!medium->thumbnail)
            continue;
        g_autofree char *content_id = letter_content_id(edition->settings, i);
        g_autofree char *file_name = g_strdup_printf("picture%u.jpg", i + 1);
        PlanPartLabel label = {
            .type = "image/jpeg", .place = PLAN_PART_INLINE, .content_id = content_id, .file_name = file_name};
        plan_part_add(related, plan_part_new_binary(&label, medium->thumbnail));
    }
}

static bool has_pictures(const Edition *edition)
{
    for (guint i = 0; edition && i < edition->announcement->media->len; i++)
        if (((const Medium *)edition->announcement->media->pdata[i])->thumbnail)
            return true;
    return false;
}

/* edition NULL: a single mail, which has no pictures. */
static PlanPart *readable_part(LetterTemplates *templates, const char *name, const View *view, const Edition *edition,
                               bool wants_text, GError **error)
{
    g_autoptr(PlanPart) text = fill_part(templates, LETTER_TEXT, name, view, error);
    if (!text || wants_text)
        return g_steal_pointer(&text);
    g_autoptr(PlanPart) html = fill_part(templates, LETTER_HTML, name, view, error);
    if (!html)
        return NULL;
    if (has_pictures(edition)) {
        PlanPart *related = plan_part_new_multipart("related");
        plan_part_add(related, g_steal_pointer(&html));
        add_pictures(related, edition);
        html = related;
    }
    PlanPart *alternative = plan_part_new_multipart("alternative");
    plan_part_add(alternative, g_steal_pointer(&text));
    plan_part_add(alternative, g_steal_pointer(&html));
    return alternative;
}

/* ---- what comes with it ------------------------------------------------------------------------------------------ */

static const char *shown(const View *view, const char *object, const char *name)
{
    const View *found = view_member(view_member(view, object), name);
    return found ? view_shown(found) : "";
}

static void add_labelled(GString *text, const char *label, const char *value)
{
    if (*value)
        g_string_append_printf(text, "%s%s: %s", text->len ? "\n" : "", label, value);
}

/* What a calendar shows below place and time, which it wraps itself. Caller frees. */
static char *calendar_text(const View *view)
{
    GString *text = g_string_new(shown(view, "meeting", "lead_text"));
    if (text->len)
        g_string_append_c(text, '\n');
    add_labelled(text, shown(view, "words", "topic"), shown(view, "meeting", "topic"));
    add_labelled(text, shown(view, "words", "registration"), shown(view, "meeting", "registration_text"));
    return g_string_free(text, FALSE);
}

static PlanPart *calendar_part(const Edition *edition, const View *view, GError **error)
{
    const Meeting *meeting = edition->announcement->meeting;
    const Publisher *publisher = &edition->announcement->publisher;
    const View *file_name = view_member(view_member(view, "words"), "calendar_file");
    g_autofree char *description = calendar_text(view);
    CalendarEvent event = {
        .uid = meeting->uid,
        .sequence = meeting->sequence,
        .stamped_at = edition->now,
        .starts_at = meeting->starts_at,
        .ends_at = meeting->ends_at,
        .zone = edition->settings->site.zone,
        .summary = edition->variant->headline,
        .location = meeting->place,
        .description = description,
        .organizer_name = publisher->office,
        .organizer_address = first_filled(edition->list->from_address, edition->settings->site.from_address, ""),
    };
    g_autofree char *object = calendar_write(&event, error);
    if (!object)
        return NULL;
    g_autoptr(Pieces) content = pieces_new_text(object);
    PlanPartLabel label = {.type = "text/calendar",
                           .place = PLAN_PART_ATTACHMENT,
                           .method = CALENDAR_METHOD,
                           .file_name = file_name ? view_shown(file_name) : "meeting.ics"};
    return plan_part_new_text(&label, content);
}

static PlanPart *attachment_part(const Settings *settings, const Medium *medium, GError **error)
{
    g_autofree char *path = g_build_filename(settings->files.media_dir, medium->sha256, NULL);
    gsize length;
    char *bytes = file_read_whole(path, LIMIT_ATTACHMENT_BYTES, &length, error);
    if (!bytes) {
        g_prefix_error(error, "the attachment %s: ", medium->file_name);
        return NULL;
    }
    g_autoptr(GBytes) file = g_bytes_new_take(bytes, length);
    PlanPartLabel label = {.type = medium->media_type, .place = PLAN_PART_ATTACHMENT, .file_name = medium->file_name};
    return plan_part_new_binary(&label, file);
}

static bool add_attachments(PlanPart *mixed, const Edition *edition, const View *view, GError **error)
{
    if (edition->announcement->meeting) {
        PlanPart *calendar = calendar_part(edition, view, error);
        if (!calendar)
            return false;
        plan_part_add(mixed, calendar);
    }
    for (guint i = 0; i < edition->announcement->media->len; i++) {
        const Medium *medium = edition->announcement->media->pdata[i];
        if (!medium->attached)
            continue;
        PlanPart *attachment = attachment_part(edition->settings, medium, error);
        if (!attachment)
            return false;
        plan_part_add(mixed, attachment);
    }
    return true;
}

static bool has_attachments(const Announcement *announcement)
{
    for (guint i = 0; i < announcement->media->len; i++)
        if (((const Medium *)announcement->media->pdata[i])->attached)
            return true;
    return announcement->meeting != NULL;
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

static const char *template_of(AnnouncementKind kind)
{
    static const char *const names[] = {
        [ANNOUNCEMENT_PRESS_RELEASE] = "press_release",
        [ANNOUNCEMENT_INVITATION] = "invitation",
        [ANNOUNCEMENT_NOTICE] = "notice",
    };
    return names[kind];
}

static PlanPart *edition_body(LetterTemplates *templates, const Edition *edition, const View *view, bool wants_text,
                              GError **error)
{
    const char *name = template_of(edition->announcement->kind);
    g_autoptr(PlanPart) body = readable_part(templates, name, view, edition, wants_text, error);
    if (!body || !has_attachments(edition->announcement))
        return g_steal_pointer(&body);
    g_autoptr(PlanPart) mixed = plan_part_new_multipart("mixed");
    plan_part_add(mixed, g_steal_pointer(&body));
    return add_attachments(mixed, edition, view, error) ? g_steal_pointer(&mixed) : NULL;
}

Plan *letter_plan_edition(LetterTemplates *templates, const Edition *edition, bool wants_text, GError **error)
{
    const LetterWords *words = letter_templates_words(templates, edition->variant->language, error);
    if (!words || !letter_check(edition, error))
        return NULL;
    g_autoptr(View) view = letter_view_edition(edition, words, error);
    if (!view)
        return NULL;
    const char *name = template_of(edition->announcement->kind);
    g_autoptr(Pieces) subject = letter_templates_fill(templates, LETTER_SUBJECT, name, view, error);
    PlanPart *body = subject ? edition_body(templates, edition, view, wants_text, error) : NULL;
    if (!body)
        return NULL;
    PlanBuilder *builder = begin(edition->settings, edition->list, subject);
    add_list_headers(builder, edition, view);
    return plan_builder_finish(builder, body, error);
}

Plan *letter_plan_single(LetterTemplates *templates, const SingleMail *mail, GError **error)
{
    const LetterWords *words = letter_templates_words(templates, mail->language, error);
    if (!words)
        return NULL;
    g_autoptr(View)
        view = letter_view_single(mail->settings, mail->list, letter_words_language(words), mail->data, words, error);
    if (!view)
        return NULL;
    g_autoptr(Pieces) subject = letter_templates_fill(templates, LETTER_SUBJECT, mail->template, view, error);
    PlanPart *body = subject ? readable_part(templates, mail->template, view, NULL, mail->wants_text, error) : NULL;
    if (!body)
        return NULL;
    PlanBuilder *builder = begin(mail->settings, mail->list, subject);
    list_headers_add_single(builder);
    return plan_builder_finish(builder, body, error);
}
