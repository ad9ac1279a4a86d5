/* base/datetime: local times are read and written as people mean them, across daylight saving. */
#include "base/datetime.h"

/* rundbrief */
#include "base/clock.h"

#define BERLIN "Europe/Berlin"

static const struct {
    const char *name;
    const char *text;
    const char *zone;
    int64_t seconds; /* UTC; -1: an error is wanted */
    bool twice;
    int error;
    const char *says; /* part of the sentence */
} readings[] = {
    {"summer", "2018-05-02 09:00", BERLIN, 1525244400, false, 0, NULL},
    {"winter", "2018-01-02 09:00", BERLIN, 1514880000, false, 0, NULL},
    {"T and seconds", "2018-05-02T09:00:30", BERLIN, 1525244430, false, 0, NULL},
    {"UTC", "1970-01-01 00:00", "UTC", 0, false, 0, NULL},
    {"leap day", "2024-02-29 12:00", "UTC", 1709208000, false, 0, NULL},
    {"last minute before the gap", "2018-03-25 01:59", BERLIN, 1521939540, false, 0, NULL},
    {"first minute of the gap", "2018-03-25 02:00", BERLIN, -1, false, DATETIME_ERROR_GAP, "write 01:00 or 03:00"},
    {"in the gap", "2018-03-25 02:30", BERLIN, -1, false, DATETIME_ERROR_GAP,
     "02:30 does not exist on 25 March 2018 in Europe/Berlin, because the clocks go forward over it; write 01:30 or "
     "03:30"},
    {"first minute after the gap", "2018-03-25 03:00", BERLIN, 1521939600, false, 0, NULL},
    {"before the hour that comes twice", "2018-10-28 01:59", BERLIN, 1540684740, false, 0, NULL},
    {"twice: the first", "2018-10-28 02:30", BERLIN, 1540686600, true, 0, NULL},
    {"after the hour that came twice", "2018-10-28 03:00", BERLIN, 1540692000, false, 0, NULL},
    {"half-hour change, gap", "2018-10-07 02:15", "Australia/Lord_Howe", -1, false, DATETIME_ERROR_GAP,
     "write 01:45 or 02:45"},
    {"a day that was skipped", "2011-12-30 12:00", "Pacific/Apia", -1, false, DATETIME_ERROR_GAP, "does not exist"},
    {"far away", "2050-07-01 12:00", BERLIN, 2540282400, false, 0, NULL},
    {"no such day", "2018-02-30 09:00", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, "2018-05-02 09:00"},
    {"no such minute", "2018-02-20 09:60", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"24 o'clock", "2018-02-20 24:00", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"no time", "2018-05-02", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"something behind", "2018-05-02 09:00 Uhr", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"German order", "02.05.2018 09:00", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"empty", "", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"too early", "1969-12-31 23:00", BERLIN, -1, false, DATETIME_ERROR_SYNTAX, NULL},
    {"no such zone", "2018-05-02 09:00", "Europe/Steinfurt", -1, false, DATETIME_ERROR_ZONE, "Europe/Berlin"},
};

static void local_times_are_read(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(readings); i++) {
        g_test_message("%s", readings[i].name);
        g_autoptr(GError) error = NULL;
        int64_t at = 0;
        bool twice = false;
        bool read = datetime_parse(readings[i].text, readings[i].zone, &at, &twice, &error);
        if (readings[i].seconds >= 0) {
            g_assert_no_error(error);
            g_assert_true(read);
            g_assert_cmpint(at, ==, readings[i].seconds * SECOND_US);
            g_assert_cmpint(twice, ==, readings[i].twice);
            continue;
        }
        g_assert_false(read);
        g_assert_error(error, DATETIME_ERROR, readings[i].error);
        if (readings[i].says)
            g_assert_nonnull(strstr(error->message, readings[i].says));
    }
}

static const struct {
    const char *zone;
    const char *language;
    DatetimeStyle style;
    const char *want;
} writings[] = {
    {BERLIN, "de", DATETIME_LONG, "Mittwoch, 2. Mai 2018, 09:00 Uhr"},
    {BERLIN, "de-x-leicht", DATETIME_LONG, "Mittwoch, 2. Mai 2018, 09:00 Uhr"},
    {BERLIN, "en", DATETIME_LONG, "Wednesday, 2 May 2018, 09:00"},
    {BERLIN, "del", DATETIME_LONG, "Wednesday, 2 May 2018, 09:00"},
    {BERLIN, "tr", DATETIME_DATE, "2 May 2018"},
    {BERLIN, "de", DATETIME_SHORT, "02.05.2018, 09:00"},
    {BERLIN, "en", DATETIME_SHORT, "2 May 2018, 09:00"},
    {BERLIN, "de", DATETIME_DATE, "2. Mai 2018"},
    {BERLIN, "de", DATETIME_CLOCK, "09:00 Uhr"},
    {BERLIN, "de", DATETIME_STRICT, "2018-05-02 09:00"},
    {"UTC", "en", DATETIME_CLOCK, "07:00"},
    {"No/Where", "en", DATETIME_CLOCK, "07:00"},
};

static void instants_are_written(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(writings); i++) {
        g_autofree char *text = datetime_format(1525244400 * SECOND_US, writings[i].zone, writings[i].language,
                                                writings[i].style);
        g_assert_cmpstr(text, ==, writings[i].want);
    }
}

static void spans_name_the_second_day_when_it_differs(void)
{
    const int64_t start = 1526310000 * SECOND_US; /* 14 May 2018, 17:00 in Berlin */
    g_autofree char *same = datetime_format_span(start, start + 2 * HOUR_US, BERLIN, "de");
    g_assert_cmpstr(same, ==, "Montag, 14. Mai 2018, 17:00 bis 19:00 Uhr");
    g_autofree char *next = datetime_format_span(start, start + DAY_US, BERLIN, "en");
    g_assert_cmpstr(next, ==, "Monday, 14 May 2018, 17:00 to Tuesday, 15 May 2018, 17:00");
}

/* Every quarter of an hour of a year comes back as it was written,
 * but for the second run of the hour that comes twice. */
static void what_is_written_is_read_again(void)
{
    const int64_t begin = 1514761200 * SECOND_US; /* 2018 begins in Berlin */
    guint twice_count = 0;
    for (int64_t at = begin; at < begin + 365 * DAY_US; at += 15 * MINUTE_US) {
        g_autofree char *text = datetime_format(at, BERLIN, "de", DATETIME_STRICT);
        int64_t back;
        bool twice;
        g_assert_true(datetime_parse(text, BERLIN, &back, &twice, NULL));
        g_assert_cmpint(back, ==, twice && back != at ? at - HOUR_US : at);
        twice_count += twice;
    }
    g_assert_cmpint(twice_count, ==, 8);
}

static void the_hour_that_comes_twice_is_told(void)
{
    g_autofree char *note = datetime_twice_note(1540686600 * SECOND_US, BERLIN);
    g_assert_cmpstr(note, ==, "02:30 comes twice on 28 October 2018, when the clocks go back; the first one is taken");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/datetime/" #name, name)
    TEST(local_times_are_read);
    TEST(instants_are_written);
    TEST(spans_name_the_second_day_when_it_differs);
    TEST(what_is_written_is_read_again);
    TEST(the_hour_that_comes_twice_is_told);
    return g_test_run();
}
