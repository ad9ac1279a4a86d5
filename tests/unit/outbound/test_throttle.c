/* outbound/throttle: so many a minute, evenly, with what a second's pause has saved up, whatever the clock does. */
#include "outbound/throttle.h"

#include <stdbool.h>

#include "base/clock.h"

#define START (1000 * SECOND_US)

/* How many go within some time when everybody asks each millisecond. */
static guint send_for(Throttle *throttle, int64_t from, int64_t us)
{
    guint n = 0;
    for (int64_t now = from; now < from + us; now += 1000)
        while (throttle_next(throttle, now) == 0) {
            throttle_take(throttle, now);
            n++;
        }
    return n;
}

static const struct {
    int64_t per_minute;
    guint at_once, in_a_minute;
} rates[] = {
    {1, 1, 1},     {7, 1, 7},      {60, 1, 60},      {90, 1, 91},
    {120, 2, 121}, {600, 10, 609}, {2000, 33, 2033}, {60000, 1000, 60999},
};

static void so_many_a_minute(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rates); i++) {
        Throttle throttle = {0};
        throttle_set(&throttle, rates[i].per_minute);
        g_test_message("%d a minute", (int)rates[i].per_minute);
        g_assert_cmpuint(throttle_room(&throttle, START, 100000), ==, rates[i].at_once);
        g_assert_cmpuint(send_for(&throttle, START, MINUTE_US), ==, rates[i].in_a_minute);
    }
}

static void room_is_what_may_go(void)
{
    Throttle throttle = {0};
    throttle_set(&throttle, 600);
    for (guint left = 10; left > 0; left--) {
        g_assert_cmpuint(throttle_room(&throttle, START, 100), ==, left);
        g_assert_cmpuint(throttle_room(&throttle, START, 3), ==, MIN(left, 3));
        throttle_take(&throttle, START);
    }
    g_assert_cmpuint(throttle_room(&throttle, START, 100), ==, 0);
    g_assert_cmpint(throttle_next(&throttle, START), ==, START + SECOND_US / 10);
}

static void zero_is_no_limit(void)
{
    Throttle throttle = {0};
    throttle_take(&throttle, START);
    g_assert_cmpuint(throttle_room(&throttle, START, 77), ==, 77);
    g_assert_cmpint(throttle_next(&throttle, START), ==, 0);
}

static void a_clock_set_back_stops_nothing(void)
{
    Throttle throttle = {0};
    throttle_set(&throttle, 60);
    throttle_take(&throttle, START);
    int64_t earlier = START - HOUR_US;
    g_assert_cmpint(throttle_next(&throttle, earlier), <=, earlier + SECOND_US);
}

static void a_new_rate_counts_at_once(void)
{
    Throttle throttle = {0};
    throttle_set(&throttle, 1);
    throttle_take(&throttle, START);
    g_assert_cmpint(throttle_next(&throttle, START), ==, START + MINUTE_US);
    throttle_set(&throttle, 60);
    g_assert_cmpint(throttle_next(&throttle, START), <=, START + SECOND_US);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/throttle/so_many_a_minute", so_many_a_minute);
    g_test_add_func("/throttle/room_is_what_may_go", room_is_what_may_go);
    g_test_add_func("/throttle/zero_is_no_limit", zero_is_no_limit);
    g_test_add_func("/throttle/a_clock_set_back_stops_nothing", a_clock_set_back_stops_nothing);
    g_test_add_func("/throttle/a_new_rate_counts_at_once", a_new_rate_counts_at_once);
    return g_test_run();
}
