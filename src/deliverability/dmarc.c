/* Looks at _dmarc.DOMAIN, then at that of its organization. */
#include "deliverability/dmarc.h"

/* libraries */
#include <string.h>

/* rundbrief */
#include "deliverability/organization.h"
#include "mail/dkim_tags.h"

void dmarc_record_clear(DmarcRecord *record)
{
    g_free(record->domain);
    g_free(record->policy);
    *record = (DmarcRecord){0};
}

bool dmarc_aligned(const char *from_domain, const char *other, bool strict)
{
    if (strict)
        return g_ascii_strcasecmp(from_domain, other) == 0;
    g_autofree char *left = organization_of(from_domain), *right = organization_of(other);
    return g_str_equal(left, right);
}

static bool is_policy(const char *word)
{
    return word && (g_str_equal(word, "none") || g_str_equal(word, "quarantine") || g_str_equal(word, "reject"));
}

static bool is_strict(GHashTable *tags, const char *name)
{
    const char *value = dkim_tag(tags, name);
    return value && g_ascii_strcasecmp(value, "s") == 0;
}

/* inherited: it is the organization's, which may have said something else for those below it. */
static void read_record(const char *text, bool inherited, DmarcRecord *record)
{
    g_autoptr(GHashTable) tags = dkim_tags_parse(text);
    const char *policy = dkim_tag(tags, "p"), *below = dkim_tag(tags, "sp");
    g_autofree char *word = g_ascii_strdown(inherited && below ? below : policy ? policy : "", -1);
    record->state = is_policy(word) ? DMARC_FOUND : DMARC_WRONG;
    if (record->state == DMARC_FOUND)
        record->policy = g_steal_pointer(&word);
    record->strict_dkim = is_strict(tags, "adkim");
    record->strict_spf = is_strict(tags, "aspf");
}

/* "v=DMARC1" is the first tag, or it is no such record (RFC 7489 6.3). */
static bool is_record(const char *text)
{
    g_autoptr(GHashTable) tags = dkim_tags_parse(text);
    return g_ascii_strncasecmp(text, "v", 1) == 0 && g_strcmp0(dkim_tag(tags, "v"), "DMARC1") == 0;
}

static void look_at(DnsResolver *resolver, const char *domain, bool inherited, DmarcRecord *record)
{
    g_autofree char *name = g_strconcat("_dmarc.", domain, NULL);
    g_autoptr(DnsAnswer) answer = dns_look_up(resolver, DNS_TXT, name);
    const char *found = NULL;
    dmarc_record_clear(record);
    record->domain = g_strdup(domain);
    record->state = answer->status == DNS_FAILED ? DMARC_UNANSWERED : DMARC_NONE;
    for (guint i = 0; i < answer->records->len; i++) {
        if (!is_record(answer->records->pdata[i]))
            continue;
        record->state = found ? DMARC_SEVERAL : DMARC_FOUND;
        found = answer->records->pdata[i];
    }
    if (record->state == DMARC_FOUND)
        read_record(found, inherited, record);
}

void dmarc_find(DnsResolver *resolver, const char *domain, DmarcRecord *ret_record)
{
    g_autofree char *organization = organization_of(domain);
    *ret_record = (DmarcRecord){0};
    look_at(resolver, domain, false, ret_record);
    if (ret_record->state == DMARC_NONE && g_ascii_strcasecmp(organization, domain) != 0)
        look_at(resolver, organization, true, ret_record);
}
