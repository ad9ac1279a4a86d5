/* Secrets are read when they are needed and wiped when they were used; they never lie in Settings. */
#include "config/secrets.h"

/* system */
#include <errno.h>
#include <stdbool.h>
#include <sys/stat.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"

static char *secret_path(const char *name_or_path, GError **error)
{
    if (strchr(name_or_path, '/'))
        return g_strdup(name_or_path);
    const char *dir = g_getenv("CREDENTIALS_DIRECTORY"); /* systemd.exec(5) */
    if (dir && *dir)
        return g_build_filename(dir, name_or_path, NULL);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "the credential \"%s\" is not there: systemd gives none (LoadCredential); a path of a file works "
                "without systemd",
                name_or_path);
    return NULL;
}

static bool is_private(const char *path, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
        return false;
    }
    if (S_ISREG(status.st_mode) && (status.st_mode & 0007) == 0)
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_PERM, "%s: %s", path,
                S_ISREG(status.st_mode) ? "everybody may read this secret; chmod o= takes that away" : "is not a file");
    return false;
}

char *secret_find(const char *name_or_path, GError **error)
{
    g_autofree char *path = secret_path(name_or_path, error);
    return path && is_private(path, error) ? g_steal_pointer(&path) : NULL;
}

char *secret_read(const char *name_or_path, GError **error)
{
    g_autofree char *path = secret_find(name_or_path, error);
    if (!path)
        return NULL;
    gsize length = 0;
    char *secret = file_read_whole(path, LIMIT_SECRET_BYTES, &length, error);
    if (!secret)
        return NULL;
    bool is_text = strlen(secret) == length;
    if (length > 0 && secret[length - 1] == '\n')
        secret[--length] = '\0';
    if (length > 0 && secret[length - 1] == '\r')
        secret[--length] = '\0';
    if (length > 0 && is_text)
        return secret;
    secret_free(secret);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: %s", path,
                is_text ? "the secret is empty" : "a secret holds no NUL byte");
    return NULL;
}

void secret_free(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    g_free(secret);
}
