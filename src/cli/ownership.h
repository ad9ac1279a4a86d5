#pragma once
/* Whose files are those that root creates. */
#include <sys/types.h>

/** Gives a new file or folder the owner and group of the folder it lies in, and this mode, when we are root: the
 * service, which is not, will use it. Elsewhere, and in root's own folders, it does nothing. What does not succeed is
 * told on stderr. */
void ownership_inherit(const char *path, mode_t mode);
