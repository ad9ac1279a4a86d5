/* Keeps what was told of our own mistakes, so that a row is written only when something changes. */
#include "outbound/mistakes.h"

/* rundbrief */
#include "store/outbox_store.h"
#include "store/role_store.h"

#define ROLE          "send"
#define SINGLE_MAILS  "single mails"
#define ANNOUNCEMENTS "announcement "
#define PROVIDERS     "provider "

typedef struct Mistake {
    char *sentence; /* NULL: it is over */
    int64_t until;  /* monotonic; 0: until it is over */
    bool is_news;
} Mistake;

struct Mistakes {
    GHashTable *by_subject; /* of Mistake */
};

static void mistake_free(gpointer data)
{
    Mistake *mistake = data;
    g_free(mistake->sentence);
    g_free(mistake);
}

static void put(Mistakes *mistakes, const char *subject, const char *sentence)
{
    Mistake *mistake = g_new0(Mistake, 1);
    *mistake = (Mistake){.sentence = g_strdup(sentence), .is_news = true};
    g_hash_table_replace(mistakes->by_subject, g_strdup(subject), mistake);
}

static bool is_ours(const char *subject)
{
    return g_str_has_prefix(subject, ANNOUNCEMENTS) || g_str_has_prefix(subject, PROVIDERS) ||
           g_str_equal(subject, SINGLE_MAILS) || g_str_equal(subject, MISTAKE_OUTCOMES) ||
           g_str_equal(subject, MISTAKE_ROUTES);
}

Mistakes *mistakes_new(Db *db, GError **error)
{
    g_autoptr(GPtrArray) troubles = trouble_all(db, error);
    if (!troubles)
        return NULL;
    Mistakes *mistakes = g_new0(Mistakes, 1);
    mistakes->by_subject = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, mistake_free);
    for (guint i = 0; i < troubles->len; i++) {
        const Trouble *trouble = troubles->pdata[i];
        if (is_ours(trouble->subject))
            put(mistakes, trouble->subject, NULL);
    }
    return mistakes;
}

void mistakes_free(Mistakes *mistakes)
{
    if (!mistakes)
        return;
    g_hash_table_unref(mistakes->by_subject);
    g_free(mistakes);
}

char *mistake_subject(int64_t announcement_id)
{
    return announcement_id == 0 ? g_strdup(SINGLE_MAILS)
                                : g_strdup_printf(ANNOUNCEMENTS "%" G_GINT64_FORMAT, announcement_id);
}

char *mistake_of_provider(const char *provider)
{
    return g_strdup_printf(PROVIDERS "%s", provider);
}

void mistakes_note(Mistakes *mistakes, const char *subject, const char *sentence)
{
    const Mistake *known = g_hash_table_lookup(mistakes->by_subject, subject);
    if (!known || g_strcmp0(known->sentence, sentence) != 0)
        put(mistakes, subject, sentence);
}

void mistakes_note_until(Mistakes *mistakes, const char *subject, const char *sentence, int64_t until)
{
    mistakes_note(mistakes, subject, sentence);
    ((Mistake *)g_hash_table_lookup(mistakes->by_subject, subject))->until = until;
}

static void end_what_was_noted_until(Mistakes *mistakes, int64_t now)
{
    GHashTableIter iter;
    gpointer data;
    g_hash_table_iter_init(&iter, mistakes->by_subject);
    while (g_hash_table_iter_next(&iter, NULL, &data)) {
        Mistake *mistake = data;
        if (!mistake->sentence || mistake->until == 0 || mistake->until > now)
            continue;
        g_clear_pointer(&mistake->sentence, g_free);
        mistake->is_news = true;
    }
}

static bool is_told(const Mistakes *mistakes, const char *subject)
{
    const Mistake *known = g_hash_table_lookup(mistakes->by_subject, subject);
    return known && known->sentence;
}

void mistakes_over(Mistakes *mistakes, const char *subject)
{
    if (is_told(mistakes, subject))
        put(mistakes, subject, NULL);
}

bool mistakes_tend(Mistakes *mistakes, Db *db, int64_t now, GError **error)
{
    bool open = true;
    end_what_was_noted_until(mistakes, now);
    if (is_told(mistakes, SINGLE_MAILS) && !outbox_is_open(db, &open, error))
        return false;
    if (!open)
        mistakes_over(mistakes, SINGLE_MAILS);
    return true;
}

void mistakes_over_with(Mistakes *mistakes, int64_t announcement_id)
{
    if (g_hash_table_size(mistakes->by_subject) == 0)
        return;
    g_autofree char *subject = mistake_subject(announcement_id);
    mistakes_over(mistakes, subject);
}

bool mistakes_have_news(const Mistakes *mistakes)
{
    GHashTableIter iter;
    gpointer mistake;
    g_hash_table_iter_init(&iter, mistakes->by_subject);
    while (g_hash_table_iter_next(&iter, NULL, &mistake))
        if (((const Mistake *)mistake)->is_news)
            return true;
    return false;
}

bool mistakes_tell(const Mistakes *mistakes, Db *db, int64_t now, GError **error)
{
    GHashTableIter iter;
    gpointer subject, data;
    g_hash_table_iter_init(&iter, mistakes->by_subject);
    while (g_hash_table_iter_next(&iter, &subject, &data)) {
        const Mistake *mistake = data;
        if (!mistake->is_news)
            continue;
        if (!(mistake->sentence ? trouble_set(db, subject, ROLE, mistake->sentence, now, error)
                                : trouble_clear(db, subject, error)))
            return false;
    }
    return true;
}

void mistakes_told(Mistakes *mistakes)
{
    GHashTableIter iter;
    gpointer data;
    g_hash_table_iter_init(&iter, mistakes->by_subject);
    while (g_hash_table_iter_next(&iter, NULL, &data)) {
        Mistake *mistake = data;
        mistake->is_news = false;
        if (!mistake->sentence)
            g_hash_table_iter_remove(&iter);
    }
}
