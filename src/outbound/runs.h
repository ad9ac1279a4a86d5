#pragma once
/* The announcements being sent, side by side: where each stands, how fast it may go, and which is next. Urgent ones
 * come before all others; those of one lane share by weight. One that goes by several relays is a run for each. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "outbound/throttle.h"
#include "store/announcement_store.h"

typedef struct Run {
    AnnouncementLane lane;
    int64_t cursor;      /* as delivery_lease() wants it */
    int64_t kept_cursor; /* as of the last commit */
    int64_t rests_until; /* wall clock; 0: it does not */
    Throttle *throttle;  /* its list's, shared with other runs; NULL: no limit */
    int64_t credit;      /* of the smooth weighted round robin */
    guint share;         /* of the mails wanted in this turn */
    bool dry;            /* has no more in this turn */
    bool at_end;         /* the last search found none, and the cursor stayed */
} Run;

typedef struct Runs Runs;

Runs *runs_new(void);
void runs_free(Runs *runs); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Runs, runs_free)

/** Announcements that began or ended, and new terms of the others, which keep their place. */
bool runs_refresh(Runs *runs, Db *db, GError **error);

guint runs_count(const Runs *runs);
Run *runs_at(Runs *runs, guint index);

/** The announcement rests until then (wall clock). */
void runs_rest(Runs *runs, int64_t announcement_id, int64_t until);

/** Where the runs of an announcement that goes by several relays are all at their end, they begin anew: of two lists a
 * person may have left the one whose run was still to come. */
void runs_rewind(Runs *runs);

/** Until when ordinary ones are quiet (wall clock); 0: they are not. */
void runs_be_quiet(Runs *runs, int64_t until);

/** True unless it rests, is quiet, or waits for its list's rate. */
bool run_may_go(const Runs *runs, const Run *run, int64_t now);

/** Of the runs that go by that relay, gives each of a lane its share of `want` mails, by weight among those that may go
 * and are not dry; the others get none. False: there is none such. */
bool runs_share_out(Runs *runs, const char *relay, bool urgent, guint want, int64_t now);
