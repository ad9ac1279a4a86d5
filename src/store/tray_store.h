#pragma once
/* What came back, as staff see it: what each mail was found to be, what waits for a decision, what was decided. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/finding.h"
#include "store/db.h"

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
    char *rule;       /* the words or the code that decided; "": none in particular */
    int64_t line;     /* of the mail, from 1, where they stand; 0: no one line */
    char *diagnostic; /* what the other server said; "": nothing */
    char *consequence;
    char *sender;
    char *subject;
    char *folder;     /* where it belongs */
    int64_t moved_at; /* 0: it lies in the mailbox's own folder still */
    bool waits;       /* a person must decide */
    char *decided_by; /* "": nobody has */
    int64_t decided_at;
    int64_t warned_at;  /* staff were told that it will be deleted; 0: they were not */
    int64_t deleted_at; /* gone from the server, by age; 0: it is there */
} InboxMessage;
void inbox_message_free(InboxMessage *message); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(InboxMessage, inbox_message_free)

/** *ret is NULL when there is none, and on failure; caller frees it. */
bool tray_load(Db *db, int64_t id, InboxMessage **ret, GError **error);

/** The newest ones before an id (INT64_MAX: all), newest first, of InboxMessage; class "": any. The array owns them.
 * NULL and error. Caller unrefs. */
GPtrArray *tray_page(Db *db, int64_t before_id, const char *class, guint limit, GError **error);

/** Those that wait for a decision, the longest first. As above. */
GPtrArray *tray_waiting(Db *db, const char *class, guint limit, GError **error);

/** Writes what somebody decided, inside the caller's transaction: class, folder, consequence, person, and
 * whether it waits. */
bool tray_decide(Db *db, const InboxMessage *message, const char *by, int64_t now, GError **error);

/** How many mails of a class were read. */
typedef struct TrayCount {
    FindingClass class;
    int64_t total, month, week, day; /* of these many days: 30, 7, 1 */
    int64_t waiting;
} TrayCount;
/** Of TrayCount, those that occur. NULL and error. Caller unrefs. */
GArray *tray_counts(Db *db, int64_t now, GError **error);

/** How a mailbox is. */
typedef struct TrayMailbox {
    int64_t read_at; /* of its latest mail; 0: none */
    int64_t uid;     /* read up to here */
    int64_t total, waiting;
    int64_t unmoved; /* still to be moved on the server */
} TrayMailbox;
bool tray_mailbox(Db *db, const char *name, TrayMailbox *ret, GError **error);

/** What staff are told of. */
typedef struct TrayNotices {
    int64_t complaints; /* that wait */
    int64_t expiring;   /* mails that wait and will be deleted */
    int64_t warned_at;  /* when the first of them was noticed */
} TrayNotices;
bool tray_notices(Db *db, TrayNotices *ret, GError **error);
