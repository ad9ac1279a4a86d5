/* The action of a report decides first; what a failure says about the address is model/refusal.h's business. */
#include "inbound/hardness.h"

static News news_of_failure(const DsnRecipient *recipient, const Refusal *refusal)
{
    if (refusal->is_dead)
        return NEWS_HARD;
    const char *status = recipient->status;
    bool is_silent = refusal->reason == REASON_NONE && (!*status || g_str_has_suffix(status, ".0.0")) &&
                     refusal->reply == '\0';
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
