/* outbound/share: who may be given how much. */
#include "outbound/share.h"

/* Gives `mails` one by one, each to the first that may take it, as a sender in haste would. */
static void give_in_haste(Share *const *shares, guint n, int mails, int *ret_given)
{
    for (int i = 0; i < mails; i++)
        for (guint who = 0; who < n; who++) {
            share_race(shares[who], true, shares, n);
            if (share_allows(shares[who], 4, shares, n) == 0)
                continue;
            share_give(shares[who], 1);
            ret_given[who]++;
            break;
        }
}

static void weights_are_kept(void)
{
    int given[2] = {0};
    Share light = {.weight = 1}, heavy = {.weight = 3};
    Share *const shares[] = {&light, &heavy};
    share_race(&light, true, shares, 2);
    share_race(&heavy, true, shares, 2);
    give_in_haste(shares, 2, 4000, given);
    g_assert_cmpint(ABS(given[0] - 1000), <=, SHARE_AHEAD);
    g_assert_cmpint(given[0] + given[1], ==, 4000);
}

static void without_a_weight_as_much_as_it_can(void)
{
    int given[2] = {0};
    Share fast = {0}, slow = {0};
    Share *const shares[] = {&fast, &slow};
    give_in_haste(shares, 2, 100, given);
    g_assert_cmpint(given[0], ==, 100);
}

static void who_drops_out_holds_nobody_up(void)
{
    Share one = {.weight = 1}, other = {.weight = 1};
    Share *const shares[] = {&one, &other};
    share_race(&one, true, shares, 2);
    share_race(&other, true, shares, 2);
    for (int i = 0; i < SHARE_AHEAD; i++)
        share_give(&one, 1);
    g_assert_cmpuint(share_allows(&one, 4, shares, 2), ==, 0);
    share_race(&other, false, shares, 2);
    g_assert_cmpuint(share_allows(&one, 4, shares, 2), ==, 4);
}

static void who_comes_back_makes_up_for_nothing(void)
{
    Share one = {.weight = 1}, other = {.weight = 1};
    Share *const shares[] = {&one, &other};
    share_race(&one, true, shares, 2);
    for (int i = 0; i < 1000; i++)
        share_give(&one, 1);
    share_race(&other, true, shares, 2);
    g_assert_cmpuint(share_allows(&one, 4, shares, 2), ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/share/weights_are_kept", weights_are_kept);
    g_test_add_func("/share/without_a_weight_as_much_as_it_can", without_a_weight_as_much_as_it_can);
    g_test_add_func("/share/who_drops_out_holds_nobody_up", who_drops_out_holds_nobody_up);
    g_test_add_func("/share/who_comes_back_makes_up_for_nothing", who_comes_back_makes_up_for_nothing);
    return g_test_run();
}
