/* Collects the keys first, then moves them in chunks, so that no transaction is long. Repeating it after a crash is
 * harmless: what has moved is no longer in the state asked for. */
#include "announcements/resolve.h"

/* rundbrief */
#include "announcements/first_copy.h"
#include "announcements/schedule.h"
#include "mail/address.h"
#include "store/announcement_store.h"
#include "store/audit_store.h"
#include "store/delivery_store.h"
#include "store/outbox_store.h"
#include "store/report_store.h"
#include "store/subscriber_store.h"

#define CHUNK 1000 /* deliveries in one transaction: some ten milliseconds */

G_DEFINE_QUARK(rundbrief_resolve_error, resolve_error)

typedef struct Work {
    Db *db;
    const Resolution *resolution;
    GArray *subscribers; /* of int64_t */
    int64_t now;
    int64_t moved;
} Work;

/* ---- which ones -------------------------------------------------------------------------------------------------- */

static bool note_wanted(const DeliveryRow *row, gpointer data)
{
    Work *work = data;
    if (row->state == work->resolution->from)
        g_array_append_val(work->subscribers, row->subscriber_id);
    return true;
}

static bool refuse(const Work *work, const char *address, bool found, DeliveryState state, GError **error)
{
    const Resolution *resolution = work->resolution;
    if (!found)
        g_set_error(error, RESOLVE_ERROR, RESOLVE_ERROR_ADDRESS,
                    "there is no delivery of announcement %" G_GINT64_FORMAT " to %s; nothing was changed",
                    resolution->announcement_id, address);
    else
        g_set_error(error, RESOLVE_ERROR, RESOLVE_ERROR_ADDRESS,
                    "the delivery of announcement %" G_GINT64_FORMAT " to %s is %s, not %s; nothing was changed",
                    resolution->announcement_id, address, delivery_state_word(state),
                    delivery_state_word(resolution->from));
    return false;
}

static bool collect_one(Work *work, const char *address, GError **error)
{
    DeliveryState state = DELIVERY_PENDING;
    bool found = false;
    g_auto(Address) parsed = {0};
    g_autoptr(Subscriber) subscriber = NULL;
    if (!address_parse(address, &parsed, error)) {
        g_prefix_error(error, "%s: ", address);
        return false;
    }
    if (!subscriber_by_key(work->db, parsed.key, &subscriber, error))
        return false;
    if (subscriber && !delivery_state(work->db, (DeliveryKey){work->resolution->announcement_id, subscriber->id},
                                      &state, &found, error))
        return false;
    if (!found || state != work->resolution->from)
        return refuse(work, address, found, state, error);
    g_array_append_val(work->subscribers, subscriber->id);
    return true;
}

static bool collect(Work *work, GError **error)
{
    const char *const *addresses = work->resolution->addresses;
    if (!addresses || !addresses[0])
        return report_deliveries(work->db, work->resolution->announcement_id, REPORT_TROUBLED, note_wanted, work,
                                 error);
    for (gsize i = 0; addresses[i]; i++)
        if (!collect_one(work, addresses[i], error))
            return false;
    return true;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

static bool is_again(const Work *work)
{
    return work->resolution->to == DELIVERY_DEFERRED;
}

static bool check_goes_on(const Work *work, AnnouncementState *ret_state, GError **error)
{
    AnnouncementProgress progress;
    int64_t id = work->resolution->announcement_id;
    if (!announcement_progress(work->db, id, &progress, error))
        return false;
    *ret_state = progress.state;
    if (progress.state == ANNOUNCEMENT_SENDING || progress.state == ANNOUNCEMENT_PAUSED ||
        progress.state == ANNOUNCEMENT_SENT)
        return schedule_invites(id, &progress, work->now, error);
    g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                "announcement %" G_GINT64_FORMAT " is %s; nothing of it can be sent again", id,
                announcement_state_word(progress.state));
    return false;
}

static bool reopen(const Work *work, GError **error)
{
    AnnouncementState state;
    const Resolution *resolution = work->resolution;
    if (!check_goes_on(work, &state, error))
        return false;
    return state != ANNOUNCEMENT_SENT || announcement_become(work->db, resolution->announcement_id,
                                                             ANNOUNCEMENT_SENDING, resolution->actor, work->now, error);
}

static bool note_in_audit(const Work *work, GError **error)
{
    const Resolution *resolution = work->resolution;
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, resolution->announcement_id);
    g_autofree char *detail = g_strdup_printf("%u %s -> %s", work->subscribers->len,
                                              delivery_state_word(resolution->from),
                                              delivery_state_word(resolution->to));
    return audit_add(work->db, resolution->actor, is_again(work) ? "announcement.resend" : "announcement.settle",
                     subject, detail, work->now, error);
}

static bool settle(const Work *work, DeliveryKey key, const char *detail, GError **error)
{
    const DeliveryNote note = {.kind = DELIVERY_EVENT_SETTLED, .detail = detail};
    return delivery_become(work->db, key, work->resolution->to, work->now, &note, work->now, error);
}

static bool move_one(Work *work, int64_t subscriber_id, const char *detail, GError **error)
{
    const Resolution *resolution = work->resolution;
    const DeliveryKey key = {resolution->announcement_id, subscriber_id};
    DeliveryState state;
    bool found;
    if (!delivery_state(work->db, key, &state, &found, error))
        return false;
    if (!found || state != resolution->from)
        return true;
    work->moved++;
    return is_again(work) ? delivery_start_over(work->db, key, detail, work->now, error)
                          : settle(work, key, detail, error);
}

static bool move_chunk(Work *work, guint first, GError **error)
{
    g_autofree char *detail = g_strdup_printf(is_again(work) ? "asked for by %s" : "as %s found out",
                                              work->resolution->actor);
    g_autoptr(DbTransaction) tx = db_begin(work->db, error);
    if (!tx || (first == 0 && ((is_again(work) && !reopen(work, error)) || !note_in_audit(work, error))))
        return false;
    for (guint i = first; i < MIN(first + CHUNK, work->subscribers->len); i++)
        if (!move_one(work, g_array_index(work->subscribers, int64_t, i), detail, error))
            return false;
    return db_commit(&tx, error);
}

bool resolve_deliveries(Db *db, const Resolution *resolution, int64_t now, int64_t *ret_count, GError **error)
{
    g_autoptr(GArray) subscribers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Work work = {db, resolution, subscribers, now, 0};
    AnnouncementState state;
    if ((is_again(&work) && !check_goes_on(&work, &state, error)) || !collect(&work, error))
        return false;
    for (guint first = 0; first < subscribers->len; first += CHUNK)
        if (!move_chunk(&work, first, error))
            return false;
    *ret_count = work.moved;
    return true;
}

/* ---- single mails ------------------------------------------------------------------------------------------------ */

static bool check_uncertain(Db *db, int64_t id, GError **error)
{
    g_autoptr(GPtrArray) mails = outbox_uncertain(db, id, error);
    if (mails && mails->len == 0)
        g_set_error(error, RESOLVE_ERROR, RESOLVE_ERROR_SINGLE,
                    "no single mail %" G_GINT64_FORMAT " is uncertain; 'rundbrief mail list' shows those that are", id);
    return mails && mails->len > 0;
}

static bool settle_single(Db *db, int64_t id, DeliveryState to, const char *actor, int64_t now, GError **error)
{
    g_autofree char *detail = g_strdup_printf("as %s found out", actor);
    const DeliveryNote note = {.kind = DELIVERY_EVENT_SETTLED, .detail = detail};
    return outbox_become(db, id, to, now, &note, now, error) &&
           (to == DELIVERY_SENT ? first_copy_arrived(db, id, error) : first_copy_failed(db, id, detail, now, error));
}

static bool resend_single(Db *db, int64_t id, const char *actor, int64_t now, GError **error)
{
    g_autofree char *detail = g_strdup_printf("asked for by %s", actor);
    return outbox_start_over(db, id, detail, now, error);
}

bool resolve_single(Db *db, int64_t outbox_id, DeliveryState to, const char *actor, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("single mail %" G_GINT64_FORMAT, outbox_id);
    g_autofree char *detail = g_strdup_printf("uncertain -> %s", delivery_state_word(to));
    bool is_again = to == DELIVERY_DEFERRED;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && check_uncertain(db, outbox_id, error) &&
           (is_again ? resend_single(db, outbox_id, actor, now, error)
                     : settle_single(db, outbox_id, to, actor, now, error)) &&
           audit_add(db, actor, is_again ? "mail.resend" : "mail.settle", subject, detail, now, error) &&
           db_commit(&tx, error);
}
