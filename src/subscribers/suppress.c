/* The row and its audit entry, together. Decides nothing. */
#include "subscribers/suppress.h"

/* rundbrief */
#include "store/audit_store.h"
#include "store/suppression_store.h"

bool suppress_person(Db *db, const Subscriber *person, SuppressionReason reason, const char *evidence,
                     const char *actor, int64_t now, Consequence *ret, GError **error)
{
    bool added = false;
    if (!suppression_add(db, person->address_hash, reason, evidence, now, &added, error))
        return false;
    if (ret && added)
        consequence_say(ret, "suppressed (%s)", suppression_reason_word(reason));
    else if (ret)
        consequence_say(ret, "was suppressed already");
    g_autofree char *subject = g_strdup_printf("subscriber %" G_GINT64_FORMAT, person->id);
    return !added || audit_add(db, actor, "subscriber.suppress", subject, evidence, now, error);
}
