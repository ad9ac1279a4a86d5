/* Rows of `consent_record`: added and read, never changed; a trigger of the schema refuses the rest. */
#include "store/consent_store.h"

bool consent_add(Db *db, const ConsentRecord *record, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_CONSENT_ADD);
    db_bind_int64(query, "subscriber_id", record->subscriber_id);
    db_bind_blob(query, "hash", record->address_hash, ADDRESS_HASH_SIZE);
    db_bind_int64(query, "list_id", record->list_id);
    db_bind_int64(query, "at", record->at);
    db_bind_text(query, "kind", consent_kind_word(record->kind));
    db_bind_text(query, "legal_basis", legal_basis_word(record->legal_basis));
    db_bind_text(query, "wording", record->wording);
    db_bind_text(query, "source", record->source);
    db_bind_text(query, "actor", record->actor);
    return db_run(query, error);
}

static void free_record(gpointer data)
{
    ConsentRecord *record = data;
    g_free((char *)record->wording);
    g_free((char *)record->source);
    g_free((char *)record->actor);
    g_free((char *)record->slug);
    g_free((char *)record->title);
    g_free(record);
}

static ConsentRecord *read_record(const DbQuery *query, const uint8_t hash[static ADDRESS_HASH_SIZE])
{
    ConsentRecord *record = g_new0(ConsentRecord, 1);
    record->subscriber_id = db_int64(query, "subscriber_id");
    memcpy(record->address_hash, hash, ADDRESS_HASH_SIZE);
    record->list_id = db_int64(query, "list_id");
    record->at = db_int64(query, "at");
    consent_kind_from_word(db_text(query, "kind"), &record->kind);
    legal_basis_from_word(db_text(query, "legal_basis"), &record->legal_basis);
    record->wording = g_strdup(db_text(query, "wording"));
    record->source = g_strdup(db_text(query, "source"));
    record->actor = g_strdup(db_text(query, "actor"));
    record->slug = g_strdup(db_text(query, "slug"));
    record->title = g_strdup(db_text(query, "title"));
    return record;
}

GPtrArray *consent_history(Db *db, const uint8_t address_hash[static ADDRESS_HASH_SIZE], GError **error)
{
    g_autoptr(GPtrArray) history = g_ptr_array_new_with_free_func(free_record);
    g_autoptr(DbQuery) query = db_query(db, SQL_CONSENT_HISTORY);
    db_bind_blob(query, "hash", address_hash, ADDRESS_HASH_SIZE);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(history, read_record(query, address_hash));
    return step == DB_DONE ? g_steal_pointer(&history) : NULL;
}

bool consent_asked(Db *db, int64_t subscriber_id, int64_t list_id, char **ret_wording, int64_t *ret_at, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_CONSENT_ASKED);
    db_bind_int64(query, "subscriber_id", subscriber_id);
    db_bind_int64(query, "list_id", list_id);
    DbStep step = db_step(query, error);
    *ret_wording = step == DB_ROW ? g_strdup(db_text(query, "wording")) : NULL;
    if (step == DB_ROW && ret_at)
        *ret_at = db_int64(query, "at");
    return step != DB_FAILED;
}
