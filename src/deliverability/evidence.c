/* Reads the mail once for all checks. Which of several relays carried it is written nowhere; the first is taken. */
#include "deliverability/evidence.h"

/* libraries */
#include <string.h>

char *address_domain(const char *value)
{
    const char *at = strrchr(value, '@');
    return at ? g_ascii_strdown(at + 1, (gssize)strcspn(at + 1, "> \t\r\n,;()")) : g_strdup("");
}

/* "<bounces+TOKEN@…>" without its brackets. The last server writes it down; before that only we know. */
static char *find_return_path(const Evidence *evidence)
{
    const char *value = fields_raw(evidence->fields, "Return-Path", 0);
    const char *open = value ? strchr(value, '<') : NULL;
    const char *close = open ? strchr(open, '>') : NULL;
    return close && close > open + 1 ? g_strndup(open + 1, (gsize)(close - open - 1))
                                     : g_strdup(evidence->from.settings->site.bounce_address);
}

/* What the relay's name leads to, when that is seen outside. */
static char *ip_of_relay(const Evidence *evidence)
{
    static const DnsType types[] = {DNS_A, DNS_AAAA};
    if (ip_is_public(evidence->relay->host))
        return g_strdup(evidence->relay->host);
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(DnsAnswer) answer = dns_look_up(evidence->from.dns, types[i], evidence->relay->host);
        for (guint n = 0; n < answer->records->len; n++)
            if (ip_is_public(answer->records->pdata[n]))
                return g_strdup(answer->records->pdata[n]);
    }
    return g_strdup("");
}

static void find_host(Evidence *evidence)
{
    const EvidenceSource *from = &evidence->from;
    evidence->ip = from->ip          ? g_strdup(from->ip)
                   : evidence->outer ? g_strdup(evidence->outer->ip)
                                     : ip_of_relay(evidence);
    evidence->helo = g_strdup(from->helo ? from->helo : evidence->outer ? evidence->outer->helo : "");
    evidence->host = g_strdup("");
}

/* fields.h wants lines that end in LF. */
static Fields *read_fields(const EvidenceSource *source)
{
    const char *end = g_strstr_len(source->mail, (gssize)source->length, "\r\n\r\n");
    g_autoptr(GString) header = g_string_new_len(source->mail, end ? end + 2 - source->mail : (gssize)source->length);
    g_string_replace(header, "\r\n", "\n", 0);
    return fields_parse(header->str, header->len, NULL);
}

void evidence_init(Evidence *evidence, const EvidenceSource *source)
{
    *evidence = (Evidence){.from = *source, .relay = source->settings->relays->pdata[0], .spf = SPF_NONE};
    evidence->fields = read_fields(source);
    evidence->hops = hops_read(evidence->fields);
    evidence->outer = hops_outer(evidence->hops);
    const char *from = fields_raw(evidence->fields, "From", 0);
    evidence->from_domain = address_domain(from ? from : "");
    evidence->return_path = find_return_path(evidence);
    evidence->signers = g_ptr_array_new_with_free_func(g_free);
    evidence->spf_domain = g_strdup("");
    find_host(evidence);
}

void evidence_clear(Evidence *evidence)
{
    fields_free(evidence->fields);
    g_ptr_array_unref(evidence->hops);
    g_ptr_array_unref(evidence->signers);
    g_free(evidence->from_domain);
    g_free(evidence->return_path);
    g_free(evidence->ip);
    g_free(evidence->helo);
    g_free(evidence->host);
    g_free(evidence->spf_domain);
    *evidence = (Evidence){0};
}
