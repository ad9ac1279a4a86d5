/* The words of an attempt: how far it got and what it meant, as the database and the pages write them. */
#include "model/attempt.h"

WORDS_DEFINE(SmtpPhase, smtp_phase, SMTP_PHASES);
WORDS_DEFINE(Verdict, verdict, VERDICTS);

char *attempt_said(int reply, const char *enhanced, const char *text)
{
    g_autoptr(GString) said = g_string_new(NULL);
    if (reply != 0)
        g_string_append_printf(said, "%d ", reply);
    if (enhanced[0])
        g_string_append_printf(said, "%s ", enhanced);
    g_string_append(said, text);
    return g_strchomp(g_string_free(g_steal_pointer(&said), FALSE));
}
