/* The address of the host that hands our mail to the outside, and whether the domain of the return addresses allows
 * it. */
#include "deliverability/check.h"

/* libraries */
#include <string.h>

void check_ip(Evidence *evidence, Remarks *remarks)
{
    if (!*evidence->ip)
        remarks_add(remarks, REMARK_IP_UNKNOWN, evidence->relay->name, NULL);
    else if (evidence->from.ip)
        remarks_add(remarks, REMARK_IP_GIVEN, evidence->ip, NULL);
    else if (evidence->outer)
        remarks_add(remarks, REMARK_IP_SEEN, evidence->ip, evidence->helo, evidence->outer->by, NULL);
    else
        remarks_add(remarks, REMARK_IP_GUESSED, evidence->ip, evidence->relay->host, NULL);
}

static RemarkId remark_of(SpfResult result)
{
    static const RemarkId ids[] = {
        [SPF_NONE] = REMARK_SPF_NONE,       [SPF_PASS] = REMARK_SPF_PASS, [SPF_NEUTRAL] = REMARK_SPF_UNSURE,
        [SPF_SOFTFAIL] = REMARK_SPF_UNSURE, [SPF_FAIL] = REMARK_SPF_FAIL, [SPF_TEMPERROR] = REMARK_SPF_DNS,
        [SPF_PERMERROR] = REMARK_SPF_WRONG,
    };
    return ids[result];
}

void check_spf(Evidence *evidence, Remarks *remarks)
{
    g_auto(SpfVerdict) verdict = {0};
    if (!*evidence->ip)
        return;
    spf_check(evidence->from.dns, evidence->ip, evidence->return_path, evidence->helo, &verdict);
    evidence->spf = verdict.result;
    g_free(evidence->spf_domain);
    evidence->spf_domain = address_domain(evidence->return_path);
    g_autofree char *lookups = g_strdup_printf("%u", verdict.lookups);
    remarks_add(remarks, remark_of(verdict.result), evidence->spf_domain, evidence->ip,
                verdict.term ? verdict.term : "v=spf1", lookups, NULL);
}
