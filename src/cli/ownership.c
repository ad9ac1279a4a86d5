/* chown(2) after the example of the folder. */
#include "cli/ownership.h"

/* system */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <glib.h>

void ownership_inherit(const char *path, mode_t mode)
{
    g_autofree char *folder = g_path_get_dirname(path);
    struct stat status;
    if (geteuid() != 0 || stat(folder, &status) != 0 || (status.st_uid == 0 && status.st_gid == 0))
        return;
    if (chown(path, status.st_uid, status.st_gid) != 0 || chmod(path, mode) != 0)
        fprintf(stderr, "rundbrief: cannot give %s to the owner of its folder: %s\n", path, g_strerror(errno));
}
