/* Turns counts into sentences for `rundbrief status`. */
#include "inbound/notices.h"

/* rundbrief */
#include "base/clock.h"
#include "store/role_store.h"
#include "store/tray_store.h"

/* text NULL: the trouble is over. */
static bool tell(Db *db, const char *subject, const char *text, int64_t now, GError **error)
{
    return text ? trouble_set(db, subject, "inbox", text, now, error) : trouble_clear(db, subject, error);
}

static char *complaints_text(const TrayNotices *notices)
{
    if (notices->complaints == 0)
        return NULL;
    return g_strdup_printf("%" G_GINT64_FORMAT " %s called our mail spam; whoever a token of ours names was taken "
                           "off all lists, the others are for you. Look at 'rundbrief inbox tray --class complaint', "
                           "and say 'rundbrief inbox done ID' of each.",
                           notices->complaints, notices->complaints == 1 ? "person" : "people");
}

static char *expiring_text(const TrayNotices *notices, const RetentionSettings *retention)
{
    if (notices->expiring == 0)
        return NULL;
    g_autoptr(GDateTime)
        when = g_date_time_new_from_unix_utc((notices->warned_at + retention->warning_days * DAY_US) / SECOND_US);
    g_autofree char *day = g_date_time_format(when, "%Y-%m-%d");
    return g_strdup_printf("%" G_GINT64_FORMAT " mail%s nobody has decided about will be deleted, the first on %s or "
                           "later. Look at 'rundbrief inbox tray'.",
                           notices->expiring, notices->expiring == 1 ? "" : "s", day);
}

bool notices_refresh(Db *db, const RetentionSettings *retention, int64_t now, GError **error)
{
    TrayNotices notices = {0};
    if (!tray_notices(db, &notices, error))
        return false;
    g_autofree char *complaints = complaints_text(&notices);
    g_autofree char *expiring = expiring_text(&notices, retention);
    return tell(db, "complaints", complaints, now, error) && tell(db, "old mails", expiring, now, error);
}

bool notices_deletion(Db *db, const char *mailbox, const char *folder, bool is_gone, int64_t now, GError **error)
{
    g_autofree char *subject = g_strdup_printf("marked mails in %s/%s", mailbox, folder);
    g_autofree char *text =
        is_gone
            ? NULL
            : g_strdup_printf("Old mails in the folder %s of mailbox %s are marked as deleted, but still there: the "
                              "server cannot expunge single mails (UIDPLUS), and somebody else has marked others. "
                              "Expunge the folder with a mail program.",
                              folder, mailbox);
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    return tx && tell(db, subject, text, now, error) && db_commit(&tx, error);
}
