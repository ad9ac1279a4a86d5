/* Counts and lists for the status; every query reads an index or a table that stays small. */
#include "store/status_store.h"

/* rundbrief */
#include "store/delivery_store.h"

bool status_numbers(Db *db, StatusNumbers *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_STATUS_NUMBERS);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret = (StatusNumbers){
        .uncertain = db_int64(query, "uncertain_deliveries") + db_int64(query, "uncertain_single"),
        .open_single = db_int64(query, "open_single"),
        .tray = db_int64(query, "tray"),
        .suppressed = db_int64(query, "suppressed"),
    };
    return true;
}

static void status_announcement_free(gpointer data)
{
    StatusAnnouncement *announcement = data;
    g_free(announcement->headline);
    g_free(announcement);
}

static StatusAnnouncement *from_row(const DbQuery *query)
{
    StatusAnnouncement *announcement = g_new0(StatusAnnouncement, 1);
    const char *headline = db_text(query, "headline");
    announcement->id = db_int64(query, "id");
    announcement_kind_from_word(db_text(query, "kind"), &announcement->kind);
    announcement_state_from_word(db_text(query, "state"), &announcement->state);
    announcement->send_at = db_int64(query, "send_at");
    announcement->held_until = db_int64(query, "held_until");
    announcement->headline = g_strdup(headline ? headline : "");
    return announcement;
}

GPtrArray *status_announcements(Db *db, GError **error)
{
    g_autoptr(GPtrArray) announcements = g_ptr_array_new_with_free_func(status_announcement_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_STATUS_ANNOUNCEMENTS);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(announcements, from_row(query));
    if (step != DB_DONE)
        return NULL;
    for (guint i = 0; i < announcements->len; i++) {
        StatusAnnouncement *announcement = announcements->pdata[i];
        if (!delivery_counts(db, announcement->id, announcement->counts, error))
            return NULL;
    }
    return g_steal_pointer(&announcements);
}
