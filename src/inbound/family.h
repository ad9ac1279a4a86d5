#pragma once
/* Which mail system wrote a report, for the evidence and for counting; nothing is decided by it. Pure. */
#include "inbound/report_text.h"
#include "mail/parse.h"

/** "exim", "" when nothing gives it away. text is that of message. Never NULL, not owned. */
const char *family_find(Message *message, ReportText *text);
