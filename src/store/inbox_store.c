/* Owns inbox_cursor and inbox_message. */
#include "store/inbox_store.h"

/* rundbrief */
#include "base/text.h"

void inbox_hash(const char *bytes, gsize length, uint8_t ret_hash[static CONTENT_HASH_SIZE])
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = CONTENT_HASH_SIZE;
    g_checksum_update(sum, (const guchar *)bytes, (gssize)length);
    g_checksum_get_digest(sum, ret_hash, &size);
}

/* ---- how far ----------------------------------------------------------------------------------------------------- */

bool inbox_cursor_load(Db *db, const char *mailbox, int64_t *ret_uidvalidity, int64_t *ret_uid, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_CURSOR_LOAD);
    db_bind_text(query, "mailbox", mailbox);
    DbStep step = db_step(query, error);
    if (step == DB_FAILED)
        return false;
    *ret_uidvalidity = step == DB_ROW ? db_int64(query, "uidvalidity") : 0;
    *ret_uid = step == DB_ROW ? db_int64(query, "uid") : 0;
    return true;
}

bool inbox_cursor_save(Db *db, const InboxPlace *up_to, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_CURSOR_SAVE);
    db_bind_text(query, "mailbox", up_to->mailbox);
    db_bind_int64(query, "uidvalidity", up_to->uidvalidity);
    db_bind_int64(query, "uid", up_to->uid);
    return db_run(query, error);
}

/* ---- findings ---------------------------------------------------------------------------------------------------- */

/* Steps a statement that returns one id or no row. */
static bool step_id(DbQuery *query, int64_t *ret_id, GError **error)
{
    DbStep step = db_step(query, error);
    *ret_id = step == DB_ROW ? db_int64(query, "id") : 0;
    while (step == DB_ROW)
        step = db_step(query, error);
    return step == DB_DONE;
}

bool inbox_add(Db *db, const InboxEntry *entry, int64_t now, int64_t *ret_id, GError **error)
{
    const Finding *finding = entry->finding;
    g_autofree char *recipients = text_join(finding->recipients, ",");
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_ADD);
    db_bind_text(query, "mailbox", entry->place.mailbox);
    db_bind_int64(query, "uidvalidity", entry->place.uidvalidity);
    db_bind_int64(query, "uid", entry->place.uid);
    db_bind_blob(query, "content_hash", entry->hash, CONTENT_HASH_SIZE);
    db_bind_int64(query, "read_at", now);
    db_bind_text(query, "class", finding_class_word(finding->class));
    db_bind_text(query, "recipients", recipients);
    db_bind_text(query, "status", finding->status);
    db_bind_text(query, "evidence", finding->evidence);
    db_bind_text(query, "rule", finding->rule);
    db_bind_int64(query, "line", finding->line);
    db_bind_text(query, "diagnostic", finding->diagnostic);
    db_bind_text(query, "sender", entry->sender);
    db_bind_text(query, "subject", entry->subject);
    return step_id(query, ret_id, error);
}

bool inbox_same_content(Db *db, const uint8_t hash[static CONTENT_HASH_SIZE], int64_t before_id, int64_t *ret_id,
                        char **ret_folder, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_SAME_CONTENT);
    db_bind_blob(query, "content_hash", hash, CONTENT_HASH_SIZE);
    db_bind_int64(query, "before_id", before_id);
    DbStep step = db_step(query, error);
    *ret_id = step == DB_ROW ? db_int64(query, "id") : 0;
    *ret_folder = step == DB_ROW ? g_strdup(db_text(query, "folder")) : NULL;
    return step != DB_FAILED;
}

bool inbox_conclude(Db *db, int64_t id, const Consequence *consequence, const char *folder, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_CONCLUDE);
    db_bind_int64(query, "id", id);
    db_bind_text(query, "consequence", consequence->text->str);
    db_bind_int64(query, "announcement_id", consequence->announcement_id);
    db_bind_int64(query, "subscriber_id", consequence->subscriber_id);
    db_bind_int64(query, "waits", consequence->waits);
    db_bind_text(query, "folder", folder);
    return db_run(query, error);
}

/* ---- moves ------------------------------------------------------------------------------------------------------- */

void inbox_move_free(InboxMove *move)
{
    if (!move)
        return;
    g_free(move->folder);
    g_free(move);
}

bool inbox_unmoved(Db *db, const char *mailbox, int64_t uidvalidity, guint limit, GPtrArray *moves, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_UNMOVED);
    db_bind_text(query, "mailbox", mailbox);
    db_bind_int64(query, "uidvalidity", uidvalidity);
    db_bind_int64(query, "limit", limit);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW) {
        InboxMove *move = g_new0(InboxMove, 1);
        *move = (InboxMove){db_int64(query, "id"), db_int64(query, "uid"), g_strdup(db_text(query, "folder"))};
        g_ptr_array_add(moves, move);
    }
    return step == DB_DONE;
}

bool inbox_moved(Db *db, const InboxMove *move, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_MOVED);
    db_bind_int64(query, "id", move->id);
    db_bind_text(query, "folder", move->folder);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}

bool inbox_forget_places(Db *db, const char *mailbox, int64_t uidvalidity, int64_t now, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_INBOX_FORGET_PLACES);
    db_bind_text(query, "mailbox", mailbox);
    db_bind_int64(query, "uidvalidity", uidvalidity);
    db_bind_int64(query, "now", now);
    return db_run(query, error);
}
