#pragma once
/* Plain text in lines of a readable length, measured as a screen shows it: wide characters count two, combining ones
 * none. */
#include <glib.h>

/** Columns that text takes up. */
int display_width(const char *text);

/** Appends text broken at its spaces so that lines, prefixes included, stay within width where words allow. '\n' in
 * text begins a new line; a no-break space is no place to break. The first line begins with first, the others with
 * rest; each ends with '\n', blanks at line ends are left out. */
void wrap_append(GString *out, const char *text, const char *first, const char *rest, int width);

/** Appends one line: prefix, text, '\n', without blanks at its end. */
void line_append(GString *out, const char *prefix, const char *text);
