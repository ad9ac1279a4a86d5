/* The table of RFC 5321 4.5.3.2. Shorter ones make uncertain mails of slow ones: nothing here is shorter by itself. */
#include "outbound/smtp_deadline.h"

/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/clock.h"

#define BLOCK_MINUTES 3

static const int64_t minutes[] = {
    [SMTP_CONNECT] = 5,                                   /* 4.5.3.2.1 */
    [SMTP_TLS] = 5,     [SMTP_AUTH] = 5, [SMTP_MAIL] = 5, /* .2 */
    [SMTP_RCPT] = 5,                                      /* .3 */
    [SMTP_DATA] = 2,                                      /* .4 */
    [SMTP_DOT] = 10,                                      /* .6 */
};

int64_t smtp_deadline_us(SmtpPhase phase, bool writing, int64_t longest_us)
{
    int64_t rfc_us = (writing ? MIN(BLOCK_MINUTES, minutes[phase]) : minutes[phase]) * MINUTE_US;
    return longest_us > 0 ? MIN(longest_us, rfc_us) : rfc_us;
}
