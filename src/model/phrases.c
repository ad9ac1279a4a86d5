/* Folding and finding. Owns the indexes of its sets, which are never freed: there is one for each table of the
 * program. */
#include "model/phrases.h"

/* system */
#include <string.h>

#define KEY_BYTES 4
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

#define SHARP_S (0xdf - 0xc0) /* becomes "ss" */

#define ENDS_NAME 1 /* no address or link goes on behind it */
#define IN_NAME   2 /* '@', ':' or '[' */

/* U+2000 and more end a name: marks, and scripts that put no space beside it. */
static const guint8 kinds[256] = {
    ['\0'] = ENDS_NAME, [' '] = ENDS_NAME, ['\t'] = ENDS_NAME, ['\n'] = ENDS_NAME, ['<'] = ENDS_NAME,
    ['>'] = ENDS_NAME,  ['('] = ENDS_NAME, [')'] = ENDS_NAME,  [','] = ENDS_NAME,  [';'] = ENDS_NAME,
    ['"'] = ENDS_NAME,  ['@'] = IN_NAME,   [':'] = IN_NAME,    ['['] = IN_NAME,    [0xe2 ... 0xef] = ENDS_NAME,
};

static guint8 kind_of(char c)
{
    return kinds[(guchar)c];
}

/* Length of the word at text, and whether it is an address, a link or a host with its number ("mx.test[192.0.2.1]"). */
static gsize word_length(const char *text, gsize length, bool *ret_is_name)
{
    gsize n = 0;
    bool is_name = false;
    for (; n < length && kind_of(text[n]) != ENDS_NAME; n++)
        if (kind_of(text[n]) == IN_NAME)
            is_name |= text[n] == '@' ||
                       (text[n] == ':' && n + 2 < length && text[n + 1] == '/' && text[n + 2] == '/') ||
                       (text[n] == '[' && n > 0 && n + 1 < length && g_ascii_isdigit(text[n + 1]));
    *ret_is_name = is_name;
    return n;
}

typedef struct Folding {
    char *out;
    gsize length;
} Folding;

static void put_space(Folding *folding)
{
    if (folding->length == 0 || folding->out[folding->length - 1] != ' ')
        folding->out[folding->length++] = ' ';
}

static void put(Folding *folding, char byte)
{
    if (byte == ' ')
        put_space(folding);
    else
        folding->out[folding->length++] = byte;
}

/* A character beyond ASCII; returns how many bytes of it were read. */
static gsize fold_wide(Folding *folding, const char *text, gsize length)
{
    guchar c = (guchar)text[0];
    if (c >= 0xc3 && c <= 0xc5 && length > 1) {
        gsize at = (gsize)((c & 0x1f) << 6 | ((guchar)text[1] & 0x3f)) - 0xc0;
        put(folding, plain_letters[at] == '?' ? ' ' : plain_letters[at]);
        if (at == SHARP_S)
            put(folding, 's');
        return 2;
    }
    if (c == 0xc2 && length > 1) { /* no-break space, quotes, signs */
        put_space(folding);
        return 2;
    }
    if (c == 0xe2 && length > 2 && (guchar)text[1] == 0x80) { /* U+2000 ...: spaces, dashes, quotes */
        put_space(folding);
        return 3;
    }
    if (c == 0xd0 && length > 1 && (guchar)text[1] >= 0x90 && (guchar)text[1] < 0xb0) { /* Cyrillic capitals */
        gunichar small = 0x430 + (guchar)text[1] - 0x90;
        folding->length += (gsize)g_unichar_to_utf8(small, folding->out + folding->length);
        return 2;
    }
    const gsize n = kind_of(text[0]) == ENDS_NAME ? MIN(length, 3) : 1; /* nothing of it is left in a name */
    memcpy(folding->out + folding->length, text, n);
    folding->length += n;
    return n;
}

static gsize fold_character(Folding *folding, const char *text, gsize length)
{
    guchar c = (guchar)text[0];
    if (c >= 0x80)
        return fold_wide(folding, text, length);
    put(folding, g_ascii_isalnum(c) ? g_ascii_tolower((char)c) : ' ');
    return 1;
}

/* Folds until more than so many bytes are written; returns how much of the text that took. */
static gsize fold(Folding *folding, const char *text, gsize length, gsize most)
{
    put_space(folding);
    for (gsize at = 0; at < length;) {
        bool is_name;
        gsize word = at + word_length(text + at, length - at, &is_name);
        if (is_name)
            at = word;
        for (word += word < length; at < word;) { /* with what ends it */
            at += fold_character(folding, text + at, length - at);
            if (folding->length > most)
                return at;
        }
    }
    put_space(folding);
    return length;
}

GString *phrase_fold(const char *text, gsize length)
{
    GString *folded = g_string_sized_new(length + 3);
    Folding folding = {.out = folded->str};
    fold(&folding, text, length, G_MAXSIZE);
    folded->len = folding.length;
    folded->str[folded->len] = '\0';
    return folded;
}

gsize phrase_origin(const char *text, gsize length, gsize folded_at)
{
    g_autofree char *out = g_malloc(length + 3);
    Folding folding = {.out = out};
    gsize end = fold(&folding, text, length, folded_at);
    return end > 0 ? end - 1 : 0;
}

/* ---- finding ----------------------------------------------------------------------------------------------------- */

static guint bucket_of(const char *bytes)
{
    guint32 key;
    memcpy(&key, bytes, KEY_BYTES);
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
    const Phrase *phrase, *here; /* of all places before, and of the one that is looked at; NULL: none */
    gsize at, here_at;
} Best;

static void leave_place(Best *best)
{
    if (best->here && (!best->phrase || best->here->rank < best->phrase->rank)) {
        best->phrase = best->here;
        best->at = best->here_at;
    }
    best->here = NULL;
}

static void keep_best(const Phrase *phrase, gsize at, gpointer data)
{
    Best *best = data;
    if (at != best->here_at)
        leave_place(best);
    if (best->here && strlen(phrase->words) <= strlen(best->here->words))
        return;
    best->here = phrase;
    best->here_at = at;
}

const Phrase *phrases_best(PhraseSet *set, const GString *folded, gsize *ret_at)
{
    Best best = {0};
    phrases_visit(set, folded, keep_best, &best);
    leave_place(&best);
    if (ret_at)
        *ret_at = best.at;
    return best.phrase;
}
