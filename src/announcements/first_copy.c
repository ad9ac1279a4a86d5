/* One row of `trouble` for each list. */
#include "announcements/first_copy.h"

/* rundbrief */
#include "store/outbox_store.h"
#include "store/role_store.h"

#define ROLE "staff" /* theirs to end: a send role that starts forgets only its own */

static bool tell(Db *db, const OutboxOffice *office, const char *sentence, int64_t now, GError **error)
{
    g_autofree char *subject = trouble_of_office(office->list);
    return trouble_set(db, subject, ROLE, sentence, now, error);
}

bool first_copy_arrived(Db *db, int64_t outbox_id, GError **error)
{
    g_auto(OutboxOffice) office = {0};
    if (!outbox_office(db, outbox_id, &office, error))
        return false;
    g_autofree char *subject = office.list ? trouble_of_office(office.list) : NULL;
    return !subject || trouble_clear(db, subject, error);
}

bool first_copy_failed(Db *db, int64_t outbox_id, const char *why, int64_t now, GError **error)
{
    g_auto(OutboxOffice) office = {0};
    if (!outbox_office(db, outbox_id, &office, error))
        return false;
    if (!office.list)
        return true;
    g_autofree char *sentence = g_strdup_printf("The first copy of an announcement could not be delivered to %s: %s. "
                                                "Nobody there sees what goes out; 'rundbrief list change %s --office "
                                                "ADDRESS' names another",
                                                office.address, why, office.list);
    return tell(db, &office, sentence, now, error);
}

bool first_copy_uncertain(Db *db, int64_t outbox_id, int64_t now, GError **error)
{
    g_auto(OutboxOffice) office = {0};
    if (!outbox_office(db, outbox_id, &office, error))
        return false;
    if (!office.list)
        return true;
    g_autofree char *sentence = g_strdup_printf(
        "Nobody knows whether the first copy of an announcement arrived at %s: the line broke at its end. Ask there; "
        "'rundbrief mail settle %" G_GINT64_FORMAT " --sent' or '--failed' says what is known, 'rundbrief mail resend "
        "%" G_GINT64_FORMAT "' sends it again",
        office.address, outbox_id, outbox_id);
    return tell(db, &office, sentence, now, error);
}
