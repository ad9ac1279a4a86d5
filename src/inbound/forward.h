#pragma once
/* A person has written to us: the mail is passed on, unchanged, to the contact of the list that it is about. Never what
 * a program wrote, what has come a long way already, what we have passed on before, or more than
 * settings.inbox.forwards_per_hour for one list: two mailboxes that forward to each other must not go on for ever. */
#include "base/token.h"
#include "config/settings.h"
#include "mail/parse.h"
#include "model/consequence.h"
#include "model/finding.h"
#include "store/db.h"

typedef struct HumanMail {
    Message *message;
    const Finding *finding;
    const char *bytes;
    gsize length;
    int64_t inbox_id;
} HumanMail;

/** Queues it, or leaves it to staff with the reason, inside the caller's transaction. */
bool forward_human(Db *db, const Settings *settings, const Keyring *keyring, const HumanMail *mail, int64_t now,
                   Consequence *ret, GError **error);
