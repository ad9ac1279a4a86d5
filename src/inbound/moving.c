#include "inbound/moving.h"

/* rundbrief */
#include "base/clock.h"
#include "store/inbox_store.h"

static bool note_moved(Db *db, const GPtrArray *moves, const char *folder, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx)
        return false;
    for (guint i = 0; i < moves->len; i++) {
        const InboxMove *move = g_ptr_array_index(moves, i);
        if (g_str_equal(move->folder, folder) && !inbox_moved(db, move, clock_now(), error))
            return false;
    }
    return db_commit(&tx, error);
}

static bool move_to(ImapSession *session, const MailboxSettings *mailbox, const GPtrArray *moves, const char *folder,
                    GError **error)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < moves->len; i++) {
        const InboxMove *move = g_ptr_array_index(moves, i);
        uint32_t uid = (uint32_t)move->uid;
        if (g_str_equal(move->folder, folder))
            g_array_append_val(uids, uid);
    }
    bool is_gone; /* a copy that stays behind, marked, is known by its content */
    bool is_wanted_now = g_str_equal(folder, mailbox->human_folder);
    return (!is_wanted_now || imap_session_need_folder(session, folder, error)) &&
           imap_session_move(session, uids, folder, &is_gone, error);
}

static bool is_first_of_its_folder(const GPtrArray *moves, guint index)
{
    const InboxMove *move = g_ptr_array_index(moves, index);
    for (guint i = 0; i < index; i++)
        if (g_str_equal(((const InboxMove *)g_ptr_array_index(moves, i))->folder, move->folder))
            return false;
    return true;
}

bool moving_all(ImapSession *session, const MailboxSettings *mailbox, int64_t uidvalidity, Db *db, GError **error)
{
    for (;;) {
        g_autoptr(GPtrArray) moves = g_ptr_array_new_with_free_func((GDestroyNotify)inbox_move_free);
        if (!inbox_unmoved(db, mailbox->name, uidvalidity, MOVING_BATCH, moves, error))
            return false;
        if (moves->len == 0)
            return true;
        for (guint i = 0; i < moves->len; i++) {
            const char *folder = ((const InboxMove *)g_ptr_array_index(moves, i))->folder;
            if (is_first_of_its_folder(moves, i) &&
                !(move_to(session, mailbox, moves, folder, error) && note_moved(db, moves, folder, error)))
                return false;
        }
    }
}
