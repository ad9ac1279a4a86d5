/* TLS to the relay and from there to the outside; the mail's size. */
#include "deliverability/check.h"

/* rundbrief */
#include "config/check.h"

#define SIZE_LARGE (102 * 1024) /* where Gmail cuts the HTML */

/* Which version it was is known of the relay that took this mail, if it wrote that down. */
static void tell_relay(const Evidence *evidence, const RelaySettings *relay, Remarks *remarks)
{
    const Hop *ours = evidence->hops->len > 0 ? evidence->hops->pdata[evidence->hops->len - 1] : NULL;
    g_autofree char *version = relay == evidence->relay && ours && *ours->tls ? g_strconcat(", ", ours->tls, NULL)
                                                                              : g_strdup("");
    RemarkId id = relay->tls != TLS_NONE          ? REMARK_TLS_GOOD
                  : host_is_loopback(relay->host) ? REMARK_TLS_LOCAL
                                                  : REMARK_TLS_NONE;
    remarks_add(remarks, id, relay->name, version, NULL);
}

void check_tls(Evidence *evidence, Remarks *remarks)
{
    const GPtrArray *relays = evidence->from.settings->relays;
    for (guint i = 0; i < relays->len; i++)
        tell_relay(evidence, relays->pdata[i], remarks);
    if (evidence->outer)
        remarks_add(remarks, hop_had_tls(evidence->outer) ? REMARK_TLS_ONWARD : REMARK_TLS_ONWARD_NONE,
                    evidence->outer->by, NULL);
}

void check_size(Evidence *evidence, Remarks *remarks)
{
    g_autofree char *size = g_strdup_printf("%" G_GSIZE_FORMAT, (evidence->from.length + 999) / 1000);
    remarks_add(remarks, evidence->from.length > SIZE_LARGE ? REMARK_SIZE_LARGE : REMARK_SIZE_GOOD, size, NULL);
}
