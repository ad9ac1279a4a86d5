/* Kinds are tried in a fixed order, machine-readable ones first (docs/internals/inbound.md lists it); what no rule
 * knows is a person's, or for staff. A token is believed in the places where a report returns it; the one that ends a
 * subscription only in the address the mail itself was sent to. */
#include "inbound/classify.h"

/* system */
#include <string.h>

/* rundbrief */
#include "base/limits.h"
#include "base/text.h"
#include "inbound/classify_private.h"
#include "inbound/family.h"
#include "inbound/hardness.h"
#include "inbound/origin.h"
#include "inbound/prose.h"
#include "inbound/report_text.h"
#include "inbound/ses.h"
#include "mail/address.h"
#include "mail/dsn.h"
#include "mail/verp.h"

#define SOUGHT_BYTES 40
#define SHOWN_BYTES  200 /* of a line in the evidence */
#define CLAUSE_BYTES 400

/* ---- what the header tells --------------------------------------------------------------------------------------- */

static bool begins_with_one_of(const char *text, const char *const words[])
{
    for (; *words; words++)
        if (g_ascii_strncasecmp(text, *words, strlen(*words)) == 0)
            return true;
    return false;
}

/* RFC 3834 and what was used before it. */
static bool is_automatic(Fields *fields)
{
    static const char *const precedences[] = {"bulk", "junk", "list", "auto", NULL};
    static const char *const marks[] = {"X-Autoreply",         "X-Autorespond", "X-Auto-Response-Suppress",
                                        "X-Apple-Unsubscribe", "List-Id",       "Feedback-ID"};
    const char *submitted = fields_text(fields, "Auto-Submitted");
    if (*submitted && g_ascii_strncasecmp(submitted, "no", 2) != 0)
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
        if (fields_has(fields, marks[i]))
            return true;
    return origin_is_nobody(fields) || begins_with_one_of(fields_text(fields, "Precedence"), precedences);
}

/* The line of text around an offset in it; what servers say runs over several. */
static char *shown_line(const char *text, gssize at)
{
    const char *start = text + at;
    while (start > text && start[-1] != '\n')
        start--;
    g_autofree char *line = g_strndup(start, strcspn(start, "\n"));
    return text_one_line(g_strstrip(line), SHOWN_BYTES);
}

void finding_add_evidence(Finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *line = text_one_line(text, CLAUSE_BYTES), *before = finding->evidence;
    finding->evidence = g_strconcat(before, *before ? "; " : "", line, NULL);
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

static bool take_token(Finding *finding, const Keyring *keyring, const char *text, const TokenPurpose purposes[],
                       gsize count, const char *where)
{
    for (gsize i = 0; i < count; i++) {
        if (!verp_find(keyring, text, purposes[i], &finding->token))
            continue;
        finding->has_token = true;
        finding_add_evidence(finding, "signed token in %s", where);
        return true;
    }
    return false;
}

static bool find_token_of_envelope(Finding *finding, const Keyring *keyring, const Fields *fields,
                                   const TokenPurpose purposes[], gsize count)
{
    for (const char *const *name = origin_envelope_fields; *name; name++) {
        const char *value;
        for (guint n = 0; (value = fields_raw(fields, *name, n)); n++)
            if (take_token(finding, keyring, value, purposes, count, *name))
                return true;
    }
    return false;
}

/* A relay that we asked for reports (DSN) gives back what we called the mail. */
static bool find_token_of_report(Finding *finding, const Keyring *keyring, const Dsn *dsn)
{
    static const TokenPurpose purposes[] = {TOKEN_DELIVERY, TOKEN_OUTBOX};
    return finding->token_is_quoted = take_token(finding, keyring, dsn->envelope_id, purposes, G_N_ELEMENTS(purposes),
                                                 "Original-Envelope-Id");
}

/* The mail a report brings back, or its header, has the token too. */
static bool find_token_of_returned_mail(Finding *finding, const Keyring *keyring, const Message *message)
{
    static const TokenPurpose purposes[] = {TOKEN_DELIVERY, TOKEN_OUTBOX, TOKEN_LEAVE};
    static const char *const headers[] = {"Return-Path", "Message-ID", "List-Unsubscribe"};
    for (guint i = 0; i < message_part_count(message); i++) {
        const Fields *fields = mime_part_enclosed_fields(message_part(message, i));
        for (gsize h = 0; fields && h < G_N_ELEMENTS(headers); h++) {
            g_autofree char *where = g_strdup_printf("%s of the returned mail", headers[h]);
            const char *value = fields_raw(fields, headers[h], 0);
            if (value && take_token(finding, keyring, value, purposes, G_N_ELEMENTS(purposes), where))
                return finding->token_is_quoted = true;
        }
    }
    return false;
}

/* ---- a delivery report ------------------------------------------------------------------------------------------- */

static MimePart *find_report_part(const Message *message)
{
    static const char *const types[] = {"message/delivery-status", "message/global-delivery-status"};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        MimePart *part = message_find_part(message, types[i]);
        if (part)
            return part;
    }
    return NULL;
}

static Dsn *find_report(const Message *message)
{
    MimePart *part = find_report_part(message);
    return part ? dsn_parse(mime_part_text(part)) : NULL;
}

static void add_address(GPtrArray *addresses, const char *text)
{
    g_autofree char *bare = address_bare(text);
    g_auto(Address) address = {0};
    if (!address_parse(bare, &address, NULL) || addresses->len >= LIMIT_REPORT_RECIPIENTS ||
        g_ptr_array_find_with_equal_func(addresses, address.key, g_str_equal, NULL))
        return;
    g_ptr_array_add(addresses, g_strdup(address.key));
}

void finding_add_recipient(Finding *finding, const char *text)
{
    add_address(finding->recipients, text);
}

/* The address that was mailed; the final one may be an alias's target or a host's internal name. */
static void add_block_recipient(GPtrArray *addresses, const DsnRecipient *block)
{
    guint before = addresses->len;
    add_address(addresses, block->original_recipient);
    g_auto(Address) original = {0};
    if (addresses->len == before && !address_parse(block->original_recipient, &original, NULL))
        add_address(addresses, block->final_recipient);
}

static FindingClass class_of(News worst)
{
    return worst == NEWS_HARD ? FINDING_BOUNCE_HARD : worst == NEWS_SOFT ? FINDING_BOUNCE_SOFT : FINDING_BOUNCE_OTHER;
}

static void describe(Finding *finding, const DsnRecipient *recipient, const Verdict *verdict, Message *message)
{
    g_strlcpy(finding->status, recipient->status, sizeof finding->status);
    finding->reason = verdict->refusal.reason;
    g_free(finding->rule);
    finding->rule = g_strdup(verdict->why);
    g_free(finding->diagnostic);
    finding->diagnostic = shown_line(recipient->diagnostic, MAX(verdict->refusal.at, 0));
    g_autofree char *beginning = g_strndup(finding->diagnostic, SOUGHT_BYTES); /* the rest may be folded */
    finding->line = message_line(message, beginning);
    finding_add_evidence(finding, "delivery report: action \"%s\", status \"%s\", decided by \"%s\"",
                         dsn_action_word(recipient->action), recipient->status, verdict->why);
    if (*finding->diagnostic)
        finding_add_evidence(finding, "the other server said \"%s\"", finding->diagnostic);
}

/* The dead without the full ones, failures without the delivered ones, delays without either. */
static void judge_report(const Dsn *dsn, Message *message, Finding *finding)
{
    Verdict verdicts[LIMIT_REPORT_RECIPIENTS];
    guint worst = 0;
    for (guint i = 0; i < dsn->recipients->len; i++) {
        verdicts[i] = hardness_judge(g_ptr_array_index(dsn->recipients, i));
        worst = verdicts[i].news > verdicts[worst].news ? i : worst;
    }
    if (dsn->recipients->len == 0) {
        finding->class = FINDING_BOUNCE_OTHER;
        finding_add_evidence(finding, "delivery report without a recipient");
        return;
    }
    News news = verdicts[worst].news;
    for (guint i = 0; i < dsn->recipients->len; i++) {
        bool fares_so = verdicts[i].news == news || (news == NEWS_SOFT && verdicts[i].news == NEWS_UNEXPLAINED);
        bool failed = MIN(verdicts[i].news, news) >= NEWS_UNEXPLAINED;
        if (fares_so || failed)
            add_block_recipient(fares_so ? finding->recipients : finding->others,
                                g_ptr_array_index(dsn->recipients, i));
        finding->is_mixed |= news == NEWS_HARD && verdicts[i].news != NEWS_HARD;
    }
    finding->class = class_of(news);
    describe(finding, g_ptr_array_index(dsn->recipients, worst), &verdicts[worst], message);
}

static bool says_nothing(const DsnRecipient *block)
{
    return !*block->diagnostic && (!*block->status || g_str_has_suffix(block->status, ".0.0"));
}

/* A block without words borrows them from the text beside it, when that can only speak of this one. */
static void lend_words(Dsn *dsn, const ReportText *text)
{
    DsnRecipient *only = dsn->recipients->len == 1 ? g_ptr_array_index(dsn->recipients, 0) : NULL;
    if (!only || only->action != DSN_FAILED || !says_nothing(only))
        return;
    g_free(only->diagnostic);
    only->diagnostic = g_strdup(text->own->str);
}

static bool names_somebody(const Dsn *dsn)
{
    for (guint i = 0; i < dsn->recipients->len; i++)
        if (*((const DsnRecipient *)g_ptr_array_index(dsn->recipients, i))->final_recipient)
            return true;
    return false;
}

/* The machine-readable report, or what the prose says where there is none. NULL: neither. ret_is_persons is
 * as in Prose. */
static Dsn *read_report(Message *message, ReportText *text, Finding *finding, bool *ret_is_persons)
{
    *ret_is_persons = false;
    g_autoptr(Dsn) dsn = find_report(message);
    if (dsn && dsn->recipients->len > 0) {
        lend_words(dsn, text);
        return g_steal_pointer(&dsn);
    }
    g_auto(SesNotice) notice = {0};
    if (ses_read(fields_text(message_fields(message), "From"), text->own->str, &notice) && notice.dsn) {
        finding_add_evidence(finding, "a bounce in JSON, as Amazon SES tells it");
        return g_steal_pointer(&notice.dsn);
    }
    Prose prose;
    prose_read(message, text, &prose);
    if (!prose.dsn || (dsn && !names_somebody(prose.dsn))) {
        dsn_free(prose.dsn);
        return g_steal_pointer(&dsn);
    }
    finding_add_evidence(finding, "%s", prose.clue);
    *ret_is_persons = prose.is_persons;
    return prose.dsn;
}

/* A report may name people by their names in the house alone; the text beside it can know more. */
static void name_by_text(Message *message, ReportText *text, Finding *finding)
{
    if (finding->recipients->len > 0)
        return;
    Prose prose;
    prose_read(message, text, &prose);
    g_autoptr(Dsn) dsn = prose.dsn;
    for (guint i = 0; dsn && i < dsn->recipients->len; i++)
        add_block_recipient(finding->recipients, g_ptr_array_index(dsn->recipients, i));
    if (finding->recipients->len > 0)
        finding_add_evidence(finding, "recipient by the text");
}

static bool classify_report(Message *message, ReportText *text, const Keyring *keyring, Finding *finding)
{
    static const TokenPurpose purposes[] = {TOKEN_DELIVERY, TOKEN_OUTBOX};
    bool is_persons;
    g_autoptr(Dsn) dsn = read_report(message, text, finding, &is_persons);
    if (!dsn)
        return false;
    judge_report(dsn, message, finding);
    if (is_persons && finding->class == FINDING_BOUNCE_HARD) {
        finding->class = FINDING_BOUNCE_SOFT;
        finding_add_evidence(finding, "a person may have written it: no harder than soft");
    }
    name_by_text(message, text, finding);
    finding->family = family_find(message, text);
    if (keyring &&
        !find_token_of_envelope(finding, keyring, message_fields(message), purposes, G_N_ELEMENTS(purposes)) &&
        !find_token_of_report(finding, keyring, dsn) && !find_token_of_returned_mail(finding, keyring, message))
        finding_add_evidence(finding, "no signed token, %s return path",
                             finding->is_from_nobody ? "null" : "somebody's");
    finding->is_mixed &= finding->has_token && !finding->token_is_quoted;
    return true;
}

/* ---- a mail to an address that we signed ------------------------------------------------------------------------- */

static bool classify_request(Message *message, const Keyring *keyring, Finding *finding)
{
    static const TokenPurpose purposes[] = {TOKEN_LEAVE, TOKEN_CONFIRM};
    if (!keyring ||
        !find_token_of_envelope(finding, keyring, message_fields(message), purposes, G_N_ELEMENTS(purposes)))
        return false;
    finding->class = finding->token.purpose == TOKEN_LEAVE ? FINDING_LEAVE : FINDING_CONFIRM;
    return true;
}

/* A mail to a return path is not a bounce because of where it went: autoresponders and people write there too. */
static void classify_rest(Message *message, ReportText *text, const Keyring *keyring, Finding *finding)
{
    static const TokenPurpose purposes[] = {TOKEN_DELIVERY, TOKEN_OUTBOX};
    if (keyring)
        find_token_of_envelope(finding, keyring, message_fields(message), purposes, G_N_ELEMENTS(purposes));
    if (classify_machine(message, finding) || classify_leave_words(message, text, finding) ||
        classify_challenge(message, text, finding) || classify_autoreply(message, text, finding))
        return;
    bool is_unread = message_note(message) || origin_is_nobody(message_fields(message));
    finding->class = is_unread ? FINDING_UNKNOWN : FINDING_NORMAL;
    finding_add_evidence(finding, is_unread ? "sent by a mail system, and no rule knows it" : "no rule knows it");
}

/* Providers black the address out of a complaint; the mail that it brings back names the person. */
static void find_token_of_complaint(Message *message, const Keyring *keyring, Finding *finding)
{
    static const TokenPurpose purposes[] = {TOKEN_DELIVERY, TOKEN_OUTBOX};
    if (keyring && finding->class == FINDING_COMPLAINT &&
        !find_token_of_envelope(finding, keyring, message_fields(message), purposes, G_N_ELEMENTS(purposes)))
        find_token_of_returned_mail(finding, keyring, message);
}

void classify(Message *message, const Keyring *keyring, Finding *ret_finding)
{
    Fields *fields = message_fields(message);
    g_auto(ReportText) text = {0};
    ret_finding->is_from_nobody = origin_is_nobody(fields);
    ret_finding->is_automatic = is_automatic(fields);
    g_free(ret_finding->message_id);
    ret_finding->message_id = text_one_line(fields_text(fields, "Message-ID"), SHOWN_BYTES);
    if (message_note(message))
        finding_add_evidence(ret_finding, "not all of it was read: %s", message_note(message));
    report_text_read(message, &text);
    if (!classify_calendar(message, ret_finding) && !classify_complaint(message, &text, ret_finding) &&
        !classify_boxbe(message, ret_finding) &&
        !(find_report_part(message) && classify_report(message, &text, keyring, ret_finding)) &&
        !classify_transcript(message, &text, ret_finding) && !classify_request(message, keyring, ret_finding) &&
        !classify_report(message, &text, keyring, ret_finding))
        classify_rest(message, &text, keyring, ret_finding);
    find_token_of_complaint(message, keyring, ret_finding);
}
