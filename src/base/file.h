#pragma once
/* Reading files whole, and writing new ones. */
#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/** read(2) that goes on after a signal: bytes read, 0 at the end, -1 and errno. */
ssize_t file_read(int fd, void *buffer, gsize size);

/** Reads a whole file of at most limit bytes; adds a NUL behind them. NULL and error, "PATH: reason", otherwise. Caller
 * frees. */
char *file_read_whole(const char *path, gsize limit, gsize *ret_length, GError **error);

/** Likewise a plain file only: a pipe or device, which could keep us waiting for ever, is refused. The error is the
 * reason alone, for the caller who names the path. */
char *file_read_plain(const char *path, gsize limit, gsize *ret_length, GError **error);

/** Writes a new file that only its owner may read; it is on disk when this returns. G_FILE_ERROR_EXIST when there is
 * one already, which stays as it is. The error is "PATH: reason". */
bool file_write_new(const char *path, const char *bytes, gsize length, GError **error);
