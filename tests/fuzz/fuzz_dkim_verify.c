/* mail/dkim_verify: no mail and no record makes it crash or read beyond its bytes. Input: a record, an empty line (LF LF), a
 * mail. */
#include "mail/dkim_verify.h"

/* libraries */
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    const char *end = g_strstr_len(text, (gssize)size, "\n\n");
    if (!end)
        return 0;
    g_autofree char *record = g_strndup(text, (gsize)(end - text));
    gsize length = size - (gsize)(end + 2 - text);
    g_autofree char *mail = g_strndup(end + 2, length); /* a copy of its own shows what reads beyond it */
    g_autoptr(GPtrArray) signatures = dkim_signatures(mail, MIN(length, strlen(mail)));
    for (guint i = 0; i < signatures->len; i++) {
        dkim_signature_covers(signatures->pdata[i], "List-Unsubscribe");
        dkim_signature_verify(signatures->pdata[i], record, 1000, NULL);
    }
    return 0;
}
