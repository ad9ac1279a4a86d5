/* Codes stand in all sorts of prose, beside numbers of versions, dates and hosts. */
#include "model/enhanced_code.h"

/* system */
#include <stdbool.h>
#include <string.h>

/* libraries */
#include <glib.h>

static gsize digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Length of "5.1.1" at text, or 0. */
static gsize code_length(const char *text)
{
    if (text[1] != '.')
        return 0;
    gsize subject = digits(text + 2);
    if (subject < 1 || subject > 3 || text[2 + subject] != '.')
        return 0;
    gsize detail = digits(text + 3 + subject);
    const char *end = text + 3 + subject + detail;
    bool goes_on = end[0] == '.' && g_ascii_isdigit(end[1]); /* an IP address */
    return detail < 1 || detail > 3 || goes_on ? 0 : 3 + subject + detail;
}

const char *enhanced_code_find(const char *text, const char *classes, char ret[static ENHANCED_CODE_SIZE])
{
    for (const char *p = text; (p = strpbrk(p, classes)); p++) {
        gsize length = p == text || !strchr("0123456789.", p[-1]) ? code_length(p) : 0;
        if (length == 0)
            continue;
        g_strlcpy(ret, p, length + 1);
        return p;
    }
    return NULL;
}
