#pragma once
/* The pace of each provider, by the addresses of its people; what was learned of it is kept in the database. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/waiter.h"
#include "config/settings.h"
#include "store/db.h"

typedef struct Paces Paces;

/** Begins with what an earlier sender learned. waiter: for mx_map.h. NULL and error. */
Paces *paces_new(const Settings *settings, Db *db, Waiter *waiter, GError **error);
void paces_free(Paces *paces); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paces, paces_free)

/** On failure the old ones stay. */
bool paces_reload(Paces *paces, const Settings *settings, GError **error);

/** As pace_ask(), for the provider of that address. */
int64_t paces_ask(Paces *paces, const char *address, bool has_waited, int64_t now);

/** A number that stands for the provider of that address, as far as it is known now; not 0. */
uint32_t paces_provider(Paces *paces, const char *address, int64_t now);

/** Its provider refused that mail for what we are, of a relay that takes others' mails. The provider's name when ten
 *  different ones were refused so in a row, none accepted in between, else NULL. */
const char *paces_refused(Paces *paces, const char *address, int64_t whom, int64_t now);

/** A mail of that provider was accepted. Its name when it refused us until now, else NULL. Costs nothing while none
 *  does. */
const char *paces_accepted(Paces *paces, const char *address, int64_t now);

/** As pace_complain(). words: what the provider said, as staff may read it. */
void paces_complain(Paces *paces, const char *address, int64_t whom, const char *words, int64_t now);

/** Time passes: they go faster again, one after the other. */
void paces_tend(Paces *paces, int64_t now);

/** How many are slower than they might be. */
guint paces_slowed(const Paces *paces);

/** True when something learned is to be written down. */
bool paces_have_news(const Paces *paces);

/** Does so, inside the caller's transaction; paces_told() after the commit. */
bool paces_tell(const Paces *paces, Db *db, GError **error);
void paces_told(Paces *paces);
