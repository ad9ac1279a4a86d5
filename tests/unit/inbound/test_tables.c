/* The phrases of reports and answers: every row is written as it can be found. */
#include <glib.h>

#include "../phrase_check.h"
#include "inbound/answer_table.h"
#include "inbound/family_table.h"
#include "inbound/talk_table.h"

#define CHECK(rows)                                                                                                    \
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)                                                                     \
    phrase_check(&(rows)[i])

static void test_every_row_is_found(void)
{
    CHECK(subject_phrases);
    CHECK(text_phrases);
    CHECK(away_subjects);
    CHECK(away_texts);
    CHECK(challenge_phrases);
    CHECK(leave_phrases);
    CHECK(family_sentences);
}

static void test_families_have_names(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(family_fields); i++)
        g_assert_nonnull(family_names[family_fields[i].family]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tables/every_row_is_found", test_every_row_is_found);
    g_test_add_func("/tables/families_have_names", test_families_have_names);
    return g_test_run();
}
