/* What people and their programs answer: they want to leave, they are away, they want proof that we are a person. None
 * of these changes a subscription by itself; a signed address does. */
#include "inbound/classify_private.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "inbound/answer_table.h"
#include "inbound/origin.h"
#include "mail/address.h"

#define ENOUGH_TO_CHALLENGE 3   /* a sure phrase, or several weak ones */
#define BARE_BYTES          20  /* one word and a greeting */
#define FEW_WORDS           3   /* "Bitte austragen": there is nothing else that it could be about */
#define REQUEST_BYTES       300 /* a request to leave is short; whoever writes more wants something else */

static PhraseSet away_in_subject = PHRASE_SET(away_subjects), away_in_text = PHRASE_SET(away_texts);
static PhraseSet challenges = PHRASE_SET(challenge_phrases), leaving = PHRASE_SET(leave_phrases);

/* ---- leaving in words -------------------------------------------------------------------------------------------- */

/* An address made for leaving ("unsubscribe+abc@", "list-unsubscribe@"), whoever made it. */
static bool is_leave_address(const char *to)
{
    static const char *const names[] = {"unsubscribe", "abmelden", "abbestellen", "leave",
                                        "optout",      "opt-out",  "signoff"};
    g_autofree char *local = address_bare(to);
    const gsize length = strcspn(local, "@");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const gsize n = strlen(names[i]);
        bool begins = length >= n && g_ascii_strncasecmp(local, names[i], n) == 0 && strchr("+-@", local[n]);
        bool ends = length > n && strchr("+-", local[length - n - 1]) &&
                    g_ascii_strncasecmp(local + length - n, names[i], n) == 0;
        if (begins || ends)
            return true;
    }
    return false;
}

typedef struct Sentence {
    guint has;          /* bits of LeaveWord */
    const Phrase *asks; /* the surest LEAVE_ASKS, or else a LEAVE_FROM */
    guint words;
    bool is_negated;
} Sentence;

static void note_leave_word(const Phrase *phrase, gsize at, gpointer data)
{
    (void)at;
    Sentence *sentence = data;
    sentence->has |= 1u << phrase->meaning;
    const Phrase *asks = sentence->asks;
    if ((phrase->meaning == LEAVE_ASKS && (!asks || asks->meaning != LEAVE_ASKS || phrase->rank < asks->rank)) ||
        (phrase->meaning == LEAVE_FROM && !asks))
        sentence->asks = phrase;
}

/* "nicht", but not "nicht mehr". */
static bool is_negated(const GString *folded)
{
    static const char *const words[] = {" nicht ", " not ", " don t ", " pas ", " non ", " niet ", " nie "};
    static const char *const again[] = {"mehr ", "longer ", "meer ", "piu "};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        for (const char *at = folded->str; (at = strstr(at, words[i]));) {
            at += strlen(words[i]);
            bool goes_on = false;
            for (gsize n = 0; n < G_N_ELEMENTS(again); n++)
                goes_on |= g_str_has_prefix(at, again[n]);
            if (!goes_on)
                return true;
            at--;
        }
    return false;
}

static Sentence read_sentence(const char *text, gsize length)
{
    Sentence sentence = {0};
    g_autoptr(GString) folded = phrase_fold(text, length);
    phrases_visit(&leaving, folded, note_leave_word, &sentence);
    sentence.is_negated = sentence.asks && is_negated(folded);
    for (const char *space = folded->str; (space = strchr(space + 1, ' '));)
        sentence.words++;
    return sentence;
}

static bool has(const Sentence *sentence, LeaveWord word)
{
    return sentence->has & 1u << word;
}

static bool asks_to_leave(const Sentence *sentence)
{
    const Phrase *asks = sentence->asks;
    if (!asks || has(sentence, LEAVE_OPPOSITE))
        return false;
    if (asks->meaning == LEAVE_ASKS && asks->rank == 0)
        return true;
    if (sentence->is_negated)
        return false;
    bool from = has(sentence, LEAVE_FROM), wish = has(sentence, LEAVE_WISH);
    bool is_plain = asks->rank <= 1 || has(sentence, LEAVE_OBJECT) || sentence->words <= FEW_WORDS;
    return asks->meaning == LEAVE_FROM ? wish : from || sentence->words == 1 || (wish && is_plain);
}

/* Where it ends: behind a mark and a space, at an empty line, or with a first line of one word, which is a command. */
static gsize sentence_length(const char *text, gsize length)
{
    gsize start = 0;
    while (start < length && g_ascii_isspace(text[start]))
        start++;
    for (gsize i = start; i + 1 < length; i++) {
        bool is_command = text[i] == '\n' && !memchr(text + start, ' ', i - start);
        if (is_command || (strchr(".!?", text[i]) && g_ascii_isspace(text[i + 1])) ||
            (text[i] == '\n' && text[i + 1] == '\n'))
            return i + 1;
    }
    return length;
}

static const char *asks_in_text(const char *text, gsize length)
{
    for (gsize at = 0, n; at < length; at += n) {
        n = sentence_length(text + at, length - at);
        bool is_question = memchr(text + at, '?', n);
        Sentence sentence = read_sentence(text + at, n);
        if (!is_question && asks_to_leave(&sentence))
            return sentence.asks->words;
    }
    return NULL;
}

/* A subject names what is to be left, and needs no more. */
static const char *asks_in_subject(const char *subject)
{
    Sentence sentence = read_sentence(subject, strlen(subject));
    if (strchr(subject, '?') || !sentence.asks)
        return NULL;
    bool is_title = sentence.asks->meaning == LEAVE_ASKS && !sentence.is_negated && !has(&sentence, LEAVE_OPPOSITE) &&
                    has(&sentence, LEAVE_OBJECT);
    return is_title || asks_to_leave(&sentence) ? sentence.asks->words : NULL;
}

/* NULL: it asks for nothing of the kind. */
static const char *leave_words(Message *message, ReportText *text)
{
    const char *own = text->own->str, *subject = fields_text(message_fields(message), "Subject");
    const gsize length = report_text_said(text);
    if (length > REQUEST_BYTES)
        return NULL;
    const char *clue = origin_is_answer(message_fields(message)) ? NULL : asks_in_subject(subject);
    if (!clue)
        clue = asks_in_text(own, length);
    if (clue || length >= BARE_BYTES || memchr(own, '?', length))
        return clue;
    Sentence bare = read_sentence(own, length);
    if (!bare.asks && strlen(subject) < BARE_BYTES)
        bare = read_sentence(subject, strlen(subject));
    return bare.asks && !bare.is_negated && !has(&bare, LEAVE_OPPOSITE) ? bare.asks->words : NULL;
}

static const char *leave_clue(Message *message, ReportText *text)
{
    Fields *fields = message_fields(message);
    if (fields_has(fields, "X-Apple-Unsubscribe"))
        return "X-Apple-Unsubscribe";
    if (fields_has(fields, "List-Id") || fields_has(fields, "List-Unsubscribe"))
        return NULL;
    if (is_leave_address(fields_text(fields, "To")))
        return "the address it was sent to";
    return leave_words(message, text);
}

bool classify_leave_words(Message *message, ReportText *text, Finding *finding)
{
    const char *clue = leave_clue(message, text);
    if (!clue)
        return false;
    finding->class = FINDING_LEAVE;
    finding_add_recipient(finding, fields_text(message_fields(message), "From"));
    finding_add_evidence(finding, "asks to leave by \"%s\", to no address that we signed", clue);
    return true;
}

/* What its writer says. A program quotes nobody, and what looks like a quote there is its own. */
static const GString *said_words(ReportText *text, const Finding *finding)
{
    return finding->is_automatic ? report_text_folded(text) : report_text_folded_said(text);
}

/* ---- challenges -------------------------------------------------------------------------------------------------- */

typedef struct Challenge {
    int points;
    const Phrase *phrase; /* the surest */
} Challenge;

static void count_challenge(const Phrase *phrase, gsize at, gpointer data)
{
    (void)at;
    Challenge *challenge = data;
    challenge->points += phrase->rank == 0 ? ENOUGH_TO_CHALLENGE : 1;
    if (!challenge->phrase || phrase->rank < challenge->phrase->rank)
        challenge->phrase = phrase;
}

bool classify_challenge(Message *message, ReportText *text, Finding *finding)
{
    Fields *fields = message_fields(message);
    if (fields_has(fields, "List-Id") || fields_has(fields, "List-Unsubscribe"))
        return false;
    const char *subject = fields_text(fields, "Subject");
    g_autoptr(GString) folded_subject = phrase_fold(subject, strlen(subject));
    Challenge challenge = {.points = finding->is_automatic};
    phrases_visit(&challenges, folded_subject, count_challenge, &challenge);
    phrases_visit(&challenges, said_words(text, finding), count_challenge, &challenge);
    bool wants_answer = strstr(text->own->str, "://") || strchr(text->own->str, '@') ||
                        origin_is_answer(message_fields(message)) || strstr(report_text_folded(text)->str, " reply ");
    if (!challenge.phrase || challenge.points < ENOUGH_TO_CHALLENGE || !wants_answer)
        return false;
    finding->class = FINDING_CHALLENGE;
    finding_add_evidence(finding, "asks for proof by \"%s\"", challenge.phrase->words);
    return true;
}

/* Boxbe dresses its question as a delivery report (without an action). */
bool classify_boxbe(Message *message, Finding *finding)
{
    if (!fields_has(message_fields(message), "X-Boxbe-Notice") &&
        !text_search(fields_text(message_fields(message), "From"), "@boxbe.com"))
        return false;
    finding->class = FINDING_CHALLENGE;
    finding_add_evidence(finding, "asks for proof in the form of Boxbe");
    return true;
}

/* ---- automatic replies ------------------------------------------------------------------------------------------- */

#define SURE 4 /* points: a header that says so, or a title and a sentence */

static int points_of_header(Fields *fields)
{
    static const char *const marks[] = {"X-Autoreply",  "X-Autorespond", "X-Autoreply-From", "X-Autogenerated",
                                        "X-Auto-Reply", "X-Vacation",    "X-AutoReply-From", "X-Mail-Autoreply"};
    const char *submitted = fields_text(fields, "Auto-Submitted"), *precedence = fields_text(fields, "Precedence");
    int points = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        points += fields_has(fields, marks[i]) ? SURE : 0;
    points += g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0 ? SURE : 0;
    points += g_ascii_strncasecmp(submitted, "auto-generated", 14) == 0 ? 1 : 0;
    points += g_ascii_strncasecmp(precedence, "auto", 4) == 0 ? SURE : 0;
    points += g_ascii_strncasecmp(precedence, "junk", 4) == 0 ? 1 : 0;
    points += g_ascii_strncasecmp(precedence, "bulk", 4) == 0 && !fields_has(fields, "List-Unsubscribe") ? 1 : 0;
    points += fields_has(fields, "X-Auto-Response-Suppress") ? 1 : 0;
    points += origin_is_nobody(fields) ? 1 : 0;
    points -= fields_has(fields, "List-Id") || fields_has(fields, "List-Post") ? 1 : 0; /* an alias can be a list */
    return points;
}

/* "Automatic reply: your news" is a program's title, "Out of office" most likely, "Out of office party" is not. */
static int points_of_subject(const char *subject, const Phrase **ret_phrase)
{
    g_autoptr(GString) folded = phrase_fold(subject, strlen(subject));
    gsize at = 0;
    *ret_phrase = phrases_best(&away_in_subject, folded, &at);
    if (!*ret_phrase)
        return 0;
    const gsize end = at + strlen((*ret_phrase)->words), before_colon = strcspn(subject, ":");
    g_autoptr(GString) title = phrase_fold(subject, before_colon);
    bool is_title = subject[before_colon] && at == 1 && title->len <= end + 1;
    bool is_whole = at == 1 && folded->len <= end + 1, may_be_title = subject[before_colon] || folded->len <= end + 1;
    bool is_sure = is_title || (is_whole && (*ret_phrase)->meaning == PROGRAM);
    return (*ret_phrase)->rank > 0 ? 1 : is_sure ? SURE : may_be_title ? SURE - 1 : 2;
}

typedef struct Away {
    int points;
    gsize at, end;        /* of the last phrase: those that lie in one another count once, as the best does */
    int worth;            /* its points */
    const Phrase *phrase; /* the surest */
} Away;

static void count_away(const Phrase *phrase, gsize at, gpointer data)
{
    Away *away = data;
    const int worth = phrase->rank > 0 ? 1 : 2;
    const bool is_same = away->phrase && at == away->at;
    if (at < away->end && !(is_same && worth > away->worth))
        return;
    away->points += worth - (is_same ? away->worth : 0);
    away->at = at;
    away->end = MAX(away->end, at + strlen(phrase->words));
    away->worth = worth;
    if (!away->phrase || phrase->rank < away->phrase->rank)
        away->phrase = phrase;
}

bool classify_autoreply(Message *message, ReportText *text, Finding *finding)
{
    const Phrase *subject;
    Away away = {0};
    phrases_visit(&away_in_text, said_words(text, finding), count_away, &away);
    int points = points_of_header(message_fields(message));
    points += points_of_subject(fields_text(message_fields(message), "Subject"), &subject);
    points += MIN(away.points, SURE);
    if (points < SURE)
        return false;
    finding->class = FINDING_AUTOREPLY;
    finding_add_evidence(finding, "automatic reply by \"%s\"",
                         subject       ? subject->words
                         : away.phrase ? away.phrase->words
                                       : "its header");
    return true;
}
