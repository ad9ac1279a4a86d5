/* The action of a report decides first; what a failure says about the address is model/refusal.h's business. */
#include "inbound/hardness.h"

/* rundbrief */
#include "model/refusal.h"

static News judge_failure(const DsnRecipient *recipient, const char **ret_why)
{
    return refusal_is_dead(recipient->status, recipient->diagnostic, ret_why) ? NEWS_HARD : NEWS_SOFT;
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
