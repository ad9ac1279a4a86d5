#pragma once
/* What a refusal says about the address that was refused, whether a relay said it while we sent or a report brought it
 * back. Pure. */
#include <glib.h>
#include <stdbool.h>

#include "model/reason.h"

typedef struct Refusal {
    const char *why; /* the phrase or code that decided; "" when neither says anything */
    Reason reason;
    int rank;     /* of the phrase: 0 is about us, 1 plain, 2 and more vague */
    gssize at;    /* where the words stand in the text; -1: a code decided */
    char reply;   /* class of the reply codes (RFC 5321 4.2.1) in the text: '5' if there is one, else '4'; '\0': none */
    bool is_dead; /* the address or its domain does not exist */
} Refusal;

/** What the server means. enhanced: "5.1.1", "" when none was given; text: its words, of one line or many. why lives as
 * long as enhanced. */
Refusal refusal_read(const char *enhanced, const char *text);

/** True when the refusal speaks of who sends, not of who was to receive: our host, its name in EHLO, our envelope
 *  sender, our right to relay. Servers tell these at RCPT (Postfix delays them to there unless told otherwise). Never
 *  when it quotes another server: that one knows the relay, not us. */
bool refusal_is_about_us(const char *enhanced, const char *text);
