#pragma once
/* The commands of a mail transaction as they stand on the wire (RFC 5321 4.1.1), with the parameters that the server's
 * extensions allow. Pure: appends bytes, decides nothing about when they are said. */
#include <glib.h>
#include <stdbool.h>

#include "mail/wire.h"
#include "outbound/smtp_capabilities.h"

typedef struct SmtpMail {
    gpointer owner; /* given back with the events; each mail its own */
    const char *from;
    const char *to;
    const char *id; /* printable ASCII, the same for each try; NULL: none. Comes back in the notices of RFC 3464 */
    bool needs_utf8;
    bool alone;       /* it may be what ends lines: no other is under way beside it, with chunking either */
    const char *body; /* from, to, id and body must live until the outcome */
    gsize length;
    WireLook look; /* of the whole body; one that is not fit is refused */
} SmtpMail;

/** MAIL, with SIZE (RFC 1870), BODY (RFC 6152), SMTPUTF8 (RFC 6531), RET and ENVID (RFC 3461) where `can` has them. */
void smtp_append_mail(GString *out, const SmtpMail *mail, const SmtpCapabilities *can);

/** RCPT, with NOTIFY and ORCPT (RFC 3461, 6533) where `can` has them. */
void smtp_append_rcpt(GString *out, const SmtpMail *mail, const SmtpCapabilities *can);

/** The body and the dot that ends it; DATA was said before. */
void smtp_append_body(GString *out, const SmtpMail *mail);

/** BDAT and the body as one last chunk (RFC 3030). */
void smtp_append_chunk(GString *out, const SmtpMail *mail);
