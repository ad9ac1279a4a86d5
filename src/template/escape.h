#pragma once
/* What a value must look like so that it cannot break out of the place where a template puts it. */
#include <glib.h>
#include <stdbool.h>

typedef enum {
    ESCAPE_HTML,     /* & < > " ' become references; {{{raw}}} leaves them */
    ESCAPE_TEXT,     /* plain text: control characters but TAB and LF vanish */
    ESCAPE_HEADER,   /* one line: runs of control characters become one space, raw or not */
    ESCAPE_CALENDAR, /* RFC 5545 3.3.11: \\ \; \, and \n for a line break, raw or not */
} Escape;

/** Appends length bytes of UTF-8 text, escaped. raw is what the template's author asked for with {{{ }}} or {{& }}:
 * only HTML and plain text grant it. */
void escape_append(GString *out, Escape escape, bool raw, const char *text, gsize length);

/** "html", "text", "header", "calendar". */
bool escape_from_word(const char *word, Escape *ret_escape);
