#pragma once
/* People out of the store as a table: CSV for spreadsheets and other programs, or JSON. Streams page by page. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/subscriber.h"
#include "store/db.h"

typedef struct ExportJob {
    const MailingList *list; /* NULL: everybody, with a column of all their lists */
    bool has_state;
    SubscriptionState state;
    const char *zone; /* for "since" */
    bool json;
    char separator; /* of CSV */
    /** Takes a piece of the output; false stops, with error. */
    bool (*put)(void *data, const char *bytes, gsize length, GError **error);
    void *data;
} ExportJob;

/** Writes everybody whom the job names, in the order of their addresses, through job->put, a page at a time: neither
 * memory nor a read of the database grows with their number. ret_people counts them, also before an error. */
bool export_run(Db *db, const ExportJob *job, int64_t *ret_people, GError **error);

/** One cell of CSV (RFC 4180), quoted where needed. What a spreadsheet would take for a formula ('=', '+', '-', '@',
 * TAB or CR in front) gets an apostrophe before it; our import takes that off an address again. */
void export_append_cell(GString *out, const char *text, char separator);
