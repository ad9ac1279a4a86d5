/* outbound/blame: a mail is to blame when others are accepted between its refusals, and enough different ones in a row
 * are not, unless all are one provider's. */
#include "outbound/blame.h"

#include <glib.h>

typedef struct Step {
    char what; /* 'r': refused, 'a': another was accepted, 'f': found at fault */
    int64_t whom;
    Blame want;
} Step;

#define STEPS 14
/* clang-format off */
static const struct { const char *name; Step steps[STEPS]; } cases[] = {
    { "one-of-many", { { .what = 'a' }, { 'r', 1, BLAME_OPEN }, { .what = 'a' }, { 'r', 1, BLAME_MAIL }, { 'r', 1, BLAME_MAIL } } },
    { "first-of-many", { { 'r', 1, BLAME_OPEN }, { .what = 'a' }, { 'r', 1, BLAME_MAIL } } },
    { "one-alone", { { .what = 'a' }, { 'r', 1, BLAME_OPEN }, { 'r', 1, BLAME_OPEN }, { 'r', 1, BLAME_OPEN } } },
    { "three-in-a-row", { { .what = 'a' }, { 'r', 1, BLAME_OPEN }, { 'r', 2, BLAME_OPEN }, { 'r', 2, BLAME_OPEN }, { 'r', 3, BLAME_ALL }, { 'r', 1, BLAME_ALL } } },
    { "poisoned-ones-in-a-row", { { 'r', 1, BLAME_OPEN }, { 'r', 2, BLAME_OPEN }, { .what = 'a' }, { 'r', 3, BLAME_OPEN }, { .what = 'a' }, { 'r', 1, BLAME_MAIL }, { 'r', 2, BLAME_MAIL }, { 'r', 3, BLAME_MAIL }, { 'r', 4, BLAME_OPEN }, { 'r', 5, BLAME_OPEN }, { 'r', 6, BLAME_ALL } } },
    { "what-was-accepted-before-a-fault-proves-nothing", { { 'r', 1, BLAME_OPEN }, { .what = 'a' }, { .what = 'f' }, { 'r', 1, BLAME_OPEN }, { .what = 'a' }, { 'r', 1, BLAME_MAIL } } },
};
/* clang-format on */

static void judged(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    BlameRecord record = {0};
    Streak streak = {0};
    for (const Step *step = cases[i].steps; step->what; step++) {
        if (step->what == 'r')
            g_assert_cmpint(blame_judge(&record, &streak, (Suspect){.whom = step->whom}, 3), ==, step->want);
        else if (step->what == 'f')
            blame_failed(&record);
        else
            record.accepted++;
        if (step->what == 'a')
            streak.n = 0;
        if (step->what != 'r')
            g_assert_true(blame_is_trusted(&record) == (step->what == 'a'));
    }
}

/* More poisoned ones than are remembered: the oldest is forgotten, and nothing else. */
static void many(void)
{
    BlameRecord record = {.accepted = 1};
    for (int64_t whom = 1; whom <= BLAME_SUSPECTS + 1; whom++) {
        Streak streak = {0};
        g_assert_cmpint(blame_judge(&record, &streak, (Suspect){.whom = whom}, 3), ==, BLAME_OPEN);
        record.accepted++;
    }
    Streak streak = {0};
    g_assert_cmpint(blame_judge(&record, &streak, (Suspect){.whom = 2}, 3), ==, BLAME_MAIL);
    g_assert_cmpint(blame_judge(&record, &streak, (Suspect){.whom = 1}, 3), ==, BLAME_OPEN);
}

/* Words about the mail itself: 'r' refused, 'a' another was accepted, 'e' refused while somebody else accepts. */
typedef struct Word {
    char what;
    Suspect suspect;
    Blame want;
} Word;

/* clang-format off */
static const struct { const char *name; Word words[STEPS]; } refusals[] = {
    { "of-who-is-trusted", { { .what = 'a' }, { 'r', {1, 7}, BLAME_MAIL }, { 'e', {2, 7}, BLAME_MAIL } } },
    { "twice-of-who-is-not", { { 'r', {1, 7}, BLAME_OPEN }, { 'r', {2, 8}, BLAME_OPEN }, { 'r', {1, 7}, BLAME_MAIL } } },
    { "before-another-was-accepted", { { 'r', {1, 7}, BLAME_OPEN }, { .what = 'a' }, { 'r', {1, 7}, BLAME_MAIL } } },
    { "others-are-better-judges", { { 'e', {1, 7}, BLAME_ALL }, { 'e', {1, 7}, BLAME_ALL }, { .what = 'a' }, { 'e', {1, 7}, BLAME_MAIL } } },
    { "ten-in-a-row", { { 'r', {1, 7}, BLAME_OPEN }, { 'r', {2, 7}, BLAME_OPEN }, { 'r', {3, 7}, BLAME_OPEN }, { 'r', {4, 7}, BLAME_OPEN }, { 'r', {5, 7}, BLAME_OPEN },
                        { 'r', {6, 7}, BLAME_OPEN }, { 'r', {7, 7}, BLAME_OPEN }, { 'r', {8, 7}, BLAME_OPEN }, { 'r', {9, 7}, BLAME_OPEN }, { 'r', {10, 8}, BLAME_ALL }, { 'r', {1, 7}, BLAME_ALL } } },
    { "ten-of-one-provider", { { 'r', {1, 7}, BLAME_OPEN }, { 'r', {2, 7}, BLAME_OPEN }, { 'r', {3, 7}, BLAME_OPEN }, { 'r', {4, 7}, BLAME_OPEN }, { 'r', {5, 7}, BLAME_OPEN },
                               { 'r', {6, 7}, BLAME_OPEN }, { 'r', {7, 7}, BLAME_OPEN }, { 'r', {8, 7}, BLAME_OPEN }, { 'r', {9, 7}, BLAME_OPEN }, { 'r', {10, 7}, BLAME_PROVIDER },
                               { 'r', {1, 7}, BLAME_PROVIDER }, { .what = 'a' }, { 'r', {1, 7}, BLAME_MAIL } } },
};
/* clang-format on */

static void judged_refusal(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    BlameRecord record = {0};
    Streak streak = {0};
    for (const Word *word = refusals[i].words; word->what; word++) {
        if (word->what != 'a') {
            g_assert_cmpint(blame_judge_refusal(&record, &streak, word->suspect, word->what == 'e'), ==, word->want);
            continue;
        }
        record.accepted++;
        streak.n = 0;
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/blame_record/%s", cases[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), judged);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(refusals); i++) {
        g_autofree char *path = g_strdup_printf("/blame_record/refusal/%s", refusals[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), judged_refusal);
    }
    g_test_add_func("/blame_record/many", many);
    return g_test_run();
}
