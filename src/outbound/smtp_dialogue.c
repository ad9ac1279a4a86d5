/* The SMTP dialogue. Keeps two queues in step: the mails in the order in which they were added, and the replies that
 * are awaited, each with the mail it belongs to. It never reads a clock or a socket and owns nothing but its buffers.
 * How an outcome is to be judged is verdict.c's business. */
#include "outbound/smtp_dialogue.h"

/* rundbrief */
#include "outbound/smtp_fit.h"
#include "outbound/smtp_reply.h"

typedef enum {
    STAGE_QUEUED,   /* nothing of it was written */
    STAGE_ENVELOPE, /* MAIL is written; with PIPELINING RCPT and DATA too */
    STAGE_READY,    /* 354 came; the owner has been told */
    STAGE_GO,       /* the owner agreed: its body may be written */
    STAGE_BODY,     /* body and dot are in the output */
    STAGE_REFUSED,  /* its outcome is told; the rest of its replies is to be passed over */
    STAGE_SPOILED,  /* its MAIL met the remains of the mail before; starts again when the rest of its replies came */
} Stage;

typedef struct Mail {
    SmtpMail mail;
    Stage stage;
    bool mail_accepted;
    guint64 dot_at; /* position in the output behind its dot */
} Mail;

typedef enum { AWAIT_MAIL, AWAIT_RCPT, AWAIT_DATA, AWAIT_DOT, AWAIT_EMPTY_DOT, AWAIT_RESET, AWAIT_QUIT } AwaitKind;

typedef struct Await {
    AwaitKind kind;
    Mail *mail; /* NULL for RESET, QUIT */
} Await;

struct SmtpDialogue {
    SmtpCapabilities capabilities;
    SmtpReplyReader reader;
    GQueue mails;  /* of Mail: oldest first */
    GQueue awaits; /* of Await */
    GQueue events; /* of SmtpEvent */
    GString *output;
    gsize output_from; /* bytes of output that were written */
    guint64 written;   /* all bytes written, ever */
    guint64 heard;     /* whole replies, ever */
    bool needs_reset;  /* the server may still hold a refused mail */
    bool dot_refused;  /* the last dot was: the next MAIL, already written, may meet its remains */
    bool quitting;
    bool over;
};

static const SmtpPhase await_phase[] = {
    [AWAIT_MAIL] = SMTP_MAIL,      [AWAIT_RCPT] = SMTP_RCPT,  [AWAIT_DATA] = SMTP_DATA,    [AWAIT_DOT] = SMTP_DOT,
    [AWAIT_EMPTY_DOT] = SMTP_MAIL, [AWAIT_RESET] = SMTP_MAIL, [AWAIT_QUIT] = SMTP_CONNECT,
};

SmtpDialogue *smtp_dialogue_new(const SmtpCapabilities *capabilities)
{
    SmtpDialogue *dialogue = g_new0(SmtpDialogue, 1);
    dialogue->capabilities = *capabilities;
    dialogue->output = g_string_new(NULL);
    smtp_reply_reader_init(&dialogue->reader);
    return dialogue;
}

void smtp_dialogue_free(SmtpDialogue *dialogue)
{
    if (!dialogue)
        return;
    g_queue_clear_full(&dialogue->mails, g_free);
    g_queue_clear_full(&dialogue->awaits, g_free);
    g_queue_clear_full(&dialogue->events, g_free);
    g_string_free(dialogue->output, TRUE);
    smtp_reply_reader_clear(&dialogue->reader);
    g_free(dialogue);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void tell(SmtpDialogue *dialogue, SmtpEventKind kind, gpointer owner, const Attempt *attempt)
{
    SmtpEvent *event = g_new0(SmtpEvent, 1);
    event->kind = kind;
    event->owner = owner;
    if (attempt)
        event->attempt = *attempt;
    g_queue_push_tail(&dialogue->events, event);
}

static Attempt attempt_from(SmtpPhase phase, const SmtpReply *reply)
{
    Attempt attempt = {.phase = phase, .reply = reply->code};
    g_strlcpy(attempt.enhanced, reply->enhanced, sizeof attempt.enhanced);
    g_strlcpy(attempt.text, reply->text, sizeof attempt.text);
    return attempt;
}

/* A refusal that we give in the server's stead. */
static void refuse_here(SmtpDialogue *dialogue, gpointer owner, SmtpPhase phase, int code, const char *enhanced,
                        const char *text)
{
    SmtpReply reply = {.code = code};
    g_strlcpy(reply.enhanced, enhanced, sizeof reply.enhanced);
    g_strlcpy(reply.text, text, sizeof reply.text);
    Attempt attempt = attempt_from(phase, &reply);
    attempt.ours = true;
    tell(dialogue, SMTP_EVENT_OUTCOME, owner, &attempt);
}

bool smtp_dialogue_event(SmtpDialogue *dialogue, SmtpEvent *ret_event)
{
    g_autofree SmtpEvent *event = g_queue_pop_head(&dialogue->events);
    if (event)
        *ret_event = *event;
    return event != NULL;
}

/* ---- what we say ------------------------------------------------------------------------------------------------- */

static void await(SmtpDialogue *dialogue, AwaitKind kind, Mail *mail)
{
    Await *next = g_new(Await, 1);
    *next = (Await){.kind = kind, .mail = mail};
    g_queue_push_tail(&dialogue->awaits, next);
}

static void say_mail(SmtpDialogue *dialogue, Mail *mail)
{
    g_string_append_printf(dialogue->output, "MAIL FROM:<%s>", mail->mail.from);
    if (dialogue->capabilities.size)
        g_string_append_printf(dialogue->output, " SIZE=%" G_GSIZE_FORMAT, mail->mail.length);
    g_string_append(dialogue->output, mail->mail.needs_utf8 ? " SMTPUTF8\r\n" : "\r\n");
    await(dialogue, AWAIT_MAIL, mail);
}

static void say_rcpt(SmtpDialogue *dialogue, Mail *mail)
{
    g_string_append_printf(dialogue->output, "RCPT TO:<%s>\r\n", mail->mail.to);
    await(dialogue, AWAIT_RCPT, mail);
}

static void say_data(SmtpDialogue *dialogue, Mail *mail)
{
    g_string_append(dialogue->output, "DATA\r\n");
    await(dialogue, AWAIT_DATA, mail);
}

static void say_envelope(SmtpDialogue *dialogue, Mail *mail)
{
    if (dialogue->needs_reset) {
        g_string_append(dialogue->output, "RSET\r\n");
        await(dialogue, AWAIT_RESET, NULL);
        dialogue->needs_reset = false;
        if (!dialogue->capabilities.pipelining)
            return;
    }
    mail->stage = STAGE_ENVELOPE;
    mail->mail_accepted = false;
    say_mail(dialogue, mail);
    if (dialogue->capabilities.pipelining) {
        say_rcpt(dialogue, mail);
        say_data(dialogue, mail);
    }
}

static void say_body(SmtpDialogue *dialogue, Mail *mail)
{
    g_string_append_len(dialogue->output, mail->mail.body, (gssize)mail->mail.length);
    g_string_append(dialogue->output, ".\r\n");
    mail->dot_at = dialogue->written + dialogue->output->len - dialogue->output_from;
    mail->stage = STAGE_BODY;
    await(dialogue, AWAIT_DOT, mail);
}

/* Everything that may be said now: the body that was agreed to, then the envelope behind it. */
static void compose(SmtpDialogue *dialogue)
{
    for (GList *item = dialogue->mails.head; item; item = item->next) {
        Mail *mail = item->data;
        if (mail->stage == STAGE_GO)
            say_body(dialogue, mail);
        if (mail->stage == STAGE_QUEUED && (dialogue->awaits.length == 0 || dialogue->capabilities.pipelining))
            say_envelope(dialogue, mail);
        if (mail->stage != STAGE_BODY) /* the next one's turn comes behind this one's dot */
            return;
    }
    if (dialogue->quitting && dialogue->mails.length == 0 && dialogue->awaits.length == 0) {
        g_string_append(dialogue->output, "QUIT\r\n");
        await(dialogue, AWAIT_QUIT, NULL);
    }
}

const char *smtp_dialogue_output(SmtpDialogue *dialogue, gsize *ret_length)
{
    if (!dialogue->over)
        compose(dialogue);
    *ret_length = dialogue->output->len - dialogue->output_from;
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

void smtp_dialogue_go_ahead(SmtpDialogue *dialogue)
{
    for (GList *item = dialogue->mails.head; item; item = item->next) {
        Mail *mail = item->data;
        if (mail->stage == STAGE_READY)
            mail->stage = STAGE_GO;
    }
}

void smtp_dialogue_quit(SmtpDialogue *dialogue)
{
    dialogue->quitting = true;
    for (GList *item = dialogue->mails.head, *next; item; item = next) {
        Mail *mail = item->data;
        next = item->next;
        if (mail->stage != STAGE_QUEUED)
            continue;
        tell(dialogue, SMTP_EVENT_RETURNED, mail->mail.owner, NULL);
        g_queue_delete_link(&dialogue->mails, item);
        g_free(mail);
    }
}

/* ---- the end of a line ------------------------------------------------------------------------------------------- */

/* How far a mail got when the line ended. Its body was in our buffer only: then the relay cannot have taken it. */
static SmtpPhase phase_reached(const SmtpDialogue *dialogue, const Mail *mail)
{
    switch (mail->stage) {
    case STAGE_BODY:
        return dialogue->written >= mail->dot_at ? SMTP_DOT : SMTP_DATA;
    case STAGE_READY:
    case STAGE_GO:
        return SMTP_DATA;
    default:
        return SMTP_MAIL;
    }
}

static void end_line_as(SmtpDialogue *dialogue, const char *why, bool too_slow)
{
    if (dialogue->over)
        return;
    dialogue->over = true;
    for (Mail *mail; (mail = g_queue_pop_head(&dialogue->mails)); g_free(mail)) {
        Attempt attempt = {.phase = phase_reached(dialogue, mail), .line_lost = true, .too_slow = too_slow};
        g_strlcpy(attempt.text, why, sizeof attempt.text);
        if (mail->stage == STAGE_QUEUED)
            tell(dialogue, SMTP_EVENT_RETURNED, mail->mail.owner, &attempt);
        else if (mail->stage != STAGE_REFUSED)
            tell(dialogue, SMTP_EVENT_OUTCOME, mail->mail.owner, &attempt);
    }
    g_queue_clear_full(&dialogue->awaits, g_free);
}

static void end_line(SmtpDialogue *dialogue, const char *why)
{
    end_line_as(dialogue, why, false);
}

void smtp_dialogue_lost(SmtpDialogue *dialogue, const char *why)
{
    end_line(dialogue, why);
}

void smtp_dialogue_late(SmtpDialogue *dialogue)
{
    end_line_as(dialogue, "no answer within the time limit", true);
}

/* ---- what we hear ------------------------------------------------------------------------------------------------ */

static void forget(SmtpDialogue *dialogue, Mail *mail)
{
    g_queue_remove(&dialogue->mails, mail);
    g_free(mail);
}

/* True when more replies to this mail's commands are on their way. */
static bool has_more(const SmtpDialogue *dialogue, const Mail *mail)
{
    for (const GList *item = dialogue->awaits.head; item; item = item->next)
        if (((const Await *)item->data)->mail == mail)
            return true;
    return false;
}

/* The mail's outcome is this reply; it leaves the dialogue when its last reply has come. */
static void conclude(SmtpDialogue *dialogue, Mail *mail, SmtpPhase phase, const SmtpReply *reply)
{
    Attempt attempt = attempt_from(phase, reply);
    tell(dialogue, SMTP_EVENT_OUTCOME, mail->mail.owner, &attempt);
    mail->stage = STAGE_REFUSED;
    if (!has_more(dialogue, mail))
        forget(dialogue, mail);
}

static void refuse(SmtpDialogue *dialogue, Mail *mail, SmtpPhase phase, const SmtpReply *reply)
{
    dialogue->needs_reset = true;
    conclude(dialogue, mail, phase, reply);
}

static void hear_mail(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    bool after_refused_dot = dialogue->dot_refused;
    dialogue->dot_refused = false;
    if (reply->code / 100 == 2) {
        mail->mail_accepted = true;
        dialogue->needs_reset = false; /* an earlier transaction would have made this 503 */
        if (!dialogue->capabilities.pipelining)
            say_rcpt(dialogue, mail);
    } else if (reply->code == 503 && after_refused_dot) {
        /* The relay kept the refused mail before (Postfix with an end-of-data policy does): not this one's fault. */
        dialogue->needs_reset = true;
        mail->stage = has_more(dialogue, mail) ? STAGE_SPOILED : STAGE_QUEUED;
    } else {
        refuse(dialogue, mail, SMTP_MAIL, reply);
    }
}

static void hear_rcpt(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    if (mail->stage != STAGE_ENVELOPE)
        return;
    if (reply->code / 100 != 2)
        refuse(dialogue, mail, SMTP_RCPT, reply);
    else if (!dialogue->capabilities.pipelining)
        say_data(dialogue, mail);
}

/* A server waits for the body of a mail that it refused: an empty one ends the wait, and has no recipient. Were there
 * one after all (a MAIL that failed, a RCPT that did not), the empty mail would arrive:
 * then only hanging up is safe. */
static void hear_unwanted_go_ahead(SmtpDialogue *dialogue, Mail *mail)
{
    if (mail->stage != STAGE_REFUSED || !mail->mail_accepted) {
        end_line(dialogue, "the relay would have sent an empty mail");
        return;
    }
    g_string_append(dialogue->output, ".\r\n");
    await(dialogue, AWAIT_EMPTY_DOT, mail);
}

static void hear_data(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    if (reply->code == 354 && mail->stage == STAGE_ENVELOPE) {
        mail->stage = STAGE_READY;
        tell(dialogue, SMTP_EVENT_READY, mail->mail.owner, NULL);
    } else if (reply->code == 354) {
        hear_unwanted_go_ahead(dialogue, mail);
    } else if (mail->stage == STAGE_REFUSED) {
        forget(dialogue, mail);
    } else if (mail->stage == STAGE_SPOILED) {
        mail->stage = STAGE_QUEUED;
    } else {
        refuse(dialogue, mail, SMTP_DATA, reply);
    }
}

static void hear_dot(SmtpDialogue *dialogue, Mail *mail, const SmtpReply *reply)
{
    dialogue->dot_refused = reply->code / 100 != 2;
    if (dialogue->dot_refused)
        dialogue->needs_reset = true;
    conclude(dialogue, mail, SMTP_DOT, reply);
}

static void hear_reset(SmtpDialogue *dialogue, const SmtpReply *reply)
{
    if (reply->code / 100 != 2)
        end_line(dialogue, "the relay refused RSET");
}

/* Replies that this command cannot have: then we and the server no longer speak about the same thing. */
static bool is_out_of_step(AwaitKind kind, const SmtpReply *reply)
{
    if (kind == AWAIT_DATA)
        return reply->code / 100 == 2 || (reply->code / 100 == 3 && reply->code != 354);
    return reply->code / 100 == 3;
}

/* 421: the server leaves. The mail that got it as its reply is judged by it, the others by how far they got. */
static void hear_farewell(SmtpDialogue *dialogue, const Await *await, const SmtpReply *reply)
{
    if (await && await->mail && await->mail->stage != STAGE_REFUSED) {
        Attempt attempt = attempt_from(await_phase[await->kind], reply);
        tell(dialogue, SMTP_EVENT_OUTCOME, await->mail->mail.owner, &attempt);
        forget(dialogue, await->mail);
    }
    end_line(dialogue, "the relay closed the connection");
}

static void hear(SmtpDialogue *dialogue, const SmtpReply *reply)
{
    g_autofree Await *await = g_queue_pop_head(&dialogue->awaits);
    dialogue->heard++;
    if (reply->code == 421) {
        hear_farewell(dialogue, await, reply);
        return;
    }
    if (!await || is_out_of_step(await->kind, reply)) {
        end_line(dialogue, "the relay's replies do not fit our commands");
        return;
    }
    switch (await->kind) {
    case AWAIT_MAIL:
        hear_mail(dialogue, await->mail, reply);
        break;
    case AWAIT_RCPT:
        hear_rcpt(dialogue, await->mail, reply);
        break;
    case AWAIT_DATA:
        hear_data(dialogue, await->mail, reply);
        break;
    case AWAIT_DOT:
        hear_dot(dialogue, await->mail, reply);
        break;
    case AWAIT_EMPTY_DOT:
        forget(dialogue, await->mail);
        break;
    case AWAIT_RESET:
        hear_reset(dialogue, reply);
        break;
    case AWAIT_QUIT:
        end_line(dialogue, "good-bye");
        break;
    }
}

void smtp_dialogue_feed(SmtpDialogue *dialogue, const char *bytes, gsize length)
{
    while (!dialogue->over) {
        switch (smtp_reply_read(&dialogue->reader, &bytes, &length)) {
        case SMTP_REPLY_NONE:
            return;
        case SMTP_REPLY_WHOLE:
            hear(dialogue, &dialogue->reader.reply);
            break;
        case SMTP_REPLY_BROKEN:
            end_line(dialogue, "the relay's reply cannot be understood");
            return;
        }
    }
}

/* ---- adding mails, and asking ------------------------------------------------------------------------------------ */

void smtp_dialogue_add(SmtpDialogue *dialogue, const SmtpMail *mail)
{
    const SmtpCapabilities *can = &dialogue->capabilities;
    if (!smtp_address_fits(mail->from) || !smtp_address_fits(mail->to)) {
        refuse_here(dialogue, mail->owner, SMTP_RCPT, 553, "5.1.3", "the address cannot be written in SMTP");
    } else if (mail->needs_utf8 && !can->utf8) {
        refuse_here(dialogue, mail->owner, SMTP_RCPT, 553, "5.6.7",
                    "the relay does not take addresses with letters beyond ASCII (SMTPUTF8)");
    } else if (can->size_limit > 0 && mail->length > (guint64)can->size_limit) {
        refuse_here(dialogue, mail->owner, SMTP_MAIL, 552, "5.3.4", "the mail is bigger than the relay takes");
    } else if (!smtp_body_fits(mail->body, mail->length)) {
        refuse_here(dialogue, mail->owner, SMTP_DATA, 554, "5.6.0", "the mail's text is not fit for SMTP");
    } else {
        Mail *added = g_new0(Mail, 1);
        added->mail = *mail;
        g_queue_push_tail(&dialogue->mails, added);
    }
}

guint smtp_dialogue_room(const SmtpDialogue *dialogue)
{
    guint used = dialogue->mails.length;
    return dialogue->over || dialogue->quitting || used >= SMTP_DIALOGUE_DEPTH ? 0 : SMTP_DIALOGUE_DEPTH - used;
}

bool smtp_dialogue_waits(const SmtpDialogue *dialogue, SmtpPhase *ret_phase)
{
    const Await *await = g_queue_peek_head((GQueue *)&dialogue->awaits);
    if (await)
        *ret_phase = await_phase[await->kind];
    return await != NULL;
}

guint64 smtp_dialogue_heard(const SmtpDialogue *dialogue)
{
    return dialogue->heard;
}

bool smtp_dialogue_is_idle(const SmtpDialogue *dialogue)
{
    return dialogue->mails.length == 0;
}

bool smtp_dialogue_is_over(const SmtpDialogue *dialogue)
{
    return dialogue->over;
}
