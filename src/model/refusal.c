/* Codes and texts contradict each other in practice ("550 5.7.1 No such user", "552 over quota (#5.1.1)"), so the words
 * are asked first, the earliest one wins, and a code decides where they are silent. Whatever is in doubt is alive: a
 * false suppression costs more than one more mail to a dead address. */
#include "model/refusal.h"

/* system */
#include <string.h>

/* libraries */
#include <glib.h>

/* rundbrief */
#include "model/phrases.h"
#include "model/reason_table.h"

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

Refusal refusal_read(const char *enhanced, const char *text)
{
    g_autoptr(GString) words = phrase_fold(text, strlen(text));
    gsize at = 0;
    const Phrase *phrase = phrases_best(&reasons, words, &at);
    Reason by_code = reason_of_code(enhanced);
    bool is_vague = !phrase || phrase->rank >= VAGUE;
    Refusal refusal = {.why = enhanced, .reason = by_code, .at = -1};
    if (phrase && !(is_vague && by_code != REASON_NONE))
        refusal = (Refusal){.why = phrase->words,
                            .reason = (Reason)phrase->meaning,
                            .rank = phrase->rank,
                            .at = (gssize)phrase_origin(text, strlen(text), at)};
    refusal.reply = reply_class(text);
    bool may_pass = *enhanced ? enhanced[0] == '4' : refusal.reply == '4';
    refusal.is_dead = !may_pass && reason_is_dead(refusal.reason);
    if (may_pass && reason_is_dead(refusal.reason))
        refusal.why = *enhanced ? enhanced : "a reply of 4xx";
    return refusal;
}

bool refusal_is_dead(const char *enhanced, const char *text, const char **ret_why)
{
    Refusal refusal = refusal_read(enhanced, text);
    *ret_why = refusal.why;
    return refusal.is_dead;
}
