#pragma once
/* What staff decide about a mail that came back: that it is something else than was found, or that it is dealt with. */
#include "config/settings.h"
#include "store/db.h"
#include "store/tray_store.h"

/** The mail is of class `to`: takes back the suppression that it caused, carries out what follows from the class, moves
 * it to the folder where such mails go. person_key: whom it is about, a folded address; NULL: whom the mail names.
 * actor: who says so. Inside the caller's transaction; fills message->class, folder and consequence. */
bool decide_class(Db *db, const Settings *settings, InboxMessage *message, FindingClass to, const char *person_key,
                  const char *actor, int64_t now, GError **error);

/** Somebody has dealt with it: it leaves the tray, nothing else follows. */
bool decide_done(Db *db, const Settings *settings, InboxMessage *message, const char *actor, int64_t now,
                 GError **error);

/** Classes that staff may name, comma separated. Caller frees. */
char *decide_classes(void);
bool decide_may_be(FindingClass class);
