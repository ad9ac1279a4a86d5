/* How an announcement moves: its state, its time, and from audience to deliveries. announcement_become() is the only
 * code that writes announcement.state. */
#include "store/announcement_store.h"

/* rundbrief */
#include "store/audit_store.h"

static bool set_missing(GError **error, int64_t id)
{
    g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MISSING,
                "there is no announcement %" G_GINT64_FORMAT, id);
    return false;
}

/* ---- state ------------------------------------------------------------------------------------------------------- */

typedef struct Standing {
    AnnouncementProgress progress;
    int64_t expanded_up_to;
} Standing;

static bool read_standing(Db *db, int64_t id, Standing *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_PROGRESS);
    db_bind_int64(query, "id", id);
    switch (db_step(query, error)) {
    case DB_FAILED:
        return false;
    case DB_DONE:
        return set_missing(error, id);
    case DB_ROW:
        break;
    }
    *ret = (Standing){
        .progress.send_at = db_int64(query, "send_at"),
        .progress.created_at = db_int64(query, "created_at"),
        .progress.started_at = db_int64(query, "started_at"),
        .progress.finished_at = db_int64(query, "finished_at"),
        .progress.expanded = db_int64(query, "expanded") != 0,
        .progress.held_until = db_int64(query, "held_until"),
        .progress.meeting_at = db_int64(query, "meeting_at"),
        .expanded_up_to = db_int64(query, "expanded_up_to"),
    };
    if (announcement_state_from_word(db_text(query, "state"), &ret->progress.state))
        return true;
    g_set_error(error, DB_ERROR, DB_ERROR_CORRUPT, "announcement %" G_GINT64_FORMAT ": unknown state '%s' in its row",
                id, db_text(query, "state"));
    return false;
}

bool announcement_progress(Db *db, int64_t id, AnnouncementProgress *ret, GError **error)
{
    Standing standing;
    if (!read_standing(db, id, &standing, error))
        return false;
    *ret = standing.progress;
    return true;
}

/* The word under which the audit keeps a move. */
static const char *move_action(AnnouncementState from, AnnouncementState to)
{
    switch (to) {
    case ANNOUNCEMENT_DRAFT:
        return "announcement.withdraw";
    case ANNOUNCEMENT_SCHEDULED:
        return from == ANNOUNCEMENT_PAUSED ? "announcement.resume" : "announcement.queue";
    case ANNOUNCEMENT_SENDING:
        return from == ANNOUNCEMENT_PAUSED ? "announcement.resume" : "announcement.start";
    case ANNOUNCEMENT_PAUSED:
        return "announcement.pause";
    case ANNOUNCEMENT_SENT:
        return "announcement.complete";
    case ANNOUNCEMENT_CANCELLED:
        break;
    }
    return "announcement.cancel";
}

static bool move(Db *db, int64_t id, AnnouncementState from, AnnouncementState to, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_MOVE);
    db_bind_int64(query, "id", id);
    db_bind_text(query, "from", announcement_state_word(from));
    db_bind_text(query, "to", announcement_state_word(to));
    db_bind_int64(query, "now", now);
    db_touch(db);
    return db_run(query, error);
}

bool announcement_become(Db *db, int64_t id, AnnouncementState to, const char *actor, int64_t now, GError **error)
{
    AnnouncementProgress progress;
    if (!announcement_progress(db, id, &progress, error))
        return false;
    AnnouncementState from = progress.state;
    if (from == to) {
        g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                    "announcement %" G_GINT64_FORMAT " is %s already", id, announcement_state_word(from));
        return false;
    }
    if (!announcement_may_become(from, to)) {
        g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                    "announcement %" G_GINT64_FORMAT " is %s and cannot become %s", id, announcement_state_word(from),
                    announcement_state_word(to));
        return false;
    }
    g_autofree char *subject = g_strdup_printf("announcement %" G_GINT64_FORMAT, id);
    g_autofree char *detail = g_strdup_printf("%s -> %s", announcement_state_word(from), announcement_state_word(to));
    return move(db, id, from, to, now, error) &&
           audit_add(db, actor, move_action(from, to), subject, detail, now, error);
}

bool announcement_finish(Db *db, int64_t id, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_FINISH);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}

bool announcement_set_send_at(Db *db, int64_t id, int64_t send_at, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_SET_SEND_AT);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "send_at", send_at);
    if (!db_run(query, error))
        return false;
    if (db_changes(db) == 1)
        return true;
    AnnouncementProgress progress;
    if (announcement_progress(db, id, &progress, error))
        g_set_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE,
                    "announcement %" G_GINT64_FORMAT " is %s; its time can no longer be changed", id,
                    announcement_state_word(progress.state));
    return false;
}

/* ---- hold and pause ---------------------------------------------------------------------------------------------- */

bool announcement_set_urgent(Db *db, int64_t id, bool urgent, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_SET_URGENT);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "urgent", urgent);
    return db_run(query, error);
}

bool announcement_hold_seconds(Db *db, int64_t id, int64_t *ret_seconds, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_HOLD_SECONDS);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        *ret_seconds = db_int64(query, "seconds");
    return step == DB_ROW || (step == DB_DONE && set_missing(error, id));
}

bool announcement_hold_until(Db *db, int64_t id, int64_t until, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_HOLD_UNTIL);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "until", until);
    return db_run(query, error);
}

static bool is_named(const GPtrArray *offices, const char *address)
{
    for (guint i = 0; i < offices->len; i++)
        if (g_ascii_strcasecmp(((const Recipient *)offices->pdata[i])->address, address) == 0)
            return true;
    return false;
}

bool announcement_offices(Db *db, int64_t id, GPtrArray *ret_offices, GError **error)
{
    DbStep step;
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_OFFICES);
    db_bind_int64(query, "id", id);
    while ((step = db_step(query, error)) == DB_ROW) {
        if (is_named(ret_offices, db_text(query, "address")))
            continue;
        Recipient *office = g_new0(Recipient, 1);
        office->list_id = db_int64(query, "list_id");
        office->address = g_strdup(db_text(query, "address"));
        office->language = g_strdup(db_text(query, "language"));
        g_ptr_array_add(ret_offices, office);
    }
    return step == DB_DONE;
}

bool announcement_set_pause_reason(Db *db, int64_t id, const char *reason, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_SET_PAUSE_REASON);
    db_bind_int64(query, "id", id);
    db_bind_text(query, "reason", reason);
    return db_run(query, error);
}

bool announcement_pause_reason(Db *db, int64_t id, char **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_PROGRESS);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    if (step == DB_ROW)
        *ret = g_strdup(db_text(query, "pause_reason"));
    return step == DB_ROW || (step == DB_DONE && set_missing(error, id));
}

/* ---- which ones -------------------------------------------------------------------------------------------------- */

static bool collect_ids(DbQuery *query, const char *column, GArray *ret_ids, GError **error)
{
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        int64_t id = db_int64(query, column);
        g_array_append_val(ret_ids, id);
    }
    return step == DB_DONE;
}

bool announcement_due(Db *db, int64_t now, GArray *ret_ids, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_DUE);
    db_bind_int64(query, "now", now);
    return collect_ids(query, "id", ret_ids, error);
}

bool announcement_sending(Db *db, GArray *ret_ids, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_SENDING);
    return collect_ids(query, "id", ret_ids, error);
}

bool announcement_lanes(Db *db, GArray *ret_lanes, GError **error)
{
    DbStep step;
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_LANES);
    while ((step = db_step(query, error)) == DB_ROW) {
        AnnouncementLane lane = {
            .id = db_int64(query, "id"),
            .urgent = db_int64(query, "urgent") != 0,
            .weight = MAX(db_int64(query, "weight"), 1),
            .list_id = db_int64(query, "list_id"),
            .rate_per_minute = db_int64(query, "rate_per_minute"),
            .relay = g_intern_string(db_text(query, "relay")),
            .is_divided = db_int64(query, "relays") > 1,
        };
        announcement_kind_from_word(db_text(query, "kind"), &lane.kind);
        g_array_append_val(ret_lanes, lane);
    }
    return step == DB_DONE;
}

bool announcement_withdrawing(Db *db, GArray *ret_ids, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_WITHDRAWING);
    return collect_ids(query, "id", ret_ids, error);
}

/* ---- expansion --------------------------------------------------------------------------------------------------- */

static bool count_lists(Db *db, int64_t id, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_LIST_COUNT);
    db_bind_int64(query, "id", id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}

/* The last subscriber of the chunk that follows `after`; ret_last: nobody stands behind it. */
static bool find_chunk_end(Db *db, int64_t id, int64_t after, guint limit, int64_t *ret_up_to, bool *ret_last,
                           GError **error)
{
    int64_t lists;
    if (!count_lists(db, id, &lists, error))
        return false;
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_CHUNK_END);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "after", after);
    db_bind_int64(query, "skip", MAX((int64_t)limit / MAX(lists, 1), 1) - 1);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_last = db_is_null(query, "up_to");
    *ret_up_to = *ret_last ? INT64_MAX : db_int64(query, "up_to");
    return true;
}

static bool insert_deliveries(Db *db, int64_t id, int64_t after, int64_t up_to, int64_t now, int64_t *ret_added,
                              GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_EXPAND);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "after", after);
    db_bind_int64(query, "up_to", up_to);
    db_bind_int64(query, "now", now);
    if (!db_run(query, error))
        return false;
    *ret_added = db_changes(db);
    return true;
}

static bool count_pending(Db *db, int64_t id, int64_t added, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_COUNT_PENDING);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "added", added);
    return db_run(query, error);
}

static bool note_expanded(Db *db, int64_t id, int64_t up_to, bool done, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_EXPANDED);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "up_to", up_to);
    db_bind_int64(query, "done", done);
    return db_run(query, error);
}

bool announcement_expand(Db *db, int64_t id, guint limit, int64_t now, bool *ret_done, GError **error)
{
    Standing standing;
    if (!read_standing(db, id, &standing, error))
        return false;
    *ret_done = standing.progress.expanded;
    if (standing.progress.expanded)
        return true;
    int64_t up_to, added;
    bool last;
    if (!find_chunk_end(db, id, standing.expanded_up_to, limit, &up_to, &last, error) ||
        !insert_deliveries(db, id, standing.expanded_up_to, up_to, now, &added, error) ||
        (added > 0 && !count_pending(db, id, added, error)) || !note_expanded(db, id, up_to, last, error))
        return false;
    *ret_done = last;
    return true;
}

/* ---- withdrawal -------------------------------------------------------------------------------------------------- */

bool announcement_withdraw_next(Db *db, int64_t id, guint limit, GArray *ret_subscriber_ids, GError **error)
{
    Standing standing;
    if (!read_standing(db, id, &standing, error))
        return false;
    guint before = ret_subscriber_ids->len;
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_OPEN_DELIVERIES);
    db_bind_int64(query, "id", id);
    db_bind_int64(query, "after", standing.expanded_up_to);
    db_bind_int64(query, "limit", limit);
    if (!collect_ids(query, "subscriber_id", ret_subscriber_ids, error))
        return false;
    bool found = ret_subscriber_ids->len > before;
    int64_t up_to = found ? g_array_index(ret_subscriber_ids, int64_t, ret_subscriber_ids->len - 1) : 0;
    return note_expanded(db, id, up_to, standing.progress.expanded, error);
}
