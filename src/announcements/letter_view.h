#pragma once
/* What the templates of a letter may see. Personal values are not in it; letter_templates.h names them. */
#include "announcements/letter_templates.h"
#include "config/settings.h"
#include "model/announcement.h"
#include "model/subscriber.h"

/* An announcement in one language for the readers of one list. */
typedef struct Edition {
    const Settings *settings;
    const Announcement *announcement;
    const Variant *variant;
    const MailingList *list;
    int64_t now;
} Edition;

/** NULL and error when a text is too long or a language file is wrong. */
View *letter_view_edition(const Edition *edition, const LetterWords *words, GError **error);

/** For a single mail: list may be NULL; data (a JSON object) is laid over the rest, but for site. */
View *letter_view_single(const Settings *settings, const MailingList *list, const char *language, const char *data,
                         const LetterWords *words, GError **error);

/** Content-ID of a picture, without brackets. position is its index among the announcement's media. Caller frees. */
char *letter_content_id(const Settings *settings, guint position);
