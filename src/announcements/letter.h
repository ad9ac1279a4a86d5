#pragma once
/* From a stored announcement (or single mail) to the bytes for one recipient. Each announcement is read, rendered and
 * encoded once per variant and format into a plan (mail/plan.h); for each recipient only the slots are filled. */
#include "base/limits.h"
#include "base/token.h"
#include "config/settings.h"
#include "mail/wire.h"
#include "model/announcement.h"
#include "store/outbox_store.h"

/* Zeros before it is written. The bytes are the whole message: CRLF line ends, 7-bit, lines of at most 76 (headers 998)
 * characters, none begins with a dot. */
typedef struct Letter {
    GString *bytes;                                                /* NULL until it is written */
    WireLook look;                                                 /* at all of them */
    char envelope_from[LIMIT_ADDRESS_BYTES + TOKEN_TEXT_SIZE + 2]; /* VERP: bounces+TOKEN@… */
    char envelope_to[LIMIT_ADDRESS_BYTES + 1];
    bool needs_utf8;          /* SMTPUTF8 in the envelope */
    char id[TOKEN_TEXT_SIZE]; /* what its Message-ID begins with: the same whenever it is written */
} Letter;

void letter_clear(Letter *letter); /* of zeros is fine */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letter, letter_clear)

typedef struct LetterBox LetterBox;

/** settings and keyring must outlive the box. */
LetterBox *letter_box_new(const Settings *settings, const Keyring *keyring, GError **error);
void letter_box_free(LetterBox *box); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterBox, letter_box_free)

/** Writes the letter for one recipient; letter is reused from call to call. Reads the database only for a plan it
 * does not have yet. `now` becomes the Date. Signed by DKIM where the list and the keys of the settings say so.
 * PLAN_ERROR_VALUE concerns this letter alone. */
bool letter_write(LetterBox *box, Db *db, int64_t announcement_id, const Recipient *recipient, int64_t now,
                  Letter *letter, GError **error);
bool letter_write_outbox(LetterBox *box, Db *db, const OutboxMail *mail, int64_t now, Letter *letter, GError **error);

/** The template of a single mail that is the first copy of an announcement: the real letter, as a preview, with a
 * mark in its subject. The mail's data is the announcement's number. */
#define LETTER_FIRST_COPY "first-copy"

/** The template of a single mail by which staff see whether our mail arrives: with the look and the headers of an
 * announcement to the list of its recipient, in his language. Its data is not looked at. */
#define LETTER_CHECK "check"

/** Forgets the plans of an announcement that has come to its end or was changed. */
void letter_box_forget(LetterBox *box, int64_t announcement_id);

/** What the box keeps: pictures and the encoded bytes of plans. At most LIMIT_LETTER_PLANS_BYTES, but for a single
 * plan that is larger; beyond that plans go, and are made anew when they are wanted. */
gsize letter_box_bytes(const LetterBox *box);

/* The subscriber a preview is addressed to, whoever its recipient is: nobody, for ids count up from 1. People pass
 * previews on, and one must not let whoever holds it take a real citizen off a list, nor make its bounces theirs. */
#define PREVIEW_SUBSCRIBER G_MAXINT64

/** As letter_write(), for an announcement that need not be stored; for preview and for checking before it is queued.
 * Of the recipient it takes address, name, language, format and list; every token is PREVIEW_SUBSCRIBER's and moves
 * nothing. */
bool letter_preview(LetterBox *box, Db *db, const Announcement *announcement, const Recipient *recipient, int64_t now,
                    Letter *letter, GError **error);
