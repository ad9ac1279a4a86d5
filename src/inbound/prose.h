#pragma once
/* Delivery reports without a machine-readable part, as half the mail systems of the world write them. Pure. */
#include "inbound/report_text.h"
#include "mail/dsn.h"
#include "mail/parse.h"

typedef struct Prose {
    Dsn *dsn;         /* what the prose says, as a report would; NULL: the mail is no report */
    const char *clue; /* what made it one, in words */
    bool is_persons;  /* maybe: nothing but its words tells of a mail system */
} Prose;

/** text is that of message. Caller frees ret->dsn. */
void prose_read(Message *message, ReportText *text, Prose *ret);
