#pragma once
/* The inside of a dialogue, for its two files: smtp_dialogue.c says, smtp_hearing.c hears. The mails stand in a ring,
 * oldest first; each knows the next command to say and the next reply to hear. Replies come in the order of the
 * commands, so whatever comes belongs to the oldest. */
#include "outbound/smtp_dialogue.h"
#include "outbound/smtp_reply.h"

/* What is said of a mail, one after the other. */
typedef enum {
    STEP_NONE,  /* nothing yet */
    STEP_RESET, /* only where the server may still hold another mail */
    STEP_MAIL,
    STEP_RCPT,
    STEP_DATA, /* not with chunking */
    STEP_BODY, /* body and dot, or BDAT and body */
    STEP_DONE,
} Step;

/* The owner's leave to write the body. */
typedef enum { LEAVE_NONE, LEAVE_ASKED, LEAVE_TAKEN /* the question */, LEAVE_GIVEN } Leave;

typedef enum {
    FATE_OPEN,
    FATE_SETTLED, /* `outcome` is what became of it; the rest of its replies is passed over */
    FATE_SPOILED, /* its MAIL met the remains of the mail before; it starts again when the rest of its replies came */
} Fate;

typedef struct Mail {
    SmtpMail mail;
    Step to_say;
    Step to_hear; /* never behind to_say */
    Leave leave;
    Fate fate;
    Attempt outcome;
    bool sender_taken, recipient_taken;
    guint64 start_at, end_at; /* positions in the output: before its first byte, behind its last */
} Mail;

struct SmtpDialogue {
    SmtpCapabilities can; /* what of the server's we use */
    SmtpReplyReader reader;
    Mail *ring;
    guint depth, first, count;
    gsize bytes, last_length; /* of the mails in the ring; of the one added last */
    GArray *events;           /* of SmtpEvent */
    guint events_taken;
    GString *output;
    gsize output_from; /* bytes of output that were written */
    guint64 written;   /* all bytes written, ever */
    guint64 heard;     /* whole replies, ever */
    bool needs_reset;  /* the server may still hold a refused mail */
    bool dot_refused;  /* the last dot was: the next MAIL, already written, may meet its remains */
    bool quitting, quit_said;
    bool left; /* the server said 421: what stands behind that reply was not taken, if it closes now */
    bool over;
};

static inline Mail *mail_at(const SmtpDialogue *dialogue, guint index)
{
    return &dialogue->ring[(dialogue->first + index) % dialogue->depth];
}

/* The mail whose reply comes next; NULL when none is awaited. */
static inline Mail *awaiting(const SmtpDialogue *dialogue)
{
    Mail *mail = mail_at(dialogue, 0);
    return dialogue->count > 0 && mail->to_hear != mail->to_say ? mail : NULL;
}

static inline Step step_behind(const SmtpDialogue *dialogue, Step step)
{
    return step == STEP_RCPT && dialogue->can.chunking ? STEP_BODY : step + 1;
}

static inline SmtpPhase phase_of(Step step)
{
    static const SmtpPhase phases[] = {
        [STEP_NONE] = SMTP_MAIL, [STEP_RESET] = SMTP_MAIL, [STEP_MAIL] = SMTP_MAIL, [STEP_RCPT] = SMTP_RCPT,
        [STEP_DATA] = SMTP_DATA, [STEP_BODY] = SMTP_DOT,   [STEP_DONE] = SMTP_DOT,
    };
    return phases[step];
}

static inline gsize unwritten(const SmtpDialogue *dialogue)
{
    return dialogue->output->len - dialogue->output_from;
}

/** The owner may let this mail's body be written. */
void smtp_ask_leave(SmtpDialogue *dialogue, Mail *mail);

/** The oldest mail leaves, and its owner is told. */
void smtp_dismiss(SmtpDialogue *dialogue, SmtpEventKind kind, const Attempt *attempt);

/** How far a mail got when the line ended. What was in our buffer only, or behind the server's 421, it cannot have
 * taken. */
SmtpPhase smtp_phase_reached(const SmtpDialogue *dialogue, const Mail *mail);

/** Every mail gets what it deserves by how far it got. */
void smtp_end_line(SmtpDialogue *dialogue, const char *why);

/** One reply, to the oldest mail's next command. */
void smtp_hear(SmtpDialogue *dialogue, const SmtpReply *reply);
