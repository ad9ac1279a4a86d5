/* Who may come onto a list, and the one way in: person, subscription, consent record and, for an invitation, the mail
 * that asks. Never opens a transaction. */
#include "subscribers/admission.h"

/* rundbrief */
#include "base/clock.h"
#include "base/datetime.h"
#include "store/audit_store.h"
#include "store/consent_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"
#include "subscribers/confirm_mail.h"

static char *date_text(const AdmissionTerms *terms, int64_t at)
{
    return datetime_format(at, terms->site->zone, "en", DATETIME_DATE);
}

static const char *suppression_sentence(SuppressionReason reason)
{
    switch (reason) {
    case SUPPRESSION_HARD_BOUNCE:
        return "mail to it came back as undeliverable";
    case SUPPRESSION_SOFT_BOUNCES:
        return "mail to it kept coming back";
    case SUPPRESSION_COMPLAINT:
        return "the person complained about our mail";
    case SUPPRESSION_STAFF:
        return "staff blocked it";
    case SUPPRESSION_ERASED:
        return "the person was erased at their wish";
    }
    return "";
}

static bool check_suppression(Db *db, const AdmissionTerms *terms, const Candidate *candidate, Rejection *ret_rejection,
                              GError **error)
{
    g_auto(Suppression) suppression = {0};
    bool found;
    if (!suppression_find(db, candidate->hash, &suppression, &found, error))
        return false;
    if (!found)
        return true;
    g_autofree char *date = date_text(terms, suppression.at);
    rejection_set(ret_rejection, REJECTION_SUPPRESSED, "%s is suppressed since %s: %s", candidate->address.text, date,
                  suppression_sentence(suppression.reason));
    return true;
}

/* One confirmation mail per person, list and day, however often staff ask. */
static bool check_pending(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const Standing *standing,
                          int64_t now, Rejection *ret_rejection, GError **error)
{
    if (terms->kind != CONSENT_INVITED)
        return true;
    int64_t asked_at = 0;
    g_autofree char *wording = NULL;
    if (!consent_asked(db, standing->subscriber_id, terms->list->id, &wording, &asked_at, error))
        return false;
    if (wording && now - asked_at < DAY_US)
        rejection_set(ret_rejection, REJECTION_INVITED, "%s was asked to confirm less than a day ago",
                      candidate->address.text);
    return true;
}

static bool check_state(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const Standing *standing,
                        int64_t now, Rejection *ret_rejection, GError **error)
{
    const char *address = candidate->address.text;
    g_autofree char *date = date_text(terms, standing->since);
    switch (standing->state) {
    case SUBSCRIPTION_PENDING:
        return check_pending(db, terms, candidate, standing, now, ret_rejection, error);
    case SUBSCRIPTION_ACTIVE:
        rejection_set(ret_rejection, REJECTION_SUBSCRIBED, "%s is subscribed since %s", address, date);
        return true;
    case SUBSCRIPTION_PAUSED:
        rejection_set(ret_rejection, REJECTION_SUBSCRIBED, "%s is subscribed and paused since %s", address, date);
        return true;
    case SUBSCRIPTION_LEFT:
        if (!terms->returning)
            rejection_set(ret_rejection, REJECTION_LEFT, "%s left this list on %s and is not put back by us", address,
                          date);
        return true;
    }
    return true;
}

bool admission_check(Db *db, const AdmissionTerms *terms, const Candidate *candidate, int64_t now,
                     Standing *ret_standing, Rejection *ret_rejection, GError **error)
{
    if (!subscriber_standing(db, terms->list->id, candidate->address.key, ret_standing, error) ||
        !check_suppression(db, terms, candidate, ret_rejection, error))
        return false;
    return ret_rejection->kind != REJECTION_NONE || !ret_standing->has_state ||
           check_state(db, terms, candidate, ret_standing, now, ret_rejection, error);
}

/* Somebody we know keeps the name, language and format that we have. */
static bool insert_person(Db *db, const Candidate *candidate, int64_t now, int64_t *ret_id, GError **error)
{
    Subscriber person = {
        .address = candidate->address.text,
        .address_key = candidate->address.key,
        .name = candidate->name,
        .language = candidate->language,
        .wants_text = candidate->wants_text,
        .created_at = now,
    };
    memcpy(person.address_hash, candidate->hash, ADDRESS_HASH_SIZE);
    bool inserted = subscriber_insert(db, &person, error);
    *ret_id = person.id;
    return inserted;
}

static bool ask_person(Db *db, const AdmissionTerms *terms, const Candidate *candidate, int64_t subscriber_id,
                       int64_t now, GError **error)
{
    const Recipient recipient = {
        .subscriber_id = subscriber_id,
        .list_id = terms->list->id,
        .address = candidate->address.text,
        .name = candidate->name,
        .language = candidate->language,
        .wants_text = candidate->wants_text,
    };
    return confirm_mail_add(db, terms->site, terms->keyring, terms->list, &recipient, now, error);
}

static bool add_proof(Db *db, const AdmissionTerms *terms, const Candidate *candidate, int64_t subscriber_id,
                      const char *source, int64_t now, GError **error)
{
    ConsentRecord record = {
        .subscriber_id = subscriber_id,
        .list_id = terms->list->id,
        .at = now,
        .kind = terms->kind,
        .legal_basis = terms->list->legal_basis,
        .wording = terms->ground,
        .source = source,
        .actor = terms->actor,
    };
    memcpy(record.address_hash, candidate->hash, ADDRESS_HASH_SIZE);
    return consent_add(db, &record, error);
}

bool admission_write(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const Standing *standing,
                     const char *source, int64_t now, GError **error)
{
    bool invited = terms->kind == CONSENT_INVITED;
    int64_t id = standing->subscriber_id;
    if (!id && !insert_person(db, candidate, now, &id, error))
        return false;
    SubscriptionState state = invited ? SUBSCRIPTION_PENDING : SUBSCRIPTION_ACTIVE;
    return subscription_become(db, terms->list->id, id, state, now, NULL, error) &&
           add_proof(db, terms, candidate, id, source, now, error) &&
           (!invited || ask_person(db, terms, candidate, id, now, error));
}

bool admission_admit(Db *db, const AdmissionTerms *terms, const Candidate *candidate, const char *source, int64_t now,
                     Rejection *ret_rejection, GError **error)
{
    Standing standing;
    if (!admission_check(db, terms, candidate, now, &standing, ret_rejection, error))
        return false;
    if (ret_rejection->kind != REJECTION_NONE)
        return true;
    g_autofree char *subject = g_strdup_printf("list %s", terms->list->slug);
    g_autofree char *detail = g_strdup_printf("one person %s; basis %s; ground: %s", consent_kind_word(terms->kind),
                                              legal_basis_word(terms->list->legal_basis), terms->ground);
    return admission_write(db, terms, candidate, &standing, source, now, error) &&
           audit_add(db, terms->actor, "subscriber.add", subject, detail, now, error);
}
