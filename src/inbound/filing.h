#pragma once
/* What lies in our folders on the server. A mail that staff have decided about, or that could not be passed on, is
 * moved to where it belongs; one that is old is deleted: this is the only code that deletes mails. Both know a mail by
 * its content, so that one that somebody else has put there is left alone, and none that waits for staff goes before
 * they were told of it for settings.retention.warning_days. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "config/settings.h"
#include "inbound/imap_session.h"
#include "store/db.h"

typedef struct Filing Filing;

/** Settings must outlive it. */
Filing *filing_new(const MailboxSettings *mailbox, const RetentionSettings *retention);
void filing_free(Filing *filing); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Filing, filing_free)

/** Begins a walk through the folders when there is something to do there; tells staff of what will go. Asks the
 * database only. */
bool filing_begin(Filing *filing, Db *db, int64_t now, bool *ret_is_due, GError **error);

/** One batch of it. Opens other folders than the mailbox's own, which must be opened anew when *ret_done. */
bool filing_step(Filing *filing, Db *db, ImapSession *session, int64_t now, bool *ret_done, GError **error);
