#pragma once
/* What staff queue: a press release, an invitation or a plain notice, in one or more languages. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "model/words.h"

#define ANNOUNCEMENT_KINDS(X)                                                                                          \
    X(ANNOUNCEMENT_PRESS_RELEASE, "press-release")                                                                     \
    X(ANNOUNCEMENT_INVITATION, "invitation")                                                                           \
    X(ANNOUNCEMENT_NOTICE, "notice")
WORDS_DECLARE(AnnouncementKind, announcement_kind, ANNOUNCEMENT_KINDS);

#define ANNOUNCEMENT_STATES(X)                                                                                         \
    X(ANNOUNCEMENT_DRAFT, "draft")                                                                                     \
    X(ANNOUNCEMENT_SCHEDULED, "scheduled") /* queued; waits for its time */                                            \
    X(ANNOUNCEMENT_SENDING, "sending")                                                                                 \
    X(ANNOUNCEMENT_PAUSED, "paused")                                                                                   \
    X(ANNOUNCEMENT_SENT, "sent") /* every delivery has come to its end */                                              \
    X(ANNOUNCEMENT_CANCELLED, "cancelled")
WORDS_DECLARE(AnnouncementState, announcement_state, ANNOUNCEMENT_STATES);

bool announcement_may_become(AnnouncementState from, AnnouncementState to);

/* All strings are UTF-8, owned by the struct, never NULL after loading unless said so. */

typedef struct Publisher {
    char *office;  /* "Kreis Musterland, Pressestelle" */
    char *person;  /* responsible person */
    char *address; /* postal */
    char *phone;
    char *fax; /* the rest may be empty */
    char *web;
    char *email;
} Publisher;

typedef struct Variant {
    char *language; /* BCP 47: "de", "de-x-leicht", "en", "ar" */
    char *subject;
    char *date_line;  /* "2. Mai 2018"; empty: the day on which it goes out */
    char *place_line; /* "Kreis Musterland." */
    char *headline;
    char *sub_headline;
    char *lead; /* Markdown */
    char *body; /* Markdown */
    char *contact;
} Variant;

typedef struct MediumText {
    char *language;
    char *caption;
    char *alt;
} MediumText;

typedef struct Medium {
    int64_t id;
    char *file_name;  /* as people see it */
    char *media_type; /* "image/jpeg" */
    int64_t size;
    char *sha256; /* the file is MEDIA_DIR/SHA256 */
    char *credit;
    char *licence;
    bool attached;     /* travels in the mail itself */
    GBytes *thumbnail; /* JPEG; NULL for documents */
    GPtrArray *texts;  /* of MediumText */
} Medium;

typedef struct Meeting {
    char *uid;
    int sequence;
    int64_t starts_at;
    int64_t ends_at;
    char *place;
    char *topic;
    char *registration; /* how to register; may be empty */
} Meeting;

typedef struct Announcement {
    int64_t id; /* 0: not stored yet */
    AnnouncementKind kind;
    AnnouncementState state;
    char *language; /* of the fallback variant */
    Publisher publisher;
    int64_t send_at;     /* 0: as soon as it is queued */
    int64_t embargo_at;  /* 0: none */
    bool urgent;         /* not held before it goes out */
    GPtrArray *lists;    /* of char *: slugs, most specific first */
    GPtrArray *variants; /* of Variant */
    GPtrArray *media;    /* of Medium */
    Meeting *meeting;    /* invitations only, else NULL */
} Announcement;

/** An empty draft: its arrays are there, its strings are NULL. */
Announcement *announcement_new(void);
void announcement_free(Announcement *announcement); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Announcement, announcement_free)

/** Each adds an empty one at the end, which belongs to what it was added to. */
Variant *announcement_add_variant(Announcement *announcement, const char *language);
Medium *announcement_add_medium(Announcement *announcement);
MediumText *medium_add_text(Medium *medium, const char *language);

/** The variant for a language: exact, then its primary subtag ("de-AT" finds "de"), then the fallback variant. */
const Variant *announcement_variant(const Announcement *announcement, const char *language);
/** The text of a medium in a language, found the same way but without a fallback; NULL when there is none. */
const MediumText *medium_text(const Medium *medium, const char *language);
