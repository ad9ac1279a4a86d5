#pragma once
/* A mail read from a mailbox -> what follows from it, in one transaction: its row, its consequence, the receipt, how
 * far the mailbox was read. The mail is moved only after this has been committed (invariant 7). */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"
#include "store/inbox_store.h"

typedef struct ReceivedMail {
    InboxPlace place;
    const char *bytes; /* at most LIMIT_INBOX_MESSAGE_BYTES of it */
    gsize length;
    const char *processed_folder; /* where it goes when it was understood */
    const char *tray_folder;      /* where staff look */
    const char *human_folder;     /* when it was passed on to somebody */
} ReceivedMail;

/** Does nothing for a mail whose place is stored already, and has no consequence but a row for one whose content is. */
bool apply_mail(Db *db, const Settings *settings, const Keyring *keyring, const ReceivedMail *mail, int64_t now,
                GError **error);

/** For a mail that the server cannot give us: stored as unknown and read over, so that it never stops the rest. */
bool apply_unreadable(Db *db, const ReceivedMail *mail, const char *why, int64_t now, GError **error);
