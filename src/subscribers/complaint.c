/* Takes people off all lists who complained, if it was they. Touches subscriptions, consent records and the suppression
 * list. */
#include "subscribers/complaint.h"

/* rundbrief */
#include "base/clock.h"
#include "store/subscriber_store.h"
#include "subscribers/membership.h"
#include "subscribers/report_target.h"
#include "subscribers/suppress.h"

bool complaint_against(Db *db, const Subscriber *person, const char *evidence, const char *actor, int64_t now,
                       Consequence *ret, GError **error)
{
    int left = 0;
    if (!membership_end_all(db, person, "complained that our mail is spam", evidence, actor, now, &left, error))
        return false;
    consequence_say(ret, "taken off %d list%s", left, left == 1 ? "" : "s");
    return suppress_person(db, person, SUPPRESSION_COMPLAINT, evidence, actor, now, ret, error);
}

static bool apply_to(Db *db, const ReportTarget *target, const char *evidence, bool is_signed, int64_t now,
                     Consequence *ret, GError **error)
{
    g_autoptr(Subscriber) person = NULL;
    if (!subscriber_load(db, target->subscriber_id, &person, error))
        return false;
    if (!person) {
        consequence_say(ret, "this person's record is gone");
        return true;
    }
    ret->subscriber_id = person->id;
    ret->announcement_id = target->has_delivery ? target->delivery.announcement_id : 0;
    return is_signed ? complaint_against(db, person, evidence, "inbox", now, ret, error)
                     : suppress_person(db, person, SUPPRESSION_COMPLAINT, evidence, "inbox", now, ret, error);
}

static bool apply_by_token(Db *db, const Finding *finding, int64_t inbox_id, int64_t now, Consequence *ret,
                           GError **error)
{
    ReportTarget target;
    g_autofree char *evidence = g_strdup_printf("complaint in inbox message %" G_GINT64_FORMAT "%s", inbox_id,
                                                finding->token_is_quoted ? " (token in the returned mail)" : "");
    if (!report_target_by_token(db, finding, &target, error) ||
        (target.subscriber_id != 0 && !apply_to(db, &target, evidence, true, now, ret, error)))
        return false;
    consequence_ask(ret, ret->subscriber_id ? "somebody complained" : "a complaint of somebody we cannot name");
    return true;
}

static bool apply_by_address(Db *db, const Finding *finding, const char *key, int64_t since, int64_t inbox_id,
                             int64_t now, Consequence *ret, GError **error)
{
    ReportTarget target;
    g_autofree char *evidence = g_strdup_printf("complaint in inbox message %" G_GINT64_FORMAT
                                                " (unsigned: matched by address and a recent delivery)",
                                                inbox_id);
    if (!report_target_by_address(db, finding, key, since, &target, error) ||
        (target.has_delivery && !apply_to(db, &target, evidence, false, now, ret, error)))
        return false;
    g_autofree char *why = g_strdup_printf("anybody may have written this complaint; if it is true, 'inbox reclassify "
                                           "%" G_GINT64_FORMAT " complaint' ends the subscriptions, too",
                                           inbox_id);
    consequence_ask(ret, target.has_delivery         ? why
                         : target.subscriber_id != 0 ? "a complaint of somebody not mailed lately, so not believed"
                                                     : "a complaint of somebody we cannot name");
    return true;
}

bool complaint_apply(Db *db, const BounceSettings *settings, const Finding *finding, int64_t inbox_id, int64_t now,
                     Consequence *ret, GError **error)
{
    int64_t since = now - settings->unsigned_days * DAY_US;
    if (finding->has_token)
        return apply_by_token(db, finding, inbox_id, now, ret, error);
    if (finding->recipients->len == 1)
        return apply_by_address(db, finding, g_ptr_array_index(finding->recipients, 0), since, inbox_id, now, ret,
                                error);
    consequence_ask(ret, finding->recipients->len > 1 ? "a complaint that names several, as none about our mails does"
                                                      : "a complaint of somebody we cannot name");
    return true;
}
