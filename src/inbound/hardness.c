/* The action of a report decides first; what a failure says about the address is model/refusal.h's business. */
#include "inbound/hardness.h"

/* system */
#include <string.h>

/* A reply code (RFC 5321 4.2.1) of a refusal at the start of a word. */
static bool holds_reply(const char *text)
{
    for (const char *p = text; (p = strpbrk(p, "45")); p++) {
        bool begins = p == text || strchr(" \t\n(:'\"", p[-1]);
        if (begins && g_ascii_isdigit(p[1]) && g_ascii_isdigit(p[2]) && strchr(" -\n", p[3]))
            return true;
    }
    return false;
}

static News news_of_failure(const DsnRecipient *recipient, const Refusal *refusal)
{
    if (refusal->is_dead)
        return NEWS_HARD;
    const char *status = recipient->status;
    bool is_silent = refusal->reason == REASON_NONE && (!*status || g_str_has_suffix(status, ".0.0")) &&
                     !holds_reply(recipient->diagnostic);
    return is_silent ? NEWS_UNEXPLAINED : NEWS_SOFT;
}

Verdict hardness_judge(const DsnRecipient *recipient)
{
    Verdict verdict = {
        .refusal = refusal_read(recipient->status, recipient->diagnostic),
        .why = dsn_action_word(recipient->action),
    };
    switch (recipient->action) {
    case DSN_DELAYED:
        verdict.news = NEWS_WAITING;
        return verdict;
    case DSN_DELIVERED:
    case DSN_RELAYED:
    case DSN_EXPANDED:
        verdict.news = NEWS_GOOD;
        return verdict;
    case DSN_NO_ACTION:
        if (recipient->status[0] == '5')
            break;
        verdict.news = NEWS_WAITING;
        verdict.why = "no action stated";
        return verdict;
    case DSN_FAILED:
        break;
    }
    verdict.news = news_of_failure(recipient, &verdict.refusal);
    verdict.why = verdict.refusal.why;
    return verdict;
}
