/* outbound/pace: each that waits has a place of its own, and a provider's word about our pace is heard and forgotten. */
#include "outbound/pace.h"

#include "base/clock.h"

#define START (1000 * HOUR_US)

/* As many complain as are needed; whether that was heard. */
static bool slow_down(Pace *pace, int64_t now)
{
    bool heard = false;
    for (int whom = 1; whom <= PACE_COMPLAINTS; whom++)
        heard |= pace_complain(pace, whom, now);
    return heard;
}

/* A day's mails at once; each comes again when it is told to. How often one was put off at most, and when the last went. */
static int64_t send_all(Pace *pace, guint mails, int64_t slower_at, guint *ret_most)
{
    int64_t now = START, last = 0;
    g_autofree int64_t *at = g_new(int64_t, mails);
    g_autofree guint *times = g_new0(guint, mails);
    for (guint i = 0; i < mails; i++)
        at[i] = START;
    *ret_most = 0;
    for (guint open = mails; open > 0; now += SECOND_US / 100) {
        if (slower_at != 0 && now >= slower_at) {
            slow_down(pace, now);
            slower_at = 0;
        }
        for (guint i = 0; i < mails; i++) {
            if (at[i] == 0 || at[i] > now)
                continue;
            at[i] = pace_ask(pace, times[i] > 0, now);
            *ret_most = MAX(*ret_most, times[i]);
            if (at[i] == 0) {
                open--;
                last = now;
            } else {
                times[i]++;
            }
        }
    }
    return last - START;
}

static void each_is_put_off_once(void)
{
    guint most;
    Pace pace = {.fixed = 60};
    g_assert_cmpint(send_all(&pace, 100, 0, &most), ==, 99 * SECOND_US);
    g_assert_cmpuint(most, ==, 1);
}

static void slower_in_the_middle_puts_nobody_off_for_ever(void)
{
    guint most;
    Pace pace = {.fixed = 60};
    int64_t took = send_all(&pace, 100, START + 20 * SECOND_US, &most);
    g_assert_cmpint(took, >, 170 * SECOND_US);
    g_assert_cmpint(took, <, 185 * SECOND_US);
    g_assert_cmpuint(most, <, 10);
}

static void who_has_waited_comes_first(void)
{
    Pace pace = {.fixed = 60};
    g_assert_cmpint(pace_ask(&pace, false, START), ==, 0);
    int64_t first = pace_ask(&pace, false, START), second = pace_ask(&pace, false, START);
    g_assert_cmpint(first, ==, START + SECOND_US);
    g_assert_cmpint(second, ==, START + 2 * SECOND_US);
    g_assert_cmpint(pace_ask(&pace, false, first), ==, START + 3 * SECOND_US);
    g_assert_cmpint(pace_ask(&pace, true, first), ==, 0);
    g_assert_cmpint(pace_ask(&pace, true, second), ==, 0);
}

static void halved_from_what_it_got_and_faster_again(void)
{
    Pace pace = {0};
    for (int i = 0; i < 600; i++)
        g_assert_cmpint(pace_ask(&pace, false, START + i * SECOND_US / 10), ==, 0);
    int64_t now = START + MINUTE_US;
    g_assert_true(slow_down(&pace, now));
    g_assert_cmpint(pace_per_minute(&pace), ==, 300);
    g_assert_false(slow_down(&pace, now + SECOND_US)); /* what was under way */
    g_assert_true(slow_down(&pace, now + PACE_DEAF_US));
    g_assert_cmpint(pace_per_minute(&pace), <=, 150);
    int64_t before = pace_per_minute(&pace);
    now += PACE_DEAF_US;
    g_assert_false(pace_speed_up(&pace, now + PACE_PAUSE_US - 1));
    g_assert_true(pace_speed_up(&pace, now + PACE_PAUSE_US));
    g_assert_cmpint(pace_per_minute(&pace), ==, before + before / 2);
    for (int i = 2; pace_per_minute(&pace) > 0; i++) {
        g_assert_cmpint(i, <, 30);
        pace_speed_up(&pace, now + i * PACE_PAUSE_US);
    }
}

static void one_recipient_alone_slows_nobody(void)
{
    Pace pace = {0};
    pace_ask(&pace, false, START);
    for (int i = 0; i < 20; i++)
        g_assert_false(pace_complain(&pace, 1, START + i * SECOND_US));
    g_assert_false(pace_complain(&pace, 2, START + 21 * SECOND_US));
    g_assert_false(pace_complain(&pace, 3, START + 2 * PACE_PAUSE_US)); /* the others are forgotten */
    g_assert_cmpint(pace_per_minute(&pace), ==, 0);
}

static void never_given_up(void)
{
    Pace pace = {0};
    pace_ask(&pace, false, START);
    for (int i = 0; i < 50; i++)
        slow_down(&pace, START + i * MINUTE_US);
    g_assert_cmpint(pace_per_minute(&pace), ==, PACE_LEAST);
}

static void what_the_settings_fix_is_never_exceeded(void)
{
    Pace pace = {.fixed = 100, .learned = 80};
    g_assert_cmpint(pace_per_minute(&pace), ==, 80);
    pace_speed_up(&pace, START);
    g_assert_cmpint(pace_per_minute(&pace), ==, 100);
    g_assert_cmpint(pace.learned, ==, 0);
}

/* An hour that comes twice is not waited for. */
static void clock_that_is_set_back(void)
{
    Pace pace = {.learned = 60, .faster_at = START + PACE_PAUSE_US};
    g_assert_cmpint(pace_ask(&pace, false, START), ==, 0);
    g_assert_cmpint(pace_ask(&pace, false, START), >, START);
    int64_t now = START - HOUR_US;
    g_assert_cmpint(pace_ask(&pace, false, now), <=, now + 2 * SECOND_US);
    g_assert_cmpint(pace_ask(&pace, false, now), <=, now + 4 * SECOND_US);
    g_assert_true(pace_speed_up(&pace, now + PACE_PAUSE_US));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pace/each_is_put_off_once", each_is_put_off_once);
    g_test_add_func("/pace/slower_in_the_middle_puts_nobody_off_for_ever",
                    slower_in_the_middle_puts_nobody_off_for_ever);
    g_test_add_func("/pace/who_has_waited_comes_first", who_has_waited_comes_first);
    g_test_add_func("/pace/halved_from_what_it_got_and_faster_again", halved_from_what_it_got_and_faster_again);
    g_test_add_func("/pace/one_recipient_alone_slows_nobody", one_recipient_alone_slows_nobody);
    g_test_add_func("/pace/never_given_up", never_given_up);
    g_test_add_func("/pace/what_the_settings_fix_is_never_exceeded", what_the_settings_fix_is_never_exceeded);
    g_test_add_func("/pace/clock_that_is_set_back", clock_that_is_set_back);
    return g_test_run();
}
