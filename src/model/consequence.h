#pragma once
/* What followed from a mail that came back: filled by the policies, stored with the mail. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Consequence {
    int64_t announcement_id; /* 0: none that we know */
    int64_t subscriber_id;   /* 0: nobody that we know */
    bool waits;              /* a person must decide: the mail goes to the tray */
    bool passed_on;          /* somebody got it to answer it */
    GString *text;           /* what was done, in words */
} Consequence;

void consequence_init(Consequence *consequence);
void consequence_clear(Consequence *consequence);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Consequence, consequence_clear)

/** Adds a clause. */
void consequence_say(Consequence *consequence, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** The same, and a person must look at it: the clause begins with "for staff". */
void consequence_ask(Consequence *consequence, const char *why);
