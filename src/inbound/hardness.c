/* Hard or soft. Codes and texts contradict each other in practice ("550 5.7.1 No such user", "552 over quota
 * (#5.1.1)"), so the words are asked first, the earliest one wins, and a code decides where they are silent. Whatever
 * is in doubt is soft: a false suppression costs more than one more mail to a dead address. */
#include "inbound/hardness.h"

/* system */
#include <string.h>

typedef struct Phrase {
    const char *words; /* lower case */
    News news;
} Phrase;

static const Phrase phrases[] = {
    /* the person is not there */
    {"user unknown", NEWS_HARD},
    {"unknown user", NEWS_HARD},
    {"unknown recipient", NEWS_HARD},
    {"recipient unknown", NEWS_HARD},
    {"unknown mailbox", NEWS_HARD},
    {"addressee unknown", NEWS_HARD},
    {"unknown addressee", NEWS_HARD},
    {"unknown local", NEWS_HARD},
    {"no such user", NEWS_HARD},
    {"no such recipient", NEWS_HARD},
    {"no such mailbox", NEWS_HARD},
    {"no such address", NEWS_HARD},
    {"no mailbox here by that name", NEWS_HARD},
    {"does not exist", NEWS_HARD},
    {"doesn't exist", NEWS_HARD},
    {"user doesn't have a", NEWS_HARD},
    {"not listed in", NEWS_HARD}, /* a directory; "listed" alone is a blocklist */
    {"invalid recipient", NEWS_HARD},
    {"invalid mailbox", NEWS_HARD},
    {"invalid final delivery user", NEWS_HARD},
    {"recipient name is not recognized", NEWS_HARD},
    {"recipnotfound", NEWS_HARD},
    {"recipient not found", NEWS_HARD},
    {"user not found", NEWS_HARD},
    {"address no longer accepts mail", NEWS_HARD},
    {"unrouteable address", NEWS_HARD},
    /* the domain is not there */
    {"host not found", NEWS_HARD},
    {"domain not found", NEWS_HARD},
    {"host unknown", NEWS_HARD},
    {"unknown host", NEWS_HARD},
    {"no such domain", NEWS_HARD},
    {"nxdomain", NEWS_HARD},
    {"null mx", NEWS_HARD},
    /* full, too big */
    {"quota", NEWS_SOFT},
    {"mailbox full", NEWS_SOFT},
    {"mailbox is full", NEWS_SOFT},
    {"folder is full", NEWS_SOFT},
    {"exceeds allowed size", NEWS_SOFT},
    {"disk space", NEWS_SOFT},
    {"insufficient system storage", NEWS_SOFT},
    {"too many mails", NEWS_SOFT},
    {"message size", NEWS_SOFT},
    {"too large", NEWS_SOFT},
    {"too big", NEWS_SOFT},
    /* about us, not about the recipient */
    {"sender verify", NEWS_SOFT},
    {"sender address", NEWS_SOFT},
    {"verification failed", NEWS_SOFT},
    {"spam", NEWS_SOFT},
    {"unsolicited", NEWS_SOFT},
    {"blocked", NEWS_SOFT},
    {"blacklist", NEWS_SOFT},
    {"blocklist", NEWS_SOFT},
    {"block list", NEWS_SOFT},
    {"listed", NEWS_SOFT},
    {"dnsbl", NEWS_SOFT},
    {"reputation", NEWS_SOFT},
    {"spf", NEWS_SOFT},
    {"dkim", NEWS_SOFT},
    {"dmarc", NEWS_SOFT},
    {"relay access denied", NEWS_SOFT},
    {"relaying denied", NEWS_SOFT},
    {"unable to relay", NEWS_SOFT},
    {"policy", NEWS_SOFT},
    {"virus", NEWS_SOFT},
    /* time */
    {"greylist", NEWS_SOFT},
    {"graylist", NEWS_SOFT},
    {"timed out", NEWS_SOFT},
    {"timeout", NEWS_SOFT},
    {"too long", NEWS_SOFT},
    {"hop count", NEWS_SOFT},
    {"loop", NEWS_SOFT},
    {"expired", NEWS_SOFT},
    /* an account that may come back */
    {"disabled", NEWS_SOFT},
    {"suspended", NEWS_SOFT},
    {"inactive", NEWS_SOFT},
    {"deactivated", NEWS_SOFT},
    {"suppression list", NEWS_SOFT},
};

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

static const Phrase *first_phrase(const char *diagnostic)
{
    g_autofree char *text = reason_words(diagnostic);
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

static News judge_failure(const DsnRecipient *recipient, const char **ret_why)
{
    if (recipient->status[0] == '4') {
        *ret_why = recipient->status;
        return NEWS_SOFT;
    }
    const Phrase *phrase = first_phrase(recipient->diagnostic);
    *ret_why = phrase ? phrase->words : recipient->status;
    if (phrase)
        return phrase->news;
    return is_hard_code(recipient->status) ? NEWS_HARD : NEWS_SOFT;
}

News hardness_judge(const DsnRecipient *recipient, const char **ret_why)
{
    *ret_why = dsn_action_word(recipient->action);
    switch (recipient->action) {
    case DSN_DELAYED:
        return NEWS_WAITING;
    case DSN_DELIVERED:
    case DSN_RELAYED:
    case DSN_EXPANDED:
        return NEWS_GOOD;
    case DSN_NO_ACTION:
        *ret_why = "no action stated";
        if (recipient->status[0] != '5')
            return NEWS_WAITING;
        return judge_failure(recipient, ret_why);
    case DSN_FAILED:
        break;
    }
    return judge_failure(recipient, ret_why);
}
