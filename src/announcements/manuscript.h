#pragma once
/* The announcement file: a head of YAML between two lines "---", then the text in Markdown. One file holds one
 * language; several files of different languages make one announcement. The first file says what all share (kind,
 * lists, publisher, times, meeting, media); further ones may leave that out or must say the same.
 *
 *   ---
 *   kind: press-release            (art: presseinformation | einladung | hinweis)
 *   lists: [presse]                (verteiler)
 *   language: de                   (sprache; default: the site's)
 *   subject: …                     (betreff; default: the headline)
 *   date_line: 2. Mai 2018         (datum; a press release without one has the day on which it goes out)
 *   place_line: Kreis Musterland.  (ort)
 *   headline: …                    (titel, überschrift)
 *   sub_headline: …                (untertitel)
 *   lead: …                        (vorspann; default: the first paragraph, when more follow)
 *   contact: …                     (kontakt, ansprechpartner)
 *   send_at: 2018-05-02 09:00      (versand; in the site's zone; default: as soon as it is queued)
 *   embargo: 2018-05-02 10:00      (sperrfrist)
 *   urgent: yes                    (eilig; it is not held before it goes out)
 *   publisher:                     (herausgeber)
 *     office, person, address, phone; fax, web, email may be missing
 *   media:                         (medien)
 *     - path, alt; caption, credit, licence, attach (yes | no) may be missing
 *   meeting:                       (termin; invitations only)
 *     start, end, place, topic; registration may be missing
 *   ---
 *   First paragraph …
 *
 * Pure: reads no file but the manuscript, and no clock. */
#include "base/problems.h"
#include "config/settings.h"
#include "model/announcement.h"

/** Where announcement->media[i] is to be found. */
typedef struct ManuscriptMedium {
    char *file; /* the manuscript that names it */
    unsigned line;
    char *path; /* as written there */
} ManuscriptMedium;

typedef struct Manuscript Manuscript;

/** site must outlive it: its zone and its language count. */
Manuscript *manuscript_new(const SiteSettings *site);
void manuscript_free(Manuscript *manuscript); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Manuscript, manuscript_free)

/** Reads one file, or a text as though it stood in that file. Every mistake goes to problems. */
void manuscript_add_file(Manuscript *manuscript, const char *path, Problems *problems);
void manuscript_add_text(Manuscript *manuscript, const char *file, const char *text, gsize length, Problems *problems);

/** After the last file: what only shows when all have been read. */
void manuscript_check(Manuscript *manuscript, Problems *problems);

/** Complete when there were no problems; every string is set. The manuscript keeps it. */
Announcement *manuscript_announcement(Manuscript *manuscript);

/** As many as the announcement has media. */
const ManuscriptMedium *manuscript_medium(const Manuscript *manuscript, guint index);

/** The line of the lists in the first file, and its name. */
unsigned manuscript_lists_line(const Manuscript *manuscript, const char **ret_file);

/** Where the language of the variant at index is said, or else its head ends; ret_file: in which file. */
unsigned manuscript_language_line(const Manuscript *manuscript, guint index, const char **ret_file);

/** What is no mistake but should be said: a send time that comes twice. */
const Problems *manuscript_notes(const Manuscript *manuscript);
