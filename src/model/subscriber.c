/* Records of lists and people, and the legal moves of a subscription. */
#include "model/subscriber.h"

WORDS_DEFINE(JoiningRule, joining_rule, JOINING_RULES);
WORDS_DEFINE(LegalBasis, legal_basis, LEGAL_BASES);
WORDS_DEFINE(SubscriptionState, subscription_state, SUBSCRIPTION_STATES);
WORDS_DEFINE(ConsentKind, consent_kind, CONSENT_KINDS);
WORDS_DEFINE(SuppressionReason, suppression_reason, SUPPRESSION_REASONS);

#define TO(state) (1u << SUBSCRIPTION_##state)

/* Who left comes back only as they came: by a fresh request (pending) or by staff with a stated ground (active). */
static const guint legal[] = {
    [SUBSCRIPTION_PENDING] = TO(ACTIVE) | TO(LEFT),
    [SUBSCRIPTION_ACTIVE] = TO(PAUSED) | TO(LEFT),
    [SUBSCRIPTION_PAUSED] = TO(ACTIVE) | TO(LEFT),
    [SUBSCRIPTION_LEFT] = TO(PENDING) | TO(ACTIVE),
};

bool subscription_may_become(SubscriptionState from, SubscriptionState to)
{
    return (legal[from] & (1u << to)) != 0;
}

void mailing_list_free(MailingList *list)
{
    if (!list)
        return;
    g_free(list->slug);
    g_free(list->title);
    g_free(list->description);
    g_free(list->language);
    g_free(list->from_name);
    g_free(list->from_address);
    g_free(list->sender_address);
    g_free(list->reply_to);
    g_free(list->office_address);
    g_free(list->contact_address);
    g_free(list->relay);
    g_free(list);
}

void subscriber_free(Subscriber *subscriber)
{
    if (!subscriber)
        return;
    g_free(subscriber->address);
    g_free(subscriber->address_key);
    g_free(subscriber->name);
    g_free(subscriber->language);
    g_free(subscriber);
}

void recipient_clear(Recipient *recipient)
{
    g_free(recipient->address);
    g_free(recipient->name);
    g_free(recipient->language);
    *recipient = (Recipient){0};
}
