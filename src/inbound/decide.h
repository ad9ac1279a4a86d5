#pragma once
/* What staff decide about a mail that came back: that it is something else than was found, or that it is dealt with. */
#include "config/settings.h"
#include "store/db.h"
#include "store/tray_store.h"

#define DECIDE_ERROR decide_error_quark()
typedef enum {
    DECIDE_ERROR_SAME,        /* it is of that class, and does not wait */
    DECIDE_ERROR_NOBODY,      /* nobody has that address, or the mail names nobody */
    DECIDE_ERROR_NOT_WAITING, /* there is nothing to decide */
} DecideError;
GQuark decide_error_quark(void);

/** The mail is of class `to`: takes back the suppression and the soft bounce that it caused, carries out what follows
 * from the class, moves it to the folder where such mails go. One that a person wrote waits for staff: it is not passed
 * on. person_key: whom it is about, a folded address; NULL: whom the mail names. actor: who says so. Inside the
 * caller's transaction, which is not committed after an error; fills message->class, folder, consequence and waits. */
bool decide_class(Db *db, const Settings *settings, InboxMessage *message, FindingClass to, const char *person_key,
                  const char *actor, int64_t now, GError **error);

/** Somebody has dealt with what waited: it leaves the tray, nothing else follows. */
bool decide_done(Db *db, const Settings *settings, InboxMessage *message, const char *actor, int64_t now,
                 GError **error);

/** Classes that staff may name, comma separated. Caller frees. */
char *decide_classes(void);
bool decide_may_be(FindingClass class);
