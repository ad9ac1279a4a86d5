/* Words for why somebody is not put on a list. */
#include "subscribers/rejection.h"

/* system */
#include <stdarg.h>

#define QUOTED_CHARACTERS 60

WORDS_DEFINE(RejectionKind, rejection_kind, REJECTION_KINDS);

bool rejection_set(Rejection *rejection, RejectionKind kind, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    rejection->kind = kind;
    rejection->sentence = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return false;
}

char *rejection_quote(const char *text)
{
    GString *quote = g_string_new("\"");
    glong count = 0;
    for (const char *p = text; *p && count < QUOTED_CHARACTERS; p = g_utf8_next_char(p), count++) {
        gunichar c = g_utf8_get_char(p);
        g_string_append_unichar(quote, g_unichar_isprint(c) ? c : ' ');
    }
    g_string_append(quote, g_utf8_strlen(text, -1) > QUOTED_CHARACTERS ? "…\"" : "\"");
    return g_string_free(quote, FALSE);
}

void rejection_clear(Rejection *rejection)
{
    g_clear_pointer(&rejection->sentence, g_free);
    rejection->kind = REJECTION_NONE;
}
