/* Codes and texts contradict each other in practice ("550 5.7.1 No such user", "552 over quota (#5.1.1)"), so the words
 * are asked first, the earliest one wins, and a code decides where they are silent. Whatever is in doubt is alive: a
 * false suppression costs more than one more mail to a dead address. */
#include "model/refusal.h"

/* system */
#include <string.h>

/* libraries */
#include <glib.h>

/* rundbrief */
#include "model/enhanced_code.h"
#include "model/phrases.h"
#include "model/reason_table.h"

#define CLAUSE_BYTES  24 /* behind "or" */
#define MOST_WRAPPERS 4  /* a server that asks one that asks one */

static PhraseSet reasons = PHRASE_SET(reason_phrases);

/* Where a server says what it thinks of the recipient, or what the next server told it. */
static const Phrase not_us_phrases[] = {
    {"recipient address rejected", 0, 0}, {"said ", 0, 0}, {"resolver ", 0, 0}, {"greylist", 0, 0}, {"graylist", 0, 0},
};
static PhraseSet not_us = PHRASE_SET(not_us_phrases);

/* What codes mean that are used with care (RFC 3463); 5.0.0, 5.3.0, 5.5.0 and 5.7.1 stand for anything. */
static const struct {
    const char *code;
    Reason reason;
} codes[] = {
    {"5.1.1", REASON_NO_USER},
    {"5.1.2", REASON_NO_HOST},
    {"5.1.6", REASON_MOVED},
    {"5.1.10", REASON_NO_USER},
    {"5.1.351", REASON_NO_USER},
    {"5.4.4", REASON_NO_HOST},
    {"5.1.8", REASON_SENDER},
    {"5.1.7", REASON_SENDER},
    {"5.2.2", REASON_FULL},
    {"5.3.4", REASON_SIZE},
    {"5.2.3", REASON_SIZE},
    {"5.4.6", REASON_LOOP},
    {"5.4.7", REASON_EXPIRED},
    {"4.4.7", REASON_EXPIRED},
    {"4.2.2", REASON_FULL},
    {"4.4.1", REASON_NETWORK},
    {"5.7.26", REASON_AUTHENTICATION},
};

/* RFC 3463 3.2 and 3.8, RFC 7372 and 7505 (SPF, DKIM, reverse DNS, DMARC, a sender without a mail server), and
 * Exchange's "unable to relay", "not authenticated", "may not send as". */
static bool is_our_code(const char *enhanced)
{
    static const char *const details[] = {"1.7", "1.8", "7.8", "7.9", "7.11", "7.54", "7.57", "7.60"};
    if (strlen(enhanced) < 5)
        return false;
    const char *detail = enhanced + 2;
    for (gsize i = 0; i < G_N_ELEMENTS(details); i++)
        if (strcmp(detail, details[i]) == 0)
            return true;
    return g_str_has_prefix(detail, "7.2") && strlen(detail) == 4 && detail[3] != '8'; /* a flood */
}

bool refusal_is_about_us(const char *enhanced, const char *text)
{
    g_autoptr(GString) words = phrase_fold(text, strlen(text));
    if (phrases_best(&not_us, words, NULL))
        return false;
    const Phrase *phrase = phrases_best(&reasons, words, NULL);
    bool names_us = phrase && phrase->rank == DECISIVE &&
                    (phrase->meaning == REASON_SENDER || phrase->meaning == REASON_RELAYING);
    return is_our_code(enhanced) || names_us;
}

/* A code that says less than the words do is not asked; vague words give way to a plain code. */
static Reason reason_of_code(const char *enhanced)
{
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(enhanced, codes[i].code) == 0)
            return codes[i].reason;
    return REASON_NONE;
}

static char reply_class(const char *text)
{
    char class = '\0';
    for (const char *p = text; class != '5' && (p = strpbrk(p, "45")); p++) {
        bool begins = p == text || strchr(" \t\n(:'\"", p[-1]);
        if (begins && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) && strchr(" -\n", p[3]))
            class = *p;
    }
    return class;
}

/* What says that it may pass; NULL: nothing. */
static const char *passing(const char *enhanced, char reply)
{
    if (*enhanced)
        return enhanced[0] == '4' ? enhanced : NULL;
    return reply == '4' ? "a reply of 4xx" : NULL;
}

static void conclude(Refusal *refusal, const char *passes)
{
    bool is_dead = reason_is_dead(refusal->reason);
    refusal->is_dead = is_dead && !passes;
    if (is_dead && passes)
        refusal->why = passes;
}

/* "user unknown or mailbox full": a phrase, and right behind it another reason, which is alive. NULL: none. */
static const Phrase *alternative(const GString *words, gsize end, gsize *ret_at)
{
    static const char *const conjunctions[] = {" or ", " oder ", " ou ", " o ", " of ", " lub "};
    for (gsize i = 0; i < G_N_ELEMENTS(conjunctions); i++) {
        const gsize length = strlen(conjunctions[i]);
        if (strncmp(words->str + end, conjunctions[i], length) != 0)
            continue;
        const gsize from = end + length - 1;
        const GString near = {.str = words->str + from, .len = MIN(words->len - from, CLAUSE_BYTES)};
        const Phrase *other = phrases_best(&reasons, &near, ret_at);
        *ret_at += from;
        return other && !reason_is_dead((Reason)other->meaning) ? other : NULL;
    }
    return NULL;
}

/* From an offset in words on, which are the folded text. */
static const Phrase *find_reason(const GString *words, gsize from, gsize *ret_at)
{
    const GString rest = {.str = words->str + from, .len = words->len - from};
    gsize at = 0, other_at;
    const Phrase *phrase = phrases_best(&reasons, &rest, &at);
    const Phrase *other = phrase && reason_is_dead((Reason)phrase->meaning)
                              ? alternative(words, from + at + strlen(phrase->words), &other_at)
                              : NULL;
    *ret_at = other ? other_at : from + at;
    return other ? other : phrase;
}

/* What a phrase at an offset in the folded text is worth beside a code. */
static Refusal weigh(const char *enhanced, const char *text, const Phrase *phrase, gsize at)
{
    Reason by_code = reason_of_code(enhanced);
    bool is_vague = !phrase || phrase->rank >= VAGUE || phrase->meaning & WRAPS;
    if (!phrase || (is_vague && by_code != REASON_NONE))
        return (Refusal){.why = enhanced, .reason = by_code, .at = -1};
    return (Refusal){.why = phrase->words,
                     .reason = (Reason)(phrase->meaning & ~WRAPS),
                     .rank = phrase->rank,
                     .at = (gssize)phrase_origin(text, strlen(text), at)};
}

/* What stands behind a wrapper (model/reason_table.h) at an offset in words. False when that says nothing. */
static bool read_answer(const char *enhanced, const char *text, const GString *words, const Phrase *wrapper, gsize at,
                        Refusal *ret)
{
    gsize from = 0;
    const Phrase *phrase = wrapper;
    for (int n = 0; n < MOST_WRAPPERS && phrase && phrase->meaning & WRAPS; n++) {
        wrapper = phrase;
        from = at + strlen(phrase->words);
        phrase = find_reason(words, from, &at);
    }
    char code[ENHANCED_CODE_SIZE] = "";
    const char *answer = text + phrase_origin(text, strlen(text), from);
    enhanced_code_find(answer, "45", code);
    Refusal refusal = weigh(code, text, phrase, at);
    refusal.reply = reply_class(answer);
    if (refusal.reason == REASON_NONE && !*code && !refusal.reply)
        return false;
    if (refusal.at < 0) /* by the code, which does not live on */
        refusal.why = wrapper->words;
    const char *outer = passing(enhanced, reply_class(text));
    conclude(&refusal, outer ? outer : passing(code, refusal.reply) ? "a reply of 4xx" : NULL);
    *ret = refusal;
    return true;
}

Refusal refusal_read(const char *enhanced, const char *text)
{
    g_autoptr(GString) words = phrase_fold(text, strlen(text));
    gsize at = 0;
    const Phrase *phrase = find_reason(words, 0, &at);
    Refusal refusal;
    if (phrase && phrase->meaning & WRAPS && read_answer(enhanced, text, words, phrase, at, &refusal))
        return refusal;
    refusal = weigh(enhanced, text, phrase, at);
    refusal.reply = reply_class(text);
    conclude(&refusal, passing(enhanced, refusal.reply));
    return refusal;
}
