#pragma once
/* One place to wait in: an epoll over descriptors that belong to others. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { WAIT_READ = 1, WAIT_WRITE = 2 };

/** A descriptor and what is waited for. Lives in its owner's struct; take it out (wanted 0) before either goes away. */
typedef struct WaitPoint {
    int fd;
    unsigned wanted; /* WAIT_READ | WAIT_WRITE; set by waiter_want() */
    unsigned ready;  /* what has happened; its owner resets it. Hang-ups and errors count as both. */
} WaitPoint;

typedef struct Waiter Waiter;

Waiter *waiter_new(GError **error);
void waiter_free(Waiter *waiter); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Waiter, waiter_free)

/** Begins, changes or ends (0) waiting for a point. */
void waiter_want(Waiter *waiter, WaitPoint *point, unsigned wanted);

/** Waits until a point is ready or the time is over (0: looks only). When fewer than `least` are ready then, it looks
 * once more WAITER_GATHER_US later: a turn for several lines costs hardly more than a turn for one. */
bool waiter_wait(Waiter *waiter, int64_t max_us, guint least, GError **error);
#define WAITER_GATHER_US 60
