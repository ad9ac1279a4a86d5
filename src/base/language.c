/* Looks at the shape of tags only; which languages there are is nobody's business here. */
#include "base/language.h"

#define LONGEST_TAG 35 /* RFC 5646 4.4.1: room for every tag that needs no extension */

static bool is_subtag(const char *subtag, bool first)
{
    gsize length = strlen(subtag);
    if (length < (first ? 2 : 1) || length > (first ? 3 : 8))
        return false;
    for (const char *p = subtag; *p; p++)
        if (!(first ? g_ascii_isalpha(*p) : g_ascii_isalnum(*p)))
            return false;
    return true;
}

bool language_is_tag(const char *text)
{
    if (strlen(text) > LONGEST_TAG)
        return false;
    g_auto(GStrv) subtags = g_strsplit(text, "-", -1);
    for (guint i = 0; subtags[i]; i++)
        if (!is_subtag(subtags[i], i == 0))
            return false;
    return subtags[0] != NULL;
}

char *language_primary(const char *tag)
{
    return g_strndup(tag, strcspn(tag, "-"));
}

bool language_is(const char *tag, const char *primary)
{
    gsize length = strlen(primary);
    return strcspn(tag, "-") == length && g_ascii_strncasecmp(tag, primary, length) == 0;
}

int language_match(const char *offered, const char *wanted)
{
    if (g_ascii_strcasecmp(offered, wanted) == 0)
        return 2;
    return language_is(wanted, offered);
}
