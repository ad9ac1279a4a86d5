#pragma once
/* Brings a database to this program's schema: numbered files, each in a transaction of its own together with its
 * version row. A file that fails leaves the database as the one before it left it, and the error names file and
 * statement. */
#include "store/db.h"

/** What was done; filled also on failure. */
typedef struct MigrateReport {
    guint applied;
    char *copy; /* the database as it was before: PATH.before-NNNN; NULL: there was nothing to keep, or nothing to do */
} MigrateReport;

void migrate_report_clear(MigrateReport *report);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MigrateReport, migrate_report_clear)

/** Creates the database when it is missing. ret may be NULL. */
bool migrate_run(const StoreSettings *settings, MigrateReport *ret, GError **error);

/** The same with a list of files, schema_files or a test's own, that ends with a NULL name. */
bool migrate_files(const StoreSettings *settings, const SchemaFile *files, MigrateReport *ret, GError **error);
