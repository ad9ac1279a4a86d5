/* Local time by GTimeZone, by its offsets alone: a local time is right when it comes out of an instant again. GLib
 * itself would move a time in a gap silently, which is how a press release goes out an hour late. Never reads the
 * clock, never the process's zone or locale. */
#include "base/datetime.h"

/* rundbrief */
#include "base/clock.h"
#include "base/language.h"

G_DEFINE_QUARK(rundbrief_datetime_error, datetime_error)

static const char *const german_days[] = {"Montag",  "Dienstag", "Mittwoch", "Donnerstag",
                                          "Freitag", "Samstag",  "Sonntag"};
static const char *const english_days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                           "Friday", "Saturday", "Sunday"};
static const char *const german_months[] = {"Januar", "Februar", "März",      "April",   "Mai",      "Juni",
                                            "Juli",   "August",  "September", "Oktober", "November", "Dezember"};
static const char *const english_months[] = {"January", "February", "March",     "April",   "May",      "June",
                                             "July",    "August",   "September", "October", "November", "December"};

static GTimeZone *zone_open(const char *zone, GError **error)
{
    GTimeZone *found = g_time_zone_new_identifier(zone);
    if (!found)
        g_set_error(error, DATETIME_ERROR, DATETIME_ERROR_ZONE,
                    "there is no time zone \"%s\"; write one like Europe/Berlin", zone);
    return found;
}

/* GLib also takes "UTC+3", rules and files that are no zones, such as "posixrules". */
static bool is_zone_name(const char *zone)
{
    if (g_str_equal(zone, "UTC"))
        return true;
    if (!g_ascii_isupper(*zone) || !strchr(zone, '/'))
        return false;
    for (const char *p = zone; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("/_+-", *p))
            return false;
    return true;
}

bool datetime_zone_exists(const char *zone)
{
    if (!is_zone_name(zone))
        return false;
    g_autoptr(GTimeZone) found = g_time_zone_new_identifier(zone);
    return found != NULL;
}

static int64_t offset_at(GTimeZone *zone, int64_t unix_seconds)
{
    int interval = g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, unix_seconds);
    return g_time_zone_get_offset(zone, interval);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* Takes exactly `digits` digits and the character behind them, if one is wanted. */
static bool take_number(const char **text, int digits, const char *behind, int *ret)
{
    int value = 0;
    const char *p = *text;
    for (int i = 0; i < digits; i++, p++) {
        if (!g_ascii_isdigit(*p))
            return false;
        value = value * 10 + (*p - '0');
    }
    if (behind && (!*p || !strchr(behind, *p++)))
        return false;
    *text = p;
    *ret = value;
    return true;
}

/* Seconds since 1970 of a local time, read as though it were UTC. */
static bool read_wall_time(const char *text, int64_t *ret_seconds)
{
    int year, month, day, hour, minute, second = 0;
    if (!take_number(&text, 4, "-", &year) || !take_number(&text, 2, "-", &month) ||
        !take_number(&text, 2, " Tt", &day) || !take_number(&text, 2, ":", &hour) ||
        !take_number(&text, 2, NULL, &minute))
        return false;
    if (*text == ':') {
        text++;
        if (!take_number(&text, 2, NULL, &second))
            return false;
    }
    if (*text || year < 1970 || year > 2199)
        return false;
    g_autoptr(GDateTime) wall = g_date_time_new_utc(year, month, day, hour, minute, second);
    if (!wall)
        return false;
    *ret_seconds = g_date_time_to_unix(wall);
    return true;
}

static char *clock_text(int64_t wall_seconds)
{
    int64_t minute_of_day = wall_seconds / 60 % (24 * 60);
    return g_strdup_printf("%02d:%02d", (int)(minute_of_day / 60), (int)(minute_of_day % 60));
}

static void set_gap(GError **error, const char *zone, int64_t wall, int64_t earlier, int64_t later)
{
    g_autofree char *asked = clock_text(wall), *first = clock_text(earlier), *second = clock_text(later);
    g_autofree char *date = datetime_format(wall * SECOND_US, "UTC", "en", DATETIME_DATE);
    g_set_error(error, DATETIME_ERROR, DATETIME_ERROR_GAP,
                "%s does not exist on %s in %s, because the clocks go forward over it; write %s or %s", asked, date,
                zone, first, second);
}

/* The offsets that hold a day before and a day after are the only ones that can hold in between. */
static bool resolve(GTimeZone *zone, const char *zone_name, int64_t wall, int64_t *ret_seconds, bool *ret_twice,
                    GError **error)
{
    const int64_t day = 24 * 60 * 60;
    int64_t before = offset_at(zone, wall - day), after = offset_at(zone, wall + day);
    int64_t first = wall - before, second = wall - after;
    bool first_is_right = offset_at(zone, first) == before, second_is_right = offset_at(zone, second) == after;
    if (!first_is_right && !second_is_right) {
        set_gap(error, zone_name, wall, MIN(second + before, first + after), MAX(second + before, first + after));
        return false;
    }
    *ret_twice = first_is_right && second_is_right && first != second;
    *ret_seconds = *ret_twice ? MIN(first, second) : first_is_right ? first : second;
    return true;
}

bool datetime_parse(const char *text, const char *zone, int64_t *ret_at, bool *ret_twice, GError **error)
{
    g_autoptr(GTimeZone) found = zone_open(zone, error);
    if (!found)
        return false;
    int64_t wall, seconds;
    if (!read_wall_time(text, &wall)) {
        g_set_error(error, DATETIME_ERROR, DATETIME_ERROR_SYNTAX,
                    "\"%s\" is not a date and time; write it like 2018-05-02 09:00", text);
        return false;
    }
    bool twice;
    if (!resolve(found, zone, wall, &seconds, &twice, error))
        return false;
    *ret_at = seconds * SECOND_US;
    if (ret_twice)
        *ret_twice = twice;
    return true;
}

bool datetime_read_clock(const char *text, int *ret_minutes)
{
    int hour, minute;
    const char *rest = text;
    if (!take_number(&rest, 2, ":", &hour) || !take_number(&rest, 2, NULL, &minute) || *rest || hour > 23 ||
        minute > 59)
        return false;
    *ret_minutes = hour * 60 + minute;
    return true;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static GDateTime *local_time(int64_t at, const char *zone)
{
    g_autoptr(GTimeZone) found = g_time_zone_new_identifier(zone);
    g_autoptr(GDateTime) whole = g_date_time_new_from_unix_utc(at / SECOND_US);
    return found ? g_date_time_to_timezone(whole, found) : g_steal_pointer(&whole);
}

static bool is_german(const char *language)
{
    return language_is(language, "de");
}

static char *date_text(GDateTime *local, bool german)
{
    int month = g_date_time_get_month(local) - 1;
    return g_strdup_printf(german ? "%d. %s %d" : "%d %s %d", g_date_time_get_day_of_month(local),
                           german ? german_months[month] : english_months[month], g_date_time_get_year(local));
}

static char *long_date_text(GDateTime *local, bool german)
{
    g_autofree char *date = date_text(local, german);
    int day = g_date_time_get_day_of_week(local) - 1;
    return g_strdup_printf("%s, %s", german ? german_days[day] : english_days[day], date);
}

char *datetime_format(int64_t at, const char *zone, const char *language, DatetimeStyle style)
{
    g_autoptr(GDateTime) local = local_time(at, zone);
    bool german = is_german(language);
    g_autofree char *time = g_date_time_format(local, "%H:%M");
    switch (style) {
    case DATETIME_LONG: {
        g_autofree char *date = long_date_text(local, german);
        return g_strdup_printf("%s, %s%s", date, time, german ? " Uhr" : "");
    }
    case DATETIME_SHORT: {
        g_autofree char *date = german ? g_date_time_format(local, "%d.%m.%Y") : date_text(local, false);
        return g_strdup_printf("%s, %s", date, time);
    }
    case DATETIME_DATE:
        return date_text(local, german);
    case DATETIME_CLOCK:
        return g_strdup_printf("%s%s", time, german ? " Uhr" : "");
    case DATETIME_STRICT:
        break;
    }
    return g_date_time_format(local, "%Y-%m-%d %H:%M");
}

char *datetime_utc(int64_t at)
{
    g_autoptr(GDateTime) utc = local_time(at, "UTC");
    return g_date_time_format(utc, "%Y-%m-%dT%H:%M:%SZ");
}

char *datetime_format_span(int64_t from, int64_t to, const char *zone, const char *language)
{
    g_autoptr(GDateTime) start = local_time(from, zone);
    g_autoptr(GDateTime) end = local_time(to, zone);
    bool german = is_german(language);
    g_autofree char *start_date = long_date_text(start, german), *end_date = long_date_text(end, german);
    g_autofree char *start_time = g_date_time_format(start, "%H:%M"), *end_time = g_date_time_format(end, "%H:%M");
    const char *between = german ? "bis" : "to", *tail = german ? " Uhr" : "";
    if (g_str_equal(start_date, end_date))
        return g_strdup_printf("%s, %s %s %s%s", start_date, start_time, between, end_time, tail);
    return g_strdup_printf("%s, %s%s %s %s, %s%s", start_date, start_time, tail, between, end_date, end_time, tail);
}

char *datetime_twice_note(int64_t at, const char *zone)
{
    g_autofree char *time = datetime_format(at, zone, "en", DATETIME_CLOCK);
    g_autofree char *date = datetime_format(at, zone, "en", DATETIME_DATE);
    return g_strdup_printf("%s comes twice on %s, when the clocks go back; the first one is taken", time, date);
}
