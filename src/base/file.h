#pragma once
/* Reading files. */
#include <glib.h>
#include <sys/types.h>

/** read(2) that goes on after a signal: bytes read, 0 at the end, -1 and errno. */
ssize_t file_read(int fd, void *buffer, gsize size);

/** Reads a whole file of at most limit bytes; adds a NUL behind them. NULL and error, "PATH: reason", otherwise. Caller
 * frees. */
char *file_read_whole(const char *path, gsize limit, gsize *ret_length, GError **error);

/** Likewise a plain file only: a pipe or device, which could keep us waiting for ever, is refused. The error is the
 * reason alone, for the caller who names the path. */
char *file_read_plain(const char *path, gsize limit, gsize *ret_length, GError **error);
