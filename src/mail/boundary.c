/* Replaces mailmime_extract_boundary() of libetpan 1.9.4, whose own computes "length - 2" for a value that is one quote
 * character and copies SIZE_MAX bytes: a five-line mail ends the process (CWE-787, upstream 3f14913). The program is
 * linked with -rdynamic, so the dynamic linker takes this one for the calls inside libetpan too. To be dropped with a
 * libetpan that has the fix. */
#include "mail/boundary.h"

/* system */
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* libraries */
#include <glib.h>
#include <libetpan/libetpan.h>

#define BOUNDARY_BYTES 200 /* RFC 2046 5.1.1 says 70; senders write more */

static char *unquoted(const char *value)
{
    size_t length = strlen(value);
    if (length >= 2 && value[0] == '"' && value[length - 1] == '"') {
        value++;
        length -= 2;
    }
    return length > 0 && length <= BOUNDARY_BYTES ? strndup(value, length) : NULL;
}

/* libetpan frees the result with free(). */
char *mailmime_extract_boundary(struct mailmime_content *content_type)
{
    if (!content_type->ct_parameters)
        return NULL;
    for (clistiter *i = clist_begin(content_type->ct_parameters); i; i = clist_next(i)) {
        const struct mailmime_parameter *parameter = clist_content(i);
        if (strcasecmp(parameter->pa_name, "boundary") == 0)
            return unquoted(parameter->pa_value);
    }
    return NULL;
}

void boundary_require(void)
{
    if (dlsym(RTLD_DEFAULT, "mailmime_extract_boundary") != (void *)mailmime_extract_boundary)
        g_error("mailmime_extract_boundary is not ours: link with -rdynamic");
}
