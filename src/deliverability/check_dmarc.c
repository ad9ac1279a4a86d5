/* The policy of From's domain, and whether the mail would pass it. */
#include "deliverability/check.h"

/* rundbrief */
#include "deliverability/dmarc.h"

static void tell_record(const DmarcRecord *record, Remarks *remarks)
{
    static const RemarkId ids[] = {[DMARC_NONE] = REMARK_DMARC_NONE,
                                   [DMARC_SEVERAL] = REMARK_DMARC_SEVERAL,
                                   [DMARC_WRONG] = REMARK_DMARC_WRONG,
                                   [DMARC_UNANSWERED] = REMARK_DMARC_DNS};
    if (record->state != DMARC_FOUND)
        remarks_add(remarks, ids[record->state], record->domain, NULL);
    else if (g_str_equal(record->policy, "none"))
        remarks_add(remarks, REMARK_DMARC_POLICY_NONE, record->domain, NULL);
    else
        remarks_add(remarks, REMARK_DMARC_POLICY, record->domain, record->policy, NULL);
}

static bool is_signed_for(const Evidence *evidence, bool strict)
{
    for (guint i = 0; i < evidence->signers->len; i++)
        if (dmarc_aligned(evidence->from_domain, evidence->signers->pdata[i], strict))
            return true;
    return false;
}

/* What speaks for whom, for whoever has to find out why it does not suffice: "DKIM: a.example; SPF: b.example". */
static char *who_speaks(const Evidence *evidence)
{
    GString *text = g_string_new("DKIM:");
    for (guint i = 0; i < evidence->signers->len; i++)
        g_string_append_printf(text, " %s", (char *)evidence->signers->pdata[i]);
    g_string_append_printf(text, "%s; SPF: %s", evidence->signers->len == 0 ? " -" : "",
                           evidence->spf == SPF_PASS ? evidence->spf_domain : "-");
    return g_string_free(text, FALSE);
}

void check_dmarc(Evidence *evidence, Remarks *remarks)
{
    g_auto(DmarcRecord) record = {0};
    g_autofree char *speakers = who_speaks(evidence);
    dmarc_find(evidence->from.dns, evidence->from_domain, &record);
    tell_record(&record, remarks);
    bool by_dkim = is_signed_for(evidence, record.strict_dkim);
    bool by_spf = evidence->spf == SPF_PASS &&
                  dmarc_aligned(evidence->from_domain, evidence->spf_domain, record.strict_spf);
    RemarkId id = by_dkim && by_spf ? REMARK_DMARC_ALIGNED_BOTH
                  : by_dkim         ? REMARK_DMARC_ALIGNED_DKIM
                  : by_spf          ? REMARK_DMARC_ALIGNED_SPF
                                    : REMARK_DMARC_UNALIGNED;
    remarks_add(remarks, id, evidence->from_domain, speakers, NULL);
}
