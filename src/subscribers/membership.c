/* Ends what staff end, and leaves the proof of it. */
#include "subscribers/membership.h"

/* rundbrief */
#include "store/audit_store.h"
#include "store/consent_store.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"

#define COMMAND_LINE "command line"

static bool add_proof(Db *db, const Subscriber *person, int64_t list_id, LegalBasis basis, const char *wording,
                      const char *source, const char *actor, int64_t now, GError **error)
{
    ConsentRecord record = {
        .subscriber_id = person->id,
        .list_id = list_id,
        .at = now,
        .kind = CONSENT_REMOVED,
        .legal_basis = basis,
        .wording = wording,
        .source = source,
        .actor = actor,
    };
    memcpy(record.address_hash, person->address_hash, ADDRESS_HASH_SIZE);
    return consent_add(db, &record, error);
}

static bool add_audit(Db *db, const Subscriber *person, const char *action, const char *detail, const char *actor,
                      int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("subscriber %" G_GINT64_FORMAT, person->id);
    return audit_add(db, actor, action, subject, detail, now, error);
}

static const Subscription *find_membership(const GPtrArray *all, int64_t list_id)
{
    for (guint i = 0; i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        if (subscription->list_id == list_id)
            return subscription;
    }
    return NULL;
}

static bool end_one(Db *db, const Subscriber *person, const Subscription *subscription, const char *reason,
                    const char *source, const char *actor, int64_t now, bool *ret_changed, GError **error)
{
    g_autofree char *detail = g_strdup_printf("list %s: %s", subscription->slug, reason);
    *ret_changed = false;
    return subscription->state == SUBSCRIPTION_LEFT ||
           (subscription_become(db, subscription->list_id, person->id, SUBSCRIPTION_LEFT, now, ret_changed, error) &&
            add_proof(db, person, subscription->list_id, subscription->legal_basis, reason, source, actor, now,
                      error) &&
            add_audit(db, person, "subscription.remove", detail, actor, now, error));
}

bool membership_end(Db *db, const Subscriber *person, const MailingList *list, const char *reason, const char *actor,
                    int64_t now, bool *ret_changed, GError **error)
{
    *ret_changed = false;
    g_autoptr(GPtrArray) all = subscription_all(db, person->id, error);
    if (!all)
        return false;
    const Subscription *subscription = find_membership(all, list->id);
    return !subscription || end_one(db, person, subscription, reason, COMMAND_LINE, actor, now, ret_changed, error);
}

bool membership_end_all(Db *db, const Subscriber *person, const char *reason, const char *source, const char *actor,
                        int64_t now, int *ret_count, GError **error)
{
    g_autoptr(GPtrArray) all = subscription_all(db, person->id, error);
    *ret_count = 0;
    for (guint i = 0; all && i < all->len; i++) {
        bool changed = false;
        if (!end_one(db, person, all->pdata[i], reason, source, actor, now, &changed, error))
            return false;
        *ret_count += changed;
    }
    return all != NULL;
}

bool membership_erase(Db *db, const Subscriber *person, const char *actor, int64_t now, GError **error)
{
    g_autoptr(GPtrArray) all = subscription_all(db, person->id, error);
    if (!all)
        return false;
    for (guint i = 0; i < all->len; i++) {
        const Subscription *subscription = all->pdata[i];
        if (!add_proof(db, person, subscription->list_id, subscription->legal_basis, "erased", COMMAND_LINE, actor, now,
                       error))
            return false;
    }
    return suppression_add(db, person->address_hash, SUPPRESSION_ERASED, "erased by staff", now, NULL, error) &&
           subscriber_delete(db, person->id, error) &&
           add_audit(db, person, "subscriber.erase", "row gone; keyed hash and consent records stay", actor, now,
                     error);
}
