/* Decisions of staff about single mails. What a wrong finding did is taken back where that is ours to take back: a
 * suppression that names this mail as its ground, the day of a soft bounce. A subscription that ended stays ended: only
 * the person, or staff by `subscriber add`, can begin it again. */
#include "inbound/decide.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/clock.h"
#include "inbound/notices.h"
#include "model/consequence.h"
#include "store/audit_store.h"
#include "store/consent_store.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"
#include "subscribers/bounce_policy.h"
#include "subscribers/complaint.h"
#include "subscribers/membership.h"
#include "subscribers/suppress.h"

G_DEFINE_QUARK(rundbrief_decide_error, decide_error)

typedef struct Decision {
    Db *db;
    const Settings *settings;
    InboxMessage *message;
    FindingClass to;
    const char *actor;
    char *evidence; /* of what follows */
    int64_t now;
    Consequence *consequence;
} Decision;

typedef bool (*Act)(Decision *d, const Subscriber *person, GError **error);

/* ---- taking back ------------------------------------------------------------------------------------------------- */

/* "… inbox message 17", and not 170. */
static bool names_message(const char *evidence, int64_t id)
{
    g_autofree char *name = g_strdup_printf("inbox message %" G_GINT64_FORMAT, id);
    const char *found = strstr(evidence, name);
    return found && !g_ascii_isdigit(found[strlen(name)]);
}

static bool lift_suppression(Decision *d, const Subscriber *person, GError **error)
{
    bool found = false;
    g_auto(Suppression) suppression = {0};
    if (!suppression_find(d->db, person->address_hash, &suppression, &found, error))
        return false;
    if (!found || !names_message(suppression.evidence, d->message->id))
        return true;
    g_autofree char *subject = g_strdup_printf("subscriber %" G_GINT64_FORMAT, person->id);
    consequence_say(d->consequence, "suppression lifted");
    return suppression_remove(d->db, person->address_hash, NULL, error) &&
           audit_add(d->db, d->actor, "suppression.remove", subject, d->evidence, d->now, error);
}

static bool forget_day(Decision *d, const Subscriber *person, GError **error)
{
    bool found = false;
    if (!soft_bounce_take_back(d->db, person->address_hash, d->message->id, &found, error))
        return false;
    if (found)
        consequence_say(d->consequence, "its soft bounce no longer counts");
    return true;
}

static bool has_left(const GPtrArray *subscriptions, int64_t list_id)
{
    for (guint i = 0; i < subscriptions->len; i++) {
        const Subscription *each = g_ptr_array_index(subscriptions, i);
        if (each->list_id == list_id)
            return each->state == SUBSCRIPTION_LEFT;
    }
    return false;
}

/* Names the lists that the person is off because of this mail: only they, or staff for them, may begin anew. */
static bool say_what_stays(Decision *d, const Subscriber *person, GError **error)
{
    g_autoptr(GPtrArray) proof = consent_history(d->db, person->address_hash, error);
    g_autoptr(GPtrArray) subscriptions = proof ? subscription_all(d->db, person->id, error) : NULL;
    for (guint i = 0; subscriptions && i < proof->len; i++) {
        const ConsentRecord *record = g_ptr_array_index(proof, i);
        if (record->kind == CONSENT_REMOVED && names_message(record->source, d->message->id) &&
            has_left(subscriptions, record->list_id))
            consequence_say(
                d->consequence,
                "the subscription of %s stays ended: 'rundbrief subscriber add --returning' begins it again",
                record->slug);
    }
    return subscriptions != NULL;
}

static bool take_back(Decision *d, const Subscriber *person, GError **error)
{
    return lift_suppression(d, person, error) && forget_day(d, person, error) &&
           (d->to == FINDING_COMPLAINT || d->to == FINDING_LEAVE || say_what_stays(d, person, error));
}

/* ---- what follows ------------------------------------------------------------------------------------------------ */

static bool act_hard(Decision *d, const Subscriber *person, GError **error)
{
    return suppress_person(d->db, person, SUPPRESSION_HARD_BOUNCE, d->evidence, d->actor, d->now, d->consequence,
                           error);
}

static bool act_complaint(Decision *d, const Subscriber *person, GError **error)
{
    return complaint_against(d->db, person, d->evidence, d->actor, d->now, d->consequence, error);
}

static bool act_leave(Decision *d, const Subscriber *person, GError **error)
{
    int left = 0;
    if (!membership_end_all(d->db, person, "asked to leave", d->evidence, d->actor, d->now, &left, error))
        return false;
    consequence_say(d->consequence, "taken off %d list%s", left, left == 1 ? "" : "s");
    return true;
}

static Act act_of(FindingClass class)
{
    switch (class) {
    case FINDING_BOUNCE_HARD:
        return act_hard;
    case FINDING_COMPLAINT:
        return act_complaint;
    case FINDING_LEAVE:
        return act_leave;
    default:
        return NULL;
    }
}

/* ---- about whom -------------------------------------------------------------------------------------------------- */

static bool act_on(Decision *d, Subscriber *found, Act act, guint *ret_count, GError **error)
{
    g_autoptr(Subscriber) person = found;
    if (!person)
        return true;
    (*ret_count)++;
    if (d->message->subscriber_id == 0) /* so that a change of mind finds them again */
        d->message->subscriber_id = person->id;
    return act(d, person, error);
}

static bool act_on_key(Decision *d, const char *key, Act act, guint *ret_count, GError **error)
{
    Subscriber *person = NULL;
    return subscriber_by_key(d->db, key, &person, error) && act_on(d, person, act, ret_count, error);
}

/* Whom the mail names: the person that a token or an address led to, else every address of its report. */
static bool for_each_person(Decision *d, const char *person_key, Act act, guint *ret_count, GError **error)
{
    Subscriber *person = NULL;
    *ret_count = 0;
    if (person_key)
        return act_on_key(d, person_key, act, ret_count, error);
    if (d->message->subscriber_id != 0)
        return subscriber_load(d->db, d->message->subscriber_id, &person, error) &&
               act_on(d, person, act, ret_count, error);
    g_auto(GStrv) keys = g_strsplit(d->message->recipients, ",", -1);
    for (char **key = keys; *key; key++)
        if (**key && !act_on_key(d, *key, act, ret_count, error))
            return false;
    return true;
}

/* ---- the decision ------------------------------------------------------------------------------------------------ */

/* A mailbox that the settings do not name any more keeps its folder. */
static const char *folder_for(const Settings *settings, const InboxMessage *message)
{
    for (guint i = 0; i < settings->mailboxes->len; i++) {
        const MailboxSettings *box = g_ptr_array_index(settings->mailboxes, i);
        if (g_str_equal(box->name, message->mailbox))
            return message->waits                     ? box->tray_folder
                   : message->class == FINDING_NORMAL ? box->human_folder
                                                      : box->processed_folder;
    }
    return message->folder;
}

static bool write_decision(Decision *d, const char *action, GError **error)
{
    InboxMessage *message = d->message;
    message->waits = d->consequence->waits;
    g_autofree char *subject = g_strdup_printf("inbox message %" G_GINT64_FORMAT, message->id);
    g_autofree char *consequence = g_strdup_printf("%s; %s", message->consequence, d->consequence->text->str);
    char *folder = g_strdup(folder_for(d->settings, message));
    g_free(message->folder);
    g_free(message->consequence);
    message->folder = folder;
    message->consequence = g_steal_pointer(&consequence);
    return tray_decide(d->db, message, d->actor, d->now, error) &&
           audit_add(d->db, d->actor, action, subject, d->consequence->text->str, d->now, error) &&
           notices_refresh(d->db, &d->settings->retention, d->now, error);
}

static bool refuse(DecideError code, const InboxMessage *message, const char *why, GError **error)
{
    g_set_error(error, DECIDE_ERROR, code, "message %" G_GINT64_FORMAT " %s", message->id, why);
    return false;
}

/* A decision that would do nothing is a mistake of whoever makes it, and is not made. */
static bool carry_out(Decision *d, const char *person_key, GError **error)
{
    guint count = 0;
    Act act = act_of(d->to);
    if (!for_each_person(d, person_key, take_back, &count, error) ||
        (act && !for_each_person(d, person_key, act, &count, error)))
        return false;
    if (person_key && count == 0)
        return refuse(DECIDE_ERROR_NOBODY, d->message, "stays as it is: nobody that we know has this address", error);
    if (act && count == 0)
        return refuse(DECIDE_ERROR_NOBODY, d->message, "names nobody that we know; say with --address whom it is about",
                      error);
    return true;
}

/* The mail lies on its server, where we cannot pass it on from here. */
static void leave_to_staff(Decision *d)
{
    if (d->message->deleted_at)
        consequence_say(d->consequence, "the mail itself is deleted");
    else
        consequence_ask(d->consequence, "it was not passed on; answer it, and say 'rundbrief inbox done'");
}

bool decide_class(Db *db, const Settings *settings, InboxMessage *message, FindingClass to, const char *person_key,
                  const char *actor, int64_t now, GError **error)
{
    if (to == message->class && !message->waits && !person_key)
        return refuse(DECIDE_ERROR_SAME, message, "is of that class already", error);
    g_auto(Consequence) consequence = {0};
    consequence_init(&consequence);
    g_autofree char *evidence = g_strdup_printf("%s says that inbox message %" G_GINT64_FORMAT " is %s", actor,
                                                message->id, finding_class_word(to));
    Decision d = {db, settings, message, to, actor, evidence, now, &consequence};
    consequence_say(&consequence, "%s says: %s", actor, finding_class_word(to));
    if (to != message->class)
        g_string_append_printf(consequence.text, ", not %s", finding_class_word(message->class));
    if (!carry_out(&d, person_key, error))
        return false;
    if (to == FINDING_NORMAL)
        leave_to_staff(&d);
    message->class = to;
    return write_decision(&d, "inbox.reclassify", error);
}

bool decide_done(Db *db, const Settings *settings, InboxMessage *message, const char *actor, int64_t now,
                 GError **error)
{
    if (!message->waits)
        return refuse(DECIDE_ERROR_NOT_WAITING, message, "does not wait for a decision", error);
    g_auto(Consequence) consequence = {0};
    consequence_init(&consequence);
    consequence_say(&consequence, "%s has dealt with it", actor);
    Decision d = {db, settings, message, message->class, actor, NULL, now, &consequence};
    return write_decision(&d, "inbox.done", error);
}

bool decide_may_be(FindingClass class)
{
    return class != FINDING_CONFIRM && class != FINDING_ITIP_REPLY; /* these need the mail itself */
}

char *decide_classes(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int class = 0; class <= FINDING_NORMAL; class ++)
        if (decide_may_be((FindingClass) class))
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", finding_class_word((FindingClass) class));
    return g_string_free(g_steal_pointer(&text), FALSE);
}
