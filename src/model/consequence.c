/* Gathers what policies did, clause by clause. */
#include "model/consequence.h"

void consequence_init(Consequence *consequence)
{
    *consequence = (Consequence){.text = g_string_new(NULL)};
}

void consequence_clear(Consequence *consequence)
{
    if (consequence->text)
        g_string_free(consequence->text, TRUE);
    consequence->text = NULL;
}

void consequence_say(Consequence *consequence, const char *format, ...)
{
    if (consequence->text->len > 0)
        g_string_append(consequence->text, "; ");
    va_list arguments;
    va_start(arguments, format);
    g_string_append_vprintf(consequence->text, format, arguments);
    va_end(arguments);
}

void consequence_ask(Consequence *consequence, const char *why)
{
    consequence->waits = true;
    consequence_say(consequence, "for staff%s%s", *why ? ": " : "", why);
}
