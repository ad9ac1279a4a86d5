/* outbound/rooms: a place is promised once. */
#include "outbound/rooms.h"

static void assert_room(const Rooms *rooms, guint any, guint a, guint b)
{
    g_assert_cmpuint(rooms_for(rooms, ""), ==, any);
    g_assert_cmpuint(rooms_for(rooms, "a"), ==, a);
    g_assert_cmpuint(rooms_for(rooms, "b"), ==, b);
}

static void both_draw_on_the_same_places(void)
{
    g_autoptr(Rooms) rooms = rooms_new();
    assert_room(rooms, 0, 0, 0);
    rooms_add(rooms, "a", 3, 3);
    rooms_add(rooms, "b", 2, 2);
    assert_room(rooms, 5, 3, 2);
    rooms_take(rooms, "a", 2);
    assert_room(rooms, 3, 1, 2);
    rooms_take(rooms, "", 2);
    assert_room(rooms, 1, 1, 1);
    rooms_take(rooms, "b", 1);
    assert_room(rooms, 0, 0, 0);
    rooms_clear(rooms);
    assert_room(rooms, 0, 0, 0);
}

/* A relay that has had its share still takes what can go by no other. */
static void a_share_holds_for_mails_of_any_relay_only(void)
{
    g_autoptr(Rooms) rooms = rooms_new();
    rooms_add(rooms, "a", 4, 1);
    rooms_add(rooms, "b", 2, 2);
    assert_room(rooms, 3, 4, 2);
    rooms_take(rooms, "", 3);
    assert_room(rooms, 0, 3, 0);
    rooms_take(rooms, "a", 3);
    assert_room(rooms, 0, 0, 0);
}

/* Mails that are leased ahead take no place from those that can go at once. */
static void ahead_is_for_any_relay_only(void)
{
    g_autoptr(Rooms) rooms = rooms_new();
    rooms_add(rooms, "a", 3, 3);
    rooms_add_ahead(rooms, 10);
    assert_room(rooms, 13, 3, 0);
    rooms_take(rooms, "", 2);
    assert_room(rooms, 11, 1, 0);
    rooms_take(rooms, "a", 1);
    rooms_take(rooms, "", 10);
    assert_room(rooms, 0, 0, 0);
}

static void what_is_taken_fits(void)
{
    static const char *const names[] = {"a", "b", ""};
    for (guint seed = 0; seed < 2000; seed++) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
        guint own[2], shared[2], taken[3] = {0};
        g_autoptr(Rooms) rooms = rooms_new();
        for (int i = 0; i < 2; i++) {
            own[i] = (guint)g_rand_int_range(dice, 0, 6);
            shared[i] = (guint)g_rand_int_range(dice, 0, 8);
            rooms_add(rooms, names[i], own[i], shared[i]);
        }
        for (int step = 0; step < 20; step++) {
            int which = g_rand_int_range(dice, 0, 3);
            guint n = MIN(rooms_for(rooms, names[which]), 1);
            rooms_take(rooms, names[which], n);
            taken[which] += n;
        }
        g_assert_cmpuint(taken[0], <=, own[0]);
        g_assert_cmpuint(taken[1], <=, own[1]);
        g_assert_cmpuint(taken[2], <=, MIN(shared[0], own[0] - taken[0]) + MIN(shared[1], own[1] - taken[1]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rooms/both_draw_on_the_same_places", both_draw_on_the_same_places);
    g_test_add_func("/rooms/a_share_holds_for_mails_of_any_relay_only", a_share_holds_for_mails_of_any_relay_only);
    g_test_add_func("/rooms/ahead_is_for_any_relay_only", ahead_is_for_any_relay_only);
    g_test_add_func("/rooms/what_is_taken_fits", what_is_taken_fits);
    return g_test_run();
}
