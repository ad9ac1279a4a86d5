/* Reads for people who watch an announcement go out. Never inside a transaction, never all rows at once. */
#include "store/report_store.h"

/* rundbrief */
#include "store/delivery_store.h"

#define PAGE_ROWS 500

void announcement_summary_free(AnnouncementSummary *summary)
{
    if (!summary)
        return;
    g_free(summary->headline);
    g_free(summary->lists);
    g_free(summary);
}

static AnnouncementSummary *read_summary(const DbQuery *query)
{
    AnnouncementSummary *summary = g_new0(AnnouncementSummary, 1);
    const char *headline = db_text(query, "headline");
    summary->id = db_int64(query, "id");
    announcement_kind_from_word(db_text(query, "kind"), &summary->kind);
    announcement_state_from_word(db_text(query, "state"), &summary->progress.state);
    summary->progress.send_at = db_int64(query, "send_at");
    summary->progress.created_at = db_int64(query, "created_at");
    summary->progress.started_at = db_int64(query, "started_at");
    summary->progress.finished_at = db_int64(query, "finished_at");
    summary->progress.expanded = db_int64(query, "expanded") != 0;
    summary->progress.held_until = db_int64(query, "held_until");
    summary->headline = g_strdup(headline ? headline : "");
    return summary;
}

static bool read_lists(Db *db, AnnouncementSummary *summary, GError **error)
{
    GString *lists = g_string_new(NULL);
    g_autoptr(DbQuery) query = db_query(db, SQL_ANNOUNCEMENT_LISTS);
    db_bind_int64(query, "id", summary->id);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_string_append_printf(lists, "%s%s", lists->len ? ", " : "", db_text(query, "slug"));
    summary->lists = g_string_free(lists, FALSE);
    return step == DB_DONE;
}

bool report_announcements(Db *db, guint limit, GPtrArray *ret_summaries, GError **error)
{
    guint before = ret_summaries->len;
    {
        g_autoptr(DbQuery) query = db_query(db, SQL_REPORT_ANNOUNCEMENTS);
        db_bind_int64(query, "limit", limit);
        DbStep step;
        while ((step = db_step(query, error)) == DB_ROW)
            g_ptr_array_add(ret_summaries, read_summary(query));
        if (step == DB_FAILED)
            return false;
    }
    for (guint i = before; i < ret_summaries->len; i++) {
        AnnouncementSummary *summary = ret_summaries->pdata[i];
        if (!read_lists(db, summary, error) || !delivery_counts(db, summary->id, summary->counts, error))
            return false;
    }
    return true;
}

bool report_audience(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_REPORT_AUDIENCE);
    db_bind_int64(query, "id", announcement_id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}

static DeliveryRow read_delivery(const DbQuery *query)
{
    return (DeliveryRow){
        .subscriber_id = db_int64(query, "subscriber_id"),
        .address = db_text(query, "address"),
        .state = (DeliveryState)db_int64(query, "state"),
        .attempts = (int)db_int64(query, "attempts"),
        .at = db_int64(query, "at"),
        .kind = db_text(query, "kind"),
        .event_at = db_int64(query, "event_at"),
        .relay = db_text(query, "relay"),
        .reply = (int)db_int64(query, "reply"),
        .enhanced = db_text(query, "enhanced"),
        .detail = db_text(query, "detail"),
    };
}

#define ANY_STATE -1

/* Which rows: of one statement, which may ask for one state. */
typedef struct Pages {
    SqlStatement statement;
    int64_t announcement_id;
    int state;
    int64_t after; /* the subscriber behind whom the next page begins */
} Pages;

static bool is_troubled(const DeliveryRow *row)
{
    return row->state == DELIVERY_DEFERRED || row->state == DELIVERY_FAILED || row->state == DELIVERY_UNCERTAIN ||
           g_str_equal(row->kind, delivery_event_kind_word(DELIVERY_EVENT_BOUNCED)) ||
           g_str_equal(row->kind, delivery_event_kind_word(DELIVERY_EVENT_RESENT));
}

static bool is_wanted(const Pages *pages, const DeliveryRow *row)
{
    return pages->statement == SQL_REPORT_DELIVERIES || is_troubled(row);
}

/* ret_rows: how many it had, or 0 when row asked to stop. */
static bool read_page(Db *db, Pages *pages, DeliveryReader row, gpointer data, guint *ret_rows, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, pages->statement);
    db_bind_int64(query, "id", pages->announcement_id);
    db_bind_int64(query, "after", pages->after);
    db_bind_int64(query, "limit", PAGE_ROWS);
    if (pages->statement == SQL_REPORT_DELIVERIES)
        db_bind_int64(query, "state", pages->state);
    DbStep step;
    *ret_rows = 0;
    while ((step = db_step(query, error)) == DB_ROW) {
        DeliveryRow delivery = read_delivery(query);
        pages->after = delivery.subscriber_id;
        ++*ret_rows;
        if (is_wanted(pages, &delivery) && !row(&delivery, data)) {
            *ret_rows = 0;
            return true;
        }
    }
    return step == DB_DONE;
}

static bool read_pages(Db *db, Pages pages, DeliveryReader row, gpointer data, GError **error)
{
    guint rows;
    do {
        if (!read_page(db, &pages, row, data, &rows, error))
            return false;
    } while (rows == PAGE_ROWS);
    return true;
}

bool report_deliveries(Db *db, int64_t announcement_id, ReportScope scope, DeliveryReader row, gpointer data,
                       GError **error)
{
    SqlStatement statement = scope == REPORT_TROUBLED ? SQL_REPORT_EVENTFUL_DELIVERIES : SQL_REPORT_DELIVERIES;
    return read_pages(db, (Pages){statement, announcement_id, ANY_STATE, 0}, row, data, error);
}

bool report_deliveries_in(Db *db, int64_t announcement_id, DeliveryState state, DeliveryReader row, gpointer data,
                          GError **error)
{
    return read_pages(db, (Pages){SQL_REPORT_DELIVERIES, announcement_id, (int)state, 0}, row, data, error);
}

bool report_uncertain_tries(Db *db, int64_t announcement_id, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_REPORT_UNCERTAIN_TRIES);
    db_bind_int64(query, "id", announcement_id);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret_count = db_int64(query, "n");
    return true;
}
