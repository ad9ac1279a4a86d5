/* Reads the lines of an EHLO reply. */
#include "outbound/smtp_capabilities.h"

/* libraries */
#include <glib.h>

static bool keyword_is(const char *line, const char *keyword)
{
    gsize length = strlen(keyword);
    return strcspn(line, " \r\n") == length && g_ascii_strncasecmp(line, keyword, length) == 0;
}

void smtp_capabilities_learn(SmtpCapabilities *capabilities, const char *line)
{
    const struct {
        const char *keyword;
        bool *known;
    } extensions[] = {{"PIPELINING", &capabilities->pipelining},
                      {"CHUNKING", &capabilities->chunking},
                      {"8BITMIME", &capabilities->eight_bit},
                      {"DSN", &capabilities->dsn},
                      {"SMTPUTF8", &capabilities->utf8},
                      {"AUTH", &capabilities->auth},
                      {"SIZE", &capabilities->size}};
    for (gsize i = 0; i < G_N_ELEMENTS(extensions); i++)
        if (keyword_is(line, extensions[i].keyword))
            *extensions[i].known = true;
    if (keyword_is(line, "SIZE")) {
        guint64 limit = line[4] == ' ' ? g_ascii_strtoull(line + 5, NULL, 10) : 0;
        capabilities->size_limit = (int64_t)MIN(limit, (guint64)INT64_MAX);
    }
}
