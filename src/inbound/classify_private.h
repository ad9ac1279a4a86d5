#pragma once
/* What the rules of classify*.c share; for these files only. A rule returns false, with the finding as it was, when the
 * mail is nothing of its kind. */
#include "inbound/report_text.h"
#include "mail/parse.h"
#include "model/finding.h"

bool classify_calendar(Message *message, Finding *finding);
bool classify_complaint(Message *message, const ReportText *text, Finding *finding);
bool classify_transcript(Message *message, const ReportText *text, Finding *finding);
bool classify_machine(Message *message, Finding *finding);
bool classify_leave_words(Message *message, ReportText *text, Finding *finding);
bool classify_boxbe(Message *message, Finding *finding);
bool classify_challenge(Message *message, ReportText *text, Finding *finding);
bool classify_autoreply(Message *message, ReportText *text, Finding *finding);

/** Adds one clause to the evidence, made fit to be shown: what a mail says may go in as it is. */
void finding_add_evidence(Finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** Adds an address, folded, once; nothing when text is none. */
void finding_add_recipient(Finding *finding, const char *text);
