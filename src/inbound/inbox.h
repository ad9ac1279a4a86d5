#pragma once
/* The mailbox engine: all configured mailboxes, read in one process by blocking but bounded IMAP calls. Its caller
 * turns it until it is finished:
 *
 *     while (!inbox_finished(inbox))
 *         if (!inbox_turn(inbox, 60 * 1000, &error))
 *             break;                        // the database refuses; nothing else ends the loop
 *
 * What goes wrong with a mailbox (no connection, password missing, login refused, certificate wrong, folder missing) is
 * told as a trouble row and tried again later; it never stops the other mailboxes. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "store/db.h"

typedef struct Inbox Inbox;

/** Everything handed over must outlive the engine. */
Inbox *inbox_new(const Settings *settings, Db *db, const Keyring *keyring);
void inbox_free(Inbox *inbox); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Inbox, inbox_free)

/** Waiting also ends when this descriptor is readable; the engine never reads from it. */
void inbox_watch(Inbox *inbox, int fd);

/** Runs each mailbox's next steps, at most one batch of mails each. When all of them wait for news, waits with them for
 * up to max_wait_ms. False only when the database refuses. */
bool inbox_turn(Inbox *inbox, int64_t max_wait_ms, GError **error);

/** Begin no new batch; the next turn logs out. */
void inbox_stop(Inbox *inbox);
bool inbox_finished(const Inbox *inbox);

/** Takes over new settings: sessions are closed and opened anew. */
void inbox_reload(Inbox *inbox, const Settings *settings);

/** What the engine is doing, in words: "2 mailboxes, 14 mails read, 3 to read, 1 in trouble". Caller frees. */
char *inbox_summary(const Inbox *inbox);
