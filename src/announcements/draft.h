#pragma once
/* From announcement files to a stored draft: manuscript, media and lists checked together, so that all mistakes are
 * told at once. */
#include "base/problems.h"
#include "config/settings.h"
#include "store/db.h"

/** Reads the files (NULL-terminated; one for each language), takes their media into files.media_dir and stores a draft
 * with its audit row. Mistakes go to problems, and then nothing is stored: false without error. Notes are no mistakes
 * but should be said. False with error when the database fails. */
bool draft_add(Db *db, const Settings *settings, const char *const files[], const char *actor, int64_t now,
               int64_t *ret_id, Problems *problems, Problems *notes, GError **error);
