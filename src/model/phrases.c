/* Folding and finding. Owns the indexes of its sets, which are never freed: there is one for each table of the
 * program. */
#include "model/phrases.h"

/* system */
#include <string.h>

#define KEY_BYTES 3
#define BUCKETS   4096 /* far more than phrases, so that most words meet an empty one */
#define NO_PHRASE G_MAXUINT16

typedef struct PhraseIndex {
    guint16 first[BUCKETS];
    guint16 next[]; /* one for each phrase: the next of its bucket */
} PhraseIndex;

/* ---- folding ----------------------------------------------------------------------------------------------------- */

/* U+00C0 to U+017F without accent; '?' stands for what is no letter or has no plain one. */
static const char plain_letters[] = "aaaaaaaceeeeiiiidnooooo?ouuuuy?s"  /* U+00C0 */
                                    "aaaaaaaceeeeiiiidnooooo?ouuuuy?y"  /* U+00E0 */
                                    "aaaaaaccccccccddddeeeeeeeeeegggg"  /* U+0100 */
                                    "gggghhhhiiiiiiiiiiiijjkkklllllll"  /* U+0120 */
                                    "lllnnnnnnnnnoooooooorrrrrrssssss"  /* U+0140 */
                                    "ssttttttuuuuuuuuuuuuwwyyyzzzzzzs"; /* U+0160 */

/* Reads one character at text; *ret_byte: what it folds to, ' ' for what separates, 0 when it is copied as it is. */
static gsize fold_one(const char *text, gsize length, char *ret_byte)
{
    guchar c = (guchar)text[0];
    *ret_byte = 0;
    if (c < 0x80) {
        *ret_byte = g_ascii_isalnum(c) ? g_ascii_tolower((char)c) : ' ';
        return 1;
    }
    if (c >= 0xc3 && c <= 0xc5 && length > 1) {
        gsize at = (gsize)((c & 0x1f) << 6 | ((guchar)text[1] & 0x3f)) - 0xc0;
        *ret_byte = plain_letters[at] == '?' ? ' ' : plain_letters[at];
        return 2;
    }
    if (c == 0xc2 && length > 1) { /* no-break space, quotes, signs */
        *ret_byte = ' ';
        return 2;
    }
    if (c == 0xe2 && length > 2 && (guchar)text[1] == 0x80) { /* U+2000 ...: spaces, dashes, quotes */
        *ret_byte = ' ';
        return 3;
    }
    return 1;
}

/* An address or a link at text: how many bytes to pass over; else 0. */
static gsize name_length(const char *text, gsize length)
{
    gsize n = 0;
    bool is_name = false;
    while (n < length && !strchr(" \t\n<>(),;\"", text[n]) && text[n]) {
        is_name |= text[n] == '@' || (text[n] == ':' && n + 2 < length && text[n + 1] == '/' && text[n + 2] == '/');
        n++;
    }
    return is_name ? n : 0;
}

typedef struct Folding {
    GString *out; /* NULL: only counted */
    gsize written;
    bool after_space;
} Folding;

static void put(Folding *folding, char byte)
{
    if (byte == ' ' && folding->after_space)
        return;
    folding->after_space = byte == ' ';
    folding->written++;
    if (folding->out)
        g_string_append_c(folding->out, byte);
}

/* Folds until so many bytes are written; returns how much of the text that took. */
static gsize fold(Folding *folding, const char *text, gsize length, gsize most)
{
    bool word_start = true;
    gsize at = 0;
    put(folding, ' ');
    while (at < length && folding->written <= most) {
        gsize skip = word_start ? name_length(text + at, length - at) : 0;
        if (skip > 0) {
            at += skip;
            continue;
        }
        char byte;
        gsize used = fold_one(text + at, length - at, &byte);
        word_start = strchr(" \t\n<>(),;\"", text[at]) != NULL;
        put(folding, byte ? byte : text[at]);
        at += used;
    }
    return at;
}

GString *phrase_fold(const char *text, gsize length)
{
    Folding folding = {.out = g_string_sized_new(length + 3)};
    fold(&folding, text, length, G_MAXSIZE - 1);
    put(&folding, ' ');
    return folding.out;
}

gsize phrase_origin(const char *text, gsize length, gsize folded_at)
{
    Folding folding = {0};
    gsize end = fold(&folding, text, length, folded_at);
    return end > 0 ? end - 1 : 0;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

static guint bucket_of(const char *bytes)
{
    guint key = (guchar)bytes[0] | (guint)(guchar)bytes[1] << 8 | (guint)(guchar)bytes[2] << 16;
    return (key * 2654435761u) >> 20;
}

/* Later phrases go in front, so that a bucket is walked from its last row to its first. */
static PhraseIndex *make_index(const PhraseSet *set)
{
    PhraseIndex *index = g_malloc0(sizeof *index + set->count * sizeof index->next[0]);
    memset(index->first, 0xff, sizeof index->first);
    for (gsize i = 0; i < set->count; i++) {
        guint bucket = bucket_of(set->phrases[i].words);
        index->next[i] = index->first[bucket];
        index->first[bucket] = (guint16)i;
    }
    return index;
}

static const PhraseIndex *index_of(PhraseSet *set)
{
    if (g_once_init_enter(&set->index)) {
        PhraseIndex *index = make_index(set);
        g_once_init_leave(&set->index, index);
    }
    return set->index;
}

/* A word begins behind a space; scripts that write none begin one at every character. */
static bool begins_word(const char *text)
{
    return text[-1] == ' ' || ((guchar)text[0] >= 0xc0 && (guchar)text[-1] >= 0x80);
}

void phrases_visit(PhraseSet *set, const GString *folded, PhraseVisit visit, gpointer data)
{
    const PhraseIndex *index = index_of(set);
    for (gsize at = 1; at + KEY_BYTES <= folded->len; at++) {
        const char *text = folded->str + at;
        if (!begins_word(text))
            continue;
        for (guint i = index->first[bucket_of(text)]; i != NO_PHRASE; i = index->next[i]) {
            const char *words = set->phrases[i].words;
            if (strncmp(text, words, strlen(words)) == 0)
                visit(&set->phrases[i], at, data);
        }
    }
}

typedef struct Best {
    const Phrase *phrase;
    gsize at;
} Best;

static void keep_best(const Phrase *phrase, gsize at, gpointer data)
{
    Best *best = data;
    bool longer = best->phrase && best->at == at && strlen(phrase->words) > strlen(best->phrase->words);
    if (best->phrase && (phrase->rank > best->phrase->rank || (phrase->rank == best->phrase->rank && !longer)))
        return;
    *best = (Best){phrase, at};
}

const Phrase *phrases_best(PhraseSet *set, const GString *folded, gsize *ret_at)
{
    Best best = {0};
    phrases_visit(set, folded, keep_best, &best);
    if (ret_at)
        *ret_at = best.at;
    return best.phrase;
}
