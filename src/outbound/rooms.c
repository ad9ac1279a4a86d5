/* Mails for any relay are not given to one before all are counted: their number is kept, and it fits as long as what
 * the relays have left for them together is no less. */
#include "outbound/rooms.h"

typedef struct Room {
    const char *relay;
    guint own, shared;
} Room;

struct Rooms {
    GArray *all; /* of Room */
    guint ahead; /* beyond all rooms, for mails for any relay */
    guint taken; /* by these */
};

Rooms *rooms_new(void)
{
    Rooms *rooms = g_new0(Rooms, 1);
    rooms->all = g_array_new(FALSE, FALSE, sizeof(Room));
    return rooms;
}

void rooms_free(Rooms *rooms)
{
    if (!rooms)
        return;
    g_array_unref(rooms->all);
    g_free(rooms);
}

void rooms_clear(Rooms *rooms)
{
    g_array_set_size(rooms->all, 0);
    rooms->ahead = rooms->taken = 0;
}

void rooms_add(Rooms *rooms, const char *relay, guint own, guint shared)
{
    const Room room = {relay, own, shared};
    g_array_append_val(rooms->all, room);
}

/* Of several with one name (one that the settings no longer have, and its heir) the one that can take most. */
static Room *find(const Rooms *rooms, const char *relay)
{
    Room *best = NULL;
    for (guint i = 0; i < rooms->all->len; i++) {
        Room *room = &g_array_index(rooms->all, Room, i);
        if (g_str_equal(room->relay, relay) && (!best || room->own > best->own))
            best = room;
    }
    return best;
}

void rooms_add_ahead(Rooms *rooms, guint n)
{
    rooms->ahead += n;
}

/* Places that mails for any relay may have, with those they have taken. */
static guint shared_places(const Rooms *rooms)
{
    guint room = 0;
    for (guint i = 0; i < rooms->all->len; i++) {
        const Room *each = &g_array_index(rooms->all, Room, i);
        room += MIN(each->own, each->shared);
    }
    return room;
}

/* Its places that none of those for any relay could have, and what these leave over. */
guint rooms_for(const Rooms *rooms, const char *relay)
{
    guint places = shared_places(rooms), spare = places > rooms->taken ? places - rooms->taken : 0;
    if (!relay[0])
        return places + rooms->ahead > rooms->taken ? places + rooms->ahead - rooms->taken : 0;
    const Room *room = find(rooms, relay);
    if (!room)
        return 0;
    guint beyond = room->own > room->shared ? room->own - room->shared : 0;
    return MIN(room->own, beyond + spare);
}

void rooms_take(Rooms *rooms, const char *relay, guint n)
{
    if (relay[0] && n > 0)
        find(rooms, relay)->own -= n;
    else
        rooms->taken += n;
}
