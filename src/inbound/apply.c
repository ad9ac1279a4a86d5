/* Classifies outside, writes inside one transaction. Idempotent by place (mailbox, UIDVALIDITY, UID) and by content. */
#include "inbound/apply.h"

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "announcements/rsvp.h"
#include "base/limits.h"
#include "inbound/classify.h"
#include "inbound/forward.h"
#include "inbound/notices.h"
#include "store/list_store.h"
#include "store/outbox_store.h"
#include "store/subscriber_store.h"
#include "subscribers/bounce_policy.h"
#include "subscribers/complaint.h"
#include "subscribers/leave.h"

typedef struct Application {
    Db *db;
    const Settings *settings;
    const Keyring *keyring;
    const ReceivedMail *mail;
    Message *message; /* NULL: nobody could read it */
    const Finding *finding;
    int64_t inbox_id;
    int64_t now;
    Consequence *consequence;
} Application;

/* ---- leaving and confirming -------------------------------------------------------------------------------------- */

static char *receipt_data(const SiteSettings *site, const MailingList *list)
{
    json_t *data = json_pack("{s:{s:s, s:s, s:s}, s:b}", "site", "name", site->name, "help_address", site->help_address,
                             "public_url", site->public_url, "all_lists", list == NULL);
    if (list)
        json_object_set_new(data, "list", json_pack("{s:s, s:s}", "slug", list->slug, "title", list->title));
    char *text = json_dumps(data, JSON_COMPACT);
    json_decref(data);
    char *copy = g_strdup(text);
    free(text);
    return copy;
}

static bool add_receipt(Application *a, const TokenResult *result, GError **error)
{
    g_autoptr(Subscriber) subscriber = NULL;
    g_autoptr(MailingList) list = NULL;
    if (!subscriber_load(a->db, result->subscriber_id, &subscriber, error) ||
        (result->list_id != 0 && !list_load(a->db, result->list_id, &list, error)))
        return false;
    if (!subscriber)
        return true;
    g_autofree char *data = receipt_data(&a->settings->site, list);
    Recipient recipient = {
        .subscriber_id = subscriber->id,
        .list_id = result->list_id,
        .address = subscriber->address,
        .name = subscriber->name,
        .language = subscriber->language,
        .wants_text = subscriber->wants_text,
    };
    consequence_say(a->consequence, "receipt queued");
    return outbox_add(a->db, "left", &recipient, data, OUTBOX_PRIORITY_RECEIPT, a->now, NULL, error);
}

static char *proof_source(const Finding *finding)
{
    return g_strdup_printf("mail %s", *finding->message_id ? finding->message_id : "without Message-ID");
}

static bool leave(Application *a, GError **error)
{
    g_autofree char *source = proof_source(a->finding);
    TokenResult result = {0};
    if (!leave_by_token(a->db, &a->finding->token, source, a->now, &result, error))
        return false;
    a->consequence->subscriber_id = a->finding->token.second;
    consequence_say(a->consequence, !result.changed  ? "nothing to leave any more"
                                    : result.list_id ? "left the list"
                                                     : "left all lists");
    /* A program gets no answer: two of them would write to each other for ever (RFC 3834 2). */
    return !result.changed || a->finding->is_automatic || add_receipt(a, &result, error);
}

static bool confirm(Application *a, GError **error)
{
    g_autofree char *source = proof_source(a->finding);
    TokenResult result = {0};
    /* An autoresponder that quotes the confirmation address is nobody's consent. */
    if (a->finding->is_automatic) {
        consequence_say(a->consequence, "written by a program: confirms nothing");
        return true;
    }
    if (!confirm_by_token(a->db, &a->finding->token, source, a->now, &result, error))
        return false;
    a->consequence->subscriber_id = a->finding->token.second;
    consequence_say(a->consequence, result.changed ? "subscription confirmed" : "nothing to confirm any more");
    return true;
}

/* ---- one mail ---------------------------------------------------------------------------------------------------- */

static bool answer(Application *a, GError **error)
{
    g_auto(Itip) itip = {0};
    if (a->message && itip_find_reply(a->message, &itip))
        return rsvp_apply(a->db, &itip, a->inbox_id, a->now, a->consequence, error);
    consequence_ask(a->consequence, "");
    return true;
}

static bool pass_on(Application *a, GError **error)
{
    HumanMail mail = {a->message, a->finding, a->mail->bytes, a->mail->length, a->inbox_id};
    return forward_human(a->db, a->settings, a->keyring, &mail, a->now, a->consequence, error);
}

static bool consequence_of(Application *a, GError **error)
{
    switch (a->finding->class) {
    case FINDING_BOUNCE_HARD:
    case FINDING_BOUNCE_SOFT:
    case FINDING_BOUNCE_OTHER:
        return bounce_policy_apply(a->db, &a->settings->bounce, a->finding, a->inbox_id, a->now, a->consequence, error);
    case FINDING_COMPLAINT:
        return complaint_apply(a->db, &a->settings->bounce, a->finding, a->inbox_id, a->now, a->consequence, error);
    case FINDING_ITIP_REPLY:
        return answer(a, error);
    case FINDING_LEAVE:
        if (a->finding->has_token)
            return leave(a, error);
        consequence_ask(a->consequence, "asks in words to leave");
        return true;
    case FINDING_CONFIRM:
        return confirm(a, error);
    case FINDING_AUTOREPLY:
    case FINDING_CHALLENGE:
        consequence_say(a->consequence, "counted; nothing follows");
        return true;
    case FINDING_NORMAL:
        return pass_on(a, error);
    case FINDING_UNKNOWN:
        consequence_ask(a->consequence, "");
        return true;
    }
    return true;
}

static const char *folder_of(const Consequence *consequence, const ReceivedMail *mail)
{
    return consequence->waits       ? mail->tray_folder
           : consequence->passed_on ? mail->human_folder
                                    : mail->processed_folder;
}

/* The same content twice (a mailbox restored, a mail copied back) has its consequences once, and comes to lie where the
 * first one does. ret_folder: one of the mail's. */
static bool consequence_once(Application *a, const uint8_t hash[static CONTENT_HASH_SIZE], const char **ret_folder,
                             GError **error)
{
    int64_t earlier = 0;
    const ReceivedMail *mail = a->mail;
    g_autofree char *folder = NULL;
    if (!inbox_same_content(a->db, hash, a->inbox_id, &earlier, &folder, error))
        return false;
    if (earlier == 0) {
        bool done = consequence_of(a, error);
        *ret_folder = folder_of(a->consequence, mail);
        return done;
    }
    consequence_say(a->consequence, "same content as inbox message %" G_GINT64_FORMAT ": nothing more done", earlier);
    *ret_folder = g_strcmp0(folder, mail->tray_folder) == 0    ? mail->tray_folder
                  : g_strcmp0(folder, mail->human_folder) == 0 ? mail->human_folder
                                                               : mail->processed_folder;
    return true;
}

/* What staff see of it. */
static char *cut(const char *text)
{
    return text ? g_utf8_substring(text, 0, MIN(g_utf8_strlen(text, -1), LIMIT_NAME_BYTES)) : g_strdup("");
}

static bool store_finding(Application *a, GError **error)
{
    const ReceivedMail *mail = a->mail;
    Fields *fields = a->message ? message_fields(a->message) : NULL;
    g_autofree char *sender = cut(fields ? fields_text(fields, "From") : NULL);
    g_autofree char *subject = cut(fields ? fields_text(fields, "Subject") : NULL);
    InboxEntry entry = {.place = mail->place, .finding = a->finding, .sender = sender, .subject = subject};
    inbox_hash(mail->bytes, mail->length, entry.hash);
    if (!inbox_add(a->db, &entry, a->now, &a->inbox_id, error))
        return false;
    if (a->inbox_id == 0)
        return true;
    const char *folder = NULL;
    return consequence_once(a, entry.hash, &folder, error) &&
           inbox_conclude(a->db, a->inbox_id, a->consequence, folder, error) &&
           (a->finding->class != FINDING_COMPLAINT || notices_refresh(a->db, &a->settings->retention, a->now, error));
}

static bool commit_finding(Application *a, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(a->db, error);
    return tx && store_finding(a, error) && inbox_cursor_save(a->db, &a->mail->place, error) && db_commit(&tx, error);
}

bool apply_mail(Db *db, const Settings *settings, const Keyring *keyring, const ReceivedMail *mail, int64_t now,
                GError **error)
{
    g_auto(Finding) finding = {0};
    g_auto(Consequence) consequence = {0};
    finding_init(&finding);
    consequence_init(&consequence);
    g_autoptr(Message) message = message_parse(mail->bytes, mail->length);
    classify(message, keyring, &finding);
    Application application = {db, settings, keyring, mail, message, &finding, 0, now, &consequence};
    return commit_finding(&application, error);
}

bool apply_unreadable(Db *db, const ReceivedMail *mail, const char *why, int64_t now, GError **error)
{
    g_auto(Finding) finding = {0};
    g_auto(Consequence) consequence = {0};
    finding_init(&finding);
    consequence_init(&consequence);
    g_free(finding.evidence);
    finding.evidence = g_strdup_printf("the server could not give it to us: %s", why);
    /* Its place stands for its content, which nobody has seen. */
    g_autofree char *place = g_strdup_printf("%s/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, mail->place.mailbox,
                                             mail->place.uidvalidity, mail->place.uid);
    ReceivedMail unseen = *mail;
    unseen.bytes = place;
    unseen.length = strlen(place);
    Application application = {db, NULL, NULL, &unseen, NULL, &finding, 0, now, &consequence};
    return commit_finding(&application, error);
}
