/* Verifies every signature, and asks of the true ones whether they cover what leaving with one click needs. */
#include "deliverability/check.h"

/* rundbrief */
#include "mail/dkim_verify.h"

#define BITS_WANTED 2048 /* of an RSA key */

static const RemarkId remark_of[] = {
    [DKIM_UNREADABLE] = REMARK_DKIM_UNREADABLE,   [DKIM_EXPIRED] = REMARK_DKIM_UNREADABLE,
    [DKIM_NO_KEY] = REMARK_DKIM_NO_RECORD,        [DKIM_KEY_REVOKED] = REMARK_DKIM_REVOKED,
    [DKIM_KEY_UNUSABLE] = REMARK_DKIM_BAD_RECORD, [DKIM_BODY_CHANGED] = REMARK_DKIM_BODY,
    [DKIM_HEADER_CHANGED] = REMARK_DKIM_HEADER,
};

static bool is_ours(const Evidence *evidence, const DkimSignature *signature)
{
    const GPtrArray *keys = evidence->from.settings->dkim;
    for (guint i = 0; i < keys->len; i++) {
        const DkimSettings *key = keys->pdata[i];
        if (g_ascii_strcasecmp(key->domain, signature->domain) == 0 &&
            g_ascii_strcasecmp(key->selector, signature->selector) == 0)
            return true;
    }
    return false;
}

static void accept(Evidence *evidence, const DkimSignature *signature, int bits, Remarks *remarks)
{
    g_ptr_array_add(evidence->signers, g_strdup(signature->domain));
    remarks_add(remarks, is_ours(evidence, signature) ? REMARK_DKIM_GOOD : REMARK_DKIM_OTHER, signature->selector,
                signature->domain, signature->algorithm, NULL);
    if (!g_str_has_prefix(signature->algorithm, "rsa") || bits >= BITS_WANTED)
        return;
    g_autofree char *length = g_strdup_printf("%d", bits);
    remarks_add(remarks, REMARK_DKIM_WEAK, signature->selector, signature->domain, length, NULL);
}

/* Of several records the first is looked at, as most receivers do (RFC 6376 3.6.2.2). */
static bool verify(Evidence *evidence, const DkimSignature *signature, Remarks *remarks)
{
    int bits;
    g_autofree char *name = g_strconcat(signature->selector, "._domainkey.", signature->domain, NULL);
    g_autoptr(DnsAnswer) answer = dns_look_up(evidence->from.dns, DNS_TXT, name);
    if (answer->status == DNS_FAILED) {
        remarks_add(remarks, REMARK_DKIM_DNS, signature->selector, signature->domain, answer->reason, NULL);
        return false;
    }
    const char *record = answer->records->len > 0 ? answer->records->pdata[0] : "";
    DkimVerdict verdict = dkim_signature_verify(signature, record, evidence->from.now, &bits);
    if (verdict == DKIM_VERIFIED)
        accept(evidence, signature, bits, remarks);
    else
        remarks_add(remarks, remark_of[verdict], signature->selector, signature->domain, signature->algorithm, NULL);
    return verdict == DKIM_VERIFIED;
}

void check_dkim(Evidence *evidence, Remarks *remarks)
{
    g_autoptr(GPtrArray) signatures = dkim_signatures(evidence->from.mail, evidence->from.length);
    bool covers = false;
    if (signatures->len == 0)
        remarks_add(remarks, REMARK_DKIM_NONE, evidence->from_domain, NULL);
    for (guint i = 0; i < signatures->len; i++) {
        const DkimSignature *signature = signatures->pdata[i];
        if (verify(evidence, signature, remarks))
            covers |= dkim_signature_covers(signature, "List-Unsubscribe") &&
                      dkim_signature_covers(signature, "List-Unsubscribe-Post");
    }
    if (fields_has(evidence->fields, "List-Unsubscribe-Post"))
        remarks_add(remarks, covers ? REMARK_DKIM_COVERS : REMARK_DKIM_UNCOVERED, NULL);
}
