/* Start-time fair queueing, with mails in place of bytes: each mail moves its taker on by 1/weight, and nobody runs far
 * ahead of the slowest. */
#include "outbound/share.h"

/* Of the others; false (and 0) when none is in the race. */
static bool slowest(const Share *share, Share *const *others, guint n, double *ret_served)
{
    bool found = false;
    *ret_served = 0;
    for (guint i = 0; i < n; i++) {
        const Share *other = others[i];
        if (other == share || !other->racing)
            continue;
        *ret_served = found ? MIN(*ret_served, other->served) : other->served;
        found = true;
    }
    return found;
}

void share_race(Share *share, bool able, Share *const *others, guint n)
{
    double served;
    if (able && !share->racing && slowest(share, others, n, &served))
        share->served = MAX(share->served, served);
    share->racing = able && share->weight > 0;
}

guint share_allows(const Share *share, guint room, Share *const *others, guint n)
{
    double served;
    if (share->weight == 0 || !slowest(share, others, n, &served))
        return room;
    double weight = (double)share->weight;
    double ahead = MAX(MAX(SHARE_AHEAD, weight), (double)room);
    double allowed = (served - share->served) * weight + ahead;
    return allowed <= 0 ? 0 : MIN(room, (guint)MIN(allowed, (double)G_MAXINT));
}

void share_give(Share *share, int64_t now)
{
    share->given_at = now;
    if (share->weight > 0)
        share->served += 1.0 / (double)share->weight;
}
