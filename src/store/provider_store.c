/* Rows of `provider_pace` and `domain_provider`. Who is slowed down, and how far, is outbound/pace.c's business. */
#include "store/provider_store.h"

static void pace_free(gpointer data)
{
    ProviderPace *pace = data;
    g_free(pace->provider);
    g_free(pace->because);
    g_free(pace);
}

GPtrArray *provider_paces(Db *db, GError **error)
{
    DbStep step;
    g_autoptr(GPtrArray) paces = g_ptr_array_new_with_free_func(pace_free);
    g_autoptr(DbQuery) query = db_query(db, SQL_PROVIDER_PACES);
    while ((step = db_step(query, error)) == DB_ROW) {
        ProviderPace *pace = g_new0(ProviderPace, 1);
        *pace = (ProviderPace){.provider = g_strdup(db_text(query, "provider")),
                               .per_minute = db_int64(query, "per_minute"),
                               .until = db_int64(query, "until"),
                               .since = db_int64(query, "since"),
                               .because = g_strdup(db_text(query, "because"))};
        g_ptr_array_add(paces, pace);
    }
    return step == DB_DONE ? g_steal_pointer(&paces) : NULL;
}

bool provider_pace_set(Db *db, const ProviderPace *pace, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_PROVIDER_PACE_SET);
    db_bind_text(query, "provider", pace->provider);
    db_bind_int64(query, "per_minute", pace->per_minute);
    db_bind_int64(query, "until", pace->until);
    db_bind_int64(query, "since", pace->since);
    db_bind_text(query, "because", pace->because);
    return db_run(query, error);
}

bool provider_pace_forget(Db *db, const char *provider, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_PROVIDER_PACE_FORGET);
    db_bind_text(query, "provider", provider);
    return db_run(query, error);
}

/* ---- domains ----------------------------------------------------------------------------------------------------- */

DomainProvider *domain_provider_new(const char *domain, const char *provider, int64_t looked_at)
{
    DomainProvider *row = g_new(DomainProvider, 1);
    *row = (DomainProvider){g_strdup(domain), g_strdup(provider), looked_at};
    return row;
}

void domain_provider_free(DomainProvider *row)
{
    if (!row)
        return;
    g_free(row->domain);
    g_free(row->provider);
    g_free(row);
}

bool domain_provider_find(Db *db, const char *domain, DomainProvider **ret, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DOMAIN_PROVIDER_FIND);
    db_bind_text(query, "domain", domain);
    DbStep step = db_step(query, error);
    *ret = step == DB_ROW ? domain_provider_new(domain, db_text(query, "provider"), db_int64(query, "looked_at"))
                          : NULL;
    return step != DB_FAILED;
}

bool domain_provider_set(Db *db, const DomainProvider *row, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_DOMAIN_PROVIDER_SET);
    db_bind_text(query, "domain", row->domain);
    db_bind_text(query, "provider", row->provider);
    db_bind_int64(query, "looked_at", row->looked_at);
    return db_run(query, error);
}
