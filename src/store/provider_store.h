#pragma once
/* What was learned of the providers. Writers run inside the caller's transaction. */
#include "store/db.h"

typedef struct ProviderPace {
    char *provider; /* as model/provider.h names it, or a domain */
    int64_t per_minute;
    int64_t until; /* then it may be faster again */
    int64_t since;
    char *because; /* what it said */
} ProviderPace;

/** Of ProviderPace, by name; the array owns them. NULL and error. Caller unrefs. */
GPtrArray *provider_paces(Db *db, GError **error);

bool provider_pace_set(Db *db, const ProviderPace *pace, GError **error);
bool provider_pace_forget(Db *db, const char *provider, GError **error);
