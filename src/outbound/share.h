#pragma once
/* Work shared by weight among those who can take it now. Pure. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define SHARE_AHEAD 16 /* how far one may run ahead of its share, at least, so that nobody waits for single mails */

typedef struct Share {
    int64_t weight;   /* 0: takes part in nothing, and as much as it can */
    double served;    /* mails for each unit of weight */
    int64_t given_at; /* the last one; monotonic */
    bool racing;      /* able to take its share, so that the others hold back for it */
} Share;

/** Says whether it is able now. One that had dropped out starts level with the slowest of the others: nothing is made
 * up for. `others` are all of them, itself included. */
void share_race(Share *share, bool able, Share *const *others, guint n);

/** How many more it may be given, having room for so many. */
guint share_allows(const Share *share, guint room, Share *const *others, guint n);

void share_give(Share *share, int64_t now);
