/* Finds the list that a mail is about: by the mail of ours that it answers, else by the address it was sent to. */
#include "inbound/forward.h"

/* system */
#include <string.h>

/* rundbrief */
#include "announcements/forward_letter.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "inbound/origin.h"
#include "mail/verp.h"
#include "store/forward_store.h"
#include "store/list_store.h"
#include "store/outbox_store.h"

/* ---- which list -------------------------------------------------------------------------------------------------- */

/* The announcement whose mail this one answers; 0: none. */
static int64_t answered_announcement(const HumanMail *mail, const Keyring *keyring)
{
    static const char *const names[] = {"In-Reply-To", "References"};
    Token token = mail->finding->token;
    if (mail->finding->has_token && token.purpose == TOKEN_DELIVERY)
        return token.first;
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (verp_find(keyring, fields_raw(message_fields(mail->message), names[i], 0), TOKEN_DELIVERY, &token))
            return token.first;
    return 0;
}

static bool was_sent_to(const Fields *fields, const char *address)
{
    for (const char *const *name = origin_envelope_fields; *address && *name; name++) {
        const char *value = fields_raw(fields, *name, 0);
        if (value && text_search(value, address))
            return true;
    }
    return false;
}

static bool find_by_address(Db *db, const HumanMail *mail, int64_t *ret_id, GError **error)
{
    const Fields *fields = message_fields(mail->message);
    g_autoptr(GPtrArray) lists = list_all(db, error);
    *ret_id = 0;
    for (guint i = 0; lists && *ret_id == 0 && i < lists->len; i++) {
        const MailingList *list = g_ptr_array_index(lists, i);
        if (*list->contact_address && (was_sent_to(fields, list->reply_to) || was_sent_to(fields, list->from_address) ||
                                       was_sent_to(fields, list->sender_address)))
            *ret_id = list->id;
    }
    return lists != NULL;
}

static bool find_list(Db *db, const Keyring *keyring, const HumanMail *mail, MailingList **ret, GError **error)
{
    int64_t id = 0, announcement = answered_announcement(mail, keyring);
    *ret = NULL;
    if ((announcement != 0 && !forward_list_of(db, announcement, &id, error)) ||
        (id == 0 && !find_by_address(db, mail, &id, error)))
        return false;
    return id == 0 || list_load(db, id, ret, error);
}

/* ---- may it ------------------------------------------------------------------------------------------------------ */

static guint count_fields(const Fields *fields, const char *name)
{
    guint count = 0;
    while (fields_raw(fields, name, count))
        count++;
    return count;
}

/* Lines of at most 998 bytes, none of them with a NUL (RFC 5322 2.1.1) or with a dot in front, which our sender never
 * lets out (mail/wire.h): anything else could not go on unchanged. */
static bool is_fit_for_smtp(const char *bytes, gsize length)
{
    if (memchr(bytes, '\0', length))
        return false;
    for (const char *line = bytes, *end = bytes + length; line < end;) {
        const char *stop = memchr(line, '\n', (gsize)(end - line));
        if (*line == '.' || (stop ? stop : end) - line > LIMIT_LINE_BYTES)
            return false;
        line = stop ? stop + 1 : end;
    }
    return true;
}

/* NULL: nothing speaks against it. */
static const char *why_not(const HumanMail *mail, const MailingList *list)
{
    Fields *fields = message_fields(mail->message);
    if (mail->finding->is_automatic || mail->finding->is_from_nobody)
        return "not passed on: a program wrote it";
    if (count_fields(fields, "Received") > LIMIT_RECEIVED_FIELDS)
        return "not passed on: it has come a long way already, perhaps in a circle";
    if (fields_has(fields, FORWARD_MARK))
        return "not passed on: it was before";
    if (text_search(fields_text(fields, "From"), list->contact_address))
        return "not passed on: the contact has written it";
    if (mail->length >= LIMIT_INBOX_MESSAGE_BYTES || !is_fit_for_smtp(mail->bytes, mail->length))
        return "not passed on: too big, or of a form that cannot go on unchanged";
    return NULL;
}

/* ---- passing on -------------------------------------------------------------------------------------------------- */

static bool queue(Db *db, const HumanMail *mail, const MailingList *list, int64_t now, Consequence *ret, GError **error)
{
    Recipient contact = {
        .list_id = list->id, .address = list->contact_address, .name = (char *)"", .language = list->language};
    int64_t id = 0;
    if (!outbox_add(db, LETTER_FORWARD, &contact, "{}", OUTBOX_PRIORITY_RECEIPT, now, &id, error) ||
        !forward_add(db, id, mail->inbox_id, mail->bytes, mail->length, error))
        return false;
    ret->passed_on = true;
    consequence_say(ret, "passed on to the contact of the list %s", list->slug);
    return true;
}

bool forward_human(Db *db, const Settings *settings, const Keyring *keyring, const HumanMail *mail, int64_t now,
                   Consequence *ret, GError **error)
{
    MailingList *found;
    if (!find_list(db, keyring, mail, &found, error))
        return false;
    g_autoptr(MailingList) list = found;
    const char *reason = list ? why_not(mail, list) : "";
    int64_t lately = 0;
    if (!reason && !forward_count(db, list->id, now - 3600 * SECOND_US, &lately, error))
        return false;
    if (!reason && lately >= settings->inbox.forwards_per_hour)
        reason = "not passed on: as many were in this hour as inbox.forwards_per_hour allows";
    if (!reason)
        return queue(db, mail, list, now, ret, error);
    consequence_ask(ret, reason);
    return true;
}
