/* base/problems: all mistakes, in the order of the file. */
#include "base/problems.h"

static void sorted_by_file_and_line(void)
{
    g_autoptr(Problems) problems = problems_new();
    problems_add(problems, "b", 2, "later %d", 1);
    problems_add(problems, "a", 10, "tenth");
    problems_add(problems, "a", 9, "ninth");
    problems_add(problems, "b", 0, "whole");
    g_autofree char *text = problems_text(problems);
    g_assert_cmpstr(text, ==, "a:9: ninth\na:10: tenth\nb: whole\nb:2: later 1\n");
}

static void kept_in_the_order_of_their_coming(void)
{
    g_autoptr(Problems) problems = problems_new();
    g_assert_cmpuint(problems_count(problems), ==, 0);
    problems_add(problems, "b", 2, "100%%");
    problems_add(problems, "a", 1, "second");
    g_assert_cmpuint(problems_count(problems), ==, 2);
    g_assert_cmpstr(problems_at(problems, 0)->file, ==, "b");
    g_assert_cmpuint(problems_at(problems, 0)->line, ==, 2);
    g_assert_cmpstr(problems_at(problems, 0)->text, ==, "100%");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/problems/sorted_by_file_and_line", sorted_by_file_and_line);
    g_test_add_func("/problems/kept_in_the_order_of_their_coming", kept_in_the_order_of_their_coming);
    return g_test_run();
}
