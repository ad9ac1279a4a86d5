#pragma once
/* A person's mail on its way to the contact of a list: as it came, with a header in front that says who sent it on
 * (RFC 5322 3.6.6). Its own signature stays good, for nothing that it covers is touched. */
#include "announcements/letter.h"

/** The template of such a mail in the outbox; its bytes are in store/forward_store.h. */
#define LETTER_FORWARD "forward"

/** What marks it, so that it is never passed on again. */
#define FORWARD_MARK "X-Rundbrief-Passed-On"

/** Writes the bytes of a letter whose id and envelope are set. from: who sends it on; date: of now, for a header. */
bool forward_letter_write(Db *db, const OutboxMail *mail, const char *from, const char *date, Letter *letter,
                          GError **error);
