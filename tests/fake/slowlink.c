/* slowlink: a network line with a delay, in user space, for kernels without netem. Makes two tun devices and carries
 * packets between them, each DELAY milliseconds later.
 *
 *   slowlink DEVICE-A DEVICE-B DELAY      prints "up" when both are there; needs root
 *
 * Putting them into network namespaces and giving them addresses is its caller's business. Ends on SIGTERM. */
/* system */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

/* libraries */
#include <glib.h>

#define PACKET_LIMIT (64 * 1024)
#define READ_AT_ONCE 64

typedef struct Packet {
    int64_t due_at; /* monotonic, microseconds */
    gsize length;
    char bytes[];
} Packet;

/* One end: what was read from it waits for its time, then goes to the other. */
typedef struct End {
    int fd;
    GQueue waiting; /* of Packet: oldest first */
} End;

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
    (void)number;
    stopped = 1;
}

static int make_device(const char *name)
{
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    g_strlcpy(request.ifr_name, name, sizeof request.ifr_name);
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 || ioctl(fd, TUNSETIFF, &request) != 0)
        g_error("slowlink: /dev/net/tun: %s", g_strerror(errno));
    return fd;
}

static void take_packets(End *end, int64_t delay_us)
{
    char buffer[PACKET_LIMIT];
    int64_t due_at = g_get_monotonic_time() + delay_us;
    for (int i = 0; i < READ_AT_ONCE; i++) {
        ssize_t n = read(end->fd, buffer, sizeof buffer);
        if (n <= 0)
            return;
        Packet *packet = g_malloc(sizeof *packet + (gsize)n);
        *packet = (Packet){.due_at = due_at, .length = (gsize)n};
        memcpy(packet->bytes, buffer, (gsize)n);
        g_queue_push_tail(&end->waiting, packet);
    }
}

/* Passes on what is due; returns when the next is, at the latest `until`. A full device loses packets, as networks do. */
static int64_t pass_on(End *from, const End *to, int64_t now, int64_t until)
{
    for (Packet *packet; (packet = g_queue_peek_head(&from->waiting));) {
        if (packet->due_at > now)
            return MIN(packet->due_at, until);
        if (write(to->fd, packet->bytes, packet->length) < 0 && errno != EAGAIN)
            g_debug("slowlink: %s", g_strerror(errno));
        g_free(g_queue_pop_head(&from->waiting));
    }
    return until;
}

static void carry(End ends[static 2], int64_t delay_us)
{
    while (!stopped) {
        int64_t now = g_get_monotonic_time(), until = now + G_USEC_PER_SEC;
        until = pass_on(&ends[0], &ends[1], now, until);
        until = pass_on(&ends[1], &ends[0], now, until);
        fd_set readable;
        FD_ZERO(&readable);
        FD_SET(ends[0].fd, &readable);
        FD_SET(ends[1].fd, &readable);
        struct timeval wait = {(until - now) / G_USEC_PER_SEC, (until - now) % G_USEC_PER_SEC}; /* poll() has but ms */
        if (select(MAX(ends[0].fd, ends[1].fd) + 1, &readable, NULL, NULL, &wait) <= 0)
            continue;
        for (int i = 0; i < 2; i++)
            if (FD_ISSET(ends[i].fd, &readable))
                take_packets(&ends[i], delay_us);
    }
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    End ends[2] = {{.fd = make_device(argv[1]), .waiting = G_QUEUE_INIT},
                   {.fd = make_device(argv[2]), .waiting = G_QUEUE_INIT}};
    printf("up\n");
    fflush(stdout);
    carry(ends, atoi(argv[3]) * (int64_t)1000);
    return 0;
}
