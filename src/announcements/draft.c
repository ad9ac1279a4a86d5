/* What `announce add` does. The rows are one transaction; media files that stay behind after a failure are harmless:
 * the next try finds them under the same hash. */
#include "announcements/draft.h"

/* rundbrief */
#include "announcements/letter_templates.h"
#include "announcements/manuscript.h"
#include "announcements/media.h"
#include "base/nearest.h"
#include "store/announcement_store.h"
#include "store/audit_store.h"
#include "store/list_store.h"

static void take_media(Manuscript *manuscript, const char *media_dir, Problems *problems)
{
    const Announcement *announcement = manuscript_announcement(manuscript);
    for (guint i = 0; i < announcement->media->len; i++) {
        const ManuscriptMedium *source = manuscript_medium(manuscript, i);
        g_autoptr(GError) error = NULL;
        if (!media_take(source->file, source->path, media_dir, announcement->media->pdata[i], &error))
            problems_add(problems, source->file, source->line, "%s: %s", source->path, error->message);
    }
}

static void add_unknown_list(const char *slug, const GPtrArray *lists, const char *file, unsigned line,
                             Problems *problems)
{
    Nearest nearest = nearest_to(slug);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < lists->len; i++) {
        const MailingList *list = lists->pdata[i];
        nearest_offer(&nearest, list->slug);
        g_string_append_printf(all, "%s%s", i ? ", " : "", list->slug);
    }
    if (nearest.found)
        problems_add(problems, file, line, "there is no list '%s'; did you mean '%s'?", slug, nearest.found);
    else if (lists->len)
        problems_add(problems, file, line, "there is no list '%s'; known are %s", slug, all->str);
    else
        problems_add(problems, file, line, "there is no list yet; `rundbrief list add %s` makes it", slug);
}

static bool has_list(const GPtrArray *lists, const char *slug)
{
    for (guint i = 0; i < lists->len; i++)
        if (g_str_equal(((const MailingList *)lists->pdata[i])->slug, slug))
            return true;
    return false;
}

static bool check_lists(Db *db, Manuscript *manuscript, Problems *problems, GError **error)
{
    g_autoptr(GPtrArray) lists = list_all(db, error);
    if (!lists)
        return false;
    const char *file;
    unsigned line = manuscript_lists_line(manuscript, &file);
    const GPtrArray *wanted = manuscript_announcement(manuscript)->lists;
    for (guint i = 0; i < wanted->len; i++)
        if (!has_list(lists, wanted->pdata[i]))
            add_unknown_list(wanted->pdata[i], lists, file, line, problems);
    return true;
}

/* The letter goes out all the same, with the headings around the text in another language. */
static void note_languages_without_words(const Settings *settings, Manuscript *manuscript, Problems *notes)
{
    const Announcement *announcement = manuscript_announcement(manuscript);
    LetterTemplates *templates = letter_templates_new(settings->files.templates_dir, settings->site.language);
    for (guint i = 0; i < announcement->variants->len; i++) {
        const char *file, *language = ((const Variant *)announcement->variants->pdata[i])->language;
        const LetterWords *words = letter_templates_words(templates, language, NULL);
        unsigned line = manuscript_language_line(manuscript, i, &file);
        if (words && !letter_words_are_of(words, language))
            problems_add(notes, file, line,
                         "there are no words in '%s' for what stands around the text (contact, publisher, leaving …); "
                         "they will be in '%s'. A file locale/%s.json in %s would hold them",
                         language, letter_words_language(words), language, settings->files.templates_dir);
    }
    letter_templates_free(templates);
}

static bool store(Db *db, Announcement *announcement, const char *actor, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !announcement_insert(db, announcement, now, error))
        return false;
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, announcement->id);
    const Variant *variant = announcement->variants->pdata[0];
    return audit_add(db, actor, "announcement.add", subject, variant->headline, now, error) && db_commit(&tx, error);
}

static void copy_problems(const Problems *from, Problems *to)
{
    for (guint i = 0; i < problems_count(from); i++) {
        const Problem *problem = problems_at(from, i);
        problems_add(to, problem->file, problem->line, "%s", problem->text);
    }
}

bool draft_add(Db *db, const Settings *settings, const char *const files[], const char *actor, int64_t now,
               int64_t *ret_id, Problems *problems, Problems *notes, GError **error)
{
    g_autoptr(Manuscript) manuscript = manuscript_new(&settings->site);
    for (const char *const *file = files; *file; file++)
        manuscript_add_file(manuscript, *file, problems);
    manuscript_check(manuscript, problems);
    take_media(manuscript, settings->files.media_dir, problems);
    if (!check_lists(db, manuscript, problems, error))
        return false;
    copy_problems(manuscript_notes(manuscript), notes);
    if (problems_count(problems) > 0)
        return false;
    note_languages_without_words(settings, manuscript, notes);
    Announcement *announcement = manuscript_announcement(manuscript);
    if (!store(db, announcement, actor, now, error))
        return false;
    *ret_id = announcement->id;
    return true;
}
