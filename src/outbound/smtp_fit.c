/* The last look at what goes on the wire. A letter is composed to fit and an address is checked when it is taken in;
 * this is what makes command injection and mail smuggling impossible even if one of them should err. */
#include "outbound/smtp_fit.h"

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

bool smtp_address_fits(const char *address)
{
    for (const char *p = address; *p; p++)
        if (g_ascii_iscntrl(*p) || *p == ' ' || *p == '<' || *p == '>')
            return false;
    return *address != '\0';
}

/* Every CR stands before an LF. */
static bool returns_fit(const char *body, gsize length)
{
    const char *end = body + length;
    for (const char *p = body; (p = memchr(p, '\r', (gsize)(end - p))); p++)
        if (p + 1 == end || p[1] != '\n')
            return false;
    return true;
}

bool smtp_body_fits(const char *body, gsize length)
{
    if (length < 2 || memcmp(body + length - 2, "\r\n", 2) != 0 || body[0] == '.' || body[0] == '\n' ||
        memchr(body, '\0', length))
        return false;
    const char *end = body + length;
    for (const char *p = body; (p = memchr(p, '\n', (gsize)(end - p))); p++)
        if (p[-1] != '\r' || (p + 1 < end && p[1] == '.'))
            return false;
    return returns_fit(body, length);
}

/* Eight bytes at a time: this is asked of every mail. */
bool smtp_body_is_ascii(const char *body, gsize length)
{
    guint64 seen = 0, word;
    for (; length >= sizeof word; body += sizeof word, length -= sizeof word) {
        memcpy(&word, body, sizeof word);
        seen |= word;
    }
    for (; length > 0; body++, length--)
        seen |= (guchar)*body;
    return (seen & G_GUINT64_CONSTANT(0x8080808080808080)) == 0;
}
