/* Decides on what stands in the row at that moment, inside the transaction that acts on it. */
#include "announcements/departure.h"

/* rundbrief */
#include "announcements/letter.h"
#include "announcements/schedule.h"
#include "base/clock.h"
#include "base/datetime.h"
#include "store/announcement_store.h"
#include "store/role_store.h"

#define ACTOR "send"
#define ROLE  "send"

typedef struct Departure {
    Db *db;
    const Settings *settings;
    int64_t id;
    int64_t now;
    AnnouncementProgress progress;
} Departure;

/* ---- not at all -------------------------------------------------------------------------------------------------- */

static char *local_time(const Departure *d, int64_t at)
{
    return datetime_format(at, d->settings->site.zone, "en", DATETIME_LONG);
}

static bool stop_late(const Departure *d, int64_t due_at, GError **error)
{
    g_autofree char *when = local_time(d, due_at);
    g_autofree char *reason = g_strdup_printf(
        "It was to go out on %s, but the daemon was not running then. 'rundbrief announce resume %" G_GINT64_FORMAT
        "' sends it after all, 'rundbrief announce cancel %" G_GINT64_FORMAT "' withdraws it",
        when, d->id, d->id);
    return schedule_stop(d->db, d->id, reason, ACTOR, d->now, error);
}

static bool stop_rest(const Departure *d, int64_t heard_at, GError **error)
{
    g_autofree char *when = local_time(d, heard_at);
    g_autofree char *reason = g_strdup_printf(
        "It was being sent when the daemon ended on %s, and did not run since. 'rundbrief announce resume "
        "%" G_GINT64_FORMAT "' sends the rest after all, 'rundbrief announce cancel %" G_GINT64_FORMAT "' withdraws it",
        when, d->id, d->id);
    return schedule_stop(d->db, d->id, reason, ACTOR, d->now, error);
}

static bool stop_invitation(const Departure *d, GError **error)
{
    g_autofree char *when = local_time(d, d->progress.meeting_at);
    g_autofree char *reason = g_strdup_printf("Its meeting began on %s: nobody is invited to it any more. "
                                              "'rundbrief announce cancel %" G_GINT64_FORMAT "' withdraws the rest",
                                              when, d->id);
    return schedule_stop(d->db, d->id, reason, ACTOR, d->now, error);
}

static bool has_met(const Departure *d)
{
    return d->progress.meeting_at != 0 && d->progress.meeting_at <= d->now;
}

static bool is_too_late(const Departure *d, int64_t due_at)
{
    return due_at != 0 && d->now - due_at > d->settings->sending.late_hours * HOUR_US;
}

/* ---- held -------------------------------------------------------------------------------------------------------- */

static void office_free(gpointer office)
{
    recipient_clear(office);
    g_free(office);
}

static bool send_first_copies(const Departure *d, GError **error)
{
    g_autofree char *data = g_strdup_printf("%" G_GINT64_FORMAT, d->id);
    g_autoptr(GPtrArray) offices = g_ptr_array_new_with_free_func(office_free);
    if (!announcement_offices(d->db, d->id, offices, error))
        return false;
    for (guint i = 0; i < offices->len; i++)
        if (!outbox_add(d->db, LETTER_FIRST_COPY, offices->pdata[i], data, OUTBOX_PRIORITY_FIRST_COPY, d->now, NULL,
                        error))
            return false;
    return true;
}

static bool hold(const Departure *d, int64_t *ret_seconds, GError **error)
{
    if (!send_first_copies(d, error) || !announcement_hold_seconds(d->db, d->id, ret_seconds, error))
        return false;
    return *ret_seconds == 0 || announcement_hold_until(d->db, d->id, d->now + *ret_seconds * SECOND_US, error);
}

/* ---- the decision ------------------------------------------------------------------------------------------------ */

static bool depart(const Departure *d, GError **error)
{
    int64_t held_seconds = 0;
    int64_t due_at = d->progress.held_until ? d->progress.held_until : d->progress.send_at;
    if (d->progress.state != ANNOUNCEMENT_SCHEDULED || due_at > d->now) /* staff were faster */
        return true;
    if (has_met(d))
        return stop_invitation(d, error);
    if (is_too_late(d, due_at))
        return stop_late(d, due_at, error);
    if (d->progress.held_until == 0 && !hold(d, &held_seconds, error))
        return false;
    return held_seconds > 0 || announcement_become(d->db, d->id, ANNOUNCEMENT_SENDING, ACTOR, d->now, error);
}

bool announcement_depart(Db *db, const Settings *settings, int64_t id, int64_t now, GError **error)
{
    Departure d = {db, settings, id, now, {0}};
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && announcement_progress(db, id, &d.progress, error) && depart(&d, error) && db_commit(&tx, error);
}

static bool stop_sending(Departure *d, int64_t heard_at, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!announcement_sending(d->db, ids, error))
        return false;
    for (guint i = 0; i < ids->len; i++) {
        d->id = g_array_index(ids, int64_t, i);
        if (!announcement_progress(d->db, d->id, &d->progress, error) ||
            !(has_met(d) ? stop_invitation(d, error) : stop_rest(d, heard_at, error)))
            return false;
    }
    return true;
}

bool announcements_return(Db *db, const Settings *settings, int64_t now, GError **error)
{
    Departure d = {.db = db, .settings = settings, .now = now};
    int64_t heard_at;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !role_heard(db, ROLE, &heard_at, error))
        return false;
    return !is_too_late(&d, heard_at) || (stop_sending(&d, heard_at, error) && db_commit(&tx, error));
}

bool announcement_end_invitation(Db *db, const Settings *settings, int64_t id, int64_t now, GError **error)
{
    Departure d = {db, settings, id, now, {0}};
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !announcement_progress(db, id, &d.progress, error))
        return false;
    if (d.progress.state != ANNOUNCEMENT_SENDING || !has_met(&d))
        return true;
    return stop_invitation(&d, error) && db_commit(&tx, error);
}
