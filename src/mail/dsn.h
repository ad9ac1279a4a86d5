#pragma once
/* Delivery reports: the body of a message/delivery-status part, RFC 3464, or of message/global-delivery-status, RFC
 * 6533. */
#include <glib.h>
#include <stdbool.h>

#include "model/words.h"

#define DSN_ACTIONS(X)                                                                                                 \
    X(DSN_NO_ACTION, "") /* none stated, or none that we know */                                                       \
    X(DSN_FAILED, "failed")                                                                                            \
    X(DSN_DELAYED, "delayed") /* the sender goes on trying: not a failure */                                           \
    X(DSN_DELIVERED, "delivered")                                                                                      \
    X(DSN_RELAYED, "relayed")   /* to a system that does not report */                                                 \
    X(DSN_EXPANDED, "expanded") /* by a mailing list that took it */
WORDS_DECLARE(DsnAction, dsn_action, DSN_ACTIONS);

/* One recipient's block. Strings are text_one_line() of at most LIMIT_DIAGNOSTIC_BYTES, never NULL; "" when the report
 * does not say. */
typedef struct DsnRecipient {
    char *final_recipient; /* the address without its type, brackets and comment; as written, not checked */
    char *original_recipient;
    DsnAction action;
    char status[16];  /* "5.1.1" */
    char *diagnostic; /* without its type ("smtp;") */
} DsnRecipient;

typedef struct Dsn {
    char *envelope_id;     /* Original-Envelope-Id, likewise: what the sender said as ENVID (RFC 3461); "": none */
    GPtrArray *recipients; /* of DsnRecipient; at most LIMIT_REPORT_RECIPIENTS */
} Dsn;

/** Reads what can be read; lines end by LF. Never NULL; no recipients when nothing was understood. Linear. */
Dsn *dsn_parse(const char *text);
void dsn_free(Dsn *dsn); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Dsn, dsn_free)

/** Appends an empty block; NULL when there are LIMIT_REPORT_RECIPIENTS of them. The Dsn owns it. */
DsnRecipient *dsn_add(Dsn *dsn);
