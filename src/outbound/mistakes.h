#pragma once
/* What is wrong on our own side while we send, as far as staff can mend it: a template, a file, an announcement, the
 * database. Told as rows of `trouble`, each under its subject, and taken back when it is over. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "store/db.h"

typedef struct Mistakes Mistakes;

/** Takes back, with the first telling, what an earlier sender told: what is still wrong shows again at once. NULL and
 *  error. */
Mistakes *mistakes_new(Db *db, GError **error);
void mistakes_free(Mistakes *mistakes); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Mistakes, mistakes_free)

/* Subjects. Caller frees. */
char *mistake_subject(int64_t announcement_id); /* 0: single mails */
char *mistake_of_provider(const char *provider);
#define MISTAKE_OUTCOMES "outcomes"        /* rows that could not be moved */
#define MISTAKE_ROUTES   "relays of lists" /* that are not in the settings */

void mistakes_note(Mistakes *mistakes, const char *subject, const char *sentence);

/** What has happened once, and is no state that could end: told until then. Monotonic. */
void mistakes_note_until(Mistakes *mistakes, const char *subject, const char *sentence, int64_t until);

/** Ends what was noted until now or earlier, and what was wrong with single mails once none waits any more: the last
 * may have failed by it, or been withdrawn. now: monotonic. */
bool mistakes_tend(Mistakes *mistakes, Db *db, int64_t now, GError **error);

/** Cost nothing as long as nothing is wrong. */
void mistakes_over(Mistakes *mistakes, const char *subject);
void mistakes_over_with(Mistakes *mistakes, int64_t announcement_id);

/** True when something has to be told or taken back. */
bool mistakes_have_news(const Mistakes *mistakes);

/** Does so, inside the caller's transaction; mistakes_told() after the commit. now: wall clock. */
bool mistakes_tell(const Mistakes *mistakes, Db *db, int64_t now, GError **error);
void mistakes_told(Mistakes *mistakes);
