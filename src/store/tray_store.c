/* Reads inbox_message for people, and writes their decisions into it. */
#include "store/tray_store.h"

/* rundbrief */
#include "base/clock.h"

void inbox_message_free(InboxMessage *message)
{
    if (!message)
        return;
    char *texts[] = {message->mailbox, message->recipients, message->status,      message->evidence,
                     message->rule,    message->diagnostic, message->consequence, message->sender,
                     message->subject, message->folder,     message->decided_by};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(message);
}

static FindingClass read_class(const DbQuery *query)
{
    FindingClass class;
    return finding_class_from_word(db_text(query, "class"), &class) ? class
                                                                    : FINDING_UNKNOWN; /* a newer program's word */
}

static InboxMessage *read_row(const DbQuery *query)
{
    InboxMessage *message = g_new0(InboxMessage, 1);
    *message = (InboxMessage){
        .id = db_int64(query, "id"),
        .mailbox = g_strdup(db_text(query, "mailbox")),
        .uidvalidity = db_int64(query, "uidvalidity"),
        .uid = db_int64(query, "uid"),
        .read_at = db_int64(query, "read_at"),
        .class = read_class(query),
        .announcement_id = db_int64(query, "announcement_id"),
        .subscriber_id = db_int64(query, "subscriber_id"),
        .recipients = g_strdup(db_text(query, "recipients")),
        .status = g_strdup(db_text(query, "status")),
        .evidence = g_strdup(db_text(query, "evidence")),
        .rule = g_strdup(db_text(query, "rule")),
        .line = db_int64(query, "line"),
        .diagnostic = g_strdup(db_text(query, "diagnostic")),
        .consequence = g_strdup(db_text(query, "consequence")),
        .sender = g_strdup(db_text(query, "sender")),
        .subject = g_strdup(db_text(query, "subject")),
        .folder = g_strdup(db_text(query, "folder")),
        .moved_at = db_int64(query, "moved_at"),
        .waits = db_int64(query, "waits") != 0,
        .decided_by = g_strdup(db_text(query, "decided_by")),
        .decided_at = db_int64(query, "decided_at"),
        .warned_at = db_int64(query, "warned_at"),
        .deleted_at = db_int64(query, "deleted_at"),
    };
    return message;
}

bool tray_load(Db *db, int64_t id, InboxMessage **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_LOAD);
    db_bind_int64(query, "id", id);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? read_row(query) : NULL;
    return step != DB_FAILED;
}

static GPtrArray *read_rows(DbQuery *query, GError **error)
{
    g_autoptr(GPtrArray) page = g_ptr_array_new_with_free_func((GDestroyNotify)inbox_message_free);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(page, read_row(query));
    return step == DB_DONE ? g_steal_pointer(&page) : NULL;
}

GPtrArray *tray_page(Db *db, int64_t before_id, const char *class, guint limit, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_PAGE);
    db_bind_int64(query, "before_id", before_id);
    db_bind_text(query, "class", class);
    db_bind_int64(query, "limit", limit);
    return read_rows(query, error);
}

GPtrArray *tray_waiting(Db *db, const char *class, guint limit, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_WAITING);
    db_bind_text(query, "class", class);
    db_bind_int64(query, "limit", limit);
    return read_rows(query, error);
}

bool tray_decide(Db *db, const InboxMessage *message, const char *by, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_DECIDE);
    db_bind_int64(query, "id", message->id);
    db_bind_text(query, "class", finding_class_word(message->class));
    db_bind_text(query, "folder", message->folder);
    db_bind_text(query, "consequence", message->consequence);
    db_bind_int64(query, "waits", message->waits);
    db_bind_int64(query, "subscriber_id", message->subscriber_id);
    db_bind_text(query, "by", by);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}

GArray *tray_counts(Db *db, int64_t now, GError **error)
{
    g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(TrayCount));
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_COUNTS);
    db_bind_int64(query, "month", now - 30 * DAY_US);
    db_bind_int64(query, "week", now - 7 * DAY_US);
    db_bind_int64(query, "day", now - DAY_US);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        TrayCount count = {
            .class = read_class(query),
            .total = db_int64(query, "total"),
            .month = db_int64(query, "month"),
            .week = db_int64(query, "week"),
            .day = db_int64(query, "day"),
            .waiting = db_int64(query, "waiting"),
        };
        g_array_append_val(counts, count);
    }
    return step == DB_DONE ? g_steal_pointer(&counts) : NULL;
}

bool tray_mailbox(Db *db, const char *name, TrayMailbox *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_MAILBOX);
    db_bind_text(query, "mailbox", name);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret = (TrayMailbox){
        .read_at = db_int64(query, "read_at"),
        .uid = db_int64(query, "uid"),
        .total = db_int64(query, "total"),
        .waiting = db_int64(query, "waiting"),
        .unmoved = db_int64(query, "unmoved"),
    };
    return true;
}

bool tray_notices(Db *db, TrayNotices *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_TRAY_NOTICES);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret = (TrayNotices){
        .complaints = db_int64(query, "complaints"),
        .expiring = db_int64(query, "expiring"),
        .warned_at = db_int64(query, "warned_at"),
    };
    return true;
}
