#pragma once
/* What staff may write into a mailing list, checked. */
#include <glib.h>
#include <stdbool.h>

#include "base/problems.h"
#include "model/subscriber.h"

/** As typed; NULL: stays as it is. Addresses may be empty: then the site's hold. */
typedef struct ListChange {
    const char *title;
    const char *description;
    const char *language;
    const char *joining;
    const char *basis;
    const char *from_name;
    const char *from_address;
    const char *sender_address;
    const char *reply_to;
    const char *rate_per_minute;
    const char *weight;
    const char *hold; /* seconds */
    const char *office;
    const char *contact;
    const char *relay; /* empty: any */
    const char *dkim;  /* yes or no */
} ListChange;

/** A list with nothing in it but its slug and language; closed, on consent, each send held for two minutes. problems:
 * of the slug. Caller frees. */
MailingList *list_new(const char *slug, const char *language, Problems *problems);

/** Takes over what is good; every mistake goes into problems, under `file` (an option's name stands in the sentence).
 * relays: those there are, of RelaySettings. */
void list_apply(MailingList *list, const ListChange *change, const GPtrArray *relays, const char *file,
                Problems *problems);
