/* A mailstream_low driver for libetpan: non-blocking socket, GnuTLS, poll() with a deadline. Owns the socket and the
 * TLS session. */
#include "inbound/imap_stream.h"

/* system */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* libraries */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <libetpan/libetpan.h>

/* rundbrief */
#include "base/clock.h"
#include "inbound/imap_answer.h"

G_DEFINE_QUARK(rundbrief_imap_error, imap_error)

#define STREAM_BUFFER_BYTES 16384
#define HURRY_US            (2 * SECOND_US)

struct ImapStream {
    int fd;
    int watched_fd;      /* -1: none */
    bool hurried;        /* it became readable during this command */
    int64_t deadline_at; /* clock_monotonic() */
    int64_t budget;      /* bytes that may still come */
    ImapAnswer answer;
    bool abandoned;
    char *trouble;
    mailstream *mailstream; /* NULL until libetpan has it */
    gnutls_session_t tls;
    gnutls_certificate_credentials_t credentials;
};

static void set_trouble(ImapStream *stream, const char *text)
{
    g_free(stream->trouble);
    stream->trouble = g_strdup(text);
}

/* One look, until the deadline. Somebody who wants us (a signal, a wake-up) shortens what is left. */
static int poll_once(ImapStream *stream, short events)
{
    int64_t left_ms = (stream->deadline_at - clock_monotonic()) / 1000;
    struct pollfd entries[] = {{stream->fd, events, 0}, {stream->hurried ? -1 : stream->watched_fd, POLLIN, 0}};
    int ready = left_ms > 0 ? poll(entries, G_N_ELEMENTS(entries), (int)MIN(left_ms, INT_MAX)) : 0;
    if (ready <= 0 || !entries[1].revents)
        return ready;
    stream->hurried = true;
    stream->deadline_at = MIN(stream->deadline_at, clock_monotonic() + HURRY_US);
    return entries[0].revents ? 1 : poll_once(stream, events);
}

/* False when the deadline passes first. */
static bool wait_for(ImapStream *stream, short events)
{
    for (;;) {
        int ready = poll_once(stream, events);
        if (ready > 0)
            return true;
        if (ready == 0) {
            set_trouble(stream, "the server did not answer in time");
            return false;
        }
        if (errno != EINTR) {
            set_trouble(stream, g_strerror(errno));
            return false;
        }
    }
}

/* ---- connecting -------------------------------------------------------------------------------------------------- */

static void set_option(int fd, int level, int option)
{
    int on = 1;
    setsockopt(fd, level, option, &on, sizeof on); /* a convenience: the line works without */
}

static bool connect_one(ImapStream *stream, const struct addrinfo *address)
{
    stream->fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address->ai_protocol);
    if (stream->fd < 0) {
        set_trouble(stream, g_strerror(errno));
        return false;
    }
    int reason = 0;
    socklen_t size = sizeof reason;
    if (connect(stream->fd, address->ai_addr, address->ai_addrlen) == 0)
        return true;
    if (errno != EINPROGRESS) {
        set_trouble(stream, g_strerror(errno));
        return false;
    }
    if (!wait_for(stream, POLLOUT))
        return false;
    if (getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &reason, &size) == 0 && reason == 0)
        return true;
    set_trouble(stream, g_strerror(reason));
    return false;
}

static bool connect_any(ImapStream *stream, const struct addrinfo *addresses)
{
    for (const struct addrinfo *address = addresses; address; address = address->ai_next) {
        if (connect_one(stream, address)) {
            set_option(stream->fd, SOL_SOCKET, SO_KEEPALIVE);
            set_option(stream->fd, IPPROTO_TCP, TCP_NODELAY);
            return true;
        }
        if (stream->fd >= 0)
            close(stream->fd);
        stream->fd = -1;
    }
    return false;
}

ImapStream *imap_stream_connect(const char *host, int64_t port, int watched_fd, int64_t timeout_ms, GError **error)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *addresses = NULL;
    g_autofree char *service = g_strdup_printf("%" G_GINT64_FORMAT, port);
    int result = getaddrinfo(host, service, &hints, &addresses);
    if (result != 0) {
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECT, "no address for %s: %s", host, gai_strerror(result));
        return NULL;
    }
    ImapStream *stream = g_new0(ImapStream, 1);
    stream->fd = -1;
    stream->watched_fd = watched_fd;
    imap_answer_init(&stream->answer);
    imap_stream_allow(stream, timeout_ms, INT64_MAX);
    bool connected = connect_any(stream, addresses);
    freeaddrinfo(addresses);
    if (connected)
        return stream;
    g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECT, "cannot connect to %s port %" G_GINT64_FORMAT ": %s", host, port,
                stream->trouble ? stream->trouble : "no usable address");
    imap_stream_free(stream);
    return NULL;
}

/* ---- TLS --------------------------------------------------------------------------------------------------------- */

static void end_tls(ImapStream *stream)
{
    g_clear_pointer(&stream->tls, gnutls_deinit);
    g_clear_pointer(&stream->credentials, gnutls_certificate_free_credentials);
}

static bool load_authorities(ImapStream *stream, const char *ca_file, GError **error)
{
    gnutls_certificate_allocate_credentials(&stream->credentials);
    int count = *ca_file ? gnutls_certificate_set_x509_trust_file(stream->credentials, ca_file, GNUTLS_X509_FMT_PEM)
                         : gnutls_certificate_set_x509_system_trust(stream->credentials);
    if (count > 0)
        return true;
    g_set_error(error, IMAP_ERROR, IMAP_ERROR_TLS, "no certificate authority in %s%s%s",
                *ca_file ? ca_file : "the system's store", count < 0 ? ": " : "",
                count < 0 ? gnutls_strerror(count) : "");
    return false;
}

static bool is_ip_address(const char *host)
{
    struct in6_addr any;
    return inet_pton(AF_INET, host, &any) == 1 || inet_pton(AF_INET6, host, &any) == 1;
}

static void prepare_session(ImapStream *stream, const char *host)
{
    gnutls_init(&stream->tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
    gnutls_set_default_priority(stream->tls);
    gnutls_credentials_set(stream->tls, GNUTLS_CRD_CERTIFICATE, stream->credentials);
    if (!is_ip_address(host))
        gnutls_server_name_set(stream->tls, GNUTLS_NAME_DNS, host, strlen(host));
    gnutls_session_set_verify_cert(stream->tls, host, 0); /* chain, dates and name, inside the handshake */
    gnutls_transport_set_int(stream->tls, stream->fd);
}

static void set_handshake_error(const ImapStream *stream, int result, const char *host, GError **error)
{
    gnutls_datum_t text = {0};
    if (result == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR &&
        gnutls_certificate_verification_status_print(gnutls_session_get_verify_cert_status(stream->tls),
                                                     GNUTLS_CRT_X509, &text, 0) >= 0)
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_TLS, "the certificate that %s shows is not good: %s", host,
                    g_strstrip((char *)text.data));
    else
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_TLS, "no TLS connection with %s: %s", host,
                    stream->trouble ? stream->trouble : gnutls_strerror(result));
    gnutls_free(text.data);
}

bool imap_stream_begin_tls(ImapStream *stream, const char *host, const char *ca_file, GError **error)
{
    if (stream->mailstream && stream->mailstream->read_buffer_len > 0) {
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_TLS,
                    "%s sent more before TLS began than it may: somebody may be tampering", host);
        return false;
    }
    if (!load_authorities(stream, ca_file, error)) {
        end_tls(stream);
        return false;
    }
    prepare_session(stream, host);
    int result;
    while ((result = gnutls_handshake(stream->tls)) < 0 && !gnutls_error_is_fatal(result))
        if (!wait_for(stream, gnutls_record_get_direction(stream->tls) ? POLLOUT : POLLIN))
            break;
    if (result >= 0)
        return true;
    set_handshake_error(stream, result, host, error);
    end_tls(stream);
    return false;
}

/* ---- what libetpan calls ----------------------------------------------------------------------------------------- */

/* True when the call should be tried again; otherwise trouble is set. */
static bool retry_tls(ImapStream *stream, ssize_t result)
{
    if (result == GNUTLS_E_AGAIN)
        return wait_for(stream, gnutls_record_get_direction(stream->tls) ? POLLOUT : POLLIN);
    if (!gnutls_error_is_fatal((int)result))
        return true;
    set_trouble(stream, gnutls_strerror((int)result));
    return false;
}

static bool retry_plain(ImapStream *stream, short events)
{
    if (errno == EINTR)
        return true;
    if (errno == EAGAIN || errno == EWOULDBLOCK)
        return wait_for(stream, events);
    set_trouble(stream, g_strerror(errno));
    return false;
}

static bool may_go_on(ImapStream *stream)
{
    if (stream->abandoned)
        return false;
    if (stream->budget <= 0)
        set_trouble(stream, "the server sent more than it was asked for");
    else if (clock_monotonic() >= stream->deadline_at)
        set_trouble(stream, "the server did not answer in time");
    else
        return true;
    return false;
}

static ssize_t stream_read(mailstream_low *low, void *buffer, size_t size)
{
    ImapStream *stream = low->data;
    if (!may_go_on(stream))
        return -1;
    size = (size_t)MIN((int64_t)size, stream->budget);
    ssize_t got;
    do {
        got = stream->tls ? gnutls_record_recv(stream->tls, buffer, size) : recv(stream->fd, buffer, size, 0);
    } while (got < 0 && (stream->tls ? retry_tls(stream, got) : retry_plain(stream, POLLIN)));
    if (got == 0)
        set_trouble(stream, "the server closed the connection");
    if (got <= 0)
        return -1;
    stream->budget -= got;
    if (imap_answer_take(&stream->answer, buffer, (gsize)got))
        return got;
    set_trouble(stream, "the server's answer nests deeper, or announces more, than what was asked for");
    return -1;
}

static ssize_t stream_write(mailstream_low *low, const void *buffer, size_t size)
{
    ImapStream *stream = low->data;
    if (!may_go_on(stream))
        return -1;
    ssize_t put;
    do {
        put = stream->tls ? gnutls_record_send(stream->tls, buffer, size)
                          : send(stream->fd, buffer, size, MSG_NOSIGNAL);
    } while (put < 0 && (stream->tls ? retry_tls(stream, put) : retry_plain(stream, POLLOUT)));
    return put > 0 ? put : -1;
}

static int stream_close(mailstream_low *low)
{
    ImapStream *stream = low->data;
    if (stream->tls && !stream->abandoned)
        gnutls_bye(stream->tls, GNUTLS_SHUT_WR);
    end_tls(stream);
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
    return 0;
}

static int stream_get_fd(mailstream_low *low)
{
    return ((const ImapStream *)low->data)->fd;
}

static void stream_free(mailstream_low *low)
{
    imap_stream_free(low->data);
    free(low); /* libetpan's, from malloc() */
}

static void stream_cancel(mailstream_low *low)
{
    (void)low;
}

static struct mailstream_cancel *stream_get_cancel(mailstream_low *low)
{
    (void)low;
    return NULL;
}

static mailstream_low_driver driver = {
    .mailstream_read = stream_read,
    .mailstream_write = stream_write,
    .mailstream_close = stream_close,
    .mailstream_get_fd = stream_get_fd,
    .mailstream_free = stream_free,
    .mailstream_cancel = stream_cancel,
    .mailstream_get_cancel = stream_get_cancel,
};

/* ---- the rest ---------------------------------------------------------------------------------------------------- */

mailstream *imap_stream_for_libetpan(ImapStream *stream)
{
    stream->mailstream = mailstream_new(mailstream_low_new(stream, &driver), STREAM_BUFFER_BYTES);
    return stream->mailstream;
}

void imap_stream_free(ImapStream *stream)
{
    if (!stream)
        return;
    end_tls(stream);
    if (stream->fd >= 0)
        close(stream->fd);
    g_free(stream->trouble);
    g_free(stream);
}

void imap_stream_allow(ImapStream *stream, int64_t timeout_ms, int64_t budget)
{
    stream->deadline_at = clock_monotonic() + timeout_ms * 1000;
    stream->budget = budget;
    stream->hurried = false;
    g_clear_pointer(&stream->trouble, g_free);
}

void imap_stream_abandon(ImapStream *stream)
{
    stream->abandoned = true;
}

const char *imap_stream_trouble(const ImapStream *stream)
{
    return stream->trouble;
}

int imap_stream_fd(const ImapStream *stream)
{
    return stream->fd;
}

bool imap_stream_has_input(const ImapStream *stream)
{
    return (stream->mailstream && stream->mailstream->read_buffer_len > 0) ||
           (stream->tls && gnutls_record_check_pending(stream->tls) > 0);
}
