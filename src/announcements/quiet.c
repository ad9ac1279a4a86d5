/* Goes from one instant at which quiet may end (the hour of the settings, a midnight) to the next, until it does. */
#include "announcements/quiet.h"

/* rundbrief */
#include "base/clock.h"
#include "base/datetime.h"

#define STEPS 14 /* two for each day of a week */

typedef struct Hours {
    int start, end; /* minutes of the day; the same: none */
    bool weekends;
} Hours;

static bool is_quiet(const Hours *hours, GDateTime *local)
{
    int minute = g_date_time_get_hour(local) * 60 + g_date_time_get_minute(local);
    if (hours->weekends && g_date_time_get_day_of_week(local) >= 6)
        return true;
    if (hours->start <= hours->end)
        return hours->start <= minute && minute < hours->end;
    return minute >= hours->start || minute < hours->end;
}

static GDateTime *at_minute(GDateTime *day, GTimeZone *zone, int minute)
{
    return g_date_time_new(zone, g_date_time_get_year(day), g_date_time_get_month(day),
                           g_date_time_get_day_of_month(day), minute / 60, minute % 60, 0);
}

/* The next time that says so, or the next midnight. */
static GDateTime *next_end(const Hours *hours, GDateTime *local, GTimeZone *zone)
{
    g_autoptr(GDateTime) tomorrow = g_date_time_add_days(local, 1);
    GDateTime *end = at_minute(local, zone, hours->end);
    if (g_date_time_compare(end, local) > 0)
        return end;
    g_date_time_unref(end);
    return at_minute(tomorrow, zone, 0);
}

int64_t quiet_until(const QuietSettings *settings, const char *zone_name, int64_t now)
{
    Hours hours = {.weekends = settings->weekends};
    datetime_read_clock(settings->start, &hours.start);
    datetime_read_clock(settings->end, &hours.end);
    if (!hours.weekends && hours.start == hours.end)
        return 0;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(zone_name);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(now / SECOND_US);
    GDateTime *local = zone ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    bool quiet = is_quiet(&hours, local);
    for (int i = 0; i < STEPS && is_quiet(&hours, local); i++) {
        GDateTime *next = next_end(&hours, local, zone);
        g_date_time_unref(local);
        local = next;
    }
    int64_t until = quiet ? g_date_time_to_unix(local) * SECOND_US : 0;
    g_date_time_unref(local);
    return until;
}
