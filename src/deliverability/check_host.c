/* The name of the address that mail comes from: there must be one, it must lead back (RFC 1912 2.1), and it had better
 * be the one that the host greets by. */
#include "deliverability/check.h"

/* system */
#include <arpa/inet.h>

/* libraries */
#include <string.h>

static bool is_same_ip(const char *left, const char *right)
{
    unsigned char a[sizeof(struct in6_addr)] = {0}, b[sizeof(struct in6_addr)] = {0};
    int family = strchr(left, ':') ? AF_INET6 : AF_INET;
    return inet_pton(family, left, a) == 1 && inet_pton(family, right, b) == 1 && memcmp(a, b, sizeof a) == 0;
}

static bool leads_to(const Evidence *evidence, const char *name)
{
    DnsType type = strchr(evidence->ip, ':') ? DNS_AAAA : DNS_A;
    g_autoptr(DnsAnswer) answer = dns_look_up(evidence->from.dns, type, name);
    for (guint i = 0; i < answer->records->len; i++)
        if (is_same_ip(evidence->ip, answer->records->pdata[i]))
            return true;
    return false;
}

/* Of several names the first that leads back counts. */
static const char *choose_name(const Evidence *evidence, const DnsAnswer *names, bool *ret_confirmed)
{
    for (guint i = 0; i < names->records->len; i++)
        if ((*ret_confirmed = leads_to(evidence, names->records->pdata[i])))
            return names->records->pdata[i];
    return names->records->pdata[0];
}

static void tell_greeting(const Evidence *evidence, Remarks *remarks)
{
    if (!*evidence->helo)
        return;
    bool same = g_ascii_strcasecmp(evidence->helo, evidence->host) == 0;
    remarks_add(remarks, same ? REMARK_HELO_GOOD : REMARK_HELO_DIFFERS, evidence->helo, evidence->host, NULL);
}

void check_host(Evidence *evidence, Remarks *remarks)
{
    bool confirmed = false;
    g_autofree char *reverse = dns_reverse_name(evidence->ip);
    if (!reverse)
        return;
    g_autoptr(DnsAnswer) names = dns_look_up(evidence->from.dns, DNS_PTR, reverse);
    if (names->status != DNS_FOUND) {
        remarks_add(remarks, names->status == DNS_FAILED ? REMARK_PTR_DNS : REMARK_PTR_NONE, evidence->ip, NULL);
        return;
    }
    g_free(evidence->host);
    evidence->host = g_strdup(choose_name(evidence, names, &confirmed));
    remarks_add(remarks, confirmed ? REMARK_PTR_GOOD : REMARK_PTR_UNCONFIRMED, evidence->ip, evidence->host, NULL);
    tell_greeting(evidence, remarks);
}
