#pragma once
/* Brings a database to this program's schema: numbered files, each in a transaction of its own together with its version row;
 * before the first of a run a copy is taken beside the database (PATH.before-NNNN). */
#include "store/db.h"

/** ret_applied may be NULL. Creates the database when it is missing. */
bool migrate_run(const StoreSettings *settings, guint *ret_applied, GError **error);
