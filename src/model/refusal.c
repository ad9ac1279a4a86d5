/* Codes and texts contradict each other in practice ("550 5.7.1 No such user", "552 over quota (#5.1.1)"), so the words
 * are asked first, the earliest one wins, and a code decides where they are silent. Whatever is in doubt is alive: a
 * false suppression costs more than one more mail to a dead address. */
#include "model/refusal.h"

/* system */
#include <string.h>

/* libraries */
#include <glib.h>

typedef struct Phrase {
    const char *words; /* lower case */
    bool dead;
} Phrase;

static const Phrase phrases[] = {
    /* the person is not there */
    {"user unknown", true},
    {"unknown user", true},
    {"unknown recipient", true},
    {"recipient unknown", true},
    {"unknown mailbox", true},
    {"addressee unknown", true},
    {"unknown addressee", true},
    {"unknown local", true},
    {"no such user", true},
    {"no such recipient", true},
    {"no such mailbox", true},
    {"no such address", true},
    {"no mailbox here by that name", true},
    {"does not exist", true},
    {"doesn't exist", true},
    {"user doesn't have a", true},
    {"not listed in", true}, /* a directory; "listed" alone is a blocklist */
    {"invalid recipient", true},
    {"invalid mailbox", true},
    {"invalid final delivery user", true},
    {"recipient name is not recognized", true},
    {"recipnotfound", true},
    {"recipient not found", true},
    {"user not found", true},
    {"address no longer accepts mail", true},
    {"unrouteable address", true},
    /* the domain is not there */
    {"host not found", true},
    {"domain not found", true},
    {"host unknown", true},
    {"unknown host", true},
    {"no such domain", true},
    {"nxdomain", true},
    {"null mx", true},
    /* full, too big */
    {"quota", false},
    {"mailbox full", false},
    {"mailbox is full", false},
    {"folder is full", false},
    {"exceeds allowed size", false},
    {"disk space", false},
    {"insufficient system storage", false},
    {"too many mails", false},
    {"message size", false},
    {"too large", false},
    {"too big", false},
    /* what we are thought to be */
    {"verification failed", false},
    {"spam", false},
    {"unsolicited", false},
    {"blocked", false},
    {"blacklist", false},
    {"blocklist", false},
    {"block list", false},
    {"listed", false},
    {"dnsbl", false},
    {"reputation", false},
    {"spf", false},
    {"dkim", false},
    {"dmarc", false},
    {"policy", false},
    {"virus", false},
    /* time */
    {"greylist", false},
    {"graylist", false},
    {"timed out", false},
    {"timeout", false},
    {"too long", false},
    {"hop count", false},
    {"loop", false},
    {"expired", false},
    /* an account that may come back */
    {"disabled", false},
    {"suspended", false},
    {"inactive", false},
    {"deactivated", false},
    {"suppression list", false},
};

/* They decide before all others: "Helo command rejected: Host not found" speaks of our host, "Sender verify failed" of
 * a sender that "does not exist". */
static const char *const us[] = {
    "helo command rejected",
    "ehlo command rejected",
    "helo command [",
    "helo name",
    "client host rejected",
    "client host [",
    "cannot find your",
    "reverse dns",
    "reverse hostname",
    "ptr record",
    "sender address",
    "sender rejected",
    "sender denied",
    "sender domain",
    "sender verify",
    "sender is not allowed",
    "not owned by",
    "not allowed to send as",
    "send as this sender",
    "not authenticated",
    "authentication required",
    "authentication is required",
    "must be authenticated",
    "must authenticate",
    "relay access denied",
    "relaying denied",
    "relay not permitted",
    "relaying not allowed",
    "unable to relay",
};

/* Where a server says what it thinks of the recipient, or what the next server told it. */
static const char *const not_us[] = {"recipient address rejected", "said:", "resolver.", "greylist", "graylist"};

/* Codes that mean "not there" wherever they come from; 5.1.0, 5.1.7 and 5.1.8 are about the sender, the others about
 * anything. */
static const char *const hard_codes[] = {"5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.1.351", "5.4.4"};

/* Lower case, with addresses and links blanked: their words ("spam-reports@…") are names, not reasons. */
static char *reason_words(const char *diagnostic)
{
    g_autofree char *text = g_ascii_strdown(diagnostic, -1);
    for (char *word = text; *word;) {
        word += strspn(word, " \t<>(),;");
        gsize length = strcspn(word, " \t<>(),;");
        bool is_name = memchr(word, '@', length) || g_strstr_len(word, (gssize)length, "://");
        if (is_name)
            memset(word, ' ', length);
        word += length;
    }
    return g_steal_pointer(&text);
}

static const char *find_words(const char *const *words, gsize count, const char *text)
{
    for (gsize i = 0; i < count; i++)
        if (strstr(text, words[i]))
            return words[i];
    return NULL;
}

static const Phrase *first_phrase(const char *text)
{
    const Phrase *first = NULL;
    const char *first_at = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(phrases); i++) {
        const char *at = strstr(text, phrases[i].words);
        if (at && (!first_at || at < first_at)) {
            first_at = at;
            first = &phrases[i];
        }
    }
    return first;
}

static bool is_hard_code(const char *status)
{
    for (gsize i = 0; i < G_N_ELEMENTS(hard_codes); i++)
        if (strcmp(status, hard_codes[i]) == 0)
            return true;
    return false;
}

/* RFC 3463 3.2 and 3.8, RFC 7372 and 7505 (SPF, DKIM, reverse DNS, DMARC, a sender without a mail server), and
 * Exchange's "unable to relay", "not authenticated", "may not send as". */
static bool is_our_code(const char *enhanced)
{
    static const char *const codes[] = {"1.7", "1.8", "7.8", "7.9", "7.11", "7.54", "7.57", "7.60"};
    if (strlen(enhanced) < 5)
        return false;
    const char *detail = enhanced + 2;
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (strcmp(detail, codes[i]) == 0)
            return true;
    return g_str_has_prefix(detail, "7.2") && strlen(detail) == 4; /* 7.20 … 7.29 */
}

bool refusal_is_about_us(const char *enhanced, const char *text)
{
    g_autofree char *words = reason_words(text);
    if (find_words(not_us, G_N_ELEMENTS(not_us), words))
        return false;
    return is_our_code(enhanced) || find_words(us, G_N_ELEMENTS(us), words);
}

bool refusal_is_dead(const char *enhanced, const char *diagnostic, const char **ret_why)
{
    *ret_why = enhanced;
    if (enhanced[0] == '4')
        return false;
    g_autofree char *text = reason_words(diagnostic);
    const char *about_us = find_words(us, G_N_ELEMENTS(us), text);
    if (about_us) {
        *ret_why = about_us;
        return false;
    }
    const Phrase *phrase = first_phrase(text);
    if (!phrase)
        return is_hard_code(enhanced);
    *ret_why = phrase->words;
    return phrase->dead;
}
