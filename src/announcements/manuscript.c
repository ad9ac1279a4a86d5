/* From the head's tree and the text below it to an announcement. Says every mistake it can find, not the first; what it
 * returns beside problems is not to be used. */
#include "announcements/manuscript.h"

/* rundbrief */
#include "announcements/front_fields.h"
#include "announcements/manuscript_parts.h"
#include "announcements/page.h"
#include "base/file.h"
#include "base/language.h"
#include "base/limits.h"
#include "base/text.h"

struct Manuscript {
    const SiteSettings *site;
    Announcement *announcement;
    GPtrArray *pages; /* of Page, one for each file */
    GPtrArray *media; /* of ManuscriptMedium */
    Problems *notes;
};

static void page_destroy(gpointer page)
{
    page_free(page);
}

static void manuscript_medium_free(gpointer data)
{
    ManuscriptMedium *medium = data;
    g_free(medium->file);
    g_free(medium->path);
    g_free(medium);
}

Manuscript *manuscript_new(const SiteSettings *site)
{
    Manuscript *manuscript = g_new0(Manuscript, 1);
    manuscript->site = site;
    manuscript->announcement = announcement_new();
    manuscript->pages = g_ptr_array_new_with_free_func(page_destroy);
    manuscript->media = g_ptr_array_new_with_free_func(manuscript_medium_free);
    manuscript->notes = problems_new();
    return manuscript;
}

void manuscript_free(Manuscript *manuscript)
{
    if (!manuscript)
        return;
    announcement_free(manuscript->announcement);
    g_ptr_array_unref(manuscript->pages);
    g_ptr_array_unref(manuscript->media);
    problems_free(manuscript->notes);
    g_free(manuscript);
}

static FrontPlace place_in(const Page *page, const char *subject, const FrontNode *node, Problems *problems)
{
    return (FrontPlace){
        .file = page->file, .line = node ? node->line : page->head_end, .subject = subject, .problems = problems};
}

/* ---- what one file says in its language -------------------------------------------------------------------------- */

static char *read_language(const Manuscript *manuscript, const Page *page, Problems *problems)
{
    if (!page->language)
        return g_strdup(manuscript->site->language);
    if (language_is_tag(page->language->text))
        return g_strdup(page->language->text);
    problems_add(problems, page->file, page->language->line,
                 "'%s' is no language; write a code like de, en, uk or de-x-leicht", page->language->text);
    return g_strdup("und");
}

static void check_language_is_new(const Manuscript *manuscript, const Page *page, const char *language,
                                  Problems *problems)
{
    for (guint i = 0; i < manuscript->announcement->variants->len; i++) {
        const Variant *variant = manuscript->announcement->variants->pdata[i];
        const Page *other = manuscript->pages->pdata[i];
        if (g_ascii_strcasecmp(variant->language, language) == 0)
            problems_add(problems, page->file, page->language ? page->language->line : page->head_end,
                         "the language is '%s', as in %s; each file of an announcement has another", language,
                         other->file);
    }
}

static void read_variant(Manuscript *manuscript, Page *page, Problems *problems)
{
    const FrontPlace place = place_in(page, "", NULL, problems);
    g_autofree char *language = read_language(manuscript, page, problems);
    check_language_is_new(manuscript, page, language, problems);
    Variant *variant = announcement_add_variant(manuscript->announcement, language);
    variant->headline = front_line(page->headline, LIMIT_HEADER_VALUE_BYTES, &place);
    variant->subject = page->subject ? front_line(page->subject, LIMIT_HEADER_VALUE_BYTES, &place)
                                     : g_strdup(variant->headline);
    variant->date_line = front_line(page->date_line, LIMIT_HEADER_VALUE_BYTES, &place);
    variant->place_line = front_line(page->place_line, LIMIT_HEADER_VALUE_BYTES, &place);
    variant->sub_headline = front_line(page->sub_headline, LIMIT_HEADER_VALUE_BYTES, &place);
    variant->contact = front_block(page->contact, LIMIT_HEADER_VALUE_BYTES, &place);
    variant->lead = page->lead ? front_block(page->lead, LIMIT_MARKDOWN_BYTES, &place) : page_take_lead(page);
    variant->body = g_strdup(page->body);
}

/* ---- what one file says about all languages ---------------------------------------------------------------------- */

static void read_kind(Manuscript *manuscript, const Page *page, Problems *problems)
{
    static const struct {
        const char *word;
        AnnouncementKind kind;
    } words[] = {
        {"press-release", ANNOUNCEMENT_PRESS_RELEASE},
        {"presseinformation", ANNOUNCEMENT_PRESS_RELEASE},
        {"pressemitteilung", ANNOUNCEMENT_PRESS_RELEASE},
        {"invitation", ANNOUNCEMENT_INVITATION},
        {"einladung", ANNOUNCEMENT_INVITATION},
        {"notice", ANNOUNCEMENT_NOTICE},
        {"hinweis", ANNOUNCEMENT_NOTICE},
    };
    if (!page->kind)
        return;
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        if (g_ascii_strcasecmp(page->kind->text, words[i].word) == 0) {
            manuscript->announcement->kind = words[i].kind;
            return;
        }
    }
    problems_add(problems, page->file, page->kind->line,
                 "'%s' is no kind of announcement; known are press-release, invitation and notice "
                 "(presseinformation, einladung, hinweis)",
                 page->kind->text);
}

static void add_list(Manuscript *manuscript, const Page *page, const FrontNode *node, Problems *problems)
{
    GPtrArray *lists = manuscript->announcement->lists;
    if (node->shape != FRONT_TEXT || !*node->text || !text_is_one_line(node->text)) {
        problems_add(problems, page->file, node->line, "a list must be named by its short name, like presse");
        return;
    }
    for (guint i = 0; i < lists->len; i++) {
        if (g_str_equal(lists->pdata[i], node->text)) {
            problems_add(problems, page->file, node->line, "the list '%s' is named twice", node->text);
            return;
        }
    }
    g_ptr_array_add(lists, g_strdup(node->text));
}

static void read_lists(Manuscript *manuscript, const Page *page, Problems *problems)
{
    if (!page->lists)
        return;
    if (page->lists->shape == FRONT_TEXT) {
        add_list(manuscript, page, page->lists, problems);
        return;
    }
    const GPtrArray *items = page->lists->children;
    if (items->len == 0 || items->len > LIMIT_ANNOUNCEMENT_LISTS)
        problems_add(problems, page->file, page->lists->line, "name at least one list, and at most %d",
                     LIMIT_ANNOUNCEMENT_LISTS);
    for (guint i = 0; i < MIN(items->len, LIMIT_ANNOUNCEMENT_LISTS); i++)
        add_list(manuscript, page, items->pdata[i], problems);
}

static int64_t read_time(Manuscript *manuscript, const Page *page, const FrontNode *node, Problems *problems)
{
    const FrontPlace place = place_in(page, "", node, problems);
    return node ? part_read_time(node->text, manuscript->site->zone, &place, manuscript->notes) : 0;
}

static void read_shared(Manuscript *manuscript, const Page *page, Problems *problems)
{
    Announcement *announcement = manuscript->announcement;
    read_kind(manuscript, page, problems);
    read_lists(manuscript, page, problems);
    announcement->send_at = read_time(manuscript, page, page->send_at, problems);
    announcement->embargo_at = read_time(manuscript, page, page->embargo, problems);
    const FrontPlace head = place_in(page, "", page->urgent, problems);
    announcement->urgent = part_read_yes_or_no(page->urgent, &head);
    const FrontPlace publisher = place_in(page, "publisher", page->publisher, problems);
    part_read_publisher(page->publisher, &publisher, &announcement->publisher);
    if (!page->kind)
        return;
    bool is_invitation = announcement->kind == ANNOUNCEMENT_INVITATION;
    if (is_invitation && !page->meeting)
        problems_add(problems, page->file, page->kind->line,
                     "an invitation needs a meeting: start, end, place and topic");
    else if (!is_invitation && page->meeting)
        problems_add(problems, page->file, page->meeting->line, "only an invitation has a meeting; kind is '%s'",
                     page->kind->text);
    const FrontPlace meeting = place_in(page, "meeting", page->meeting, problems);
    if (is_invitation && page->meeting)
        announcement->meeting = part_read_meeting(page->meeting, manuscript->site->zone, &meeting, manuscript->notes);
}

/* A further file may repeat what the first one says about all languages, not contradict it. */
static void check_shared(const Manuscript *manuscript, const Page *page, Problems *problems)
{
    const Page *first = manuscript->pages->pdata[0];
    const struct {
        const FrontNode *here, *there;
    } shared[] = {
        {page->kind, first->kind},       {page->lists, first->lists},     {page->publisher, first->publisher},
        {page->send_at, first->send_at}, {page->embargo, first->embargo}, {page->meeting, first->meeting},
        {page->urgent, first->urgent},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        if (shared[i].here && !front_node_equal(shared[i].here, shared[i].there))
            problems_add(problems, page->file, shared[i].here->line,
                         "'%s' differs from %s; it holds for all languages: leave it out here, or write the same",
                         shared[i].here->key, first->file);
}

/* ---- media ------------------------------------------------------------------------------------------------------- */

/* The medium of that path: from an earlier file, or new. */
static Medium *medium_at_path(Manuscript *manuscript, const char *path, const Page *page, const FrontNode *node,
                              bool *ret_new)
{
    *ret_new = false;
    for (guint i = 0; i < manuscript->media->len; i++) {
        const ManuscriptMedium *known = manuscript->media->pdata[i];
        if (g_str_equal(known->path, path))
            return manuscript->announcement->media->pdata[i];
    }
    ManuscriptMedium *added = g_new0(ManuscriptMedium, 1);
    added->file = g_strdup(page->file);
    added->line = node->line;
    added->path = g_strdup(path);
    g_ptr_array_add(manuscript->media, added);
    *ret_new = true;
    return announcement_add_medium(manuscript->announcement);
}

/* Each attachment travels in every mail: one is enough. */
static void check_attachment_is_the_first(const Manuscript *manuscript, const Page *page, const MediumPart *part,
                                          Problems *problems)
{
    for (guint i = 0; part->attach && i < manuscript->announcement->media->len; i++) {
        const Medium *other = manuscript->announcement->media->pdata[i];
        const ManuscriptMedium *source = manuscript->media->pdata[i];
        if (other->attached) {
            problems_add(problems, page->file, part->attach_line,
                         "only one document may be attached, and '%s' is; leave attach out here, and it is offered "
                         "instead",
                         source->path);
            return;
        }
    }
}

static void read_medium(Manuscript *manuscript, const Page *page, const FrontNode *node, const char *language,
                        Problems *problems)
{
    FrontPlace place = place_in(page, "medium", node, problems);
    g_auto(MediumPart) part = {0};
    if (!part_read_medium(node, &place, &part))
        return;
    bool is_new;
    Medium *medium = medium_at_path(manuscript, part.path, page, node, &is_new);
    if (is_new) {
        check_attachment_is_the_first(manuscript, page, &part, problems);
        medium->credit = g_strdup(part.credit);
        medium->licence = g_strdup(part.licence);
        medium->attached = part.attach;
    } else if ((*part.credit && !g_str_equal(part.credit, medium->credit)) ||
               (*part.licence && !g_str_equal(part.licence, medium->licence)) || (part.attach && !medium->attached)) {
        problems_add(problems, page->file, node->line,
                     "credit, licence and attach of '%s' differ from the first file; they hold for all languages",
                     part.path);
    }
    for (guint i = 0; i < medium->texts->len; i++) {
        const MediumText *text = medium->texts->pdata[i];
        if (g_str_equal(text->language, language)) {
            problems_add(problems, page->file, node->line, "the medium '%s' is named twice", part.path);
            return;
        }
    }
    MediumText *text = medium_add_text(medium, language);
    text->caption = g_strdup(part.caption);
    text->alt = g_strdup(part.alt);
}

static void read_media(Manuscript *manuscript, const Page *page, const char *language, Problems *problems)
{
    if (!page->media)
        return;
    const GPtrArray *items = page->media->children;
    if (items->len > LIMIT_ANNOUNCEMENT_MEDIA)
        problems_add(problems, page->file, page->media->line, "more than %d media", LIMIT_ANNOUNCEMENT_MEDIA);
    for (guint i = 0; i < MIN(items->len, LIMIT_ANNOUNCEMENT_MEDIA); i++)
        read_medium(manuscript, page, items->pdata[i], language, problems);
}

/* ---- the whole --------------------------------------------------------------------------------------------------- */

void manuscript_add_text(Manuscript *manuscript, const char *file, const char *text, gsize length, Problems *problems)
{
    if (manuscript->pages->len == LIMIT_MANUSCRIPT_FILES) {
        problems_add(problems, file, 0, "more than %d files for one announcement", LIMIT_MANUSCRIPT_FILES);
        return;
    }
    Page *page = page_read(file, text, length, manuscript->pages->len > 0, problems);
    if (!page)
        return;
    read_variant(manuscript, page, problems);
    if (manuscript->pages->len == 0) {
        read_shared(manuscript, page, problems);
        manuscript->announcement->language = g_strdup(
            ((Variant *)manuscript->announcement->variants->pdata[0])->language);
    } else {
        check_shared(manuscript, page, problems);
    }
    g_ptr_array_add(manuscript->pages, page);
    const Variant *variant = manuscript->announcement->variants->pdata[manuscript->pages->len - 1];
    read_media(manuscript, page, variant->language, problems);
}

void manuscript_add_file(Manuscript *manuscript, const char *path, Problems *problems)
{
    g_autoptr(GError) error = NULL;
    gsize length;
    g_autofree char *text = file_read_plain(path, LIMIT_MANUSCRIPT_BYTES, &length, &error);
    if (text)
        manuscript_add_text(manuscript, path, text, length, problems);
    else
        problems_add(problems, path, 0, "%s", error->message);
}

static bool has_text_in(const Medium *medium, const char *language)
{
    for (guint i = 0; i < medium->texts->len; i++)
        if (g_str_equal(((const MediumText *)medium->texts->pdata[i])->language, language))
            return true;
    return false;
}

static void check_media_of_page(const Manuscript *manuscript, const Page *page, const Variant *variant,
                                Problems *problems)
{
    for (guint i = 0; i < manuscript->media->len; i++) {
        const ManuscriptMedium *medium = manuscript->media->pdata[i];
        if (!has_text_in(manuscript->announcement->media->pdata[i], variant->language))
            problems_add(
                problems, page->file, page->media ? page->media->line : page->head_end,
                "'%s', which %s offers, has no alt text in this language; name it under media with path and alt",
                medium->path, medium->file);
    }
}

void manuscript_check(Manuscript *manuscript, Problems *problems)
{
    for (guint i = 0; i < manuscript->pages->len; i++)
        check_media_of_page(manuscript, manuscript->pages->pdata[i], manuscript->announcement->variants->pdata[i],
                            problems);
}

Announcement *manuscript_announcement(Manuscript *manuscript)
{
    return manuscript->announcement;
}

const ManuscriptMedium *manuscript_medium(const Manuscript *manuscript, guint index)
{
    return manuscript->media->pdata[index];
}

unsigned manuscript_lists_line(const Manuscript *manuscript, const char **ret_file)
{
    const Page *first = manuscript->pages->len ? manuscript->pages->pdata[0] : NULL;
    *ret_file = first ? first->file : "";
    return first && first->lists ? first->lists->line : 0;
}

unsigned manuscript_language_line(const Manuscript *manuscript, guint index, const char **ret_file)
{
    const Page *page = manuscript->pages->pdata[index];
    *ret_file = page->file;
    return page->language ? page->language->line : page->head_end;
}

const Problems *manuscript_notes(const Manuscript *manuscript)
{
    return manuscript->notes;
}
