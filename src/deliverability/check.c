/* The order: what DKIM and SPF find is what DMARC judges, and the name of the host leads to its imprint. */
#include "deliverability/check.h"

void check_deliverability(Evidence *evidence, Remarks *remarks)
{
    static void (*const checks[])(Evidence * evidence, Remarks * remarks) = {
        check_dkim, check_ip, check_spf, check_dmarc, check_host, check_tls, check_size, check_leave, check_imprint,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        checks[i](evidence, remarks);
}
