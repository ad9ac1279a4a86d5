/* Owns rsvp. */
#include "store/rsvp_store.h"

bool rsvp_put(Db *db, const Rsvp *rsvp, bool *ret_taken, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_RSVP_PUT);
    db_bind_text(query, "uid", rsvp->uid);
    db_bind_text(query, "attendee_key", rsvp->attendee_key);
    db_bind_int64(query, "subscriber_id", rsvp->subscriber_id);
    db_bind_text(query, "answer", rsvp_answer_word(rsvp->answer));
    db_bind_int64(query, "sequence", rsvp->sequence);
    db_bind_int64(query, "stamped_at", rsvp->stamped_at);
    db_bind_int64(query, "inbox_id", rsvp->inbox_id);
    db_bind_int64(query, "at", rsvp->at);
    if (!db_run(query, error))
        return false;
    *ret_taken = db_changes(db) > 0;
    return true;
}

static void free_rsvp(gpointer data)
{
    Rsvp *rsvp = data;
    g_free((char *)rsvp->uid);
    g_free((char *)rsvp->attendee_key);
    g_free(rsvp);
}

GPtrArray *rsvp_page(Db *db, int64_t announcement_id, guint limit, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_rsvp);
    g_autoptr(DbQuery) query = db_query(db, SQL_RSVP_PAGE);
    db_bind_int64(query, "announcement_id", announcement_id);
    db_bind_int64(query, "limit", limit);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        Rsvp *rsvp = g_new0(Rsvp, 1);
        rsvp->uid = g_strdup(db_text(query, "uid"));
        rsvp->attendee_key = g_strdup(db_text(query, "attendee_key"));
        rsvp->subscriber_id = db_int64(query, "subscriber_id");
        rsvp_answer_from_word(db_text(query, "answer"), &rsvp->answer);
        rsvp->sequence = db_int64(query, "sequence");
        rsvp->stamped_at = db_int64(query, "stamped_at");
        rsvp->inbox_id = db_int64(query, "inbox_id");
        rsvp->at = db_int64(query, "at");
        rsvp->announcement_id = db_int64(query, "announcement_id");
        g_ptr_array_add(all, rsvp);
    }
    return step == DB_DONE ? g_steal_pointer(&all) : NULL;
}

bool rsvp_meeting(Db *db, const char *uid, RsvpMeeting *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_RSVP_MEETING);
    db_bind_text(query, "uid", uid);
    *ret = (RsvpMeeting){0};
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        *ret = (RsvpMeeting){db_int64(query, "announcement_id"), db_int64(query, "sequence")};
    return step != DB_FAILED;
}
