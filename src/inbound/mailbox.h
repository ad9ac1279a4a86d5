#pragma once
/* One mailbox as a machine of named steps: connect, log in, open, drain, wait; any error leads to a pause and a new
 * beginning, never to the repair of a half-dead session. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"

#define MAILBOX_BATCH 50 /* mails between two looks at what else is to be done */

typedef struct Mailbox Mailbox;

/** Settings, database and keyring must outlive it. */
Mailbox *mailbox_new(const Settings *settings, const MailboxSettings *mailbox, Db *db, const Keyring *keyring);
void mailbox_free(Mailbox *box); /* logs out; NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mailbox, mailbox_free)

/** A command that a server lets wait is cut short when this descriptor is readable; -1: none. */
void mailbox_watch(Mailbox *box, int fd);

/** Runs steps until the mailbox waits or one batch is done. False when the database refuses. */
bool mailbox_run(Mailbox *box, GError **error);

/** Until when (clock_monotonic()) it has nothing to do by itself; 0: it has something to do now. */
int64_t mailbox_waits_until(const Mailbox *box);
/** What becomes readable when the server has news; -1: nothing does. */
int mailbox_wait_fd(const Mailbox *box);
/** There is news: the next run looks. */
void mailbox_wake(Mailbox *box);

/** Mails read since it was made, and found but not read yet. */
int64_t mailbox_count_read(const Mailbox *box);
int64_t mailbox_count_waiting(const Mailbox *box);
/** The last try ended in an error. */
bool mailbox_is_troubled(const Mailbox *box);
