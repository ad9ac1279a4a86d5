#pragma once
/* One process of a kind per database. */
#include <glib.h>

#include "config/settings.h"

#define STORE_LOCK_ERROR (store_lock_error_quark())
GQuark store_lock_error_quark(void);
enum {
    STORE_LOCK_ERROR_HELD, /* another process does this work already */
};

/** Locks PATH.ROLE.lock and returns its descriptor; -1 and error otherwise, at once when another process holds it.
 * worker: what to call that one ("sender"). The kernel ends the lock with the descriptor, however its holder dies. The
 * file has the database's mode, and its owner when we are root: the service's own user will want the lock after us. */
int store_lock(const StoreSettings *settings, const char *role, const char *worker, GError **error);
