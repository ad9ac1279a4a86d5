#pragma once
/* Which headers tell mail programs and other servers what kind of mail this is: RFC 2919 (List-Id), RFC 2369 (List-*),
 * RFC 8058 (one-click leaving), RFC 3834 (Auto-Submitted), Feedback-ID. Announcements and single mails differ on
 * purpose: an announcement is written by people (no Auto-Submitted), a confirmation or receipt by the program. */
#include "mail/plan.h"

/* Strings are UTF-8 on one line; NULL or empty: not known, and the header that needs it is left out. */
typedef struct ListHeaders {
    const char *list_title;    /* "Presseinformationen" */
    const char *list_slug;     /* "presse" */
    const char *domain;        /* "news.kreis-musterland.example": List-Id is <presse.DOMAIN> */
    const char *inbox_address; /* the mailbox that is read: leave and help requests */
    const char *leave_url;     /* "https://…/leave/", the leave token comes behind; known: one-click is offered */
    const char *archive_url;
    const char *help_url;
    guint leave_token_slot;   /* slot with the token's text (TOKEN_LEAVE) */
    const char *announcement; /* Feedback-ID announcement:list:kind:sender; never names a person */
    const char *kind;
    const char *sender;
} ListHeaders;

/** Adds what an announcement carries. */
void list_headers_add_announcement(PlanBuilder *builder, const ListHeaders *known);

/** Adds what a confirmation, receipt or reminder carries. */
void list_headers_add_single(PlanBuilder *builder);
