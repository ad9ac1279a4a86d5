/* subscribers/list_change: what staff write into a list is checked, all mistakes at once. */
#include "subscribers/list_change.h"

#include "config/settings.h"

static const struct {
    const char *name, *slug;
    bool good;
} slugs[] = {
    {"letters", "presse", true},
    {"digits and hyphens", "ak-2018", true},
    {"one letter", "p", true},
    {"empty", "", false},
    {"capitals", "Presse", false},
    {"hyphen in front", "-p", false},
    {"hyphen at the end", "p-", false},
    {"umlaut", "bürger", false},
    {"line break", "p\nq", false},
    {"dot", "a.b", false},
    {"too long", "abcdefghijklmnopqrstuvwxyzabcdefghijklmno", false},
};

static void slugs_fit_into_headers(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(slugs); i++) {
        g_test_message("%s", slugs[i].name);
        g_autoptr(Problems) problems = problems_new();
        g_autoptr(MailingList) list = list_new(slugs[i].slug, "de", problems);
        g_assert_cmpstr(list->slug, ==, slugs[i].slug);
        g_assert_true((problems_count(problems) == 0) == slugs[i].good);
    }
}

static const struct {
    const char *name;
    ListChange change;
    const char *want; /* in the problem; NULL: none */
} changes[] = {
    {"nothing", {0}, NULL},
    {"title", {.title = "Presse ü"}, NULL},
    {"empty title", {.title = ""}, "--title"},
    {"header injection by the title", {.title = "Presse\r\nBcc: all@example.org"}, "--title"},
    {"header injection by the name", {.from_name = "Kreis\nBcc: x@example.org"}, "--from-name"},
    {"header injection by an address", {.reply_to = "x@example.org\nBcc: y@example.org"}, "--reply-to"},
    {"address", {.from_address = "presse@kreis.example"}, NULL},
    {"empty address: the site's", {.from_address = ""}, NULL},
    {"wrong address", {.sender_address = "presse"}, "--sender-address"},
    {"joining", {.joining = "request"}, NULL},
    {"wrong joining", {.joining = "maybe"}, "--joining takes"},
    {"basis", {.basis = "public-task"}, NULL},
    {"wrong basis", {.basis = "mood"}, "--basis takes"},
    {"language", {.language = "de-x-leicht"}, NULL},
    {"wrong language", {.language = "??"}, "--language takes"},
    {"no limit of the rate", {.rate_per_minute = "0"}, NULL},
    {"wrong rate", {.rate_per_minute = "fast"}, "--rate takes a number from 0"},
    {"negative rate", {.rate_per_minute = "-1"}, "--rate takes"},
    {"weight", {.weight = "100"}, NULL},
    {"no weight", {.weight = "0"}, "--weight takes a number from 1"},
    {"relay", {.relay = "second"}, NULL},
    {"any relay", {.relay = ""}, NULL},
    {"unknown relay", {.relay = "third"}, "(main, second), not \"third\""},
};

static GPtrArray *relays(void)
{
    static RelaySettings two[] = {{.name = (char *)"main"}, {.name = (char *)"second"}};
    GPtrArray *array = g_ptr_array_new();
    g_ptr_array_add(array, &two[0]);
    g_ptr_array_add(array, &two[1]);
    return array;
}

static void fields_are_checked(void)
{
    g_autoptr(GPtrArray) known = relays();
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_test_message("%s", changes[i].name);
        g_autoptr(Problems) problems = problems_new();
        g_autoptr(MailingList) list = list_new("presse", "de", problems);
        list_apply(list, &changes[i].change, known, "presse", problems);
        g_assert_cmpuint(problems_count(problems), ==, changes[i].want ? 1 : 0);
        if (changes[i].want)
            g_assert_nonnull(strstr(problems_at(problems, 0)->text, changes[i].want));
    }
}

static void all_mistakes_at_once_and_what_is_good_is_taken(void)
{
    g_autoptr(GPtrArray) known = relays();
    g_autoptr(Problems) problems = problems_new();
    g_autoptr(MailingList) list = list_new("presse", "de", problems);
    list_apply(list,
               &(ListChange){.title = "Presse", .joining = "x", .basis = "y", .from_address = "Presse@KREIS.example"},
               known, "presse", problems);
    g_assert_cmpuint(problems_count(problems), ==, 2);
    g_assert_cmpstr(list->title, ==, "Presse");
    g_assert_cmpstr(list->from_address, ==, "Presse@kreis.example");
    g_assert_cmpint(list->joining, ==, JOINING_CLOSED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/list_change/slugs_fit_into_headers", slugs_fit_into_headers);
    g_test_add_func("/list_change/fields_are_checked", fields_are_checked);
    g_test_add_func("/list_change/all_mistakes_at_once_and_what_is_good_is_taken",
                    all_mistakes_at_once_and_what_is_good_is_taken);
    return g_test_run();
}
