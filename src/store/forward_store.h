#pragma once
/* Mails of people that are passed on to the contact of a list: the bytes, until the sender has done with them. Writers
 * run inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

/** Of a single mail in the outbox, made before. */
bool forward_add(Db *db, int64_t outbox_id, int64_t inbox_id, const char *bytes, gsize length, GError **error);

/** The bytes of one; *ret is NULL when there are none, and on failure. Caller unrefs. */
bool forward_load(Db *db, int64_t outbox_id, GBytes **ret, GError **error);

/** How many were passed on for a list since then. */
bool forward_count(Db *db, int64_t list_id, int64_t since, int64_t *ret_count, GError **error);

/** The list that answers for an announcement: its most specific one with a contact; 0: none. */
bool forward_list_of(Db *db, int64_t announcement_id, int64_t *ret_list_id, GError **error);

/** How many of a mailbox's mails the sender has done with. */
bool forward_count_finished(Db *db, const char *mailbox, int64_t *ret_count, GError **error);

/** Forgets the bytes of what was sent. What could not be sent waits for staff, in its mailbox's tray.
 * ret_failed: how many those are. */
bool forward_finish(Db *db, const char *mailbox, const char *tray_folder, int64_t *ret_failed, GError **error);
