#pragma once
/* The plan of a letter: all its headers and parts, rendered and encoded but for what is personal. */
#include "announcements/letter_view.h"
#include "mail/plan.h"

/* Slots of every plan: first the personal ones as they are, then escaped for HTML, then these. */
enum {
    SLOT_MESSAGE_ID = 2 * PERSONAL_COUNT, /* left of the '@' */
    SLOT_DATE,
    SLOT_COUNT,
};

/** What stands in From: the list's address where it has its own. list may be NULL. */
const char *letter_from_address(const SiteSettings *site, const MailingList *list);

/** For all readers of an edition who want the same format. Fails with LETTER_ERROR_INCOMPLETE unless letter_check() is
 * content. */
Plan *letter_plan_edition(LetterTemplates *templates, const Edition *edition, bool wants_text, GError **error);

/* A mail to one person: a confirmation, a receipt. */
typedef struct SingleMail {
    const Settings *settings;
    const MailingList *list; /* whose sender it has; NULL: the site's */
    const char *template;    /* "confirm" */
    const char *language;
    const char *data; /* a JSON object */
    bool wants_text;
} SingleMail;

Plan *letter_plan_single(LetterTemplates *templates, const SingleMail *mail, GError **error);
