#pragma once
/* What `rundbrief check deliverability` sends: an announcement that is stored nowhere and says what it is for. */
#include "announcements/letter_templates.h"
#include "config/settings.h"
#include "model/announcement.h"

/** Caller frees. NULL and error when its words are missing. */
Announcement *letter_check_mail(LetterTemplates *templates, const SiteSettings *site, const char *language,
                                GError **error);
