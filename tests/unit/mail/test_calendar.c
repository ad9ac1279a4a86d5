/* mail/calendar: a meeting that every calendar reads, and no field that can add a line of its own. */
#include "mail/calendar.h"

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"

#define MAY_2018 (INT64_C(1525244400) * SECOND_US) /* 2 May 2018, 09:00 in Berlin */

static CalendarEvent meeting(void)
{
    return (CalendarEvent){
        .uid = "meeting-1@news.example",
        .sequence = 2,
        .stamped_at = MAY_2018 - DAY_US,
        .starts_at = MAY_2018,
        .ends_at = MAY_2018 + 2 * HOUR_US,
        .zone = "Europe/Berlin",
        .summary = "Sitzung",
        .location = "",
        .description = "",
        .organizer_name = "",
        .organizer_address = "",
    };
}

static char *write_good(const CalendarEvent *event)
{
    g_autoptr(GError) error = NULL;
    char *text = calendar_write(event, &error);
    g_assert_no_error(error);
    g_assert_nonnull(text);
    return text;
}

static void assert_has_line(const char *text, const char *line)
{
    g_autofree char *framed = g_strdup_printf("\r\n%s\r\n", line);
    if (!strstr(text, framed))
        g_error("no line \"%s\" in\n%s", line, text);
}

static void a_meeting_in_its_zone(void)
{
    CalendarEvent event = meeting();
    g_autofree char *text = write_good(&event);
    static const char *const lines[] = {
        "VERSION:2.0",
        ("METHOD:" CALENDAR_METHOD),
        "TZID:Europe/Berlin",
        "UID:meeting-1@news.example",
        "SEQUENCE:2",
        "DTSTAMP:20180501T070000Z",
        "DTSTART;TZID=Europe/Berlin:20180502T090000",
        "DTEND;TZID=Europe/Berlin:20180502T110000",
        "SUMMARY:Sitzung",
        "STATUS:CONFIRMED",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++)
        assert_has_line(text, lines[i]);
    g_assert_true(g_str_has_prefix(text, "BEGIN:VCALENDAR\r\n"));
    g_assert_true(g_str_has_suffix(text, "END:VEVENT\r\nEND:VCALENDAR\r\n"));
    g_assert_null(strstr(text, "freeassociation"));
    g_assert_null(strstr(text, "ATTENDEE"));
    g_assert_null(strstr(text, "LOCATION:\r")); /* what is empty is left out */
    g_assert_cmpuint(strlen(text), <, 1500);    /* not the zone's history since 1893 */
}

static void summer_and_winter_differ(void)
{
    CalendarEvent event = meeting();
    event.starts_at = INT64_C(1729992600) * SECOND_US; /* 27 October 2024, 02:30 for the second time */
    event.ends_at = event.starts_at + HOUR_US;
    g_autofree char *text = write_good(&event);
    assert_has_line(text, "DTSTART;TZID=Europe/Berlin:20241027T023000");
    assert_has_line(text, "DTEND;TZID=Europe/Berlin:20241027T033000");
}

static void utc_needs_no_zone(void)
{
    CalendarEvent event = meeting();
    event.zone = "UTC";
    event.cancelled = true;
    g_autofree char *text = write_good(&event);
    assert_has_line(text, "DTSTART:20180502T070000Z");
    assert_has_line(text, "STATUS:CANCELLED");
    g_assert_null(strstr(text, "VTIMEZONE"));
}

static void text_is_escaped(void)
{
    CalendarEvent event = meeting();
    event.summary = "Rad; Weg, \\n „neu“";
    event.location = "Kreishaus, Saal 1";
    event.description = "eins\r\nzwei\rdrei\nvier";
    event.organizer_name = "Kreis, \"Presse\": x";
    event.organizer_address = "p@k.example";
    g_autofree char *text = write_good(&event);
    assert_has_line(text, "SUMMARY:Rad\\; Weg\\, \\\\n „neu“");
    assert_has_line(text, "LOCATION:Kreishaus\\, Saal 1");
    assert_has_line(text, "DESCRIPTION:eins\\nzwei\\ndrei\\nvier");
    assert_has_line(text, "ORGANIZER;CN=\"Kreis, 'Presse': x\":mailto:p@k.example");
}

static void lines_are_folded(void)
{
    CalendarEvent event = meeting();
    g_autoptr(GString) description = g_string_new(NULL);
    for (int i = 0; i < 300; i++)
        g_string_append(description, i % 7 ? "üß😀" : " lang\n");
    event.description = description->str;
    g_autofree char *text = write_good(&event);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (gsize i = 0; lines[i]; i++) {
        g_assert_cmpuint(strlen(lines[i]), <=, 75);
        g_assert_true(g_utf8_validate(lines[i], -1, NULL));
        g_assert_null(strpbrk(lines[i], "\r\n"));
    }
}

static void mistakes_are_told(void)
{
    CalendarEvent event = meeting();
    event.zone = "Musterland/Nirgends";
    g_autoptr(GError) error = NULL;
    g_assert_null(calendar_write(&event, &error));
    g_assert_error(error, CALENDAR_ERROR, CALENDAR_ERROR_ZONE);
    g_clear_error(&error);
    event = meeting();
    event.ends_at = event.starts_at - 1;
    g_assert_null(calendar_write(&event, &error));
    g_assert_error(error, CALENDAR_ERROR, CALENDAR_ERROR_VALUE);
    g_clear_error(&error);
    event = meeting();
    event.uid = "";
    g_assert_null(calendar_write(&event, &error));
    g_assert_error(error, CALENDAR_ERROR, CALENDAR_ERROR_VALUE);
    g_clear_error(&error);
    event = meeting();
    g_autofree char *long_text = g_strnfill(LIMIT_HEADER_VALUE_BYTES + 1, 'x');
    event.summary = long_text;
    g_assert_null(calendar_write(&event, &error));
    g_assert_error(error, CALENDAR_ERROR, CALENDAR_ERROR_VALUE);
}

/* Invariant 12, every field. A description may have lines, but none that starts a property. */
static void no_field_adds_a_line(void)
{
    static const char *const hostile[] = {"x\r\nATTENDEE:mailto:eve@example.org",
                                          "x\nEND:VEVENT",
                                          "x\rBEGIN:VALARM",
                                          "x\x01",
                                          "x\x7f",
                                          "x\xc2\x85y",
                                          "x\xff"};
    CalendarEvent event = meeting();
    event.organizer_address = "p@k.example";
    const char **fields[] = {
        &event.uid, &event.summary, &event.location, &event.organizer_name, &event.organizer_address, &event.zone};
    for (gsize f = 0; f < G_N_ELEMENTS(fields); f++) {
        for (gsize i = 0; i < G_N_ELEMENTS(hostile); i++) {
            const char *kept = *fields[f];
            *fields[f] = hostile[i];
            g_autoptr(GError) error = NULL;
            g_assert_null(calendar_write(&event, &error));
            g_assert_nonnull(error);
            *fields[f] = kept;
        }
    }
    event.description = "x\r\nEND:VEVENT\r\nBEGIN:VALARM\rEND:VCALENDAR\n";
    g_autofree char *text = write_good(&event);
    assert_has_line(text, "DESCRIPTION:x\\nEND:VEVENT\\nBEGIN:VALARM\\nEND:VCALENDAR\\n");
    event.description = "x\x01";
    g_assert_null(calendar_write(&event, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/calendar/" #name, name)
    TEST(a_meeting_in_its_zone);
    TEST(summer_and_winter_differ);
    TEST(utc_needs_no_zone);
    TEST(text_is_escaped);
    TEST(lines_are_folded);
    TEST(mistakes_are_told);
    g_test_add_func("/calendar/invariant_12_no_field_adds_a_line", no_field_adds_a_line);
    return g_test_run();
}
