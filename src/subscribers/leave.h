#pragma once
/* Leaving and confirming: what a valid token does, with its proof. Each runs inside the caller's transaction and may be
 * repeated harmlessly. */
#include "base/token.h"
#include "store/db.h"

typedef struct TokenResult {
    bool changed; /* false: it was so already, or the person is gone */
    int64_t subscriber_id;
    int64_t list_id; /* 0: all lists */
} TokenResult;

/** TOKEN_LEAVE. source: "mail <message-id>" or "web"; goes into the consent record. */
bool leave_by_token(Db *db, const Token *token, const char *source, int64_t now, TokenResult *ret, GError **error);

/** TOKEN_CONFIRM: pending -> active. */
bool confirm_by_token(Db *db, const Token *token, const char *source, int64_t now, TokenResult *ret, GError **error);
