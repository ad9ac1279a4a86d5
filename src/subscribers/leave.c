/* What a signed leave or confirm address does. A token that comes twice, or for somebody who is gone, changes nothing
 * and is no error: people press twice, and mail arrives twice. */
#include "subscribers/leave.h"

/* rundbrief */
#include "model/subscriber.h"
#include "store/audit_store.h"
#include "store/consent_store.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"

#define ACTOR "citizen"

static bool add_proof(Db *db, const Subscriber *person, const Subscription *subscription, ConsentKind kind,
                      const char *wording, const char *source, int64_t now, GError **error)
{
    ConsentRecord record = {
        .subscriber_id = person->id,
        .list_id = subscription->list_id,
        .at = now,
        .kind = kind,
        .legal_basis = subscription->legal_basis,
        .wording = wording,
        .source = source,
        .actor = ACTOR,
    };
    memcpy(record.address_hash, person->address_hash, ADDRESS_HASH_SIZE);
    return consent_add(db, &record, error);
}

static bool add_audit(Db *db, const char *action, const Subscriber *person, const Subscription *subscription,
                      const char *source, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("subscriber %" G_GINT64_FORMAT, person->id);
    g_autofree char *detail = g_strdup_printf("list %s, by %s", subscription->slug, source);
    return audit_add(db, ACTOR, action, subject, detail, now, error);
}

static bool leave_one(Db *db, const Subscriber *person, const Subscription *subscription, const char *source,
                      int64_t now, bool *ret_changed, GError **error)
{
    g_autofree char *wording = g_strdup_printf("left the list \"%s\"", subscription->title);
    if (!subscription_become(db, subscription->list_id, person->id, SUBSCRIPTION_LEFT, now, ret_changed, error))
        return false;
    return !*ret_changed || (add_proof(db, person, subscription, CONSENT_LEFT, wording, source, now, error) &&
                             add_audit(db, "subscription.leave", person, subscription, source, now, error));
}

/* Who agreed to what: the words they were asked with, as they were recorded then. */
static bool confirm_one(Db *db, const Subscriber *person, const Subscription *subscription, const char *source,
                        int64_t now, bool *ret_changed, GError **error)
{
    *ret_changed = false;
    if (subscription->state != SUBSCRIPTION_PENDING)
        return true;
    g_autofree char *asked = NULL;
    if (!consent_asked(db, person->id, subscription->list_id, &asked, NULL, error))
        return false;
    g_autofree char *wording = g_strdup_printf("confirmed the subscription of \"%s\"%s%s", subscription->title,
                                               asked ? "; asked on the ground: " : "", asked ? asked : "");
    return subscription_become(db, subscription->list_id, person->id, SUBSCRIPTION_ACTIVE, now, ret_changed, error) &&
           add_proof(db, person, subscription, CONSENT_CONFIRMED, wording, source, now, error) &&
           add_audit(db, "subscription.confirm", person, subscription, source, now, error);
}

typedef bool (*Change)(Db *db, const Subscriber *person, const Subscription *subscription, const char *source,
                       int64_t now, bool *ret_changed, GError **error);

/* Does it to the person's subscription of the token's list, or to all of them. */
static bool change_by_token(Db *db, const Token *token, Change change, const char *source, int64_t now,
                            TokenResult *ret, GError **error)
{
    *ret = (TokenResult){.subscriber_id = token->second, .list_id = token->first};
    g_autoptr(Subscriber) person = NULL;
    if (!subscriber_load(db, token->second, &person, error))
        return false;
    if (!person)
        return true;
    g_autoptr(GPtrArray) all = subscription_all(db, person->id, error);
    for (guint i = 0; all && i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        bool changed = false;
        if (token->first != 0 && token->first != subscription->list_id)
            continue;
        if (!change(db, person, subscription, source, now, &changed, error))
            return false;
        ret->changed |= changed;
    }
    return all != NULL;
}

bool leave_by_token(Db *db, const Token *token, const char *source, int64_t now, TokenResult *ret, GError **error)
{
    g_return_val_if_fail(token->purpose == TOKEN_LEAVE, false);
    return change_by_token(db, token, leave_one, source, now, ret, error);
}

bool confirm_by_token(Db *db, const Token *token, const char *source, int64_t now, TokenResult *ret, GError **error)
{
    g_return_val_if_fail(token->purpose == TOKEN_CONFIRM, false);
    return change_by_token(db, token, confirm_one, source, now, ret, error);
}
