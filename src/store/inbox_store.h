#pragma once
/* What came back: the mails read, how far each mailbox was read, and which mails still have to be moved. What staff see
 * of them is in tray_store.h. Writers run inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/consequence.h"
#include "model/finding.h"
#include "store/db.h"

#define CONTENT_HASH_SIZE 32 /* SHA-256 of the bytes read */

/** What a mail is known by. */
void inbox_hash(const char *bytes, gsize length, uint8_t ret_hash[static CONTENT_HASH_SIZE]);

/** Where a mail lies. UIDs are good for one UIDVALIDITY only (RFC 9051 2.3.1.1). */
typedef struct InboxPlace {
    const char *mailbox; /* its name in the settings */
    int64_t uidvalidity;
    int64_t uid;
} InboxPlace;

/** How far a mailbox was read; zeros when never. */
bool inbox_cursor_load(Db *db, const char *mailbox, int64_t *ret_uidvalidity, int64_t *ret_uid, GError **error);
bool inbox_cursor_save(Db *db, const InboxPlace *up_to, GError **error);

/** A mail that was read; borrowed. */
typedef struct InboxEntry {
    InboxPlace place;
    uint8_t hash[CONTENT_HASH_SIZE];
    const Finding *finding;
    const char *sender;  /* From, as people see it; "" when there is none */
    const char *subject; /* likewise */
} InboxEntry;

/** Stores what it was found to be. *ret_id is 0 when the mail of this place is stored already. */
bool inbox_add(Db *db, const InboxEntry *entry, int64_t now, int64_t *ret_id, GError **error);

/** The earliest mail before this one with the same content, and the folder it belongs to (caller frees); 0: none. */
bool inbox_same_content(Db *db, const uint8_t hash[static CONTENT_HASH_SIZE], int64_t before_id, int64_t *ret_id,
                        char **ret_folder, GError **error);

/** Notes what followed from it, and the folder it belongs to. */
bool inbox_conclude(Db *db, int64_t id, const Consequence *consequence, const char *folder, GError **error);

/** Mails that lie in the mailbox's folder still, in the order of their UIDs; appends InboxMove to moves. */
typedef struct InboxMove {
    int64_t id;
    int64_t uid;
    char *folder;
} InboxMove;
void inbox_move_free(InboxMove *move); /* NULL is fine */
bool inbox_unmoved(Db *db, const char *mailbox, int64_t uidvalidity, guint limit, GPtrArray *moves, GError **error);
/** It lies in that folder now, whatever was decided about it meanwhile. */
bool inbox_moved(Db *db, const InboxMove *move, int64_t now, GError **error);

/** The server has numbered its mails anew: those still to be moved will be found, and known by their content, under new
 * numbers. */
bool inbox_forget_places(Db *db, const char *mailbox, int64_t uidvalidity, int64_t now, GError **error);
