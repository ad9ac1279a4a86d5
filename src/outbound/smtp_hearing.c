/* What a reply means for the mail it belongs to, and whether we and the server still speak about the same thing. How an
 * outcome is to be judged is verdict.c's business. */
#include "outbound/smtp_dialogue_private.h"

static void settle(Mail *mail, SmtpPhase phase, const SmtpReply *reply)
{
    mail->fate = FATE_SETTLED;
    mail->outcome = (Attempt){.phase = phase, .reply = reply->code};
    g_strlcpy(mail->outcome.enhanced, reply->enhanced, sizeof mail->outcome.enhanced);
    g_strlcpy(mail->outcome.text, reply->text, sizeof mail->outcome.text);
}

static void refuse(SmtpDialogue *dialogue, Mail *mail, SmtpPhase phase, const SmtpReply *reply)
{
    dialogue->needs_reset = true;
    settle(mail, phase, reply);
}

static bool is_good(const SmtpReply *reply)
{
    return reply->code / 100 == 2;
}

static void hear_reset(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    (void)mail;
    dialogue->dot_refused = false;
    if (!is_good(reply))
        smtp_end_line(dialogue, "the relay refused RSET");
}

static void hear_mail(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    bool after_refused_dot = dialogue->dot_refused;
    dialogue->dot_refused = false;
    mail->sender_taken = is_good(reply);
    if (mail->sender_taken) {
        dialogue->needs_reset = false; /* an earlier transaction would have made this 503 */
    } else if (reply->code == 503 && after_refused_dot) {
        /* The relay kept the refused mail before (Postfix with an end-of-data policy does): not this one's fault. */
        dialogue->needs_reset = true;
        mail->fate = FATE_SPOILED;
    } else {
        refuse(dialogue, mail, SMTP_MAIL, reply);
    }
}

static void hear_rcpt(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    mail->recipient_taken = is_good(reply);
    if (mail->fate == FATE_OPEN && !mail->recipient_taken)
        refuse(dialogue, mail, SMTP_RCPT, reply);
}

/* A server waits for the body of a mail that it refused: an empty one ends the wait, and has no recipient. Were there
 * one after all (a MAIL that failed, a RCPT that did not), the empty mail would arrive:
 * then only hanging up is safe. */
static void hear_unwanted_go_ahead(SmtpDialogue *dialogue, Mail *mail)
{
    if (mail->fate != FATE_SETTLED || !mail->sender_taken) {
        smtp_end_line(dialogue, "the relay would have sent an empty mail");
        return;
    }
    g_string_append(dialogue->output, ".\r\n");
    mail->end_at = dialogue->written + unwritten(dialogue);
    mail->to_say = STEP_DONE;
}

static void hear_data(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    if (reply->code == 354 && mail->fate == FATE_OPEN)
        smtp_ask_leave(dialogue, mail);
    else if (reply->code == 354)
        hear_unwanted_go_ahead(dialogue, mail);
    else if (mail->fate == FATE_OPEN)
        refuse(dialogue, mail, SMTP_DATA, reply);
}

/* To the dot, to BDAT, or to an empty mail's dot. A chunk that was taken has arrived where its recipient was taken,
 * whatever was said of its sender. */
static void hear_body(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    bool taken_after_all = dialogue->can.chunking && is_good(reply) && mail->recipient_taken;
    if (mail->fate == FATE_SETTLED && !taken_after_all)
        return;
    settle(mail, SMTP_DOT, reply);
    dialogue->dot_refused = !is_good(reply);
    if (dialogue->dot_refused)
        dialogue->needs_reset = true;
}

/* Replies that this command cannot have: then we and the server no longer speak about the same thing. With DATA its 354
 * shows a shift; among chunks only an address's status (RFC 3463 3.2), where a mail's should be, does. */
static bool is_out_of_step(const SmtpDialogue *dialogue, Step step, const SmtpReply *reply)
{
    if (step == STEP_BODY && dialogue->can.chunking && g_str_has_prefix(reply->enhanced, "2.1."))
        return true;
    if (step == STEP_DATA)
        return is_good(reply) || (reply->code / 100 == 3 && reply->code != 354);
    return reply->code / 100 == 3;
}

/* A reply to a body that the server does not have yet. It will say more behind the end, which would be taken for
 * another's. */
static bool is_early(const SmtpDialogue *dialogue, const Mail *mail)
{
    return mail->to_hear == STEP_BODY && dialogue->written < mail->end_at;
}

/* 421: the server leaves. The mail that got it as its reply is judged by it, unless that was to the RSET before it; the
 * others by how far they got; whether those that were written behind it were taken shows when the server closes the
 * line, or does not. */
static void hear_farewell(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    if (mail && mail->to_hear == STEP_RESET) {
        smtp_dismiss(dialogue, SMTP_EVENT_RETURNED, NULL);
    } else if (mail) {
        if (mail->fate != FATE_SETTLED)
            settle(mail, is_early(dialogue, mail) ? SMTP_DATA : phase_of(mail->to_hear), reply);
        smtp_dismiss(dialogue, SMTP_EVENT_OUTCOME, &mail->outcome);
    }
    dialogue->left = dialogue->count > 0 && smtp_phase_reached(dialogue, mail_at(dialogue, 0)) == SMTP_DOT;
    if (!dialogue->left)
        smtp_end_line(dialogue, "the relay closed the connection");
}

/* The oldest mail's replies have all come: it leaves, or starts again. */
static void finish(SmtpDialogue *dialogue, Mail *mail)
{
    if (mail->fate == FATE_SETTLED) {
        smtp_dismiss(dialogue, SMTP_EVENT_OUTCOME, &mail->outcome);
    } else if (mail->fate == FATE_SPOILED) {
        mail->fate = FATE_OPEN;
        mail->to_say = mail->to_hear = STEP_NONE;
    }
}

static void hear_reply(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    static void (*const hear_step[])(SmtpDialogue *, Mail *, const SmtpReply *) = {
        [STEP_RESET] = hear_reset, [STEP_MAIL] = hear_mail, [STEP_RCPT] = hear_rcpt,
        [STEP_DATA] = hear_data,   [STEP_BODY] = hear_body,
    };
    Step step = mail->to_hear;
    mail->to_hear = step_behind(dialogue, step);
    hear_step[step](dialogue, mail, reply);
    if (!dialogue->over && mail->to_hear == mail->to_say)
        finish(dialogue, mail);
}

void smtp_hear(SmtpDialogue *dialogue, const SmtpReply *reply)
{
    Mail *mail = awaiting(dialogue);
    dialogue->heard++;
    if (dialogue->left) { /* it has not */
        dialogue->left = false;
        smtp_end_line(dialogue, "the relay went on behind its good-bye");
    } else if (reply->code == 421) {
        hear_farewell(dialogue, mail, reply);
    } else if (!mail && dialogue->quit_said) {
        smtp_end_line(dialogue, "good-bye");
    } else if (!mail || is_out_of_step(dialogue, mail->to_hear, reply)) {
        smtp_end_line(dialogue, "the relay's replies do not fit our commands");
    } else if (is_early(dialogue, mail)) {
        if (!is_good(reply))
            settle(mail, SMTP_DATA, reply);
        smtp_end_line(dialogue, "the relay answered before it had the mail");
    } else {
        hear_reply(dialogue, mail, reply);
    }
}
