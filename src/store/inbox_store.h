#pragma once
/* What came back: the mails read, how far each mailbox was read, and which mails still have to be moved. Writers run
 * inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/finding.h"
#include "store/db.h"

#define CONTENT_HASH_SIZE 32 /* SHA-256 of the bytes read */

/** Where a mail lies. UIDs are good for one UIDVALIDITY only (RFC 9051 2.3.1.1). */
typedef struct InboxPlace {
    const char *mailbox; /* its name in the settings */
    int64_t uidvalidity;
    int64_t uid;
} InboxPlace;

/** How far a mailbox was read; zeros when never. */
bool inbox_cursor_load(Db *db, const char *mailbox, int64_t *ret_uidvalidity, int64_t *ret_uid, GError **error);
bool inbox_cursor_save(Db *db, const InboxPlace *up_to, GError **error);

/** Stores a finding with the folder the mail belongs to. *ret_id is 0 when the mail of this place is stored already. */
bool inbox_add(Db *db, const InboxPlace *place, const uint8_t hash[static CONTENT_HASH_SIZE], const Finding *finding,
               const char *folder, int64_t now, int64_t *ret_id, GError **error);

/** The earliest mail before this one with the same content; 0: none. */
bool inbox_same_content(Db *db, const uint8_t hash[static CONTENT_HASH_SIZE], int64_t before_id, int64_t *ret_id,
                        GError **error);

/** Notes what was done about it, and whom it was about (0: nobody we know). */
bool inbox_conclude(Db *db, int64_t id, const char *consequence, int64_t announcement_id, int64_t subscriber_id,
                    GError **error);

/** Mails that lie in the mailbox's folder still, in the order of their UIDs; appends InboxMove to moves. */
typedef struct InboxMove {
    int64_t id;
    int64_t uid;
    char *folder;
} InboxMove;
void inbox_move_free(InboxMove *move); /* NULL is fine */
bool inbox_unmoved(Db *db, const char *mailbox, int64_t uidvalidity, guint limit, GPtrArray *moves, GError **error);
bool inbox_moved(Db *db, int64_t id, int64_t now, GError **error);

/** The server has numbered its mails anew: those still to be moved will be found, and known by their content, under new
 * numbers. */
bool inbox_forget_places(Db *db, const char *mailbox, int64_t uidvalidity, int64_t now, GError **error);

/** A stored mail as staff see it. */
typedef struct InboxMessage {
    int64_t id;
    char *mailbox;
    int64_t uidvalidity;
    int64_t uid;
    int64_t read_at;
    FindingClass class;
    int64_t announcement_id; /* 0: none that we know */
    int64_t subscriber_id;
    char *recipients; /* comma separated */
    char *status;
    char *evidence;
    char *consequence;
    char *folder;
    int64_t moved_at; /* 0: not yet */
} InboxMessage;
void inbox_message_free(InboxMessage *message); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InboxMessage, inbox_message_free)

/** *ret is NULL when there is none, and on failure; caller frees it. */
bool inbox_load(Db *db, int64_t id, InboxMessage **ret, GError **error);
/** The newest ones before an id (INT64_MAX: all), newest first, of InboxMessage; the array owns them.
 * NULL and error. */
GPtrArray *inbox_page(Db *db, int64_t before_id, guint limit, GError **error);
