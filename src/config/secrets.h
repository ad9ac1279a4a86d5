#pragma once
/* Passwords: from a file, or from a systemd credential of that name when the path has no slash. */
#include <glib.h>

/** Reads one secret, its trailing newline taken off. "$CREDENTIALS_DIRECTORY/NAME" for a bare NAME. Caller clears with
 * secret_free(). NULL and error when missing, empty, over limit or readable by everybody. */
char *secret_read(const char *name_or_path, GError **error);

/** Where such a file is, for a library that reads it itself. Caller frees. NULL and error when it is missing or
 * readable by everybody. */
char *secret_find(const char *name_or_path, GError **error);
void secret_free(char *secret); /* wipes; NULL is fine */
