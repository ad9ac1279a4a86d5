#pragma once
/* What a mail system wrote in a report, without the mail that it brings back. */
#include <glib.h>
#include <stdbool.h>

#include "mail/parse.h"

typedef struct ReportText {
    GString *own;     /* UTF-8 lines ended by LF; at most LIMIT_REPORT_TEXT_BYTES */
    Fields *returned; /* header of the mail that came back; NULL when it did not */
    bool owns_returned;
    gsize said; /* report_text_said(), when has_said */
    bool has_said;
    GString *folded, *folded_said; /* as their functions give them; NULL until somebody asks */
} ReportText;

/** Joins the readable parts of the mail itself and cuts them where a copy of the returned mail begins. ret refers to
 * message. */
void report_text_read(Message *message, ReportText *ret);
/** own as phrases are found in it (model/phrases.h). */
const GString *report_text_folded(ReportText *text);
/** How much of own its writer said: up to a quote, the line that introduces one, or a signature. */
gsize report_text_said(ReportText *text);
/** That much of own as phrases are found in it. */
const GString *report_text_folded_said(ReportText *text);
void report_text_clear(ReportText *text);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ReportText, report_text_clear)
