/* Collects the keys first, then moves them in chunks, so that no transaction is long. Repeating it after a crash is
 * harmless: what has moved is no longer in the state asked for. */
#include "announcements/resend.h"

/* rundbrief */
#include "store/announcement_store.h"
#include "store/audit_store.h"
#include "store/delivery_store.h"
#include "store/report_store.h"

#define CHUNK 1000 /* deliveries in one transaction: some ten milliseconds */

typedef struct Wanted {
    DeliveryState from;
    GArray *subscribers; /* of int64_t */
} Wanted;

static bool note_wanted(const DeliveryRow *row, gpointer data)
{
    Wanted *wanted = data;
    if (row->state == wanted->from)
        g_array_append_val(wanted->subscribers, row->subscriber_id);
    return true;
}

static bool reopen(Db *db, int64_t id, const char *actor, int64_t now, GError **error)
{
    AnnouncementProgress progress;
    if (!announcement_progress(db, id, &progress, error))
        return false;
    if (progress.state == ANNOUNCEMENT_SENDING || progress.state == ANNOUNCEMENT_PAUSED)
        return true;
    if (progress.state == ANNOUNCEMENT_SENT)
        return announcement_become(db, id, ANNOUNCEMENT_SENDING, actor, now, error);
    g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                "announcement %" G_GINT64_FORMAT " is %s; nothing of it can be sent again", id,
                announcement_state_word(progress.state));
    return false;
}

static bool note_in_audit(Db *db, int64_t id, const Wanted *wanted, const char *actor, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, id);
    g_autofree char *detail = g_strdup_printf("%u %s deliveries", wanted->subscribers->len,
                                              delivery_state_word(wanted->from));
    return audit_add(db, actor, "announcement.resend", subject, detail, now, error);
}

static bool move_chunk(Db *db, int64_t id, const Wanted *wanted, guint first, const char *actor, int64_t now,
                       GError **error)
{
    g_autofree char *detail = g_strdup_printf("asked for by %s", actor);
    const DeliveryNote note = {.kind = DELIVERY_EVENT_RESENT, .detail = detail};
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx ||
        (first == 0 && (!reopen(db, id, actor, now, error) || !note_in_audit(db, id, wanted, actor, now, error))))
        return false;
    for (guint i = first; i < MIN(first + CHUNK, wanted->subscribers->len); i++) {
        const DeliveryKey key = {id, g_array_index(wanted->subscribers, int64_t, i)};
        if (!delivery_become(db, key, DELIVERY_DEFERRED, now, &note, now, error))
            return false;
    }
    return db_commit(&tx, error);
}

bool resend_deliveries(Db *db, int64_t announcement_id, DeliveryState from, const char *actor, int64_t now,
                       int64_t *ret_count, GError **error)
{
    g_autoptr(GArray) subscribers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    Wanted wanted = {from, subscribers};
    if (!report_deliveries(db, announcement_id, REPORT_TROUBLED, note_wanted, &wanted, error))
        return false;
    for (guint first = 0; first < subscribers->len; first += CHUNK)
        if (!move_chunk(db, announcement_id, &wanted, first, actor, now, error))
            return false;
    *ret_count = subscribers->len;
    return true;
}
