#pragma once
/* Answers to invitations: a calendar object with METHOD:REPLY, RFC 5546 3.2.3. Read, not validated: what is missing is
 * "". */
#include <glib.h>
#include <stdbool.h>

#include "mail/parse.h"

#define ITIP_FIELDS(X)                                                                                                 \
    X(method)    /* "REPLY", upper case */                                                                             \
    X(component) /* "VEVENT" */                                                                                        \
    X(uid)                                                                                                             \
    X(sequence)                                                                                                        \
    X(stamp)    /* DTSTAMP as written */                                                                               \
    X(attendee) /* address of the one who answers, without "mailto:" */                                                \
    X(answer)   /* PARTSTAT, upper case: "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED" */

typedef struct Itip {
#define ITIP_MEMBER(name) char *name;
    ITIP_FIELDS(ITIP_MEMBER)
#undef ITIP_MEMBER
} Itip;

/** False when text is no calendar object. Lines may end by LF or CRLF; folded ones are joined. Reads the first
 * component. from: address of the mail's sender, who answers where several attendees did; "": the first of them. ret
 * must be empty; linear. */
bool itip_parse(const char *text, const char *from, Itip *ret);
void itip_clear(Itip *itip);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Itip, itip_clear)

/** The first part of the mail itself that is an answer; false when there is none. ret must be empty. */
bool itip_find_reply(Message *message, Itip *ret);

/** True when somebody answers an invitation. */
bool itip_is_reply(const Itip *itip);
