/* fastsink: an SMTP server that takes mail as fast as a client can bring it, looks at nothing and counts. It answers a
 * group of commands with one write, so that what is measured is the client. For faults and for who got what: sink.c.
 *
 *   fastsink [-b ADDRESS] [-p PORT] [-P] [-C] [-c CERTIFICATE -k KEY]      prints "port N" when it listens
 *
 *   -P   does not offer PIPELINING      -C   offers CHUNKING      -c, -k   offers STARTTLS
 *
 * One process, one epoll; on SIGTERM it prints "N mails of M bytes" and ends, M with the dots of DATA. */
/* system */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* libraries */
#include <glib.h>
#include <gnutls/gnutls.h>

/* tests */
#include "listener.h"

#define END_OF_DATA "\n.\r\n"
#define END_LENGTH  (sizeof END_OF_DATA - 1)

typedef struct Sink {
    int epoll, listener;
    bool pipelining, chunking;
    gnutls_certificate_credentials_t credentials; /* NULL: no STARTTLS */
    guint64 mails, bytes;
} Sink;

typedef enum { IN_COMMANDS, IN_DATA, IN_CHUNK } Place;

typedef struct Connection {
    Sink *sink;
    int fd;
    gnutls_session_t tls; /* NULL: plain */
    bool shaking_hands;
    Place place;
    gsize chunk_left;
    bool is_last_chunk;
    bool closing;
    GString *output;
    gsize filled;
    char input[64 * 1024];
} Connection;

/* ---- what is said ------------------------------------------------------------------------------------------------ */

static void say(Connection *connection, const char *lines)
{
    g_string_append(connection->output, lines);
}

static void take_mail(Connection *connection)
{
    connection->sink->mails++;
    connection->place = IN_COMMANDS;
    say(connection, "250 2.0.0 Ok: queued as 4ABCDEF\r\n");
}

static void greet_back(Connection *connection)
{
    const Sink *sink = connection->sink;
    say(connection, "250-fastsink.test\r\n");
    if (sink->pipelining)
        say(connection, "250-PIPELINING\r\n");
    if (sink->chunking)
        say(connection, "250-CHUNKING\r\n");
    if (sink->credentials && !connection->tls)
        say(connection, "250-STARTTLS\r\n");
    say(connection, "250-SIZE 104857600\r\n250-ENHANCEDSTATUSCODES\r\n250-SMTPUTF8\r\n250 8BITMIME\r\n");
}

static void start_tls(Connection *connection)
{
    say(connection, "220 2.0.0 Ready\r\n");
    gnutls_init(&connection->tls, GNUTLS_SERVER | GNUTLS_NONBLOCK);
    gnutls_set_default_priority(connection->tls);
    gnutls_credentials_set(connection->tls, GNUTLS_CRD_CERTIFICATE, connection->sink->credentials);
    gnutls_transport_set_int(connection->tls, connection->fd);
    connection->shaking_hands = true;
}

static bool is_command(const char *line, const char *name)
{
    return g_ascii_strncasecmp(line, name, 4) == 0;
}

static void command(Connection *connection, const char *line)
{
    if (is_command(line, "MAIL")) {
        say(connection, "250 2.1.0 Ok\r\n");
    } else if (is_command(line, "RCPT")) {
        say(connection, "250 2.1.5 Ok\r\n");
    } else if (is_command(line, "DATA")) {
        say(connection, "354 End data with <CR><LF>.<CR><LF>\r\n");
        connection->place = IN_DATA;
    } else if (is_command(line, "BDAT")) {
        char *rest;
        connection->chunk_left = strtoul(line + 4, &rest, 10);
        connection->is_last_chunk = g_ascii_strncasecmp(rest, " LAST", 5) == 0;
        connection->place = IN_CHUNK;
    } else if (is_command(line, "EHLO") || is_command(line, "HELO")) {
        greet_back(connection);
    } else if (is_command(line, "STAR") && connection->sink->credentials && !connection->tls) {
        start_tls(connection);
    } else {
        connection->closing = is_command(line, "QUIT");
        say(connection, connection->closing ? "221 2.0.0 Bye\r\n" : "250 2.0.0 Ok\r\n");
    }
}

/* ---- what is heard: each takes what it can from `at` and returns how much ---------------------------------------- */

static gsize hear_command(Connection *connection, char *at, gsize length)
{
    char *newline = memchr(at, '\n', length);
    if (!newline)
        return 0;
    *newline = '\0';
    command(connection, at);
    gsize taken = (gsize)(newline - at) + 1;
    *newline = '\n';
    return connection->place == IN_DATA ? taken - 1 : taken; /* its line end may begin the end of data */
}

static gsize hear_data(Connection *connection, const char *at, gsize length)
{
    const char *end = at + length;
    for (const char *p = at; (p = memchr(p, '\n', (gsize)(end - p))); p++) {
        gsize there = MIN((gsize)(end - p), END_LENGTH);
        if (memcmp(p, END_OF_DATA, there) != 0)
            continue;
        if (there < END_LENGTH)
            return (gsize)(p - at); /* perhaps its beginning */
        take_mail(connection);
        return (gsize)(p - at) + END_LENGTH;
    }
    return length;
}

static gsize hear_chunk(Connection *connection, gsize length)
{
    gsize taken = MIN(length, connection->chunk_left);
    connection->chunk_left -= taken;
    if (connection->chunk_left == 0 && connection->is_last_chunk) {
        take_mail(connection);
    } else if (connection->chunk_left == 0) {
        say(connection, "250 2.0.0 Ok\r\n");
        connection->place = IN_COMMANDS;
    }
    return taken;
}

static void hear(Connection *connection)
{
    gsize from = 0;
    while (from < connection->filled && !connection->closing && !connection->shaking_hands) {
        char *at = connection->input + from;
        gsize length = connection->filled - from, taken;
        Place place = connection->place;
        if (place == IN_COMMANDS)
            taken = hear_command(connection, at, length);
        else
            taken = place == IN_DATA ? hear_data(connection, at, length) : hear_chunk(connection, length);
        connection->sink->bytes += place == IN_COMMANDS ? 0 : taken;
        from += taken;
        if (connection->place == place && (place != IN_COMMANDS || taken == 0))
            break;
    }
    connection->filled -= from;
    memmove(connection->input, connection->input + from, connection->filled);
}

/* ---- sockets ----------------------------------------------------------------------------------------------------- */

static void connection_free(Connection *connection)
{
    if (connection->tls)
        gnutls_deinit(connection->tls);
    close(connection->fd);
    g_string_free(connection->output, TRUE);
    g_free(connection);
}

/* Bytes read, 0 when there are none now, -1 at the end. */
static ssize_t receive(Connection *connection)
{
    char *into = connection->input + connection->filled;
    gsize room = sizeof connection->input - connection->filled;
    ssize_t n = connection->tls ? gnutls_record_recv(connection->tls, into, room) : recv(connection->fd, into, room, 0);
    if (connection->tls ? n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED : n < 0 && errno == EAGAIN)
        return 0;
    return n > 0 ? n : -1;
}

/* The replies are far smaller than a socket's buffer; a client that reads none of them is let go. */
static bool flush(Connection *connection)
{
    GString *output = connection->output;
    if (output->len == 0)
        return !connection->closing;
    ssize_t n = connection->tls && !connection->shaking_hands
                    ? gnutls_record_send(connection->tls, output->str, output->len)
                    : send(connection->fd, output->str, output->len, MSG_NOSIGNAL);
    bool whole = n == (ssize_t)output->len;
    g_string_truncate(output, 0);
    return whole && !connection->closing;
}

/* True when it is done, or must wait for more. */
static bool shake_hands(Connection *connection)
{
    int code = gnutls_handshake(connection->tls);
    connection->shaking_hands = code != GNUTLS_E_SUCCESS;
    return code == GNUTLS_E_SUCCESS || !gnutls_error_is_fatal(code);
}

/* TLS may hold more than it gave; a plain socket that did not fill the buffer is empty. */
static bool serve_connection(Connection *connection)
{
    for (;;) {
        if (connection->shaking_hands && (!shake_hands(connection) || connection->shaking_hands))
            return connection->shaking_hands;
        gsize room = sizeof connection->input - connection->filled;
        ssize_t n = receive(connection);
        if (n <= 0)
            return n == 0;
        connection->filled += (gsize)n;
        hear(connection);
        if (!flush(connection))
            return false;
        if (!connection->tls && (gsize)n < room)
            return true;
    }
}

static void greet(Sink *sink)
{
    int fd, on = 1;
    while ((fd = accept(sink->listener, NULL, NULL)) >= 0) {
        fcntl(fd, F_SETFL, O_NONBLOCK);
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *connection = g_new0(Connection, 1);
        connection->sink = sink;
        connection->fd = fd;
        connection->output = g_string_new("220 fastsink.test ESMTP\r\n");
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &event);
        if (!flush(connection))
            connection_free(connection);
    }
}

static void serve(Sink *sink)
{
    struct epoll_event events[256];
    while (!stopped) {
        int n = epoll_wait(sink->epoll, events, G_N_ELEMENTS(events), -1);
        for (int i = 0; i < n; i++) {
            Connection *connection = events[i].data.ptr;
            if (!connection)
                greet(sink);
            else if (!serve_connection(connection))
                connection_free(connection);
        }
    }
}

static void offer_tls(Sink *sink, const char *certificate, const char *key)
{
    gnutls_certificate_allocate_credentials(&sink->credentials);
    int code = gnutls_certificate_set_x509_key_file(sink->credentials, certificate, key, GNUTLS_X509_FMT_PEM);
    if (code != GNUTLS_E_SUCCESS)
        g_error("fastsink: %s: %s", certificate, gnutls_strerror(code));
}

int main(int argc, char **argv)
{
    Sink sink = {.pipelining = true};
    const char *host = "127.0.0.1", *certificate = NULL, *key = NULL;
    int port = 0, option;
    while ((option = getopt(argc, argv, "b:p:PCc:k:")) != -1) {
        switch (option) {
        case 'b':
            host = optarg;
            break;
        case 'p':
            port = atoi(optarg);
            break;
        case 'P':
            sink.pipelining = false;
            break;
        case 'C':
            sink.chunking = true;
            break;
        case 'c':
            certificate = optarg;
            break;
        case 'k':
            key = optarg;
            break;
        default:
            return 2;
        }
    }
    if (certificate && key)
        offer_tls(&sink, certificate, key);
    stop_on_signals();
    sink.epoll = epoll_create1(EPOLL_CLOEXEC);
    sink.listener = listen_on(host, port, sink.epoll);
    serve(&sink);
    printf("%" G_GUINT64_FORMAT " mails of %" G_GUINT64_FORMAT " bytes\n", sink.mails, sink.bytes);
    fflush(stdout);
    _exit(0); /* open connections end with the process */
}
