#pragma once
/* Evidence of who agreed to what, when and how. Rows are only ever added; the database refuses everything else. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

/** Strings are borrowed when adding, owned by the array when reading. */
typedef struct ConsentRecord {
    int64_t subscriber_id;
    uint8_t address_hash[ADDRESS_HASH_SIZE];
    int64_t list_id;
    int64_t at;
    ConsentKind kind;
    LegalBasis legal_basis;
    const char *wording; /* what was agreed to, or the stated ground of staff */
    const char *source;  /* "import members.csv line 12", "mail <message-id>" */
    const char *actor;   /* "citizen" or "cli:LOGIN" */
    const char *slug;    /* of the list; only when read */
    const char *title;
} ConsentRecord;

/** Runs inside the caller's transaction. */
bool consent_add(Db *db, const ConsentRecord *record, GError **error);

/** Every record about an address, of ConsentRecord, oldest first; also after the person was erased. NULL and error.
 * Caller unrefs. */
GPtrArray *consent_history(Db *db, const uint8_t address_hash[static ADDRESS_HASH_SIZE], GError **error);

/** The wording of the latest invitation or request of this person for this list; *ret_wording is NULL when
 * there was none, and on failure. Caller frees it. ret_at may be NULL. */
bool consent_asked(Db *db, int64_t subscriber_id, int64_t list_id, char **ret_wording, int64_t *ret_at, GError **error);
