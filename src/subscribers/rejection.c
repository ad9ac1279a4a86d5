/* Words for why somebody is not put on a list. */
#include "subscribers/rejection.h"

/* system */
#include <stdarg.h>

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

void rejection_clear(Rejection *rejection)
{
    g_clear_pointer(&rejection->sentence, g_free);
    rejection->kind = REJECTION_NONE;
}
