#pragma once
/* What Amazon SES tells by SNS: a JSON object in the text of a mail, bare or as the string "Message" of another.
 * Pure. */
#include <glib.h>
#include <stdbool.h>

#include "mail/dsn.h"

typedef struct SesNotice {
    Dsn *dsn;           /* the bounced recipients; NULL: it tells of no bounce */
    GPtrArray *accused; /* of char *: who complained; NULL: it tells of no complaint */
} SesNotice;

/** False when text is no such object, from beginning to end, or does not come from Amazon. from: the field From, which
 * anybody can write. */
bool ses_read(const char *from, const char *text, SesNotice *ret);
void ses_notice_clear(SesNotice *notice);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SesNotice, ses_notice_clear)
