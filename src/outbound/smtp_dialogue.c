/* The SMTP dialogue: what is said when, and what becomes of the mails when the line ends. It never reads a clock or a
 * socket and owns nothing but its buffers. */
#include "outbound/smtp_dialogue.h"

/* rundbrief */
#include "outbound/smtp_dialogue_private.h"
#include "outbound/smtp_fit.h"

#define OUTPUT_ENOUGH   (64 * 1024)  /* composed ahead of the socket, beside the mail that goes beyond it */
#define BYTES_UNDER_WAY (256 * 1024) /* of mails in one dialogue: bounds memory, and what a slow line has to carry */

SmtpDialogue *smtp_dialogue_new(const SmtpCapabilities *capabilities, const SmtpOptions *options)
{
    SmtpDialogue *dialogue = g_new0(SmtpDialogue, 1);
    dialogue->can = *capabilities;
    dialogue->can.dsn &= options->dsn;
    dialogue->can.chunking &= options->chunking && capabilities->pipelining; /* without, it saves no round trip */
    dialogue->depth = dialogue->can.chunking ? MAX(options->depth, SMTP_DEPTH_OF_DATA) : SMTP_DEPTH_OF_DATA;
    dialogue->ring = g_new0(Mail, dialogue->depth);
    dialogue->events = g_array_new(FALSE, FALSE, sizeof(SmtpEvent));
    dialogue->output = g_string_new(NULL);
    smtp_reply_reader_init(&dialogue->reader);
    return dialogue;
}

void smtp_dialogue_free(SmtpDialogue *dialogue)
{
    if (!dialogue)
        return;
    g_free(dialogue->ring);
    g_array_unref(dialogue->events);
    g_string_free(dialogue->output, TRUE);
    smtp_reply_reader_clear(&dialogue->reader);
    g_free(dialogue);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void tell(SmtpDialogue *dialogue, SmtpEventKind kind, gpointer owner, const Attempt *attempt)
{
    SmtpEvent event = {.kind = kind, .owner = owner};
    if (attempt)
        event.attempt = *attempt;
    g_array_append_val(dialogue->events, event);
}

void smtp_dismiss(SmtpDialogue *dialogue, SmtpEventKind kind, const Attempt *attempt)
{
    const Mail *mail = mail_at(dialogue, 0);
    tell(dialogue, kind, mail->mail.owner, attempt);
    dialogue->bytes -= mail->mail.length;
    dialogue->first = (dialogue->first + 1) % dialogue->depth;
    dialogue->count--;
}

void smtp_ask_leave(SmtpDialogue *dialogue, Mail *mail)
{
    mail->leave = LEAVE_ASKED;
    tell(dialogue, SMTP_EVENT_READY, mail->mail.owner, NULL);
}

/* With chunking a mail needs leave before its first word. One that goes alone gets it when it is the oldest, those
 * behind it when it has left: what is written down as begun is what may be under way. */
static void ask_for_chunks(SmtpDialogue *dialogue)
{
    for (guint i = 0; dialogue->can.chunking && !dialogue->left && i < dialogue->count; i++) {
        Mail *mail = mail_at(dialogue, i);
        if (i > 0 && (mail->mail.alone || mail_at(dialogue, i - 1)->mail.alone))
            return;
        if (mail->leave == LEAVE_NONE)
            smtp_ask_leave(dialogue, mail);
    }
}

/* Questions are taken in the order in which they were asked, which is that of the mails. */
static void note_taken(SmtpDialogue *dialogue, gpointer owner)
{
    for (guint i = 0; i < dialogue->count; i++) {
        Mail *mail = mail_at(dialogue, i);
        if (mail->leave != LEAVE_ASKED)
            continue;
        if (mail->mail.owner == owner)
            mail->leave = LEAVE_TAKEN;
        return;
    }
}

bool smtp_dialogue_event(SmtpDialogue *dialogue, SmtpEvent *ret_event)
{
    if (dialogue->events_taken == dialogue->events->len) {
        g_array_set_size(dialogue->events, 0);
        dialogue->events_taken = 0;
        return false;
    }
    *ret_event = g_array_index(dialogue->events, SmtpEvent, dialogue->events_taken++);
    if (ret_event->kind == SMTP_EVENT_READY)
        note_taken(dialogue, ret_event->owner);
    return true;
}

void smtp_dialogue_go_ahead(SmtpDialogue *dialogue)
{
    for (guint i = 0; i < dialogue->count; i++)
        if (mail_at(dialogue, i)->leave == LEAVE_TAKEN)
            mail_at(dialogue, i)->leave = LEAVE_GIVEN;
}

/* Without chunking it is the oldest, and nothing was said of those behind it. */
static void hang_up(SmtpDialogue *dialogue)
{
    dialogue->over = true;
    while (dialogue->count > 0)
        smtp_dismiss(dialogue, SMTP_EVENT_RETURNED, NULL);
}

/* Of those behind it nothing was said either. */
static void take_out(SmtpDialogue *dialogue, guint index)
{
    const SmtpMail *mail = &mail_at(dialogue, index)->mail;
    tell(dialogue, SMTP_EVENT_RETURNED, mail->owner, NULL);
    dialogue->bytes -= mail->length;
    dialogue->count--;
    for (guint i = index; i < dialogue->count; i++)
        *mail_at(dialogue, i) = *mail_at(dialogue, i + 1);
}

void smtp_dialogue_withhold(SmtpDialogue *dialogue, gconstpointer owner)
{
    for (guint i = 0; i < dialogue->count; i++) {
        const Mail *mail = mail_at(dialogue, i);
        if (mail->mail.owner != owner || mail->leave != LEAVE_TAKEN)
            continue;
        if (mail->to_say != STEP_NONE)
            hang_up(dialogue);
        else
            take_out(dialogue, i);
        return;
    }
}

/* ---- what we say ------------------------------------------------------------------------------------------------- */

/* With chunking a mail is said as a whole, so that it needs leave before its first word. */
static bool may_say(const SmtpDialogue *dialogue, const Mail *mail, bool is_oldest)
{
    bool in_turn = dialogue->can.pipelining || (is_oldest && mail->to_hear == mail->to_say);
    switch (mail->to_say) {
    case STEP_NONE:
        return in_turn && (!dialogue->can.chunking || mail->leave == LEAVE_GIVEN);
    case STEP_BODY:
        return mail->leave == LEAVE_GIVEN;
    case STEP_DONE:
        return false;
    default:
        return in_turn && mail->fate == FATE_OPEN;
    }
}

/* With chunking nobody knows yet what becomes of the mail ahead, and behind a refused one the server's state is
 * indeterminate (RFC 3030 2): RSET stands between any two. */
static void begin(SmtpDialogue *dialogue, Mail *mail, bool is_oldest)
{
    bool reset = dialogue->needs_reset || (dialogue->can.chunking && !is_oldest);
    mail->to_say = mail->to_hear = reset ? STEP_RESET : STEP_MAIL;
    mail->start_at = dialogue->written + unwritten(dialogue);
    dialogue->needs_reset = false;
}

static void say(SmtpDialogue *dialogue, Mail *mail)
{
    switch (mail->to_say) {
    case STEP_RESET:
        g_string_append(dialogue->output, "RSET\r\n");
        break;
    case STEP_MAIL:
        smtp_append_mail(dialogue->output, &mail->mail, &dialogue->can);
        break;
    case STEP_RCPT:
        smtp_append_rcpt(dialogue->output, &mail->mail, &dialogue->can);
        break;
    case STEP_DATA:
        g_string_append(dialogue->output, "DATA\r\n");
        break;
    default:
        (dialogue->can.chunking ? smtp_append_chunk : smtp_append_body)(dialogue->output, &mail->mail);
        mail->end_at = dialogue->written + unwritten(dialogue);
        break;
    }
    mail->to_say = step_behind(dialogue, mail->to_say);
}

/* Everything that may be said now. A mail's turn comes behind the whole of the one before. */
static void compose(SmtpDialogue *dialogue)
{
    for (guint i = 0; i < dialogue->count; i++) {
        Mail *mail = mail_at(dialogue, i);
        if (mail->to_say == STEP_NONE && unwritten(dialogue) < OUTPUT_ENOUGH && may_say(dialogue, mail, i == 0))
            begin(dialogue, mail, i == 0);
        while (mail->to_say != STEP_NONE && may_say(dialogue, mail, i == 0))
            say(dialogue, mail);
        if (mail->to_say != STEP_DONE)
            return;
    }
    if (dialogue->quitting && dialogue->count == 0 && !dialogue->quit_said) {
        g_string_append(dialogue->output, "QUIT\r\n");
        dialogue->quit_said = true;
    }
}

const char *smtp_dialogue_output(SmtpDialogue *dialogue, gsize *ret_length)
{
    bool silent = dialogue->over || dialogue->left;
    if (!silent)
        compose(dialogue);
    *ret_length = silent ? 0 : unwritten(dialogue);
    return dialogue->output->str + dialogue->output_from;
}

void smtp_dialogue_sent(SmtpDialogue *dialogue, gsize n)
{
    dialogue->output_from += n;
    dialogue->written += n;
    if (dialogue->output_from == dialogue->output->len) {
        g_string_truncate(dialogue->output, 0);
        dialogue->output_from = 0;
    }
}

/* Those of which nothing was said are the youngest. */
void smtp_dialogue_quit(SmtpDialogue *dialogue)
{
    guint said = 0;
    dialogue->quitting = true;
    while (said < dialogue->count && mail_at(dialogue, said)->to_say != STEP_NONE)
        said++;
    for (guint i = said; i < dialogue->count; i++) {
        const SmtpMail *mail = &mail_at(dialogue, i)->mail;
        tell(dialogue, SMTP_EVENT_RETURNED, mail->owner, NULL);
        dialogue->bytes -= mail->length;
    }
    dialogue->count = said;
}

/* ---- the end of a line ------------------------------------------------------------------------------------------- */

SmtpPhase smtp_phase_reached(const SmtpDialogue *dialogue, const Mail *mail)
{
    if (dialogue->left)
        return SMTP_MAIL;
    if (mail->to_say == STEP_DONE)
        return dialogue->written >= mail->end_at ? SMTP_DOT : SMTP_DATA;
    return mail->leave != LEAVE_NONE ? SMTP_DATA : SMTP_MAIL;
}

static void end_line_as(SmtpDialogue *dialogue, const char *why, bool too_slow)
{
    if (dialogue->over)
        return;
    dialogue->over = true;
    while (dialogue->count > 0) {
        const Mail *mail = mail_at(dialogue, 0);
        Attempt attempt = {.phase = smtp_phase_reached(dialogue, mail), .line_lost = true, .too_slow = too_slow};
        g_strlcpy(attempt.text, why, sizeof attempt.text);
        if (mail->fate == FATE_SETTLED)
            smtp_dismiss(dialogue, SMTP_EVENT_OUTCOME, &mail->outcome);
        else if (mail->to_say == STEP_NONE || dialogue->written <= mail->start_at)
            smtp_dismiss(dialogue, SMTP_EVENT_RETURNED, &attempt);
        else
            smtp_dismiss(dialogue, SMTP_EVENT_OUTCOME, &attempt);
    }
}

void smtp_end_line(SmtpDialogue *dialogue, const char *why)
{
    end_line_as(dialogue, why, false);
}

void smtp_dialogue_lost(SmtpDialogue *dialogue, const char *why)
{
    smtp_end_line(dialogue, why);
}

/* A server that said 421 and stays may still take what it was given. */
void smtp_dialogue_late(SmtpDialogue *dialogue)
{
    dialogue->left = false;
    end_line_as(dialogue, "no answer within the time limit", true);
}

/* ---- what we hear ------------------------------------------------------------------------------------------------ */

void smtp_dialogue_feed(SmtpDialogue *dialogue, const char *bytes, gsize length)
{
    while (!dialogue->over) {
        switch (smtp_reply_read(&dialogue->reader, &bytes, &length)) {
        case SMTP_REPLY_NONE:
            ask_for_chunks(dialogue);
            return;
        case SMTP_REPLY_WHOLE:
            smtp_hear(dialogue, &dialogue->reader.reply);
            break;
        case SMTP_REPLY_BROKEN:
            dialogue->left = false;
            smtp_end_line(dialogue, "the relay's reply cannot be understood");
            return;
        }
    }
}

/* ---- adding mails, and asking ------------------------------------------------------------------------------------ */

void smtp_dialogue_add(SmtpDialogue *dialogue, const SmtpMail *mail)
{
    const Attempt *refusal = smtp_mail_unfit(mail, &dialogue->can);
    if (refusal) {
        tell(dialogue, SMTP_EVENT_OUTCOME, mail->owner, refusal);
    } else if (smtp_dialogue_room(dialogue) == 0) {
        tell(dialogue, SMTP_EVENT_RETURNED, mail->owner, NULL);
    } else {
        Mail *added = mail_at(dialogue, dialogue->count++);
        *added = (Mail){.mail = *mail};
        dialogue->bytes += dialogue->last_length = mail->length;
        ask_for_chunks(dialogue);
    }
}

guint smtp_dialogue_room(const SmtpDialogue *dialogue)
{
    if (dialogue->over || dialogue->left || dialogue->quitting)
        return 0;
    gsize bytes_left = BYTES_UNDER_WAY - MIN(dialogue->bytes, BYTES_UNDER_WAY);
    gsize fit = MAX(bytes_left / MAX(dialogue->last_length, 1),
                    SMTP_DEPTH_OF_DATA - MIN(dialogue->count, SMTP_DEPTH_OF_DATA));
    return (guint)MIN(fit, dialogue->depth - dialogue->count);
}

bool smtp_dialogue_waits(const SmtpDialogue *dialogue, SmtpPhase *ret_phase)
{
    const Mail *mail = awaiting(dialogue);
    bool leaving = dialogue->left || (!mail && dialogue->quit_said);
    if (dialogue->over || (!mail && !leaving))
        return false;
    *ret_phase = leaving ? SMTP_CONNECT : phase_of(mail->to_hear);
    return true;
}

guint64 smtp_dialogue_heard(const SmtpDialogue *dialogue)
{
    return dialogue->heard;
}

bool smtp_dialogue_is_idle(const SmtpDialogue *dialogue)
{
    return dialogue->count == 0;
}

bool smtp_dialogue_is_over(const SmtpDialogue *dialogue)
{
    return dialogue->over;
}
