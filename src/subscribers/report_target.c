/* Looks people up; changes nothing. */
#include "subscribers/report_target.h"

/* rundbrief */
#include "store/delivery_store.h"
#include "store/outbox_store.h"
#include "store/subscriber_store.h"

static bool target_delivery(Db *db, DeliveryKey key, ReportTarget *ret, GError **error)
{
    DeliveryState state = DELIVERY_PENDING;
    *ret = (ReportTarget){.subscriber_id = key.subscriber_id, .delivery = key};
    if (!delivery_state(db, key, &state, &ret->has_delivery, error))
        return false;
    ret->is_uncertain = state == DELIVERY_UNCERTAIN;
    return true;
}

static bool target_single(Db *db, int64_t id, ReportTarget *ret, GError **error)
{
    DeliveryState state = DELIVERY_PENDING;
    bool found;
    *ret = (ReportTarget){.single_id = id};
    if (!outbox_subscriber(db, id, &ret->subscriber_id, error) || !outbox_state(db, id, &state, &found, error))
        return false;
    ret->is_uncertain = state == DELIVERY_UNCERTAIN;
    return true;
}

bool report_target_by_token(Db *db, const Finding *finding, ReportTarget *ret, GError **error)
{
    const Token *token = &finding->token;
    *ret = (ReportTarget){0};
    switch (token->purpose) {
    case TOKEN_DELIVERY:
        return target_delivery(db, (DeliveryKey){token->first, token->second}, ret, error);
    case TOKEN_OUTBOX:
        return target_single(db, token->first, ret, error);
    case TOKEN_LEAVE: /* in the List-Unsubscribe of the mail that was returned */
    case TOKEN_CONFIRM:
        ret->subscriber_id = token->second;
        return delivery_latest(db, token->second, 0, &ret->delivery, &ret->has_delivery, error);
    }
    return true;
}

bool report_target_by_address(Db *db, const Finding *finding, const char *key, int64_t since, ReportTarget *ret,
                              GError **error)
{
    *ret = (ReportTarget){0};
    g_autoptr(Subscriber) subscriber = NULL;
    if (!subscriber_by_key(db, key, &subscriber, error))
        return false;
    if (!subscriber)
        return true;
    if (finding->has_token && !report_target_by_token(db, finding, ret, error))
        return false;
    if (ret->subscriber_id == subscriber->id && ret->has_delivery)
        return true;
    *ret = (ReportTarget){.subscriber_id = subscriber->id};
    return delivery_latest(db, subscriber->id, since, &ret->delivery, &ret->has_delivery, error);
}
