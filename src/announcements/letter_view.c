/* Lays an announcement out as data: texts converted from Markdown once in both looks, media with what can be said about
 * them, words with their gaps filled. Decides nothing about completeness; letter_check.c does. */
#include "announcements/letter_view.h"

/* rundbrief */
#include "announcements/links.h"
#include "base/datetime.h"
#include "base/language.h"
#include "template/markdown.h"

/* ---- small values ------------------------------------------------------------------------------------------------ */

static const char *direction(const char *language)
{
    static const char *const right_to_left[] = {"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"};
    for (gsize i = 0; i < G_N_ELEMENTS(right_to_left); i++)
        if (language_is(language, right_to_left[i]))
            return "rtl";
    return "ltr";
}

static View *lines_view(const char *text)
{
    View *list = view_list();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (*g_strstrip(*line))
            view_append(list, view_text(*line));
    return list;
}

/* "2,4 MB" and the like, in decimal units as file managers show them. */
static char *size_text(int64_t size, const char *language)
{
    if (size < 1000)
        return g_strdup_printf("%" G_GINT64_FORMAT " B", size);
    if (size < 950 * 1000)
        return g_strdup_printf("%" G_GINT64_FORMAT " kB", (size + 500) / 1000);
    int64_t tenths = (size + 50 * 1000) / (100 * 1000);
    bool english = language_is(language, "en");
    return g_strdup_printf("%" G_GINT64_FORMAT "%c%" G_GINT64_FORMAT " MB", tenths / 10, english ? '.' : ',',
                           tenths % 10);
}

/* "JPEG", "PDF": what people call it, else the file name's ending. */
static char *type_text(const Medium *medium)
{
    static const char *const known[][2] = {{"image/jpeg", "JPEG"}, {"image/png", "PNG"},     {"image/gif", "GIF"},
                                           {"image/webp", "WebP"}, {"image/svg+xml", "SVG"}, {"application/pdf", "PDF"},
                                           {"text/plain", "Text"}, {"audio/mpeg", "MP3"},    {"video/mp4", "MP4"}};
    for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
        if (g_ascii_strcasecmp(medium->media_type, known[i][0]) == 0)
            return g_strdup(known[i][1]);
    const char *dot = strrchr(medium->file_name, '.');
    return dot && dot[1] ? g_utf8_strup(dot + 1, -1) : g_strdup(medium->media_type);
}

/* Digits and a leading plus: what a telephone dials. */
static char *dialled(const char *phone)
{
    GString *digits = g_string_new(NULL);
    for (const char *p = phone; *p; p++) {
        if (g_str_has_prefix(p, "(0)") && digits->len > 0 && digits->str[0] == '+')
            p += 2; /* the zero is for callers from inside */
        else if (g_ascii_isdigit(*p) || (*p == '+' && digits->len == 0))
            g_string_append_c(digits, *p);
    }
    return g_string_free(digits, FALSE);
}

static void set_escaped(View *view, const char *name, const char *text)
{
    g_autofree char *escaped = g_uri_escape_string(text, NULL, FALSE);
    view_set_text(view, name, escaped);
}

/* ---- texts ------------------------------------------------------------------------------------------------------- */

/* Sets NAME_html and NAME_text. */
static bool set_markdown(View *view, const char *name, const char *markdown, const char *opening, GError **error)
{
    g_autofree char *html_name = g_strconcat(name, "_html", NULL);
    g_autofree char *text_name = g_strconcat(name, "_text", NULL);
    g_autofree char *html = markdown_to_html(markdown, opening, error);
    g_autofree char *text = html ? markdown_to_text(markdown, opening, error) : NULL;
    if (!text) {
        g_prefix_error(error, "%s: ", name);
        return false;
    }
    view_set_text(view, html_name, g_strchomp(html));
    view_set_text(view, text_name, g_strchomp(text));
    return true;
}

/* For fields of a few lines whose line ends count: each becomes a hard break. Caller frees. */
static char *with_hard_breaks(const char *markdown)
{
    GString *broken = g_string_new(markdown);
    g_string_replace(broken, "\n", "  \n", 0);
    return g_string_free(broken, FALSE);
}

static bool set_lines(View *view, const char *name, const char *markdown, GError **error)
{
    g_autofree char *broken = with_hard_breaks(markdown);
    return set_markdown(view, name, broken, NULL, error);
}

/* NAME_text in whole lines: what stands behind a label is wrapped together with it. */
static bool set_whole_lines(View *view, const char *name, const char *markdown, const char *opening, GError **error)
{
    g_autofree char *text_name = g_strconcat(name, "_text", NULL);
    g_autofree char *text = markdown_to_lines(markdown, opening, error);
    if (text)
        view_set_text(view, text_name, g_strchomp(text));
    return text != NULL;
}

static bool set_texts(View *view, const Variant *variant, GError **error)
{
    bool has_lead = variant->lead[0] != '\0';
    view_set_text(view, "subject", variant->subject);
    view_set_text(view, "headline", variant->headline);
    view_set_text(view, "sub_headline", variant->sub_headline);
    view_set_text(view, "place_line", variant->place_line);
    return set_markdown(view, "lead", variant->lead, has_lead ? variant->place_line : NULL, error) &&
           set_markdown(view, "body", variant->body, has_lead ? NULL : variant->place_line, error) &&
           set_lines(view, "contact", variant->contact, error);
}

/* Dates and numbers are written in the language of the words around them. What they say depends on when the
 * announcement goes out, not on when this letter is made: all readers, and who sees a preview, get the same. */
static void set_dates(View *view, const Edition *edition, const char *language)
{
    const Announcement *announcement = edition->announcement;
    const char *zone = edition->settings->site.zone;
    int64_t sent_at = announcement->send_at ? announcement->send_at : edition->now;
    g_autofree char *date = datetime_format(sent_at, zone, language, DATETIME_DATE);
    view_set_text(view, "date_line", edition->variant->date_line[0] ? edition->variant->date_line : date);
    if (announcement->embargo_at > sent_at) {
        g_autofree char *embargo = datetime_format(announcement->embargo_at, zone, language, DATETIME_LONG);
        view_set_text(view, "embargo", embargo);
    }
}

/* ---- media ------------------------------------------------------------------------------------------------------- */

char *letter_content_id(const Settings *settings, guint position)
{
    return g_strdup_printf("picture%u@%s", position + 1, strrchr(settings->site.reply_address, '@') + 1);
}

static void set_medium_url(View *view, const SiteSettings *site, const Medium *medium)
{
    if (!site->public_url[0] || !medium->id)
        return;
    g_autofree char *name = g_uri_escape_string(medium->file_name, NULL, FALSE);
    gsize length = strlen(site->public_url);
    const char *slash = site->public_url[length - 1] == '/' ? "" : "/";
    g_autofree char *url = g_strdup_printf("%s%smedia/%" G_GINT64_FORMAT "/%s", site->public_url, slash, medium->id,
                                           name);
    view_set_text(view, "url", url);
}

static View *medium_view(const Edition *edition, guint position, const char *language)
{
    const Medium *medium = edition->announcement->media->pdata[position];
    const MediumText *text = medium_text(medium, edition->variant->language);
    const char *caption = text ? text->caption : "";
    View *view = view_object();
    g_autofree char *type = type_text(medium);
    g_autofree char *size = size_text(medium->size, language);
    view_set_text(view, "file_name", medium->file_name);
    view_set_text(view, "title", caption[0] ? caption : medium->file_name);
    view_set_text(view, "other_name", caption[0] ? medium->file_name : "");
    view_set_text(view, "alt", text ? text->alt : "");
    view_set_text(view, "credit", medium->credit);
    view_set_text(view, "licence", medium->licence);
    view_set_text(view, "type", type);
    view_set_text(view, "size", size);
    view_set(view, "attached", view_truth(medium->attached));
    view_set_text(view, "url", "");
    set_medium_url(view, &edition->settings->site, medium);
    g_autofree char *cid = medium->thumbnail ? letter_content_id(edition->settings, position) : g_strdup("");
    view_set_text(view, "cid", cid);
    return view;
}

static void set_media(View *view, const Edition *edition, const char *language)
{
    View *media = view_list();
    for (guint i = 0; i < edition->announcement->media->len; i++)
        view_append(media, medium_view(edition, i, language));
    view_set(view, "has_media", view_truth(view_length(media) > 0));
    view_set(view, "media", media);
}

/* ---- people and places ------------------------------------------------------------------------------------------- */

static View *publisher_view(const Publisher *publisher)
{
    View *view = view_object();
    g_autofree char *number = dialled(publisher->phone);
    g_autofree char *web_url = link_to_web(publisher->web, NULL);
    g_autofree char *email_url = link_to_mail(publisher->email, NULL);
    view_set_text(view, "office", publisher->office);
    view_set_text(view, "person", publisher->person);
    view_set_text(view, "address", publisher->address);
    view_set(view, "address_lines", lines_view(publisher->address));
    view_set_text(view, "phone", publisher->phone);
    view_set_text(view, "phone_number", number);
    view_set_text(view, "fax", publisher->fax);
    view_set_text(view, "web", publisher->web);
    view_set_text(view, "web_url", web_url);
    view_set_text(view, "email", publisher->email);
    view_set_text(view, "email_url", email_url);
    return view;
}

static bool set_meeting(View *view, const Edition *edition, const char *language, GError **error)
{
    const Meeting *meeting = edition->announcement->meeting;
    if (!meeting)
        return true;
    View *inner = view_object();
    view_set(view, "meeting", inner);
    const char *zone = edition->settings->site.zone;
    g_autofree char *when = datetime_format_span(meeting->starts_at, meeting->ends_at, zone, language);
    view_set_text(inner, "when", when);
    view_set_text(inner, "place", meeting->place);
    view_set_text(inner, "topic", meeting->topic);
    const Variant *variant = edition->variant;
    g_autofree char *registration = with_hard_breaks(meeting->registration);
    return set_markdown(inner, "registration", registration, NULL, error) &&
           set_whole_lines(inner, "registration", registration, NULL, error) &&
           set_whole_lines(inner, "lead", variant->lead, variant->lead[0] ? variant->place_line : NULL, error);
}

static View *list_view(const MailingList *list)
{
    View *view = view_object();
    view_set_text(view, "slug", list->slug);
    view_set_text(view, "title", list->title);
    view_set_text(view, "description", list->description);
    return view;
}

static View *site_view(const SiteSettings *site)
{
    View *view = view_object();
    view_set_text(view, "name", site->name);
    g_autofree char *help_url = link_to_mail(site->help_address, NULL);
    view_set_text(view, "help_address", site->help_address);
    view_set_text(view, "help_url", help_url);
    view_set_text(view, "public_url", site->public_url);
    return view;
}

static void set_leaving(View *view, const SiteSettings *site)
{
    gsize length = strlen(site->public_url);
    if (length == 0)
        return;
    g_autofree char *url = g_strconcat(site->public_url, site->public_url[length - 1] == '/' ? "" : "/", "leave/",
                                       NULL);
    view_set_text(view, "leave_base_url", url);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

/* The text may be in a language that there are no words for: then the words around it say theirs. */
static View *common_view(const SiteSettings *site, const MailingList *list, const char *language,
                         const char *words_language)
{
    View *view = view_object();
    view_set_text(view, "language", language);
    view_set_text(view, "direction", direction(language));
    view_set_text(view, "words_language", words_language);
    view_set_text(view, "words_direction", direction(words_language));
    view_set(view, "site", site_view(site));
    if (list)
        view_set(view, "list", list_view(list));
    set_leaving(view, site);
    return view;
}

/* The words last: they may speak of everything else. What goes into a mailto address is escaped for it here. */
static bool set_words(View *view, const LetterWords *words, const MailingList *list, GError **error)
{
    static const char *const reasons[] = {"why_consent", "why_public_task", "why_contract"};
    View *filled = letter_words_fill(words, view, error);
    if (!filled)
        return false;
    const View *why = list ? view_member(filled, reasons[list->legal_basis]) : NULL;
    g_autofree char *reason = g_strdup(why ? view_shown(why) : "");
    view_set_text(filled, "why", reason);
    view_set(view, "words", filled);
    const View *leave = view_member(filled, "leave"), *confirm = view_member(filled, "confirm_mail_subject");
    set_escaped(view, "leave_subject", leave ? view_shown(leave) : "");
    set_escaped(view, "confirm_mail_subject", confirm ? view_shown(confirm) : "");
    return true;
}

View *letter_view_edition(const Edition *edition, const LetterWords *words, GError **error)
{
    AnnouncementKind kind = edition->announcement->kind;
    const char *language = letter_words_language(words);
    g_autoptr(View) view = common_view(&edition->settings->site, edition->list, edition->variant->language, language);
    view_set_text(view, "kind", announcement_kind_word(kind));
    view_set(view, "is_press_release", view_truth(kind == ANNOUNCEMENT_PRESS_RELEASE));
    view_set(view, "publisher", publisher_view(&edition->announcement->publisher));
    set_dates(view, edition, language);
    set_media(view, edition, language);
    bool good = set_texts(view, edition->variant, error) && set_meeting(view, edition, language, error) &&
                set_words(view, words, edition->list, error);
    return good ? g_steal_pointer(&view) : NULL;
}

View *letter_view_single(const Settings *settings, const MailingList *list, const char *language, const char *data,
                         const LetterWords *words, GError **error)
{
    g_autoptr(View) view = common_view(&settings->site, list, language, language);
    g_autoptr(View) own = view_from_json("data of the mail", data, strlen(data), error);
    if (!own)
        return NULL;
    view_merge(view, own);
    view_set(view, "site", site_view(&settings->site)); /* as it is now, with its links */
    return set_words(view, words, list, error) ? g_steal_pointer(&view) : NULL;
}
