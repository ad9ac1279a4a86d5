#pragma once
/* Which list's mails go by which relay: most by any, those of a list that names one by that alone. The mails of each
 * route are leased for its own room, so that none waits for another's relay. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "outbound/mistakes.h"
#include "outbound/rooms.h"
#include "store/db.h"

typedef struct Route {
    const char *relay; /* "": any. Lives for ever, and is the same pointer for the same name */
    bool has_work;     /* as of the last look; kept by outbound/lease.c */
} Route;

typedef struct Routes Routes;

Routes *routes_new(void);
void routes_free(Routes *routes); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Routes, routes_free)

/** Reads what the lists say. */
bool routes_refresh(Routes *routes, Db *db, GError **error);

/** The first is that of any relay. */
guint routes_count(const Routes *routes);
Route *routes_at(const Routes *routes, guint index);

/** By which relay the mails of a list go. */
const char *routes_relay(const Routes *routes, int64_t list_id);

/** True when there is work for which there is room. */
bool routes_may_take(const Routes *routes, const Rooms *rooms);

/** Notes for staff which lists go by a relay that is none of `relays` (of RelaySettings), or that none does: their
 * mails wait. */
void routes_check(const Routes *routes, const GPtrArray *relays, Mistakes *mistakes);
