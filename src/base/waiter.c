/* Thin over epoll, level-triggered: what is not read now is told again. */
#include "base/waiter.h"

/* system */
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

/* libraries */
#include <glib.h>

struct Waiter {
    int epoll;
};

Waiter *waiter_new(GError **error)
{
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    if (epoll < 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "epoll: %s", g_strerror(errno));
        return NULL;
    }
    Waiter *waiter = g_new(Waiter, 1);
    waiter->epoll = epoll;
    return waiter;
}

void waiter_free(Waiter *waiter)
{
    if (!waiter)
        return;
    close(waiter->epoll);
    g_free(waiter);
}

void waiter_want(Waiter *waiter, WaitPoint *point, unsigned wanted)
{
    if (wanted == point->wanted)
        return;
    struct epoll_event event = {.data.ptr = point};
    event.events = (wanted & WAIT_READ ? (unsigned)EPOLLIN : 0) | (wanted & WAIT_WRITE ? (unsigned)EPOLLOUT : 0);
    int operation = wanted == 0 ? EPOLL_CTL_DEL : point->wanted == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    /* A descriptor that was closed has left by itself, and its number may be a new socket's already. */
    if (epoll_ctl(waiter->epoll, operation, point->fd, &event) != 0 && operation != EPOLL_CTL_DEL)
        epoll_ctl(waiter->epoll, errno == ENOENT ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, point->fd, &event);
    point->wanted = wanted;
}

/* How many are ready; negative: error is set. */
static int look(Waiter *waiter, int64_t max_us, GError **error)
{
    struct epoll_event events[64];
    int timeout_ms = (int)MIN((max_us + 999) / 1000, INT64_C(3600000));
    int n = epoll_wait(waiter->epoll, events, G_N_ELEMENTS(events), timeout_ms);
    if (n < 0 && errno == EINTR)
        return 0;
    if (n < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "epoll: %s", g_strerror(errno));
    for (int i = 0; i < n; i++) {
        WaitPoint *point = events[i].data.ptr;
        if (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))
            point->ready |= WAIT_READ;
        if (events[i].events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
            point->ready |= WAIT_WRITE;
    }
    return n;
}

bool waiter_wait(Waiter *waiter, int64_t max_us, guint least, GError **error)
{
    int n = look(waiter, max_us, error);
    if (n <= 0 || (guint)n >= least)
        return n >= 0;
    g_usleep(WAITER_GATHER_US);
    return look(waiter, 0, error) >= 0;
}
