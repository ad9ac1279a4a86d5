/* Mails that programs write and that say by their parts what they are: answers to invitations, complaints, reports to
 * the administrator. */
#include "inbound/classify_private.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/text.h"
#include "inbound/origin.h"
#include "inbound/ses.h"
#include "mail/address.h"
#include "mail/arf.h"
#include "mail/itip.h"

/* ---- answers to invitations -------------------------------------------------------------------------------------- */

bool classify_calendar(Message *message, Finding *finding)
{
    g_auto(Itip) itip = {0};
    if (!itip_find_reply(message, &itip))
        return false;
    finding->class = FINDING_ITIP_REPLY;
    finding_add_recipient(finding, itip.attendee);
    finding_add_evidence(finding, "calendar part with METHOD:REPLY, \"%s\" for the meeting \"%s\"", itip.answer,
                         itip.uid);
    return true;
}

/* ---- complaints -------------------------------------------------------------------------------------------------- */

static bool is_address(const char *value, const char *address)
{
    g_autofree char *bare = address_bare(value);
    return g_ascii_strcasecmp(bare, address) == 0;
}

/* Hotmail before it knew RFC 5965: the mail itself, enclosed or sent again, with the person's address in a field. */
static bool classify_hotmail_complaint(Message *message, const ReportText *text, Finding *finding)
{
    static const char *const names[] = {"X-HmXmrOriginalRecipient", "X-OriginalRecipient"};
    Fields *fields = message_fields(message);
    if (!is_address(fields_text(fields, "From"), "staff@hotmail.com") &&
        !is_address(fields_text(fields, "Return-Path"), "staff@hotmail.com"))
        return false;
    const char *who = "";
    for (gsize i = 0; i < G_N_ELEMENTS(names) && !*who; i++) {
        who = fields_text(fields, names[i]);
        if (!*who && text->returned)
            who = fields_text(text->returned, names[i]);
    }
    finding->class = FINDING_COMPLAINT;
    finding_add_recipient(finding, who);
    finding_add_evidence(finding, "a complaint in the form of Hotmail");
    return true;
}

static bool classify_ses_complaint(Message *message, const ReportText *text, Finding *finding)
{
    g_auto(SesNotice) notice = {0};
    if (!ses_read(fields_text(message_fields(message), "From"), text->own->str, &notice) || !notice.accused)
        return false;
    finding->class = FINDING_COMPLAINT;
    for (guint i = 0; i < notice.accused->len; i++)
        finding_add_recipient(finding, g_ptr_array_index(notice.accused, i));
    finding_add_evidence(finding, "a complaint in JSON, as Amazon SES tells it");
    return true;
}

bool classify_complaint(Message *message, const ReportText *text, Finding *finding)
{
    MimePart *part = message_find_part(message, "message/feedback-report");
    if (!part)
        return classify_hotmail_complaint(message, text, finding) || classify_ses_complaint(message, text, finding);
    g_auto(Arf) arf = {0};
    arf_parse(mime_part_text(part), &arf);
    finding->class = arf_is_complaint(&arf) ? FINDING_COMPLAINT : FINDING_UNKNOWN;
    for (guint i = 0; i < arf.recipients->len; i++)
        finding_add_recipient(finding, g_ptr_array_index(arf.recipients, i));
    if (finding->class == FINDING_COMPLAINT && finding->recipients->len == 0 && text->returned)
        finding_add_recipient(finding, fields_text(text->returned, "To"));
    finding_add_evidence(finding, "feedback report of type \"%.40s\"", arf.type);
    return true;
}

/* ---- reports to the administrator -------------------------------------------------------------------------------- */

static bool is_dmarc_report(Fields *fields)
{
    const char *subject = fields_text(fields, "Subject"), *from = fields_text(fields, "From");
    bool names_parties = text_search(subject, "report domain:") || text_search(subject, "submitter:");
    return names_parties || text_search(from, "dmarc-support") || text_search(from, "dmarcreport") ||
           text_search(from, "dmarc aggregate report") || text_search(from, "smtp-tls-report");
}

static const char *machine_kind(Message *message)
{
    g_autofree char *kind = mime_part_parameter(message_part(message, 0), "report-type");
    if (kind && g_ascii_strcasecmp(kind, "tlsrpt") == 0)
        return "TLS report (RFC 8460)";
    if (is_dmarc_report(message_fields(message)))
        return "DMARC report (RFC 7489)";
    if (message_find_part(message, "message/disposition-notification") ||
        (kind && g_ascii_strcasecmp(kind, "disposition-notification") == 0))
        return "read receipt (RFC 8098)";
    return NULL;
}

/* Postfix shows its postmaster what went wrong while somebody else talked to it (notify_classes): codes and addresses
 * of mails that are not ours. */
bool classify_transcript(Message *message, const ReportText *text, Finding *finding)
{
    Fields *fields = message_fields(message);
    bool is_notice = text_search(fields_text(fields, "Subject"), "SMTP server: errors from") ||
                     (strstr(text->own->str, "\n Out: ") && strstr(text->own->str, "\n In:  "));
    if (!is_notice || !(finding->is_from_nobody || origin_is_mail_system(fields)) || origin_is_answer(fields))
        return false;
    finding->class = FINDING_UNKNOWN;
    finding_add_evidence(finding, "transcript of a session, for the postmaster: changes nothing");
    return true;
}

/* A server that rejects by Sieve writes a receipt too (RFC 5429 2.1.1); the rules for reports come before this one. */
bool classify_machine(Message *message, Finding *finding)
{
    const char *kind = machine_kind(message);
    if (!kind)
        return false;
    finding->class = FINDING_UNKNOWN;
    finding_add_evidence(finding, "%s: changes nothing", kind);
    return true;
}
