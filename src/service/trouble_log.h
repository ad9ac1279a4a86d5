#pragma once
/* Says in the log when a trouble of a role begins and when it is over. The engines only write rows, so that each
 * trouble is told once, wherever it is looked at. */
#include <glib.h>

#include "store/db.h"

typedef struct TroubleLog TroubleLog;

/** role: whose troubles. */
TroubleLog *trouble_log_new(const char *role);
void trouble_log_free(TroubleLog *log); /* NULL is fine */

/** Looks at the rows and says what changed since the last look. */
bool trouble_log_look(TroubleLog *log, Db *db, GError **error);
