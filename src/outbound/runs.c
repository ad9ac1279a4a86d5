/* Smooth weighted round robin: each pick credits everybody with his weight and charges the one picked with the sum, so
 * that 3 and 1 come as AABA, not as AAAB, and no turn is too small for a share. */
#include "outbound/runs.h"

struct Runs {
    GArray *all;           /* of Run, oldest first */
    GHashTable *throttles; /* list id -> Throttle: two announcements to one list share its rate */
    int64_t quiet_until;
};

Runs *runs_new(void)
{
    Runs *runs = g_new0(Runs, 1);
    runs->all = g_array_new(FALSE, FALSE, sizeof(Run));
    runs->throttles = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    return runs;
}

void runs_free(Runs *runs)
{
    if (!runs)
        return;
    g_array_unref(runs->all);
    g_hash_table_unref(runs->throttles);
    g_free(runs);
}

guint runs_count(const Runs *runs)
{
    return runs->all->len;
}

Run *runs_at(Runs *runs, guint index)
{
    return &g_array_index(runs->all, Run, index);
}

static Run *find(Runs *runs, const AnnouncementLane *lane)
{
    for (guint i = 0; i < runs->all->len; i++) {
        Run *run = runs_at(runs, i);
        if (run->lane.id == lane->id && run->lane.relay == lane->relay)
            return run;
    }
    return NULL;
}

void runs_rest(Runs *runs, int64_t announcement_id, int64_t until)
{
    for (guint i = 0; i < runs->all->len; i++)
        if (runs_at(runs, i)->lane.id == announcement_id)
            runs_at(runs, i)->rests_until = until;
}

/* Those of one announcement stand beside each other. */
void runs_rewind(Runs *runs)
{
    for (guint begin = 0, end; begin < runs->all->len; begin = end) {
        bool all_at_end = runs_at(runs, begin)->lane.is_divided;
        for (end = begin; end < runs->all->len && runs_at(runs, end)->lane.id == runs_at(runs, begin)->lane.id; end++)
            all_at_end = all_at_end && runs_at(runs, end)->at_end;
        for (guint i = begin; all_at_end && i < end; i++)
            runs_at(runs, i)->cursor = runs_at(runs, i)->kept_cursor = 0;
    }
}

/* Kept as long as the sender runs, so that the next announcement to a list does not begin with a burst of its own. */
static Throttle *throttle_of(Runs *runs, const AnnouncementLane *lane)
{
    if (lane->rate_per_minute == 0)
        return NULL;
    Throttle *throttle = g_hash_table_lookup(runs->throttles, &lane->list_id);
    if (!throttle) {
        throttle = g_new0(Throttle, 1);
        g_hash_table_insert(runs->throttles, g_memdup2(&lane->list_id, sizeof lane->list_id), throttle);
    }
    throttle_set(throttle, lane->rate_per_minute);
    return throttle;
}

bool runs_refresh(Runs *runs, Db *db, GError **error)
{
    g_autoptr(GArray) lanes = g_array_new(FALSE, FALSE, sizeof(AnnouncementLane));
    if (!announcement_lanes(db, lanes, error))
        return false;
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Run));
    for (guint i = 0; i < lanes->len; i++) {
        const AnnouncementLane *lane = &g_array_index(lanes, AnnouncementLane, i);
        const Run *known = find(runs, lane);
        Run run = known && known->lane.is_divided == lane->is_divided ? *known : (Run){0};
        run.lane = *lane;
        run.throttle = throttle_of(runs, lane);
        g_array_append_val(all, run);
    }
    g_array_unref(runs->all);
    runs->all = g_steal_pointer(&all);
    return true;
}

void runs_be_quiet(Runs *runs, int64_t until)
{
    runs->quiet_until = until;
}

bool run_may_go(const Runs *runs, const Run *run, int64_t now)
{
    bool is_quiet = runs->quiet_until > now && !run->lane.urgent;
    return !is_quiet && run->rests_until <= now && (!run->throttle || throttle_next(run->throttle, now) == 0);
}

/* ---- sharing ----------------------------------------------------------------------------------------------------- */

static bool takes_part(const Runs *runs, const Run *run, const char *relay, bool urgent, int64_t now)
{
    return run->lane.relay == relay && run->lane.urgent == urgent && !run->dry && run_may_go(runs, run, now);
}

static Run *pick(Runs *runs, const bool *taking_part)
{
    Run *best = NULL;
    int64_t sum = 0;
    for (guint i = 0; i < runs->all->len; i++) {
        Run *run = runs_at(runs, i);
        if (!taking_part[i])
            continue;
        sum += run->lane.weight;
        run->credit += run->lane.weight;
        if (!best || run->credit > best->credit)
            best = run;
    }
    if (best)
        best->credit -= sum;
    return best;
}

bool runs_share_out(Runs *runs, const char *relay, bool urgent, guint want, int64_t now)
{
    bool any = false;
    g_autofree bool *taking_part = g_new(bool, runs->all->len);
    for (guint i = 0; i < runs->all->len; i++) {
        runs_at(runs, i)->share = 0;
        taking_part[i] = takes_part(runs, runs_at(runs, i), relay, urgent, now);
        any |= taking_part[i];
    }
    for (guint i = 0; any && i < want; i++)
        pick(runs, taking_part)->share++;
    return any;
}
