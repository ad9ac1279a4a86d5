#pragma once
/* How many mails each relay can take in this turn, those for that relay alone and those that may go by any. A mail for
 * any relay must not get a place that is promised to a mail for one, so both draw on the same books. Pure. */
#include <glib.h>

typedef struct Rooms Rooms;

Rooms *rooms_new(void);
void rooms_free(Rooms *rooms); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Rooms, rooms_free)

void rooms_clear(Rooms *rooms);

/** A relay that can take `own` mails; `shared` of these places, at most, for mails that may go by any relay: one that
 * keeps to a share has less for them. The name must live as long as it is here. */
void rooms_add(Rooms *rooms, const char *relay, guint own, guint shared);

/** So many more mails that may go by any relay, though no relay has a place for them yet. */
void rooms_add_ahead(Rooms *rooms, guint n);

/** For how many mails there is room by that relay; "": by any. */
guint rooms_for(const Rooms *rooms, const char *relay);

/** So many places of rooms_for() are taken. */
void rooms_take(Rooms *rooms, const char *relay, guint n);
