/* outbound/backoff: pauses grow, spread and end. */
#include "outbound/backoff.h"

#include <glib.h>

#include "base/clock.h"

static const RetrySettings settings = {.first_seconds = 300, .longest_seconds = 3600};

static void pauses_double_up_to_the_longest(void)
{
    static const int64_t seconds[] = {300, 600, 1200, 2400, 3600, 3600};
    for (gsize i = 0; i < G_N_ELEMENTS(seconds); i++) {
        int64_t middle = seconds[i] * SECOND_US;
        g_assert_cmpint(backoff_pause_us(&settings, (int)i + 1, 0), ==, middle - middle / 4);
        g_assert_cmpint(backoff_pause_us(&settings, (int)i + 1, UINT32_MAX), ==, middle + middle / 4);
    }
    g_assert_cmpint(backoff_pause_us(&settings, INT_MAX, 0), ==, 2700 * SECOND_US);
}

static void patience_ends(void)
{
    /* 300 + 600 + 1200 + 2400 = 4500 s, then 3600 s each: the 51st pause passes 48 hours. */
    g_assert_false(backoff_is_over(&settings, 48, 0));
    g_assert_false(backoff_is_over(&settings, 48, 50));
    g_assert_true(backoff_is_over(&settings, 48, 51));
    g_assert_true(backoff_is_over(&(RetrySettings){0}, 0, 1));
    g_assert_true(backoff_is_over(&(RetrySettings){0}, 1, INT_MAX));
}

static void relays_are_tried_soon_and_never_forgotten(void)
{
    g_assert_cmpint(backoff_relay_pause_us(1, 0), ==, 5 * SECOND_US * 3 / 4);
    g_assert_cmpint(backoff_relay_pause_us(100, UINT32_MAX), ==, 750 * SECOND_US);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/backoff/pauses-double-up-to-the-longest", pauses_double_up_to_the_longest);
    g_test_add_func("/backoff/patience-ends", patience_ends);
    g_test_add_func("/backoff/relays-are-tried-soon-and-never-forgotten", relays_are_tried_soon_and_never_forgotten);
    return g_test_run();
}
