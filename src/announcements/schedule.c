/* The decisions about time are pure; the moves are transactions of a few rows. */
#include "announcements/schedule.h"

/* rundbrief */
#include "base/clock.h"
#include "base/datetime.h"
#include "store/announcement_store.h"
#include "store/audit_store.h"
#include "store/delivery_store.h"
#include "store/role_store.h"

#define TROUBLE_ROLE "staff" /* theirs to end: a send role that starts forgets only its own */

G_DEFINE_QUARK(rundbrief_schedule_error, schedule_error)

static bool may_be_queued(int64_t id, AnnouncementState state, GError **error)
{
    if (state == ANNOUNCEMENT_DRAFT || state == ANNOUNCEMENT_SCHEDULED)
        return true;
    g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                "announcement %" G_GINT64_FORMAT " is %s; only a draft or a scheduled one can be queued%s", id,
                announcement_state_word(state),
                state == ANNOUNCEMENT_PAUSED ? "; 'rundbrief announce resume' lets a paused one go on" : "");
    return false;
}

bool schedule_decide(const Announcement *announcement, int64_t wished_at, bool at_once, int64_t now, const char *zone,
                     int64_t *ret_at, GError **error)
{
    if (!may_be_queued(announcement->id, announcement->state, error))
        return false;
    int64_t at = at_once ? now : wished_at ? wished_at : announcement->send_at ? announcement->send_at : now;
    if (at < now) {
        g_autofree char *when = datetime_format(at, zone, "en", DATETIME_LONG);
        g_set_error(
            error, SCHEDULE_ERROR, SCHEDULE_ERROR_PAST,
            "the send time, %s, has passed; give another with --at \"YYYY-MM-DD HH:MM\", or send at once with --now",
            when);
        return false;
    }
    if (announcement->meeting && at >= announcement->meeting->starts_at) {
        g_autofree char *start = datetime_format(announcement->meeting->starts_at, zone, "en", DATETIME_LONG);
        g_set_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_MEETING,
                    "the invitation would go out after the meeting has begun (%s)", start);
        return false;
    }
    *ret_at = at;
    return true;
}

/* Another time for one that waits already: no move, but an audit row all the same. */
static bool note_new_time(Db *db, int64_t id, int64_t at, const char *actor, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, id);
    g_autofree char *when = datetime_format(at, "UTC", "en", DATETIME_STRICT);
    g_autofree char *detail = g_strdup_printf("now at %s UTC", when);
    return audit_add(db, actor, "announcement.reschedule", subject, detail, now, error);
}

static bool queue_from(Db *db, int64_t id, AnnouncementState from, int64_t at, const char *actor, int64_t now,
                       GError **error)
{
    if (!may_be_queued(id, from, error))
        return false;
    if (from == ANNOUNCEMENT_DRAFT)
        return announcement_become(db, id, ANNOUNCEMENT_SCHEDULED, actor, now, error);
    return note_new_time(db, id, at, actor, now, error);
}

bool schedule_queue(Db *db, int64_t id, int64_t at, bool urgent, const char *actor, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    return tx && announcement_progress(db, id, &progress, error) &&
           queue_from(db, id, progress.state, at, actor, now, error) && announcement_set_send_at(db, id, at, error) &&
           (!urgent || announcement_set_urgent(db, id, true, error)) && db_commit(&tx, error);
}

/* Staff have seen why it was stopped: the trouble is over. Caller frees. */
static char *stop_subject(int64_t id)
{
    return g_strdup_printf("pause of announcement %" G_GINT64_FORMAT, id);
}

static bool clear_trouble(Db *db, int64_t id, GError **error)
{
    g_autofree char *subject = stop_subject(id);
    return trouble_clear(db, subject, error);
}

bool schedule_stop(Db *db, int64_t id, const char *reason, const char *actor, int64_t now, GError **error)
{
    g_autofree char *subject = stop_subject(id);
    return announcement_become(db, id, ANNOUNCEMENT_PAUSED, actor, now, error) &&
           announcement_set_pause_reason(db, id, reason, error) &&
           trouble_set(db, subject, TROUBLE_ROLE, reason, now, error);
}

bool schedule_pause(Db *db, int64_t id, const char *actor, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && announcement_become(db, id, ANNOUNCEMENT_PAUSED, actor, now, error) && clear_trouble(db, id, error) &&
           db_commit(&tx, error);
}

bool schedule_invites(int64_t id, const AnnouncementProgress *progress, int64_t now, GError **error)
{
    if (progress->meeting_at == 0 || progress->meeting_at > now)
        return true;
    g_autofree char *remedy = g_strdup_printf("; 'rundbrief announce cancel %" G_GINT64_FORMAT "' withdraws the rest",
                                              id);
    g_set_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_MEETING,
                "the meeting of announcement %" G_GINT64_FORMAT " has begun: nobody is invited to it any more%s", id,
                progress->state == ANNOUNCEMENT_SENT ? "" : remedy);
    return false;
}

static bool may_be_resumed(int64_t id, const AnnouncementProgress *progress, int64_t now, GError **error)
{
    if (progress->state == ANNOUNCEMENT_PAUSED)
        return schedule_invites(id, progress, now, error);
    g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                "announcement %" G_GINT64_FORMAT " is %s, not paused", id, announcement_state_word(progress->state));
    return false;
}

/* Its time has passed meanwhile, or its hold was interrupted. */
static bool start_again(Db *db, int64_t id, const AnnouncementProgress *progress, int64_t now, GError **error)
{
    int64_t seconds;
    if (progress->held_until == 0)
        return progress->send_at >= now || announcement_set_send_at(db, id, now, error);
    return announcement_hold_seconds(db, id, &seconds, error) &&
           announcement_hold_until(db, id, now + seconds * SECOND_US, error);
}

bool schedule_resume(Db *db, int64_t id, const char *actor, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    if (!tx || !announcement_progress(db, id, &progress, error) || !may_be_resumed(id, &progress, now, error))
        return false;
    bool has_begun = progress.started_at != 0;
    return (has_begun || start_again(db, id, &progress, now, error)) &&
           announcement_become(db, id, has_begun ? ANNOUNCEMENT_SENDING : ANNOUNCEMENT_SCHEDULED, actor, now, error) &&
           clear_trouble(db, id, error) && db_commit(&tx, error);
}

bool schedule_go(Db *db, int64_t id, const char *actor, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, id);
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    AnnouncementProgress progress;
    if (!tx || !announcement_progress(db, id, &progress, error))
        return false;
    if (progress.state != ANNOUNCEMENT_SCHEDULED || progress.held_until == 0) {
        g_set_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_HELD,
                    "announcement %" G_GINT64_FORMAT " is %s and not held; only a held one can be let go", id,
                    announcement_state_word(progress.state));
        return false;
    }
    return announcement_hold_until(db, id, now, error) &&
           audit_add(db, actor, "announcement.go", subject, "the hold was ended", now, error) && db_commit(&tx, error);
}

/* What is leased and not begun goes back, and is withdrawn as well. */
static bool count_cancelled(Db *db, int64_t id, Cancellation *ret, GError **error)
{
    int64_t begun, counts[DELIVERY_STATE_COUNT];
    if (!delivery_counts(db, id, counts, error) || !delivery_count_begun(db, id, &begun, error))
        return false;
    *ret = (Cancellation){
        .sent = counts[DELIVERY_SENT] + counts[DELIVERY_UNCERTAIN],
        .under_way = begun,
        .withdrawn = counts[DELIVERY_PENDING] + counts[DELIVERY_DEFERRED] + counts[DELIVERY_LEASED] - begun,
    };
    return true;
}

bool schedule_cancel(Db *db, int64_t id, const char *actor, int64_t now, Cancellation *ret, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && announcement_become(db, id, ANNOUNCEMENT_CANCELLED, actor, now, error) &&
           clear_trouble(db, id, error) && count_cancelled(db, id, ret, error) && db_commit(&tx, error);
}
