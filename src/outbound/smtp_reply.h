#pragma once
/* Reads the replies of an SMTP server (RFC 5321 4.2), one line or many, from bytes cut anywhere. */
#include <glib.h>
#include <stdbool.h>

#include "base/limits.h"

typedef struct SmtpReply {
    int code;          /* 200 … 599 */
    char enhanced[16]; /* "5.1.1" (RFC 3463); empty when none was given */
    char text[200];    /* of all lines, joined by spaces, cleaned of control characters, valid UTF-8, cut */
} SmtpReply;

typedef struct SmtpReplyReader {
    GString *line; /* the one being received; at most LIMIT_SMTP_LINE_BYTES */
    guint lines;   /* of the current reply so far; at most LIMIT_SMTP_REPLY_LINES */
    SmtpReply reply;
} SmtpReplyReader;

void smtp_reply_reader_init(SmtpReplyReader *reader);
void smtp_reply_reader_clear(SmtpReplyReader *reader);

typedef enum {
    SMTP_REPLY_NONE,   /* more bytes are needed */
    SMTP_REPLY_WHOLE,  /* reader->reply is one */
    SMTP_REPLY_BROKEN, /* not SMTP, or beyond the limits: nothing on this line can be trusted any more */
} SmtpReplyResult;

/** Takes bytes up to the end of one reply; *bytes and *length move on. */
SmtpReplyResult smtp_reply_read(SmtpReplyReader *reader, const char **bytes, gsize *length);
