/* announcements/quiet: by the clock on the wall, over midnight, weekends, and the days on which the clocks change. */
#include "announcements/quiet.h"

#include "base/datetime.h"

#define ZONE "Europe/Berlin"

/* clang-format off */
static const struct { const char *name; QuietSettings settings; const char *now, *until; } cases[] = {
    { "none", { (char *)"", (char *)"", false }, "2026-11-24 23:00", NULL },
    { "before", { (char *)"21:00", (char *)"07:00", false }, "2026-11-24 20:59", NULL },
    { "begins", { (char *)"21:00", (char *)"07:00", false }, "2026-11-24 21:00", "2026-11-25 07:00" },
    { "after midnight", { (char *)"21:00", (char *)"07:00", false }, "2026-11-25 03:00", "2026-11-25 07:00" },
    { "ends", { (char *)"21:00", (char *)"07:00", false }, "2026-11-25 07:00", NULL },
    { "at noon", { (char *)"12:00", (char *)"13:30", false }, "2026-11-24 12:10", "2026-11-24 13:30" },
    { "to midnight", { (char *)"22:15", (char *)"00:00", false }, "2026-11-24 23:00", "2026-11-25 00:00" },
    { "saturday without", { (char *)"21:00", (char *)"07:00", false }, "2026-11-28 12:00", NULL },
    { "saturday", { (char *)"21:00", (char *)"07:00", true }, "2026-11-28 12:00", "2026-11-30 07:00" },
    { "friday night", { (char *)"21:00", (char *)"07:00", true }, "2026-11-27 22:00", "2026-11-30 07:00" },
    { "weekends alone", { (char *)"", (char *)"", true }, "2026-11-28 12:00", "2026-11-30 00:00" },
    { "weekends alone, on a monday", { (char *)"", (char *)"", true }, "2026-11-30 00:00", NULL },
    { "clocks go forward", { (char *)"21:00", (char *)"07:00", false }, "2026-03-28 22:00", "2026-03-29 07:00" },
    { "clocks go back", { (char *)"21:00", (char *)"07:00", false }, "2026-10-24 22:00", "2026-10-25 07:00" },
    { "end of the year", { (char *)"21:00", (char *)"07:00", false }, "2026-12-31 22:00", "2027-01-01 07:00" },
};
/* clang-format on */

static int64_t at(const char *text)
{
    int64_t instant = 0;
    g_autoptr(GError) error = NULL;
    g_assert_true(!text || datetime_parse(text, ZONE, &instant, NULL, &error));
    return instant;
}

static void until(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].name);
        g_assert_cmpint(quiet_until(&cases[i].settings, ZONE, at(cases[i].now)), ==, at(cases[i].until));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quiet/until", until);
    return g_test_run();
}
