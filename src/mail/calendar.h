#pragma once
/* A meeting as a calendar object (RFC 5545) that every calendar can take in: METHOD:PUBLISH, one VEVENT, no attendees,
 * so that the file names nobody who was invited. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CALENDAR_ERROR (calendar_error_quark())
GQuark calendar_error_quark(void);
enum {
    CALENDAR_ERROR_ZONE,  /* no such time zone on this machine */
    CALENDAR_ERROR_VALUE, /* control character or invalid UTF-8 in a field, or the end lies before the start */
};

#define CALENDAR_METHOD "PUBLISH" /* the method parameter of its text/calendar part (RFC 6047 2.4) */

typedef struct CalendarEvent {
    const char *uid; /* never changes */
    int sequence;    /* grows with each change */
    int64_t stamped_at;
    int64_t starts_at;
    int64_t ends_at;
    const char *zone;              /* "Europe/Berlin" */
    const char *summary;           /* one line */
    const char *location;          /* one line, may be empty */
    const char *description;       /* may have several lines, may be empty */
    const char *organizer_name;    /* may be empty */
    const char *organizer_address; /* checked by mail/address.h; empty: no ORGANIZER */
    bool cancelled;                /* STATUS:CANCELLED instead of CONFIRMED */
} CalendarEvent;

/** The object's text: CRLF line ends, folded at 75 octets. NULL and error otherwise. Caller frees. */
char *calendar_write(const CalendarEvent *event, GError **error);
