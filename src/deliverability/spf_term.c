/* Reads terms by a table of mechanisms. */
#include "deliverability/spf_term.h"

/* system */
#include <arpa/inet.h>

/* libraries */
#include <string.h>

/* What may stand behind a mechanism's name. */
enum { NEEDS_DOMAIN = 1, MAY_HAVE_DOMAIN = 2, MAY_HAVE_BITS = 4 };

static const struct {
    const char *name;
    SpfKind kind;
    unsigned rules;
} mechanisms[] = {
    {"all", SPF_ALL, 0},
    {"include", SPF_INCLUDE, NEEDS_DOMAIN},
    {"a", SPF_A, MAY_HAVE_DOMAIN | MAY_HAVE_BITS},
    {"mx", SPF_MX, MAY_HAVE_DOMAIN | MAY_HAVE_BITS},
    {"ptr", SPF_PTR, MAY_HAVE_DOMAIN},
    {"ip4", SPF_IP4, NEEDS_DOMAIN | MAY_HAVE_BITS},
    {"ip6", SPF_IP6, NEEDS_DOMAIN | MAY_HAVE_BITS},
    {"exists", SPF_EXISTS, NEEDS_DOMAIN},
};

void spf_term_clear(SpfTerm *term)
{
    g_free(term->domain);
    *term = (SpfTerm){0};
}

/* ---- the parts of a mechanism ------------------------------------------------------------------------------------ */

static bool read_number(const char *text, guint64 max, int *ret)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(text, 10, 0, max, &number, NULL))
        return false;
    *ret = (int)number;
    return true;
}

/* "/24", "//64", "/24//64"; a single one of ip6 is its own. */
static bool read_bits(SpfTerm *term, const char *text)
{
    g_autofree char *copy = g_strdup(text);
    char *second = strstr(copy, "//");
    if (second) {
        *second = '\0';
        if (!read_number(second + 2, 128, &term->bits6))
            return false;
    }
    if (!*copy)
        return second != NULL;
    return term->kind == SPF_IP6 ? read_number(copy + 1, 128, &term->bits6) : read_number(copy + 1, 32, &term->bits4);
}

static bool is_network(const SpfTerm *term)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    if (term->kind == SPF_IP4)
        return inet_pton(AF_INET, term->domain, bytes) == 1;
    return term->kind != SPF_IP6 || inet_pton(AF_INET6, term->domain, bytes) == 1;
}

/* A slash inside a macro's braces is one of its delimiters. */
static const char *find_bits(const char *text)
{
    bool in_braces = false;
    for (const char *at = text; *at; at++) {
        if (*at == '{' || *at == '}')
            in_braces = *at == '{';
        else if (*at == '/' && !in_braces)
            return at;
    }
    return text + strlen(text);
}

/* rest: what stands behind the name. */
static bool read_rest(SpfTerm *term, unsigned rules, const char *rest)
{
    const char *bits = find_bits(rest);
    if (*rest == ':' && !(rules & (NEEDS_DOMAIN | MAY_HAVE_DOMAIN)))
        return false;
    if (*rest == ':')
        term->domain = g_strndup(rest + 1, (gsize)(bits - rest - 1));
    if (term->domain ? !*term->domain : (rules & NEEDS_DOMAIN) != 0)
        return false;
    if (*bits && (!(rules & MAY_HAVE_BITS) || !read_bits(term, bits)))
        return false;
    return is_network(term);
}

static bool read_mechanism(SpfTerm *term, const char *text)
{
    gsize length = strcspn(text, ":/");
    for (gsize i = 0; i < G_N_ELEMENTS(mechanisms); i++) {
        if (strlen(mechanisms[i].name) != length || g_ascii_strncasecmp(text, mechanisms[i].name, length) != 0)
            continue;
        term->kind = mechanisms[i].kind;
        return read_rest(term, mechanisms[i].rules, text + length);
    }
    return false;
}

/* A name, "=", and what it means to it. */
static bool read_modifier(SpfTerm *term, const char *text, gsize length)
{
    bool is_redirect = length == strlen("redirect") && g_ascii_strncasecmp(text, "redirect", length) == 0;
    term->kind = is_redirect ? SPF_REDIRECT : SPF_OTHER;
    term->domain = g_strdup(text + length + 1);
    return g_ascii_isalpha(*text) && (!is_redirect || *term->domain);
}

bool spf_term_parse(const char *text, SpfTerm *ret_term)
{
    SpfTerm term = {.qualifier = '+', .bits4 = 32, .bits6 = 128, .text = text};
    gsize name = strcspn(text, ":/=");
    if (*text && strchr("+-~?", *text))
        term.qualifier = *text;
    bool good = text[name] == '=' ? read_modifier(&term, text, name)
                                  : read_mechanism(&term, text + (*text && strchr("+-~?", *text) ? 1 : 0));
    if (good)
        *ret_term = term;
    else
        spf_term_clear(&term);
    return good;
}

/* ---- macros ------------------------------------------------------------------------------------------------------ */

/* RFC 7208 7.3: an IPv6 address as 32 digits with dots between them. */
static char *dotted(const char *ip)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET6, ip, bytes) != 1)
        return g_strdup(ip);
    GString *text = g_string_new(NULL);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(text, "%s%x.%x", i == 0 ? "" : ".", bytes[i] >> 4, bytes[i] & 15u);
    return g_string_free(text, FALSE);
}

/* NULL: there is no such letter. */
static char *value_of(char letter, const SpfMacros *macros)
{
    const char *at = strrchr(macros->sender, '@');
    switch (g_ascii_tolower(letter)) {
    case 's':
        return g_strdup(macros->sender);
    case 'l':
        return g_strndup(macros->sender, (gsize)(at - macros->sender));
    case 'o':
        return g_strdup(at + 1);
    case 'd':
        return g_strdup(macros->domain);
    case 'i':
        return dotted(macros->ip);
    case 'p':
        return g_strdup("unknown");
    case 'v':
        return g_strdup(strchr(macros->ip, ':') ? "ip6" : "in-addr");
    case 'h':
        return g_strdup(macros->helo);
    default:
        return NULL;
    }
}

static void reverse(char **parts)
{
    for (guint i = 0, n = g_strv_length(parts); i < n / 2; i++) {
        char *part = parts[i];
        parts[i] = parts[n - 1 - i];
        parts[n - 1 - i] = part;
    }
}

/* What stands between the braces: a letter, how many parts from the right, whether they are turned round, and what
 * separates them. */
static bool expand_one(const char *text, gsize length, const SpfMacros *macros, GString *out)
{
    g_autofree char *value = length > 0 ? value_of(*text, macros) : NULL;
    if (!value)
        return false;
    char *rest;
    guint64 wanted = g_ascii_strtoull(text + 1, &rest, 10);
    bool has_number = g_ascii_isdigit(text[1]);
    bool is_turned = g_ascii_tolower(*rest) == 'r';
    rest += is_turned;
    g_autofree char *delimiters = g_strndup(rest, length - (gsize)(rest - text));
    if ((has_number && wanted == 0) || strspn(delimiters, ".-+,/_=") != strlen(delimiters))
        return false;
    g_auto(GStrv) parts = g_strsplit_set(value, *delimiters ? delimiters : ".", -1);
    guint count = g_strv_length(parts);
    if (is_turned)
        reverse(parts);
    g_autofree char *joined = g_strjoinv(".", parts + (has_number && wanted < count ? count - wanted : 0));
    g_autofree char *escaped = g_ascii_isupper(*text) ? g_uri_escape_string(joined, NULL, false) : NULL;
    g_string_append(out, escaped ? escaped : joined);
    return true;
}

/* at: behind the '%'. Returns what comes behind the macro, or NULL. */
static const char *expand_at(const char *at, const SpfMacros *macros, GString *out)
{
    const char *end = *at == '{' ? strchr(at, '}') : NULL;
    if (*at == '%' || *at == '_')
        g_string_append_c(out, *at == '%' ? '%' : ' ');
    else if (*at == '-')
        g_string_append(out, "%20");
    else if (!end || !expand_one(at + 1, (gsize)(end - at - 1), macros, out))
        return NULL;
    return end ? end + 1 : at + 1;
}

char *spf_expand(const char *text, const SpfMacros *macros)
{
    g_autoptr(GString) out = g_string_new(NULL);
    while (*text) {
        gsize plain = strcspn(text, "%");
        g_string_append_len(out, text, (gssize)plain);
        text += plain;
        if (*text && !(text = expand_at(text + 1, macros, out)))
            return NULL;
    }
    return g_strdup(out->str);
}
