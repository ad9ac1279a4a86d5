/* Reads and writes where mails lie; deletes no rows. */
#include "store/filing_store.h"

static void bind_folder(DbQuery *query, const FilingFolder *folder)
{
    db_bind_text(query, "mailbox", folder->mailbox);
    db_bind_int64(query, "old_before", folder->old_before);
    db_bind_int64(query, "warned_before", folder->warned_before);
}

bool filing_work(Db *db, const FilingFolder *folder, FilingWork *ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_WORK);
    bind_folder(query, folder);
    db_bind_text(query, "name", folder->name);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret = (FilingWork){db_int64(query, "misplaced"), db_int64(query, "old")};
    return true;
}

void filed_mail_clear(FiledMail *mail)
{
    g_clear_pointer(&mail->folder, g_free);
}

bool filing_find(Db *db, const FilingFolder *folder, const uint8_t hash[static CONTENT_HASH_SIZE], FiledMail *ret,
                 GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_FIND);
    bind_folder(query, folder);
    db_bind_blob(query, "content_hash", hash, CONTENT_HASH_SIZE);
    if (db_step(query, error) != DB_ROW)
        return false;
    *ret = (FiledMail){db_int64(query, "n"), g_strdup(db_text(query, "folder")), db_int64(query, "may_go") != 0};
    return true;
}

bool filing_moved(Db *db, const char *mailbox, const uint8_t hash[static CONTENT_HASH_SIZE], const char *name,
                  GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_MOVED);
    db_bind_text(query, "mailbox", mailbox);
    db_bind_text(query, "name", name);
    db_bind_blob(query, "content_hash", hash, CONTENT_HASH_SIZE);
    return db_run(query, error);
}

bool filing_deleted(Db *db, const char *mailbox, const uint8_t hash[static CONTENT_HASH_SIZE], int64_t now,
                    GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_DELETED);
    db_bind_text(query, "mailbox", mailbox);
    db_bind_int64(query, "now", now);
    db_bind_blob(query, "content_hash", hash, CONTENT_HASH_SIZE);
    return db_run(query, error);
}

bool filing_give_up(Db *db, const FilingFolder *folder, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_GIVE_UP);
    bind_folder(query, folder);
    db_bind_text(query, "name", folder->name);
    return db_run(query, error);
}

bool filing_warn(Db *db, const char *mailbox, int64_t read_before, int64_t now, int64_t *ret_count, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_FILING_WARN);
    db_bind_text(query, "mailbox", mailbox);
    db_bind_int64(query, "read_before", read_before);
    db_bind_int64(query, "now", now);
    if (!db_run(query, error))
        return false;
    *ret_count = db_changes(db);
    return true;
}
