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

/* Who takes the mail of a domain, as DNS said. */
typedef struct DomainProvider {
    char *domain;
    char *provider; /* as model/provider.h names it, or a host that takes the mail; empty: nobody else does */
    int64_t looked_at;
} DomainProvider;

DomainProvider *domain_provider_new(const char *domain, const char *provider, int64_t looked_at);
void domain_provider_free(DomainProvider *row); /* NULL is fine */

/** *ret is NULL when it was never looked up, and on failure; caller frees it. */
bool domain_provider_find(Db *db, const char *domain, DomainProvider **ret, GError **error);
bool domain_provider_set(Db *db, const DomainProvider *row, GError **error);
