/* model/refusal: which words and codes say that an address is dead. In doubt it lives. */
#include "model/refusal.h"

#include <glib.h>

static const struct {
    const char *name, *enhanced, *text;
    bool dead;
    const char *why;
} cases[] = {
    {"words", "5.1.1", "User unknown in virtual mailbox table", true, "user unknown"},
    {"code alone", "5.1.1", "rejected", true, "5.1.1"},
    {"code of a domain", "5.1.2", "", true, "5.1.2"},
    {"code of the sender", "5.1.8", "", false, "5.1.8"},
    {"code that says nothing", "5.0.0", "", false, "5.0.0"},
    {"no code, no words", "", "go away", false, ""},
    {"no code, words", "", "No such user here", true, "no such user"},
    {"words against a policy code", "5.7.1", "No such user", true, "no such user"},
    {"words against a hard code", "5.1.1", "mailbox is over quota", false, "over quota"},
    {"the earliest words win", "5.1.1", "listed at a blocklist; user unknown", false, "listed"},
    {"the earliest words win, dead", "5.7.1", "user unknown; see our blocklist", true, "user unknown"},
    {"not listed in a directory", "5.1.1", "ann is not listed in Domino Directory", true, "not listed in"},
    {"a temporary code is never dead", "4.1.1", "user unknown", false, "4.1.1"},
    {"an address is not a reason", "5.1.1", "<spam-reports@policy.test> rejected", true, "5.1.1"},
    {"a link is not a reason", "5.1.1", "see https://blocked.test/spam", true, "5.1.1"},
    {"an account that may come back", "5.2.1", "this account is disabled", false, "disabled"},
};

static void test_table(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *why = NULL;
        g_test_message("%s", cases[i].name);
        bool dead = refusal_is_dead(cases[i].enhanced, cases[i].text, &why);
        g_assert_cmpstr(why, ==, cases[i].why);
        g_assert_true(dead == cases[i].dead);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/refusal/table", test_table);
    return g_test_run();
}
