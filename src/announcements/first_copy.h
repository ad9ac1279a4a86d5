#pragma once
/* What became of the first copy that an office gets. One that got none believes that nothing is held, and would not
 * stop what it should: that is told as a trouble until it gets one, or its list has another office. Each runs inside
 * the caller's transaction; a single mail that is none, or went to what is the office no more, is no error. */
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

bool first_copy_arrived(Db *db, int64_t outbox_id, GError **error);

/** why: the relay's words, or a sentence. */
bool first_copy_failed(Db *db, int64_t outbox_id, const char *why, int64_t now, GError **error);

/** It may have arrived, and is held for staff. */
bool first_copy_uncertain(Db *db, int64_t outbox_id, int64_t now, GError **error);
