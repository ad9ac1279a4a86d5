#pragma once
/* "Rows changed, look again": a datagram to another role's socket in files.runtime_dir. It may be lost; every role looks by itself
 * now and then. */
#include "config/settings.h"

/** Never fails loudly: no listener, no datagram. role: "send", "inbox". */
void wake_role(const FileSettings *files, const char *role);

/** A non-blocking socket that becomes readable when somebody wakes us; -1 and error otherwise. wake_drain() empties it. */
int wake_listen(const FileSettings *files, const char *role, GError **error);
void wake_drain(int fd);
