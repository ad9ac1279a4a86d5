#pragma once
/* Mailing lists. Writers run inside the caller's transaction. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

/** Stores a new list; fills list->id. DB_ERROR_CONSTRAINT when the slug is taken. */
bool list_insert(Db *db, MailingList *list, int64_t now, GError **error);

/** Writes every field but the slug, which never changes: it stands in List-Id and in people's filters. Another office
 * ends what is told of the one before. */
bool list_update(Db *db, const MailingList *list, GError **error);

/** *ret is NULL when there is none, and on failure; caller frees it. */
bool list_load(Db *db, int64_t id, MailingList **ret, GError **error);
bool list_by_slug(Db *db, const char *slug, MailingList **ret, GError **error);

/** All lists by slug, of MailingList; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *list_all(Db *db, GError **error);

/** A list whose mails go by one relay alone. */
typedef struct ListRelay {
    int64_t list_id;
    char *slug;
    char *relay;
} ListRelay;

/** These by slug, of ListRelay; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *list_relays(Db *db, GError **error);

/** How many subscriptions of a list are in which state. */
bool list_counts(Db *db, int64_t list_id, int64_t ret_counts[static SUBSCRIPTION_STATE_COUNT], GError **error);
