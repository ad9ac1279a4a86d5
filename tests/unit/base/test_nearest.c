/* base/nearest: suggests what was meant, and nothing when it cannot know. */
#include "base/nearest.h"

static const char *const known[] = {"first_seconds", "longest_seconds", "host", "help", "subscriber"};

static const struct {
    const char *word, *meant;
} cases[] = {
    {"frist_seconds", "first_seconds"},
    {"longest_second", "longest_seconds"},
    {"hosts", "host"},
    {"hsot", "host"},
    {"hlp", "help"},
    {"subscribers", "subscriber"},
    {"subsciber", "subscriber"},
    {"colour", NULL},
    {"x", NULL},
    {"", NULL},
    {"a_word_far_longer_than_any_name_that_there_could_ever_be", NULL},
};

static void slips_are_forgiven(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Nearest nearest = nearest_to(cases[i].word);
        for (gsize j = 0; j < G_N_ELEMENTS(known); j++)
            nearest_offer(&nearest, known[j]);
        g_assert_cmpstr(nearest.found, ==, cases[i].meant);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/nearest/slips_are_forgiven", slips_are_forgiven);
    return g_test_run();
}
