/* Looks whether a database is whole. Only reads, and repairs nothing: what to do about a finding is for a person. */
#include "store/check.h"

/* rundbrief */
#include "model/delivery.h"

static const char *state_name(int64_t state)
{
    return state >= 0 && state < DELIVERY_STATE_COUNT ? delivery_state_word((DeliveryState)state)
                                                      : "of an unknown state";
}

/* delivery_count is kept by hand, in step with delivery; this is what finds it when it is not. */
static bool compare_counts(Db *db, GPtrArray *findings, GError **error)
{
    g_autoptr(DbQuery) query = db_query(db, SQL_CHECK_DELIVERY_COUNTS);
    DbStep step;
    while ((step = db_step(query, error)) == DB_ROW)
        g_ptr_array_add(findings,
                        g_strdup_printf("announcement %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT
                                        " deliveries are %s, but %" G_GINT64_FORMAT " are noted in delivery_count",
                                        db_int64(query, "announcement_id"), db_int64(query, "counted"),
                                        state_name(db_int64(query, "state")), db_int64(query, "noted")));
    return step == DB_DONE;
}

bool check_database(Db *db, GPtrArray *findings, GError **error)
{
    return db_check(db, findings, error) && compare_counts(db, findings, error);
}
