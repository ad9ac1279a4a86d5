#pragma once
/* The client's side of SMTP mail transactions on one connection (RFC 5321, 2920, 3030), without any I/O: bytes in,
 * events out, bytes to write. The connection is greeted and authenticated already (link.c).
 *
 * Several mails may be queued. Where the server offers PIPELINING, the end of one mail and MAIL, RCPT, DATA of the next
 * travel together: one round trip per mail. Where it offers CHUNKING too, and we are to use it, whole mails follow
 * each other without waiting: MAIL, RCPT, BDAT and the body in one group. Otherwise it goes in lock step. A refused
 * recipient costs an RSET, not the connection. What cannot be understood ends the line: no reply is ever taken for
 * another command's.
 *
 * A mail's body is written only after smtp_dialogue_go_ahead(), so that its owner can record first that it begins. */
#include "model/attempt.h"
#include "outbound/smtp_command.h"

typedef enum {
    SMTP_EVENT_READY,    /* this mail's body may be written next: record it, then smtp_dialogue_go_ahead() */
    SMTP_EVENT_OUTCOME,  /* this mail is done with; attempt tells how */
    SMTP_EVENT_RETURNED, /* nothing of this mail's body was said to the server, and it is not to blame for that; it may
                            have been READY */
} SmtpEventKind;

typedef struct SmtpEvent {
    SmtpEventKind kind;
    gpointer owner;
    Attempt attempt;
} SmtpEvent;

/* What we choose to use of what the server offers. */
typedef struct SmtpOptions {
    bool dsn;      /* ask for notices of delay and failure */
    bool chunking; /* whole mails behind each other, `depth` of them */
    guint depth;
} SmtpOptions;

/* Mails in a dialogue without chunking: one whose outcome is awaited, one whose envelope is under way. */
#define SMTP_DEPTH_OF_DATA 2

typedef struct SmtpDialogue SmtpDialogue;

SmtpDialogue *smtp_dialogue_new(const SmtpCapabilities *capabilities, const SmtpOptions *options);
void smtp_dialogue_free(SmtpDialogue *dialogue); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SmtpDialogue, smtp_dialogue_free)

/** How many mails may be added now; 0 when the line is ending. Long mails take the room of several short ones. */
guint smtp_dialogue_room(const SmtpDialogue *dialogue);

/** Queues a mail. One that cannot travel (an unsafe address or body, too big, an extension that is not offered) has its
 * outcome at once; one for which there is no room is returned. */
void smtp_dialogue_add(SmtpDialogue *dialogue, const SmtpMail *mail);

/** What the server said. */
void smtp_dialogue_feed(SmtpDialogue *dialogue, const char *bytes, gsize length);

/** The line is gone: every mail gets its outcome. why: a few words for staff. */
void smtp_dialogue_lost(SmtpDialogue *dialogue, const char *why);

/** The same for a line on which a reply was waited for too long. */
void smtp_dialogue_late(SmtpDialogue *dialogue);

/** The next event, in order; false when there is none. */
bool smtp_dialogue_event(SmtpDialogue *dialogue, SmtpEvent *ret_event);

/** The mails whose SMTP_EVENT_READY was taken may be written. */
void smtp_dialogue_go_ahead(SmtpDialogue *dialogue);

/** This one, of which SMTP_EVENT_READY was taken, shall not be written after all: it is returned. A server that waits
 * for it already would take an empty mail: then the line is over, and what else was in it is returned, too. Nothing
 * happens when it is not in this dialogue. Before smtp_dialogue_go_ahead(). */
void smtp_dialogue_withhold(SmtpDialogue *dialogue, gconstpointer owner);

/** Says good-bye when the last mail is done; no more can be added. */
void smtp_dialogue_quit(SmtpDialogue *dialogue);

/** Bytes to write; valid until the next call. After writing n of them: smtp_dialogue_sent(). */
const char *smtp_dialogue_output(SmtpDialogue *dialogue, gsize *ret_length);
void smtp_dialogue_sent(SmtpDialogue *dialogue, gsize n);

/** True when a reply is awaited; ret_phase tells to what (its deadline depends on that: RFC 5321 4.5.3.2). */
bool smtp_dialogue_waits(const SmtpDialogue *dialogue, SmtpPhase *ret_phase);

/** How many whole replies have come: bytes alone are no sign that a server gets on. */
guint64 smtp_dialogue_heard(const SmtpDialogue *dialogue);

/** No mail is in it. */
bool smtp_dialogue_is_idle(const SmtpDialogue *dialogue);

/** Nothing more will come of this line: close it. */
bool smtp_dialogue_is_over(const SmtpDialogue *dialogue);
