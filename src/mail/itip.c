/* Takes the few properties of RFC 5545 that an answer is made of. Everything else, alarms and time zones among it, is
 * passed over. libical would read more and cost more; bytes of strangers need little. */
#include "mail/itip.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "mail/address.h"

void itip_clear(Itip *itip)
{
#define ITIP_FREE(name) g_clear_pointer(&itip->name, g_free);
    ITIP_FIELDS(ITIP_FREE)
#undef ITIP_FREE
}

static void set(char **value, const char *text, gsize length)
{
    if (**value)
        return;
    g_free(*value);
    *value = g_strndup(text, length);
    g_strstrip(*value);
}

static void set_upper(char **value, const char *text, gsize length)
{
    if (**value)
        return;
    set(value, text, length);
    for (char *p = *value; *p; p++)
        *p = g_ascii_toupper(*p);
}

/* The value begins behind the first ':' outside quotes. */
static const char *find_value(const char *line)
{
    bool quoted = false;
    for (; *line; line++) {
        quoted ^= *line == '"';
        if (*line == ':' && !quoted)
            return line + 1;
    }
    return NULL;
}

static const char *find_parameter(const char *line, const char *end, const char *name, gsize *ret_length)
{
    gsize length = strlen(name);
    for (const char *p = line; (p = memchr(p, ';', (gsize)(end - p)));) {
        p++;
        if ((gsize)(end - p) > length && g_ascii_strncasecmp(p, name, length) == 0 && p[length] == '=') {
            p += length + 1;
            *ret_length = strcspn(p, ";:");
            return p;
        }
    }
    return NULL;
}

/* Servers list others beside the one who answers: who has said something goes first, then who sent the mail. */
static int weight(const char *attendee, const char *answer, const char *from)
{
    return (strcmp(answer, "NEEDS-ACTION") != 0 ? 2 : 0) + (g_ascii_strcasecmp(attendee, from) == 0 ? 1 : 0);
}

/* "ATTENDEE;CN=\"Ann\";PARTSTAT=ACCEPTED:mailto:ann@example.org" */
static void take_attendee(Itip *itip, const char *from, const char *line, const char *value)
{
    gsize length = 0;
    const char *stated = find_parameter(line, value, "PARTSTAT", &length);
    if (g_ascii_strncasecmp(value, "mailto:", 7) == 0)
        value += 7;
    if (!stated || !*value)
        return;
    g_autofree char *answer = g_strstrip(g_ascii_strup(stated, (gssize)length)), *attendee = g_strdup(value);
    g_strstrip(attendee);
    if (*itip->attendee && weight(attendee, answer, from) <= weight(itip->attendee, itip->answer, from))
        return;
    g_free(itip->answer);
    g_free(itip->attendee);
    itip->answer = g_steal_pointer(&answer);
    itip->attendee = g_steal_pointer(&attendee);
}

static bool is_named(const char *line, const char *name)
{
    gsize length = strlen(name);
    return g_ascii_strncasecmp(line, name, length) == 0 && (line[length] == ':' || line[length] == ';');
}

static void take_line(Itip *itip, const char *from, const char *line)
{
    const char *value = find_value(line);
    if (!value)
        return;
    if (is_named(line, "METHOD"))
        set_upper(&itip->method, value, strlen(value));
    else if (is_named(line, "BEGIN") && g_ascii_strncasecmp(value, "VCALENDAR", 9) != 0 &&
             g_ascii_strncasecmp(value, "VTIMEZONE", 9) != 0)
        set_upper(&itip->component, value, strlen(value));
    else if (is_named(line, "UID"))
        set(&itip->uid, value, strlen(value));
    else if (is_named(line, "SEQUENCE"))
        set(&itip->sequence, value, strlen(value));
    else if (is_named(line, "DTSTAMP"))
        set(&itip->stamp, value, strlen(value));
    else if (is_named(line, "ATTENDEE"))
        take_attendee(itip, from, line, value);
}

static const char *line_end(const char *line)
{
    return line + strcspn(line, "\r\n");
}

static const char *next_line(const char *end)
{
    end += *end == '\r';
    return end + (*end == '\n');
}

bool itip_parse(const char *text, const char *from, Itip *ret)
{
    text += strspn(text, " \t\r\n\xef\xbb\xbf");
    if (g_ascii_strncasecmp(text, "BEGIN:VCALENDAR", 15) != 0)
        return false;
#define ITIP_EMPTY(name) ret->name = g_strdup("");
    ITIP_FIELDS(ITIP_EMPTY)
#undef ITIP_EMPTY
    g_autoptr(GString) line = g_string_new(NULL);
    while (*text) {
        const char *end = line_end(text);
        bool is_folded = *text == ' ' || *text == '\t';
        const char *content = text + is_folded;
        if (!is_folded) {
            take_line(ret, from, line->str);
            g_string_truncate(line, 0);
        }
        g_string_append_len(line, content, MIN(end - content, LIMIT_CALENDAR_LINE_BYTES - (gssize)line->len));
        text = next_line(end);
    }
    take_line(ret, from, line->str);
    return true;
}

bool itip_is_reply(const Itip *itip)
{
    return strcmp(itip->method, "REPLY") == 0 && *itip->attendee;
}

/* Senders call it many things. */
static bool may_hold_calendar(const char *type)
{
    static const char *const types[] = {"text/calendar", "application/ics", "application/octet-stream",
                                        "text/x-vcalendar", "text/plain"};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++)
        if (strcmp(type, types[i]) == 0)
            return true;
    return false;
}

bool itip_find_reply(Message *message, Itip *ret)
{
    g_autofree char *from = address_bare(fields_text(message_fields(message), "From"));
    for (guint i = 0; i < message_part_count(message); i++) {
        MimePart *part = message_part(message, i);
        if (may_hold_calendar(mime_part_type(part)) && itip_parse(mime_part_text(part), from, ret)) {
            g_autofree char *stated = mime_part_parameter(part, "method");
            if (stated) /* counts where the object itself states none */
                set_upper(&ret->method, stated, strlen(stated));
            if (itip_is_reply(ret))
                return true;
        }
        itip_clear(ret);
    }
    return false;
}
