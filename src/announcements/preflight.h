#pragma once
/* What must be true before an announcement may be queued. Each problem is a sentence for the person at the button. */
#include "announcements/letter.h"
#include "base/problems.h"
#include "config/settings.h"
#include "model/announcement.h"

/** The record alone: publisher, texts, alt texts, lists, meeting. Pure.
 * subject names the announcement in the problems. */
void preflight_record(const Announcement *announcement, const char *subject, Problems *problems);

/** Everything: the record, its files in media_dir, an audience, and that a letter can be written in each language, as
 * HTML and as text only, with its leave headers. ret_audience: how many would get it now. False and error only when the
 * database fails. */
bool preflight_check(Db *db, LetterBox *box, const Settings *settings, const Announcement *announcement, int64_t now,
                     int64_t *ret_audience, Problems *problems, GError **error);
