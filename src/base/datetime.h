#pragma once
/* Local time as people write it, in a zone of the IANA database ("Europe/Berlin"), to and from instants (UTC
 * microseconds). Twice a year the clocks make a local time that does not exist, or one that exists twice: both are told
 * apart here. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DATETIME_ERROR (datetime_error_quark())
GQuark datetime_error_quark(void);
enum {
    DATETIME_ERROR_ZONE,   /* no such zone */
    DATETIME_ERROR_SYNTAX, /* not "2018-05-02 09:00", or no such day */
    DATETIME_ERROR_GAP, /* skipped when the clocks went forward; the sentence names the two times that may be meant */
};

bool datetime_zone_exists(const char *zone);

/** Reads "2018-05-02 09:00" (a T for the space and seconds are taken too; years 1970 to 2199) as local time of a zone.
 * ret_twice, which may be NULL, tells that the clocks went back over this time and it is the first of the two. */
bool datetime_parse(const char *text, const char *zone, int64_t *ret_at, bool *ret_twice, GError **error);

/** Reads "07:30" as minutes of the day. */
bool datetime_read_clock(const char *text, int *ret_minutes);

typedef enum {
    DATETIME_LONG,   /* "Mittwoch, 2. Mai 2018, 09:00 Uhr"; "Wednesday, 2 May 2018, 09:00" */
    DATETIME_SHORT,  /* "02.05.2018, 09:00"; "2 May 2018, 09:00" */
    DATETIME_DATE,   /* "2. Mai 2018"; "2 May 2018" */
    DATETIME_CLOCK,  /* "09:00 Uhr"; "09:00" */
    DATETIME_STRICT, /* "2018-05-02 09:00" in every language: what datetime_parse() reads */
} DatetimeStyle;

/** An instant as people of that language write it: German for "de" and "de-…", English for all others. An unknown zone
 * counts as UTC. Caller frees. */
char *datetime_format(int64_t at, const char *zone, const char *language, DatetimeStyle style);

/** "2018-05-02T07:00:00Z" (RFC 3339), for programs: seconds, no fraction. Caller frees. */
char *datetime_utc(int64_t at);

/** From one instant to another: "Montag, 14. Mai 2018, 17:00 bis 19:00 Uhr", with both dates when they differ. Caller
 * frees. */
char *datetime_format_span(int64_t from, int64_t to, const char *zone, const char *language);

/** What datetime_parse() found twice: "02:30 comes twice on 28 October 2018, when the clocks go back; the first one is
 * taken". Caller frees. */
char *datetime_twice_note(int64_t at, const char *zone);
