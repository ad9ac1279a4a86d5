/* signalfd(2). Owns the signal mask of the process. */
#include "service/signals.h"

/* system */
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

G_DEFINE_QUARK(rundbrief_service_error, service_error)

static const int heard[] = {SIGTERM, SIGINT, SIGHUP, SIGCHLD};

int signals_open(GError **error)
{
    sigset_t mask;
    sigemptyset(&mask);
    for (gsize i = 0; i < G_N_ELEMENTS(heard); i++) {
        sigaddset(&mask, heard[i]);
        signal(heard[i],
               SIG_DFL); /* nohup(1) and shells start programs with some of them ignored: they would never come */
    }
    sigprocmask(SIG_BLOCK, &mask, NULL);
    signal(SIGPIPE, SIG_IGN);
    int fd = signalfd(-1, &mask, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        g_set_error(error, SERVICE_ERROR, SERVICE_ERROR_SYSTEM, "cannot listen to signals: %s", g_strerror(errno));
    return fd;
}

int signals_next(int fd)
{
    struct signalfd_siginfo info;
    return read(fd, &info, sizeof info) == (ssize_t)sizeof info ? (int)info.ssi_signo : 0;
}

void signals_restore(void)
{
    sigset_t none;
    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}
