#pragma once
/* The mail that asks a person to confirm a subscription, as a row of the outbox: template "confirm". */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/token.h"
#include "config/settings.h"
#include "model/subscriber.h"
#include "store/db.h"

/** Queues it; runs inside the caller's transaction. Its data:
 *  { "list":    { "slug", "title", "description", "language" },
 *    "confirm": { "address": reply address with the signed token, "mailto": "mailto:…" ready for a link },
 *    "site":    { "name", "help_address", "public_url" },
 *    "asked_by_staff": true } */
bool confirm_mail_add(Db *db, const SiteSettings *site, const Keyring *keyring, const MailingList *list,
                      const Recipient *recipient, int64_t now, GError **error);
