/* The wake-up datagram between roles. Carries nothing but its arrival, so that it may be lost, doubled or forged
 * without harm. Owns the sockets RUNTIME_DIR/wake-ROLE. */
#include "store/wake.h"

/* system */
#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DRAIN_MAX 1000 /* datagrams of one turn; whoever sends more is no reason to starve */

G_DEFINE_QUARK(rundbrief_wake_error, wake_error)

/* False: the path is too long for a socket. */
static bool address_of(const FileSettings *files, const char *role, struct sockaddr_un *ret_address)
{
    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = g_snprintf(ret_address->sun_path, sizeof ret_address->sun_path, "%s/wake-%s", files->runtime_dir,
                            role);
    return length > 0 && (gsize)length < sizeof ret_address->sun_path;
}

void wake_role(const FileSettings *files, const char *role)
{
    struct sockaddr_un address;
    if (!address_of(files, role, &address))
        return;
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    /* Nobody there, or a full queue: either way the other side will look. */
    (void)!sendto(fd, "", 1, MSG_NOSIGNAL, (const struct sockaddr *)&address, sizeof address);
    close(fd);
}

static int listen_at(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    unlink(address->sun_path);
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) == 0 && chmod(address->sun_path, 0660) == 0)
        return fd;
    int reason = errno;
    close(fd);
    errno = reason;
    return -1;
}

int wake_listen(const FileSettings *files, const char *role, GError **error)
{
    struct sockaddr_un address;
    if (!address_of(files, role, &address)) {
        g_set_error(error, WAKE_ERROR, WAKE_ERROR_SOCKET,
                    "the path of files.runtime_dir is too long for a socket: %s; at most %zu bytes are left for it",
                    files->runtime_dir, sizeof address.sun_path - strlen("/wake-") - strlen(role) - 1);
        return -1;
    }
    int fd = listen_at(&address);
    if (fd < 0)
        g_set_error(error, WAKE_ERROR, WAKE_ERROR_SOCKET, "cannot make the socket %s: %s; check files.runtime_dir",
                    address.sun_path, g_strerror(errno));
    return fd;
}

void wake_drain(int fd)
{
    char byte;
    for (int i = 0; i < DRAIN_MAX && (recv(fd, &byte, 1, 0) >= 0 || errno == EINTR); i++)
        continue;
}
