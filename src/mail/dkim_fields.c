/* Finds where fields begin and end; looks into none of them. */
#include "mail/dkim_fields.h"

/* libraries */
#include <string.h>

/* The line end of a field: the first that no white space follows; at the latest `end`, where the last one's is. */
static const char *field_end(const char *at, const char *end)
{
    const char *line_end = strstr(at, "\r\n");
    while (line_end < end && (line_end[2] == ' ' || line_end[2] == '\t'))
        line_end = strstr(line_end + 2, "\r\n");
    return line_end;
}

void dkim_fields_find(GArray *fields, const char *header, const char *end)
{
    g_array_set_size(fields, 0);
    for (const char *at = header; at < end;) {
        const char *line_end = field_end(at, end);
        DkimField field = {at, (gsize)(line_end - at)};
        g_array_append_val(fields, field);
        at = line_end + 2;
    }
}

bool dkim_field_has_name(const DkimField *field, const char *name)
{
    gsize length = strlen(name);
    if (field->length <= length || g_ascii_strncasecmp(field->start, name, length) != 0)
        return false;
    while (length < field->length && (field->start[length] == ' ' || field->start[length] == '\t')) /* RFC 5322 4.5.8 */
        length++;
    return length < field->length && field->start[length] == ':';
}
