#pragma once
/* "Rows changed, look again": a datagram to another role's socket in files.runtime_dir. It may be lost; every role
 * looks by itself now and then. */
#include <glib.h>

#include "config/settings.h"

#define WAKE_ERROR (wake_error_quark())
GQuark wake_error_quark(void);
enum { WAKE_ERROR_SOCKET };

/** Never fails loudly: no listener, no datagram. role: "send", "inbox". */
void wake_role(const FileSettings *files, const char *role);

/** A non-blocking socket that becomes readable when somebody wakes us; -1 and error otherwise. It replaces the socket
 * of a process that died. wake_drain() empties it; close() ends it, and leaves the file for the next one. */
int wake_listen(const FileSettings *files, const char *role, GError **error);
void wake_drain(int fd);
