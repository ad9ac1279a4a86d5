/* inbound/imap_session against a server that says anything: whatever it says, every call comes back, with what it was
 * asked for or with an error. Input: all that the server sends, before it closes its side of the line. */
#include "inbound/imap_session.h"

/* system */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

/* rundbrief */
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libetpan's own, a few bytes for a server that turns us away or writes nonsense: no more than the budgets let in. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libetpan\n";
}

static struct {
    int listener;
    uint16_t port;
    const uint8_t *data;
    size_t size;
    sem_t done;
} server = {.listener = -1};

static void write_all(int line)
{
    for (size_t at = 0; at < server.size;) {
        ssize_t put = send(line, server.data + at, server.size - at, MSG_NOSIGNAL);
        if (put <= 0)
            return;
        at += (size_t)put;
    }
}

static void *serve(void *unused)
{
    for (char buffer[4096];;) {
        int line = accept(server.listener, NULL, NULL);
        write_all(line);
        shutdown(line, SHUT_WR);
        while (recv(line, buffer, sizeof buffer, 0) > 0)
            continue;
        close(line);
        sem_post(&server.done);
    }
    return unused;
}

static void begin_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    pthread_t thread;
    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert(bind(server.listener, (struct sockaddr *)&address, length) == 0 && listen(server.listener, 8) == 0);
    g_assert(getsockname(server.listener, (struct sockaddr *)&address, &length) == 0);
    server.port = ntohs(address.sin_port);
    sem_init(&server.done, 0, 0);
    g_assert(pthread_create(&thread, NULL, serve, NULL) == 0);
}

static bool read_mails(ImapSession *session, GError **error)
{
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GString) bytes = g_string_new(NULL);
    int64_t uidvalidity = 0;
    bool found = false, gone = false;
    if (!imap_session_need_folder(session, "Tray", error) ||
        !imap_session_select(session, "INBOX", &uidvalidity, error) || !imap_session_search(session, 3, uids, error))
        return false;
    for (guint i = 0; i < uids->len; i++)
        g_assert(g_array_index(uids, uint32_t, i) > 3);
    if (!imap_session_fetch(session, 4, 1000, bytes, &found, error))
        return false;
    g_assert(bytes->len <= 1000);
    g_array_set_size(uids, MIN(uids->len, 10));
    return imap_session_move(session, uids, "Tray", &gone, error) && imap_session_poll(session, error) &&
           (!imap_session_can_idle(session) ||
            (imap_session_idle_begin(session, error) && imap_session_idle_end(session, error)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (server.listener < 0)
        begin_server();
    server.data = data;
    server.size = size;
    MailboxSettings settings = {.host = (char *)"127.0.0.1", .port = server.port, .tls = TLS_NONE};
    g_autoptr(GError) error = NULL;
    ImapSession *session = imap_session_connect(&settings, -1, &error);
    bool well = session && imap_session_login(session, "user", "secret", &error) && read_mails(session, &error);
    g_assert(well == !error && (!error || *error->message));
    imap_session_free(session);
    while (sem_wait(&server.done) != 0)
        continue;
    return 0;
}
