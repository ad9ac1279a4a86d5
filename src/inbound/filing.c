/* Walks through tray, human and processed folder, one batch after another. Server first, then the row: a crash in
 * between leaves a row whose mail is not found, which is given up at the end of the walk. */
#include "inbound/filing.h"

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "inbound/notices.h"
#include "store/filing_store.h"
#include "store/forward_store.h"

#define FOLDERS 3
#define BATCH   50

#define WARN_EVERY (60 * MINUTE_US)

struct Filing {
    const MailboxSettings *mailbox;
    const RetentionSettings *retention;
    FilingFolder folders[FOLDERS];
    guint at;   /* the folder under way */
    bool begun; /* it is open, and uids are of it */
    GArray *uids;
    guint next;
    int64_t warn_after; /* clock_monotonic() */
};

Filing *filing_new(const MailboxSettings *mailbox, const RetentionSettings *retention)
{
    Filing *filing = g_new0(Filing, 1);
    filing->mailbox = mailbox;
    filing->retention = retention;
    filing->at = FOLDERS;
    filing->uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    return filing;
}

void filing_free(Filing *filing)
{
    if (!filing)
        return;
    g_array_unref(filing->uids);
    g_free(filing);
}

/* ---- what is old ------------------------------------------------------------------------------------------------- */

/* Where one folder serves two kinds of mail, the longer time counts. */
static int64_t days_of(const Filing *filing, const char *name)
{
    const MailboxSettings *box = filing->mailbox;
    const struct {
        const char *name;
        int64_t days;
    } kinds[] = {{box->tray_folder, filing->retention->tray_days},
                 {box->human_folder, filing->retention->human_days},
                 {box->processed_folder, filing->retention->processed_days}};
    int64_t days = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (!g_str_equal(kinds[i].name, name))
            continue;
        if (kinds[i].days == 0)
            return 0;
        days = MAX(days, kinds[i].days);
    }
    return days;
}

static FilingFolder folder_at(const Filing *filing, const char *name, int64_t now)
{
    int64_t days = days_of(filing, name);
    return (FilingFolder){
        .mailbox = filing->mailbox->name,
        .name = name,
        .old_before = days ? now - days * DAY_US : 0,
        .warned_before = now - filing->retention->warning_days * DAY_US,
    };
}

/* ---- beginning --------------------------------------------------------------------------------------------------- */

/* A look that finds nothing writes nothing: others may hold the lock. */
static bool is_time_to_warn(Filing *filing, Db *db, bool *ret_is, GError **error)
{
    int64_t finished = 0;
    *ret_is = clock_monotonic() >= filing->warn_after;
    if (*ret_is)
        return true;
    if (!forward_count_finished(db, filing->mailbox->name, &finished, error))
        return false;
    *ret_is = finished > 0;
    return true;
}

static bool tell_staff(Filing *filing, Db *db, int64_t now, GError **error)
{
    filing->warn_after = clock_monotonic() + WARN_EVERY;
    int64_t days = days_of(filing, filing->mailbox->tray_folder), count = 0, failed = 0;
    int64_t old_soon = days ? now - MAX(days - filing->retention->warning_days, 0) * DAY_US : 0;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && filing_warn(db, filing->mailbox->name, old_soon, now, &count, error) &&
           forward_finish(db, filing->mailbox->name, filing->mailbox->tray_folder, &failed, error) &&
           notices_refresh(db, filing->retention, now, error) && db_commit(&tx, error);
}

static bool has_work(Db *db, const FilingFolder *folder, bool *ret_has, GError **error)
{
    FilingWork work;
    if (!filing_work(db, folder, &work, error))
        return false;
    *ret_has |= work.misplaced > 0 || work.old > 0;
    return true;
}

bool filing_begin(Filing *filing, Db *db, int64_t now, bool *ret_is_due, GError **error)
{
    const char *names[FOLDERS] = {filing->mailbox->tray_folder, filing->mailbox->human_folder,
                                  filing->mailbox->processed_folder};
    *ret_is_due = false;
    bool is_time = false;
    if (!is_time_to_warn(filing, db, &is_time, error) || (is_time && !tell_staff(filing, db, now, error)))
        return false;
    for (guint i = 0; i < FOLDERS; i++) {
        filing->folders[i] = folder_at(filing, names[i], now);
        if (!has_work(db, &filing->folders[i], ret_is_due, error))
            return false;
    }
    filing->at = *ret_is_due ? 0 : FOLDERS;
    filing->begun = false;
    return true;
}

/* ---- one batch --------------------------------------------------------------------------------------------------- */

/* A mail of the batch and what becomes of it. */
typedef struct Sorted {
    uint32_t uid;
    uint8_t hash[CONTENT_HASH_SIZE];
    char *target; /* NULL: it is deleted */
} Sorted;

static void free_sorted(gpointer data)
{
    Sorted *sorted = data;
    g_free(sorted->target);
    g_free(sorted);
}

/* Adds to what is done, or leaves the mail where it is. */
static void judge(const FilingFolder *folder, uint32_t uid, const uint8_t hash[static CONTENT_HASH_SIZE],
                  FiledMail *known, GPtrArray *ret_sorted)
{
    bool is_misplaced = known->folder && *known->folder && !g_str_equal(known->folder, folder->name);
    if (known->count == 0 || (!is_misplaced && !known->may_go))
        return;
    Sorted *sorted = g_new0(Sorted, 1);
    sorted->uid = uid;
    memcpy(sorted->hash, hash, CONTENT_HASH_SIZE);
    sorted->target = is_misplaced ? g_steal_pointer(&known->folder) : NULL;
    g_ptr_array_add(ret_sorted, sorted);
}

static bool sort_mail(Db *db, ImapSession *session, const FilingFolder *folder, uint32_t uid, GString *bytes,
                      GPtrArray *ret_sorted, GError **error)
{
    bool found = false;
    uint8_t hash[CONTENT_HASH_SIZE];
    g_auto(FiledMail) known = {0};
    if (!imap_session_fetch(session, uid, LIMIT_INBOX_MESSAGE_BYTES, bytes, &found, error))
        return false;
    if (!found)
        return true;
    inbox_hash(bytes->str, bytes->len, hash);
    if (!filing_find(db, folder, hash, &known, error))
        return false;
    judge(folder, uid, hash, &known, ret_sorted);
    return true;
}

static bool note(Db *db, const char *mailbox, const GPtrArray *sorted, const char *target, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx)
        return false;
    for (guint i = 0; i < sorted->len; i++) {
        const Sorted *each = g_ptr_array_index(sorted, i);
        if (g_strcmp0(each->target, target) != 0)
            continue;
        if (!(target ? filing_moved(db, mailbox, each->hash, target, error)
                     : filing_deleted(db, mailbox, each->hash, now, error)))
            return false;
    }
    return db_commit(&tx, error);
}

/* All of the batch that have this target. */
static bool carry_out(Db *db, ImapSession *session, const FilingFolder *folder, const GPtrArray *sorted,
                      const char *target, int64_t now, GError **error)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < sorted->len; i++) {
        const Sorted *each = g_ptr_array_index(sorted, i);
        if (g_strcmp0(each->target, target) == 0)
            g_array_append_val(uids, each->uid);
    }
    bool is_gone;
    bool done = target ? imap_session_need_folder(session, target, error) &&
                             imap_session_move(session, uids, target, &is_gone, error)
                       : imap_session_delete(session, uids, &is_gone, error);
    return done && note(db, folder->mailbox, sorted, target, now, error) &&
           (target || notices_deletion(db, folder->mailbox, folder->name, is_gone, now, error));
}

static bool carry_out_all(Db *db, ImapSession *session, const FilingFolder *folder, const GPtrArray *sorted,
                          int64_t now, GError **error)
{
    for (guint i = 0; i < sorted->len; i++) {
        const char *target = ((const Sorted *)g_ptr_array_index(sorted, i))->target;
        bool is_first = true;
        for (guint before = 0; before < i; before++)
            is_first &= g_strcmp0(((const Sorted *)g_ptr_array_index(sorted, before))->target, target) != 0;
        if (is_first && !carry_out(db, session, folder, sorted, target, now, error))
            return false;
    }
    return true;
}

static bool do_batch(Filing *filing, Db *db, ImapSession *session, int64_t now, GError **error)
{
    const FilingFolder *folder = &filing->folders[filing->at];
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new_with_free_func(free_sorted);
    for (guint done = 0; done < BATCH && filing->next < filing->uids->len; done++, filing->next++) {
        uint32_t uid = g_array_index(filing->uids, uint32_t, filing->next);
        if (!sort_mail(db, session, folder, uid, bytes, sorted, error))
            return false;
    }
    return carry_out_all(db, session, folder, sorted, now, error);
}

/* ---- the walk ---------------------------------------------------------------------------------------------------- */

/* Opens the folder and finds what to look at: everything when something is misplaced, else what is old. */
static bool open_folder(Filing *filing, Db *db, ImapSession *session, GError **error)
{
    const FilingFolder *folder = &filing->folders[filing->at];
    FilingWork work;
    int64_t uidvalidity;
    g_array_set_size(filing->uids, 0);
    filing->next = 0;
    filing->begun = true;
    if (!filing_work(db, folder, &work, error))
        return false;
    if (work.misplaced == 0 && work.old == 0)
        return true;
    return imap_session_need_folder(session, folder->name, error) &&
           imap_session_select(session, folder->name, &uidvalidity, error) &&
           (work.misplaced > 0 ? imap_session_search(session, 0, filing->uids, error)
                               : imap_session_search_old(session, folder->old_before, filing->uids, error));
}

static bool close_folder(Filing *filing, Db *db, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !filing_give_up(db, &filing->folders[filing->at], error) || !db_commit(&tx, error))
        return false;
    filing->at++;
    filing->begun = false;
    return true;
}

bool filing_step(Filing *filing, Db *db, ImapSession *session, int64_t now, bool *ret_done, GError **error)
{
    *ret_done = filing->at >= FOLDERS;
    if (*ret_done)
        return true;
    if (!filing->begun && !open_folder(filing, db, session, error))
        return false;
    if (filing->next < filing->uids->len)
        return do_batch(filing, db, session, now, error);
    return close_folder(filing, db, error);
}
