#pragma once
/* Mails whose findings are committed go to their folders on the server. */
#include "config/settings.h"
#include "inbound/imap_session.h"
#include "store/db.h"

#define MOVING_BATCH 500 /* mails in one MOVE: servers look through the whole folder for each */

/** Moves all mails of the selected folder that have a finding and were not moved, those that a crash has left too, and
 * notes it (invariant 7: a mail is moved only after its finding is there to stay). Creates the folder for people when
 * it is wanted; the others are made sure of when the mailbox is opened. */
bool moving_all(ImapSession *session, const MailboxSettings *mailbox, int64_t uidvalidity, Db *db, GError **error);
