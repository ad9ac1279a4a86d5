/* sink: an SMTP server that takes mail and writes one line for each, so that a test can count who got what.
 *
 *   sink [-p PORT] [-o FILE] [-r RULE]... [-d MS] [-x N] [-s BYTES] [-P] [-8] [-7] [-C]      prints "port N" when it listens on the loopback
 *
 *   -o FILE   where the lines go (default: stdout): microseconds, envelope sender, recipient, Message-ID, size, with
 *             tabs between. A line is written before the mail is acknowledged.
 *   -r RULE   "PHASE PATTERN [once] REPLY": what to answer instead of 250. PHASE is connect, mail, parameters, rcpt,
 *             data or dot; PATTERN is matched with the recipient, for mail with the sender, for parameters with those
 *             of MAIL ('*' any run; '*' alone for connect and data); once: only the first time for that address; REPLY is a reply line, or "drop" to close without one,
 *             or "take-drop" to take the mail and close without telling. Rules are tried in their order.
 *   -d MS     waits so long before the reply to the dot
 *   -x N      says 421 and closes after N mails on one connection
 *   -s BYTES  takes mails of that SIZE at most, and says so
 *   -P        does not offer PIPELINING; -8 does not offer SMTPUTF8, -7 not 8BITMIME; -C offers CHUNKING
 *
 * One process, one epoll; ends on SIGTERM. */
/* system */
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

/* libraries */
#include <glib.h>

/* tests */
#include "listener.h"

#define HEAD_LIMIT (16 * 1024) /* how much of a mail is kept to find its Message-ID */

typedef struct Rule {
    char *phase;
    GPatternSpec *pattern;
    bool once;
    GHashTable *seen; /* addresses it was applied to */
    char *reply;
} Rule;

typedef struct Sink {
    int epoll;
    int listener;
    int log;
    GPtrArray *rules;
    int64_t delay_us;
    int mails_per_connection;
    int64_t size_limit;
    bool pipelining, utf8, eight_bit, chunking;
    GQueue due; /* of Connection: in the order in which their dot is to be answered */
} Sink;

typedef struct Connection {
    Sink *sink;
    int fd;
    GString *input, *output;
    GString *from, *rcpt, *head;
    gsize size;
    gsize chunk;   /* bytes of a chunk that are still to come, */
    bool unwanted; /* and to be thrown away */
    bool in_body, at_line_start, closing;
    int64_t due_at; /* 0: nothing waits */
    int mails;
} Connection;

/* ---- rules ------------------------------------------------------------------------------------------------------- */

static Rule *rule_new(const char *text)
{
    g_auto(GStrv) words = g_strsplit(text, " ", 3);
    if (g_strv_length(words) != 3)
        g_error("sink: a rule is PHASE PATTERN [once] REPLY: %s", text);
    Rule *rule = g_new0(Rule, 1);
    rule->phase = g_strdup(words[0]);
    rule->pattern = g_pattern_spec_new(words[1]);
    rule->once = g_str_has_prefix(words[2], "once ");
    rule->reply = g_strdup(rule->once ? words[2] + 5 : words[2]);
    rule->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return rule;
}

static void rule_free(gpointer data)
{
    Rule *rule = data;
    g_free(rule->phase);
    g_pattern_spec_free(rule->pattern);
    g_hash_table_unref(rule->seen);
    g_free(rule->reply);
    g_free(rule);
}

static const char *rule_reply(const Sink *sink, const char *phase, const char *address)
{
    for (guint i = 0; i < sink->rules->len; i++) {
        Rule *rule = sink->rules->pdata[i];
        if (!g_str_equal(rule->phase, phase) || !g_pattern_spec_match_string(rule->pattern, address))
            continue;
        if (!rule->once || g_hash_table_add(rule->seen, g_strdup(address)))
            return rule->reply;
    }
    return NULL;
}

/* ---- one mail ---------------------------------------------------------------------------------------------------- */

static void say(Connection *connection, const char *line)
{
    g_string_append(connection->output, line);
    g_string_append(connection->output, "\r\n");
}

/* Answers by rule, else with `usual`; false when the rule refuses. */
static bool answer(Connection *connection, const char *phase, const char *address, const char *usual)
{
    const char *reply = rule_reply(connection->sink, phase, address);
    if (!reply) {
        say(connection, usual);
        return true;
    }
    if (g_str_equal(reply, "drop")) {
        connection->closing = true;
        return false;
    }
    say(connection, reply);
    connection->closing = g_str_has_prefix(reply, "421");
    return reply[0] == '2' || reply[0] == '3';
}

static char *message_id(const GString *head)
{
    for (const char *line = head->str; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (g_ascii_strncasecmp(line, "message-id:", 11) == 0) {
            const char *value = line + 11 + strspn(line + 11, " \t\r\n");
            return g_strndup(value, strcspn(value, " \t\r\n"));
        }
    }
    return g_strdup("-");
}

static void write_line(Connection *connection)
{
    g_autofree char *id = message_id(connection->head);
    g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT "\t%s\t%s\t%s\t%" G_GSIZE_FORMAT "\n",
                                            g_get_real_time(), connection->from->str, connection->rcpt->str, id,
                                            connection->size);
    if (write(connection->sink->log, line, strlen(line)) < 0)
        g_error("sink: cannot write: %s", g_strerror(errno));
}

static void finish_mail(Connection *connection)
{
    const char *reply = rule_reply(connection->sink, "dot", connection->rcpt->str);
    bool taken = !reply || reply[0] == '2' || g_str_equal(reply, "take-drop");
    if (taken)
        write_line(connection);
    if (reply && g_str_has_suffix(reply, "drop"))
        connection->closing = true;
    else
        say(connection, reply ? reply : "250 2.0.0 taken");
    if (reply && g_str_has_prefix(reply, "421"))
        connection->closing = true;
    g_string_truncate(connection->rcpt, 0);
    if (connection->sink->mails_per_connection > 0 && ++connection->mails >= connection->sink->mails_per_connection) {
        say(connection, "421 4.7.0 enough mails on this line");
        connection->closing = true;
    }
}

/* ---- the conversation
 * ------------------------------------------------------------------------------------------------ */

static void greet_back(Connection *connection, const char *line)
{
    if (g_ascii_strncasecmp(line, "EHLO", 4) == 0) {
        say(connection, "250-sink.test");
        if (connection->sink->pipelining)
            say(connection, "250-PIPELINING");
        if (connection->sink->utf8)
            say(connection, "250-SMTPUTF8");
        if (connection->sink->eight_bit)
            say(connection, "250-8BITMIME");
        if (connection->sink->chunking)
            say(connection, "250-CHUNKING");
        g_string_append_printf(connection->output, "250-SIZE %" G_GINT64_FORMAT "\r\n", connection->sink->size_limit);
    }
    say(connection, "250 ENHANCEDSTATUSCODES");
}

/* What stands between the angle brackets. */
static void take_address(GString *into, const char *line)
{
    const char *open = strchr(line, '<'), *close = open ? strchr(open, '>') : NULL;
    g_string_truncate(into, 0);
    if (close)
        g_string_append_len(into, open + 1, close - open - 1);
}

static void mail_command(Connection *connection, const char *line)
{
    take_address(connection->from, line);
    g_string_truncate(connection->rcpt, 0);
    const char *close = strchr(line, '>'), *parameters = close ? close + 1 : "";
    const char *reply = rule_reply(connection->sink, "parameters", parameters);
    if (reply)
        say(connection, reply);
    if (reply || !answer(connection, "mail", connection->from->str, "250 2.1.0 ok"))
        g_string_truncate(connection->from, 0);
}

static void data_command(Connection *connection)
{
    if (connection->rcpt->len == 0) {
        say(connection, "503 5.5.1 no recipient");
    } else if (answer(connection, "data", "*", "354 end with a dot")) {
        connection->in_body = connection->at_line_start = true;
        connection->size = 0;
        g_string_truncate(connection->head, 0);
    }
}

static void chunk_command(Connection *connection, const char *line)
{
    connection->chunk = (gsize)g_ascii_strtoull(line + 4, NULL, 10);
    connection->unwanted = connection->rcpt->len == 0;
    connection->size = 0;
    g_string_truncate(connection->head, 0);
}

static void command(Connection *connection, const char *line)
{
    if (g_ascii_strncasecmp(line, "EHLO", 4) == 0 || g_ascii_strncasecmp(line, "HELO", 4) == 0) {
        greet_back(connection, line);
    } else if (g_ascii_strncasecmp(line, "MAIL", 4) == 0) {
        mail_command(connection, line);
    } else if (g_ascii_strncasecmp(line, "RCPT", 4) == 0) {
        take_address(connection->rcpt, line);
        if (!answer(connection, "rcpt", connection->rcpt->str, "250 2.1.5 ok"))
            g_string_truncate(connection->rcpt, 0);
    } else if (g_ascii_strncasecmp(line, "DATA", 4) == 0) {
        data_command(connection);
    } else if (connection->sink->chunking && g_ascii_strncasecmp(line, "BDAT", 4) == 0) {
        chunk_command(connection, line);
    } else if (g_ascii_strncasecmp(line, "RSET", 4) == 0) {
        g_string_truncate(connection->rcpt, 0);
        say(connection, "250 2.0.0 ok");
    } else if (g_ascii_strncasecmp(line, "QUIT", 4) == 0) {
        say(connection, "221 2.0.0 bye");
        connection->closing = true;
    } else {
        say(connection, "500 5.5.2 unknown");
    }
}

static void keep_head(Connection *connection, const char *bytes, gsize length)
{
    if (connection->head->len < HEAD_LIMIT)
        g_string_append_len(connection->head, bytes, (gssize)length);
}

static void end_body(Connection *connection)
{
    connection->in_body = false;
    if (connection->sink->delay_us == 0) {
        finish_mail(connection);
        return;
    }
    connection->due_at = g_get_monotonic_time() + connection->sink->delay_us;
    g_queue_push_tail(&connection->sink->due, connection);
}

static void body_line(Connection *connection, const char *line, gsize length)
{
    if (length == 1 && line[0] == '.') {
        end_body(connection);
        return;
    }
    connection->size += length + 2;
    keep_head(connection, line, length);
    keep_head(connection, "\n", 1);
}

static void chunk_bytes(Connection *connection, const char *bytes, gsize length)
{
    connection->size += length;
    connection->chunk -= length;
    keep_head(connection, bytes, length);
    if (connection->chunk == 0 && connection->unwanted)
        say(connection, "503 5.5.1 no recipient");
    else if (connection->chunk == 0)
        end_body(connection);
}

static void take_line(Connection *connection, char *line, gsize length)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    line[length] = '\0';
    if (connection->in_body)
        body_line(connection, line, length);
    else
        command(connection, line);
}

static void take_input(Connection *connection)
{
    char *at = connection->input->str, *end = at + connection->input->len, *newline;
    while (!connection->closing && connection->due_at == 0 && at < end) {
        if (connection->chunk > 0) {
            gsize length = MIN(connection->chunk, (gsize)(end - at));
            chunk_bytes(connection, at, length);
            at += length;
        } else if ((newline = memchr(at, '\n', (gsize)(end - at)))) {
            take_line(connection, at, (gsize)(newline - at));
            at = newline + 1;
        } else {
            break;
        }
    }
    g_string_erase(connection->input, 0, at - connection->input->str);
}

/* ---- sockets ----------------------------------------------------------------------------------------------------- */

static void connection_free(Connection *connection)
{
    g_queue_remove(&connection->sink->due, connection);
    close(connection->fd);
    g_string_free(connection->input, TRUE);
    g_string_free(connection->output, TRUE);
    g_string_free(connection->from, TRUE);
    g_string_free(connection->rcpt, TRUE);
    g_string_free(connection->head, TRUE);
    g_free(connection);
}

/* False when the connection has come to its end. */
static bool flush(Connection *connection)
{
    ssize_t n = connection->output->len == 0
                    ? 0
                    : send(connection->fd, connection->output->str, connection->output->len, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN)
        return false;
    if (n > 0)
        g_string_erase(connection->output, 0, n);
    return !connection->closing;
}

static bool receive(Connection *connection)
{
    char chunk[64 * 1024];
    ssize_t n = recv(connection->fd, chunk, sizeof chunk, 0);
    if (n <= 0)
        return n < 0 && errno == EAGAIN;
    g_string_append_len(connection->input, chunk, n);
    take_input(connection);
    return flush(connection);
}

static void greet(Sink *sink)
{
    int fd = accept(sink->listener, NULL, NULL), on = 1;
    if (fd < 0)
        return;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Connection *connection = g_new0(Connection, 1);
    connection->sink = sink;
    connection->fd = fd;
    connection->input = g_string_new(NULL);
    connection->output = g_string_new(NULL);
    connection->from = g_string_new(NULL);
    connection->rcpt = g_string_new(NULL);
    connection->head = g_string_new(NULL);
    answer(connection, "connect", "*", "220 sink.test ESMTP");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(sink->epoll, EPOLL_CTL_ADD, fd, &event);
    if (!flush(connection))
        connection_free(connection);
}

/* Answers the dots whose time has come; returns milliseconds until the next, -1 for none. */
static int answer_due(Sink *sink)
{
    Connection *connection;
    while ((connection = g_queue_peek_head(&sink->due))) {
        int64_t wait_us = connection->due_at - g_get_monotonic_time();
        if (wait_us > 0)
            return (int)(wait_us / 1000) + 1;
        g_queue_pop_head(&sink->due);
        connection->due_at = 0;
        finish_mail(connection);
        take_input(connection);
        if (!flush(connection))
            connection_free(connection);
    }
    return -1;
}

static void serve(Sink *sink)
{
    struct epoll_event events[64];
    while (!stopped) {
        int timeout = answer_due(sink);
        int n = epoll_wait(sink->epoll, events, G_N_ELEMENTS(events), timeout);
        for (int i = 0; i < n; i++) {
            Connection *connection = events[i].data.ptr;
            if (!connection)
                greet(sink);
            else if (!receive(connection))
                connection_free(connection);
        }
    }
}

int main(int argc, char **argv)
{
    Sink sink = {.log = STDOUT_FILENO,
                 .size_limit = 20000000,
                 .pipelining = true,
                 .utf8 = true,
                 .eight_bit = true,
                 .due = G_QUEUE_INIT};
    int port = 0, option;
    sink.rules = g_ptr_array_new_with_free_func(rule_free);
    while ((option = getopt(argc, argv, "p:o:r:d:x:s:P87C")) != -1) {
        switch (option) {
        case 'p':
            port = atoi(optarg);
            break;
        case 'o':
            sink.log = open(optarg, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
            break;
        case 'r':
            g_ptr_array_add(sink.rules, rule_new(optarg));
            break;
        case 'd':
            sink.delay_us = (int64_t)atoi(optarg) * 1000;
            break;
        case 'x':
            sink.mails_per_connection = atoi(optarg);
            break;
        case 'P':
            sink.pipelining = false;
            break;
        case '8':
            sink.utf8 = false;
            break;
        case 's':
            sink.size_limit = g_ascii_strtoll(optarg, NULL, 10);
            break;
        case '7':
            sink.eight_bit = false;
            break;
        case 'C':
            sink.chunking = true;
            break;
        default:
            return 2;
        }
    }
    if (sink.log < 0)
        g_error("sink: cannot open the file for -o: %s", g_strerror(errno));
    stop_on_signals();
    sink.epoll = epoll_create1(EPOLL_CLOEXEC);
    sink.listener = listen_on("127.0.0.1", port, sink.epoll);
    serve(&sink);
    _exit(0); /* open connections end with the process */
}
