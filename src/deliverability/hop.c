/* Regular expressions for what Postfix, Exim, Sendmail, Google and Microsoft write. */
#include "deliverability/hop.h"

/* system */
#include <arpa/inet.h>

/* libraries */
#include <string.h>

/* rundbrief */
#include "deliverability/organization.h"

static void free_hop(gpointer data)
{
    Hop *hop = data;
    g_free(hop->helo);
    g_free(hop->ip);
    g_free(hop->by);
    g_free(hop->protocol);
    g_free(hop->tls);
    g_free(hop);
}

/* The first group of the first match, "" without one. Caller frees. */
static char *find(const char *pattern, const char *text)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
    g_autoptr(GMatchInfo) match = NULL;
    return g_regex_match(regex, text, 0, &match) ? g_match_info_fetch(match, 1) : g_strdup("");
}

static bool is_ip(const char *text)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, text, bytes) == 1 || inet_pton(AF_INET6, text, bytes) == 1;
}

/* In brackets, or where Microsoft puts it. from: what stands before "by". */
static char *find_ip(const char *from)
{
    g_autofree char *bracketed = find("\\[(?:IPv6:)?([0-9a-f.:]+)\\]", from);
    if (is_ip(bracketed))
        return g_steal_pointer(&bracketed);
    g_autofree char *bare = find("\\(([0-9a-f.:]+)\\)", from);
    return g_strdup(is_ip(bare) ? bare : "");
}

/* Exim writes it behind the address, when it is not the host's name. */
static char *find_helo(const char *from)
{
    g_autofree char *named = find("helo=\\[?([^\\s)\\]]+)", from);
    return *named ? g_steal_pointer(&named) : find("^\\s*from\\s+\\[?([^\\s\\]]+)", from);
}

static char *find_tls(const char *text)
{
    g_autofree char *minor = find("TLS\\s?v?_?1[._]([0-3])", text);
    return *minor ? g_strconcat("TLS 1.", minor, NULL) : g_strdup("");
}

static Hop *read_hop(const char *text)
{
    Hop *hop = g_new0(Hop, 1);
    g_autofree char *before = find("^(.*?)\\bby\\s", text);
    const char *from = *before ? before : text;
    hop->helo = find_helo(from);
    hop->ip = find_ip(from);
    hop->by = find("\\bby\\s+([^\\s;]+)", text);
    hop->protocol = find("\\bby\\s+[^\\s;]+(?:\\s*\\([^()]*\\))*\\s+with\\s+([A-Z0-9]+)", text);
    hop->tls = find_tls(text);
    return hop;
}

GPtrArray *hops_read(const Fields *fields)
{
    const char *text;
    GPtrArray *hops = g_ptr_array_new_with_free_func(free_hop);
    for (guint n = 0; (text = fields_raw(fields, "Received", n)); n++)
        g_ptr_array_add(hops, read_hop(text));
    return hops;
}

static bool is_public_v4(uint32_t ip)
{
    static const struct {
        uint32_t network;
        int bits;
    } others[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                  {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0a80000, 16}};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
        if ((ip ^ others[i].network) >> (32 - others[i].bits) == 0)
            return false;
    return true;
}

bool ip_is_public(const char *ip)
{
    struct in_addr v4;
    struct in6_addr v6;
    if (inet_pton(AF_INET, ip, &v4) == 1)
        return is_public_v4(ntohl(v4.s_addr));
    return inet_pton(AF_INET6, ip, &v6) == 1 && !IN6_IS_ADDR_LOOPBACK(&v6) && !IN6_IS_ADDR_LINKLOCAL(&v6) &&
           !IN6_IS_ADDR_UNSPECIFIED(&v6) && (v6.s6_addr[0] & 0xfe) != 0xfc;
}

static bool leaves_house(const Hop *hop)
{
    g_autofree char *from = organization_of(hop->helo), *to = organization_of(hop->by);
    return ip_is_public(hop->ip) && !g_str_equal(from, to);
}

const Hop *hops_outer(const GPtrArray *hops)
{
    for (guint i = hops->len; i > 1; i--)
        if (leaves_house(hops->pdata[i - 2]))
            return hops->pdata[i - 2];
    return NULL;
}

bool hop_had_tls(const Hop *hop)
{
    return *hop->tls || g_ascii_strcasecmp(hop->protocol, "ESMTPS") == 0 ||
           g_ascii_strcasecmp(hop->protocol, "ESMTPSA") == 0 || g_ascii_strcasecmp(hop->protocol, "UTF8SMTPS") == 0 ||
           g_ascii_strcasecmp(hop->protocol, "UTF8SMTPSA") == 0;
}
