#pragma once
/* Which mails are next: single mails by urgency before everything, then urgent announcements, then the others, each by
 * its weight and no faster than its list's rate. How many are leased is its caller's business, see stock.h and rooms.h;
 * mails that go by one relay alone are leased for its room, and wait for it by themselves. */
#include <glib.h>
#include <stdbool.h>

#include "outbound/paces.h"
#include "outbound/rooms.h"
#include "outbound/routes.h"
#include "store/delivery_store.h"

typedef struct Leaser Leaser;

/** paces: NULL: no provider is held back; must outlive the leaser. */
Leaser *leaser_new(Paces *paces);
void leaser_free(Leaser *leaser); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Leaser, leaser_free)

/** Looks whether there is anything to send now, at most every fiftieth of a second unless it was woken. monotonic: the
 * clock for that; now: the wall clock that deferred mails wait for. */
bool leaser_look(Leaser *leaser, Db *db, int64_t now, int64_t monotonic, bool *ret_work, GError **error);

/** Until when announcements wait that are not urgent (wall clock); 0: they do not. */
void leaser_be_quiet(Leaser *leaser, int64_t until);

/** Rows may have changed: look at once. */
void leaser_wake(Leaser *leaser);

/** The announcement rests until then (wall clock): none of it is leased. */
void leaser_rest(Leaser *leaser, int64_t announcement_id, int64_t until);

/** By which relays the lists go, as of the last look, and whether there is work for them. */
const Routes *leaser_routes(const Leaser *leaser);

/** Leases as many mails as there is room for, inside the caller's transaction; takes them from rooms and appends Parcel
 * to parcels. */
bool leaser_take(Leaser *leaser, Db *db, DeliveryTally *tally, Rooms *rooms, int64_t now, GPtrArray *parcels,
                 GError **error);

/** After the commit, or after a rollback: the cursors go on or back. */
void leaser_keep(Leaser *leaser);
void leaser_undo(Leaser *leaser);

/** After a crash: ends the leases that a killed sender left, as store/ says. Those that are uncertain are sent again
 * where the rule says so and they were not tried too often. Opens its own transaction. */
bool leaser_recover(Db *db, const UncertainSettings *rules, int64_t now, guint *ret_uncertain, GError **error);
