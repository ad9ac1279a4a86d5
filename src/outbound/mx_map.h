#pragma once
/* Which provider takes the mail of a domain: by the table of model/provider.h, and where the settings ask for it
 * (sending.mx_lookup) by the domain's MX records (RFC 5321 5.1), which are kept in the database for a week. Looking up
 * holds up no mail: until the answer is there a domain is its own provider, or whose it was last week. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/waiter.h"
#include "config/settings.h"
#include "store/db.h"

typedef struct MxMap MxMap;

/** Told when an answer says that a domain belongs to a provider. Both are small letters and the caller's. */
typedef void (*MxLearned)(void *keeper, const char *domain, const char *provider);

/** waiter: ends waiting when an answer comes; must outlive the map. NULL: nothing is looked up. NULL and error. */
MxMap *mx_map_new(const Settings *settings, Db *db, Waiter *waiter, MxLearned learned, void *keeper, GError **error);
void mx_map_free(MxMap *map); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MxMap, mx_map_free)

/** The provider of a domain (small letters, A-labels), as far as it is known now; asks when it is not, or no longer.
 * The text is good until the next call. */
const char *mx_map_provider(MxMap *map, const char *domain, int64_t now);

/** Takes the answers that have come. */
void mx_map_tend(MxMap *map, int64_t now);

/** True when an answer is to be written down. */
bool mx_map_has_news(const MxMap *map);

/** Does so, inside the caller's transaction; mx_map_told() after the commit. */
bool mx_map_tell(const MxMap *map, Db *db, GError **error);
void mx_map_told(MxMap *map);
