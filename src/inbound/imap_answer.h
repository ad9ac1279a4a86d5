#pragma once
/* What the answers of an IMAP server (RFC 9051 4) may demand of libetpan. It parses BODYSTRUCTURE and its kin by
 * recursion, asked for or not, as deep as the server likes: a quarter of a MiB of "(" ends in a stack overflow. And it
 * takes as much memory as a literal announces before the first byte of it has come. Pure. */
#include <glib.h>
#include <stdbool.h>

typedef struct ImapAnswer {
    bool is_greeting; /* the first line of all */
    bool in_code;     /* behind a "[" */
    char line[32];    /* how it begins */
    guint length;     /* of that */
    guint opened;     /* parentheses, those in quoted strings too */
    gint64 announced; /* by "{N" or "{N}", if that is the last that came; -1: nothing is */
    bool is_closed;   /* a "}" came: the answer may go on behind the line's end */
    gint64 literal;   /* bytes that are still to come of a mail's text */
} ImapAnswer;

void imap_answer_init(ImapAnswer *answer);

/** The next bytes from the server. False when an answer opened more than LIMIT_IMAP_PARENTHESES, announced more than
 * LIMIT_INBOX_MESSAGE_BYTES, or is a greeting with parentheses in its code. */
bool imap_answer_take(ImapAnswer *answer, const char *bytes, gsize length);
