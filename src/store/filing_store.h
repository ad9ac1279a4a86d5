#pragma once
/* Mails that lie in our folders on the server, known by their content: which of them belong elsewhere, which are old.
 * Writers run inside the caller's transaction. */
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"
#include "store/inbox_store.h"

/** A folder of a mailbox, and when its mails are old. */
typedef struct FilingFolder {
    const char *mailbox;
    const char *name;
    int64_t old_before;    /* mails read before are old; 0: none ever is */
    int64_t warned_before; /* of the undecided ones, those of which staff were told before */
} FilingFolder;

/** How many mails lie there that belong elsewhere, and how many are old and may go. */
typedef struct FilingWork {
    int64_t misplaced;
    int64_t old;
} FilingWork;
bool filing_work(Db *db, const FilingFolder *folder, FilingWork *ret, GError **error);

/** What we know of a mail by its content; count 0: nothing, it is not ours. */
typedef struct FiledMail {
    int64_t count;
    char *folder; /* where it belongs; NULL: nowhere */
    bool may_go;  /* it is old, and nobody need be asked */
} FiledMail;
void filed_mail_clear(FiledMail *mail);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiledMail, filed_mail_clear)
bool filing_find(Db *db, const FilingFolder *folder, const uint8_t hash[static CONTENT_HASH_SIZE], FiledMail *ret,
                 GError **error);

/** It lies in another folder now. */
bool filing_moved(Db *db, const char *mailbox, const uint8_t hash[static CONTENT_HASH_SIZE], const char *name,
                  GError **error);

/** It is gone from the server; who wrote it and about what is forgotten with it. */
bool filing_deleted(Db *db, const char *mailbox, const uint8_t hash[static CONTENT_HASH_SIZE], int64_t now,
                    GError **error);

/** All of the folder was looked at: what should have been there and was not has been taken away by somebody. */
bool filing_give_up(Db *db, const FilingFolder *folder, GError **error);

/** Notes of undecided mails read before then that staff are told of them. ret_count: how many are new. */
bool filing_warn(Db *db, const char *mailbox, int64_t read_before, int64_t now, int64_t *ret_count, GError **error);
