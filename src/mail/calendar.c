/* Writes one meeting with libical. libical quotes and folds; what it would let through (control characters, a line
 * break inside a one-line field) is refused here before it sees it (invariant 12). */
#include "mail/calendar.h"

/* libraries */
#include <libical/ical.h>
#include <string.h>

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/address.h"

#define PRODUCT           "-//Rundbrief//Rundbrief//EN"
#define DESCRIPTION_BYTES (16 * 1024) /* a calendar entry, not the announcement itself */

G_DEFINE_QUARK(rundbrief_calendar_error, calendar_error)

static bool fail(GError **error, int code, const char *field, const char *what)
{
    g_set_error(error, CALENDAR_ERROR, code, "calendar: %s: %s", field, what);
    return false;
}

/* ---- checks ------------------------------------------------------------------------------------------------------ */

static bool check_line(const char *field, const char *text, GError **error)
{
    if (strlen(text) > LIMIT_HEADER_VALUE_BYTES)
        return fail(error, CALENDAR_ERROR_VALUE, field, "is too long");
    return text_is_one_line(text) ||
           fail(error, CALENDAR_ERROR_VALUE, field, "holds a line break, another control character or invalid UTF-8");
}

static bool check_lines(const char *field, const char *text, GError **error)
{
    if (strlen(text) > DESCRIPTION_BYTES)
        return fail(error, CALENDAR_ERROR_VALUE, field, "is too long");
    g_autofree char *copy = g_strdup(text);
    g_strdelimit(copy, "\r\n\t", ' ');
    return text_is_clean(copy) ||
           fail(error, CALENDAR_ERROR_VALUE, field, "holds a control character or invalid UTF-8");
}

static bool check_organizer(const CalendarEvent *event, GError **error)
{
    if (!*event->organizer_address)
        return true;
    g_auto(Address) address = {0};
    GError *inner = NULL;
    if (address_parse(event->organizer_address, &address, &inner))
        return true;
    fail(error, CALENDAR_ERROR_VALUE, "organizer", inner->message);
    g_error_free(inner);
    return false;
}

static bool check_event(const CalendarEvent *event, GError **error)
{
    if (event->ends_at < event->starts_at)
        return fail(error, CALENDAR_ERROR_VALUE, "end", "lies before the start");
    if (!*event->uid)
        return fail(error, CALENDAR_ERROR_VALUE, "uid", "is empty");
    return check_line("uid", event->uid, error) && check_line("summary", event->summary, error) &&
           check_line("location", event->location, error) && check_lines("description", event->description, error) &&
           check_line("organizer", event->organizer_name, error) && check_organizer(event, error);
}

/* ---- time -------------------------------------------------------------------------------------------------------- */

static icaltimetype utc_time(int64_t at)
{
    return icaltime_from_timet_with_zone((time_t)(at / SECOND_US), 0, icaltimezone_get_utc_timezone());
}

/* Not icaltime_from_timet_with_zone(): libical 3.0.16 converts but leaves the mark of UTC, a "Z" behind local time. */
static icaltimetype local_time(int64_t at, icaltimezone *zone)
{
    return icaltime_convert_to_zone(utc_time(at), zone);
}

/* The zone's rules from the event on, not its history since 1893. NULL for UTC, which needs none. */
static icalcomponent *new_zone_component(icaltimezone *zone, const char *name, icaltimetype start)
{
    icalcomponent *rules = icaltimezone_get_component(zone);
    if (!rules)
        return NULL;
    icalcomponent *copy = icalcomponent_new_clone(rules);
    icaltimezone_truncate_vtimezone(copy, start, icaltime_null_time(), 1);
    icalproperty *id = icalcomponent_get_first_property(copy, ICAL_TZID_PROPERTY);
    if (id)
        icalproperty_set_tzid(id, name);
    return copy;
}

/* libical names its zones with a prefix of its own; calendars know the plain name. */
static void add_time(icalcomponent *component, icalproperty *property, const char *zone_name)
{
    if (zone_name)
        icalproperty_set_parameter(property, icalparameter_new_tzid(zone_name));
    icalcomponent_add_property(component, property);
}

/* ---- the object -------------------------------------------------------------------------------------------------- */

static void add_text(icalcomponent *component, const char *text, icalproperty *(*new_property)(const char *))
{
    if (*text)
        icalcomponent_add_property(component, new_property(text));
}

static void add_description(icalcomponent *component, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    g_autofree char *joined = g_strjoinv("\n", lines);
    g_strdelimit(joined, "\r", '\n');
    add_text(component, joined, icalproperty_new_description);
}

/* A parameter value cannot hold a double quote at all (RFC 5545 3.2). */
static void add_organizer(icalcomponent *component, const CalendarEvent *event)
{
    if (!*event->organizer_address)
        return;
    g_autofree char *uri = g_strconcat("mailto:", event->organizer_address, NULL);
    icalproperty *organizer = icalproperty_new_organizer(uri);
    if (*event->organizer_name) {
        g_autofree char *name = g_strdup(event->organizer_name);
        g_strdelimit(name, "\"", '\'');
        icalproperty_add_parameter(organizer, icalparameter_new_cn(name));
    }
    icalcomponent_add_property(component, organizer);
}

static icalcomponent *new_event(const CalendarEvent *event, icaltimezone *zone, const char *zone_name)
{
    icalcomponent *component = icalcomponent_new_vevent();
    add_text(component, event->uid, icalproperty_new_uid);
    icalcomponent_add_property(component, icalproperty_new_sequence(event->sequence));
    icalcomponent_add_property(component, icalproperty_new_dtstamp(utc_time(event->stamped_at)));
    add_time(component, icalproperty_new_dtstart(local_time(event->starts_at, zone)), zone_name);
    add_time(component, icalproperty_new_dtend(local_time(event->ends_at, zone)), zone_name);
    add_text(component, event->summary, icalproperty_new_summary);
    add_text(component, event->location, icalproperty_new_location);
    add_description(component, event->description);
    add_organizer(component, event);
    icalproperty_status status = event->cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED;
    icalcomponent_add_property(component, icalproperty_new_status(status));
    return component;
}

static char *write_calendar(const CalendarEvent *event, icaltimezone *zone)
{
    icalcomponent *calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(calendar, icalproperty_new_prodid(PRODUCT));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH));
    icalcomponent *rules = new_zone_component(zone, event->zone, local_time(event->starts_at, zone));
    if (rules)
        icalcomponent_add_component(calendar, rules);
    icalcomponent_add_component(calendar, new_event(event, zone, rules ? event->zone : NULL));
    char *theirs = icalcomponent_as_ical_string_r(calendar);
    char *text = g_strdup(theirs);
    icalmemory_free_buffer(theirs);
    icalcomponent_free(calendar);
    return text;
}

static icaltimezone *find_zone(const char *name, GError **error)
{
    icaltimezone *zone = g_str_equal(name, "UTC") ? icaltimezone_get_utc_timezone()
                                                  : icaltimezone_get_builtin_timezone(name);
    if (!zone || (zone != icaltimezone_get_utc_timezone() && !icaltimezone_get_component(zone))) {
        fail(error, CALENDAR_ERROR_ZONE, "zone", "is not known here; is the package tzdata installed?");
        return NULL;
    }
    return zone;
}

char *calendar_write(const CalendarEvent *event, GError **error)
{
    if (!check_event(event, error) || !check_line("zone", event->zone, error))
        return NULL;
    icaltimezone *zone = find_zone(event->zone, error);
    return zone ? write_calendar(event, zone) : NULL;
}
