#pragma once
/* What the sender holds back right now, and until when, in sentences. */
#include <glib.h>

#include "config/settings.h"
#include "store/db.h"

typedef struct HeldBack {
    char *subject; /* "quiet hours", "provider gmx", "relay main" */
    int64_t until;
    char *text;
} HeldBack;

/** Quiet hours, slowed providers, relays that are left alone (troubles: of Trouble), of HeldBack; the array owns them.
 * NULL and error. Caller unrefs. */
GPtrArray *held_back(const Settings *settings, Db *db, const GPtrArray *troubles, int64_t now, GError **error);
