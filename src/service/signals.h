#pragma once
/* Signals as something to read, so that they arrive between two steps and never inside one. */
#include <glib.h>

#define SERVICE_ERROR (service_error_quark())
GQuark service_error_quark(void);
enum {
    SERVICE_ERROR_SYSTEM, /* the kernel refused a descriptor, a process */
};

/** Blocks SIGTERM, SIGINT, SIGHUP and SIGCHLD and returns a descriptor that is readable when one has come; -1 and error
 * otherwise. SIGPIPE is ignored from now on. */
int signals_open(GError **error);

/** The next signal that has come, 0 when there is none. Never waits. */
int signals_next(int fd);

/** Everything as a fresh process has it; for a child before exec(). */
void signals_restore(void);
