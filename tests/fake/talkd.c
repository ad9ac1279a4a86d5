/* talkd: plays the server's side of a conversation that is written down in a file, for SMTP and IMAP alike.
 * Serves one connection after another on the loopback; exits 0 when the whole talk went as written, 1 with the
 * place and the reason when it did not.
 *
 *   talkd [-p PORT] [-c CERT.pem -k KEY.pem] [-t SECONDS] [-v] FILE.talk     prints "port N" when it listens
 *
 * A talk, line by line (blank lines and lines that begin with '#' are skipped):
 *   accept           waits for the next connection (the first is waited for without being told)
 *   S: TEXT          sends the line; $TAG is the first word of the last line of several words received
 *   S+: TEXT         the same, but held back until the next S:, so that both arrive together
 *   raw TEXT         sends the text without a line end; \r \n \t \\ \0 \xHH as in C
 *   file PATH TEXT   sends "TEXT {SIZE}", a line end and the file with CRLF (an IMAP literal); PATH is beside the talk
 *   C: PATTERN       reads a line, which must match ('*' any run, '?' one character)
 *   C?: PATTERN      the same, but the client may also have closed
 *   body             reads until the line with a single dot
 *   chunk            reads "BDAT N LAST" and N bytes
 *   skip             reads lines until nothing has come for 200 ms
 *   starttls         makes the connection a TLS one (needs -c and -k); "tls" as the first line: from the start
 *   repeat N / end   plays the lines between N times, or until the client closes between two lines
 *   flood KIB        sends that many KiB of 'x'
 *   sleep MS         waits
 *   include FILE     plays the lines of another file beside the talk
 *   closed           the client closes now, saying nothing more
 *   close            closes; reset: closes with a TCP reset
 *   hang             says nothing until the client closes */
/* system */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

/* libraries */
#include <glib.h>
#include <gnutls/gnutls.h>

#define LINE_LIMIT (64 * 1024)
#define SKIP_MS    200

typedef struct Talk {
    const char *path;
    char **lines;
    int line; /* index of the line being played */
    int listener;
    int fd; /* -1: nobody is connected */
    gnutls_session_t tls;
    gnutls_certificate_credentials_t credentials;
    GString *input;
    GString *held; /* S+: waiting for the next S: */
    char *tag;
    int timeout_ms;
    bool verbose;
} Talk;

typedef enum { READ_LINE, READ_CLOSED, READ_TIMEOUT } ReadResult;

static void fail(const Talk *talk, const char *format, ...) G_GNUC_PRINTF(2, 3) G_GNUC_NORETURN;
static void fail(const Talk *talk, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "talkd: %s:%d: %s\n", talk->path, talk->line + 1, text);
    exit(1);
}

/* ---- the line ---------------------------------------------------------------------------------------------------- */

static void hang_up(Talk *talk, bool reset)
{
    if (talk->fd < 0)
        return;
    if (talk->tls) {
        if (!reset)
            gnutls_bye(talk->tls, GNUTLS_SHUT_WR);
        gnutls_deinit(talk->tls);
        talk->tls = NULL;
    }
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    if (reset)
        setsockopt(talk->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(talk->fd);
    talk->fd = -1;
    g_string_truncate(talk->input, 0);
    g_string_truncate(talk->held, 0);
}

static void wait_for_client(Talk *talk)
{
    hang_up(talk, false);
    struct pollfd waiting = {.fd = talk->listener, .events = POLLIN};
    if (poll(&waiting, 1, talk->timeout_ms) != 1)
        fail(talk, "nobody connected");
    talk->fd = accept(talk->listener, NULL, NULL);
    if (talk->fd < 0)
        fail(talk, "accept: %s", g_strerror(errno));
}

static void start_tls(Talk *talk)
{
    if (!talk->credentials)
        fail(talk, "TLS needs -c and -k");
    gnutls_init(&talk->tls, GNUTLS_SERVER);
    gnutls_set_default_priority(talk->tls);
    gnutls_credentials_set(talk->tls, GNUTLS_CRD_CERTIFICATE, talk->credentials);
    gnutls_transport_set_int(talk->tls, talk->fd);
    gnutls_handshake_set_timeout(talk->tls, (unsigned)talk->timeout_ms);
    int result;
    do
        result = gnutls_handshake(talk->tls);
    while (result < 0 && !gnutls_error_is_fatal(result));
    if (result < 0) { /* a client that does not like our certificate ends the connection here */
        fprintf(stderr, "talkd: %s:%d: handshake: %s\n", talk->path, talk->line + 1, gnutls_strerror(result));
        hang_up(talk, true);
    }
}

static void send_bytes(Talk *talk, const char *bytes, gsize length)
{
    for (gsize sent = 0; talk->fd >= 0 && sent < length;) {
        ssize_t n = talk->tls ? gnutls_record_send(talk->tls, bytes + sent, length - sent)
                              : send(talk->fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return; /* the client is gone; the next line we read will show it */
        sent += (gsize)n;
    }
}

static ReadResult fill_input(Talk *talk, int timeout_ms)
{
    char chunk[16 * 1024];
    struct pollfd waiting = {.fd = talk->fd, .events = POLLIN};
    bool buffered = talk->tls && gnutls_record_check_pending(talk->tls) > 0;
    if (!buffered && poll(&waiting, 1, timeout_ms) != 1)
        return READ_TIMEOUT;
    ssize_t n = talk->tls ? gnutls_record_recv(talk->tls, chunk, sizeof chunk) : recv(talk->fd, chunk, sizeof chunk, 0);
    if (n == GNUTLS_E_AGAIN || n == GNUTLS_E_INTERRUPTED)
        return READ_LINE;
    if (n <= 0)
        return READ_CLOSED;
    g_string_append_len(talk->input, chunk, n);
    return READ_LINE;
}

/* The line without its end; ret_line is the caller's. */
static ReadResult read_line(Talk *talk, int timeout_ms, char **ret_line)
{
    if (talk->fd < 0)
        return READ_CLOSED;
    for (;;) {
        char *end = memchr(talk->input->str, '\n', talk->input->len);
        if (end) {
            gsize length = (gsize)(end - talk->input->str);
            *ret_line = g_strndup(talk->input->str, length > 0 && end[-1] == '\r' ? length - 1 : length);
            g_string_erase(talk->input, 0, (gssize)length + 1);
            if (talk->verbose)
                fprintf(stderr, "C: %s\n", *ret_line);
            return READ_LINE;
        }
        if (talk->input->len > LINE_LIMIT)
            fail(talk, "the client's line does not end");
        ReadResult result = fill_input(talk, timeout_ms);
        if (result != READ_LINE)
            return result;
    }
}

/* ---- the words of a talk ----------------------------------------------------------------------------------------- */

static void say(Talk *talk, const char *text, bool hold)
{
    g_auto(GStrv) parts = g_strsplit(text, "$TAG", -1);
    g_autofree char *line = g_strjoinv(talk->tag ? talk->tag : "", parts);
    g_string_append_printf(talk->held, "%s\r\n", line);
    if (hold)
        return;
    if (talk->verbose)
        fprintf(stderr, "S: %s", talk->held->str);
    send_bytes(talk, talk->held->str, talk->held->len);
    g_string_truncate(talk->held, 0);
}

/* As g_strcompress(), with \xHH, and with the length, for there may be a NUL. */
static void say_raw(Talk *talk, const char *text)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        if (*p != '\\' || !p[1]) {
            g_string_append_c(bytes, *p);
            continue;
        }
        p++;
        if (*p == 'x' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2])) {
            g_string_append_c(bytes, (char)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2])));
            p += 2;
        } else {
            const char *known = strchr("r\rn\nt\t\\\\", *p);
            g_string_append_c(bytes, *p == '0' ? '\0' : known ? known[1] : *p);
        }
    }
    send_bytes(talk, bytes->str, bytes->len);
}

static void say_file(Talk *talk, const char *words)
{
    g_auto(GStrv) parts = g_strsplit(words, " ", 2);
    g_autofree char *dir = g_path_get_dirname(talk->path);
    g_autofree char *path = g_path_is_absolute(parts[0]) ? g_strdup(parts[0]) : g_build_filename(dir, parts[0], NULL);
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        fail(talk, "%s", error->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (int i = 0; lines[i]; i++)
        g_string_append_printf(bytes, "%s%s", g_strchomp(lines[i]), lines[i + 1] ? "\r\n" : "");
    g_autofree char *head = g_strdup_printf("%s {%" G_GSIZE_FORMAT "}", parts[1] ? parts[1] : "", bytes->len);
    say(talk, head, false);
    send_bytes(talk, bytes->str, bytes->len);
}

static void flood(Talk *talk, const char *kib)
{
    char chunk[1024];
    memset(chunk, 'x', sizeof chunk);
    for (int left = atoi(kib); left > 0; left--)
        send_bytes(talk, chunk, sizeof chunk);
}

static void hear(Talk *talk, const char *pattern, bool may_close)
{
    g_autofree char *line = NULL;
    ReadResult result = read_line(talk, talk->timeout_ms, &line);
    if (result == READ_CLOSED && may_close)
        return;
    if (result != READ_LINE)
        fail(talk, "expected \"%s\", but the client %s", pattern, result == READ_CLOSED ? "closed" : "said nothing");
    if (!g_pattern_match_simple(pattern, line))
        fail(talk, "expected \"%s\", got \"%s\"", pattern, line);
    if (!strchr(line, ' ')) /* DONE ends the command whose tag we hold */
        return;
    g_free(talk->tag);
    talk->tag = g_strndup(line, strcspn(line, " "));
}

static void hear_body(Talk *talk)
{
    for (;;) {
        g_autofree char *line = NULL;
        if (read_line(talk, talk->timeout_ms, &line) != READ_LINE)
            fail(talk, "the body ended without its dot");
        if (g_str_equal(line, "."))
            return;
    }
}

static void hear_chunk(Talk *talk)
{
    g_autofree char *line = NULL;
    int length = 0, end = 0;
    if (read_line(talk, talk->timeout_ms, &line) != READ_LINE || sscanf(line, "BDAT %d LAST%n", &length, &end) != 1 ||
        end != (int)strlen(line))
        fail(talk, "expected \"BDAT N LAST\", got \"%s\"", line ? line : "nothing");
    while (talk->input->len < (gsize)length)
        if (fill_input(talk, talk->timeout_ms) != READ_LINE)
            fail(talk, "the chunk ended early");
    g_string_erase(talk->input, 0, length);
}

static void skip_lines(Talk *talk)
{
    char *line = NULL;
    while (read_line(talk, SKIP_MS, &line) == READ_LINE)
        g_clear_pointer(&line, g_free);
}

static void hear_close(Talk *talk, bool silently)
{
    for (;;) {
        g_autofree char *line = NULL;
        ReadResult result = read_line(talk, talk->timeout_ms, &line);
        if (result == READ_CLOSED)
            return;
        if (result == READ_TIMEOUT)
            fail(talk, "the client does not close");
        if (silently)
            fail(talk, "expected the client to close, got \"%s\"", line);
    }
}

static int find_end(const Talk *talk, int from)
{
    for (int i = from; talk->lines[i]; i++)
        if (g_str_equal(talk->lines[i], "end"))
            return i;
    fail(talk, "repeat without end");
}

/* True when the client has closed and nothing it said is left. */
static bool client_is_gone(Talk *talk)
{
    return talk->fd < 0 || (talk->input->len == 0 && fill_input(talk, talk->timeout_ms) == READ_CLOSED);
}

/* ---- playing it -------------------------------------------------------------------------------------------------- */

static bool play_words(Talk *talk, const char *line)
{
    static const struct {
        const char *word;
        void (*play)(Talk *talk, const char *rest);
    } verbs[] = {{"raw ", say_raw}, {"file ", say_file}, {"flood ", flood}};
    for (gsize i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (g_str_has_prefix(line, verbs[i].word)) {
            verbs[i].play(talk, line + strlen(verbs[i].word));
            return true;
        }
    }
    if (g_str_has_prefix(line, "S: ") || g_str_has_prefix(line, "S+: "))
        say(talk, strchr(line, ' ') + 1, line[1] == '+');
    else if (g_str_has_prefix(line, "C: ") || g_str_has_prefix(line, "C?: "))
        hear(talk, strchr(line, ' ') + 1, line[1] == '?');
    else if (g_str_has_prefix(line, "sleep "))
        g_usleep((gulong)atol(line + 6) * 1000);
    else
        return false;
    return true;
}

static bool play_verb(Talk *talk, const char *line)
{
    if (g_str_equal(line, "accept"))
        wait_for_client(talk);
    else if (g_str_equal(line, "starttls") || g_str_equal(line, "tls"))
        start_tls(talk);
    else if (g_str_equal(line, "body"))
        hear_body(talk);
    else if (g_str_equal(line, "chunk"))
        hear_chunk(talk);
    else if (g_str_equal(line, "skip"))
        skip_lines(talk);
    else if (g_str_equal(line, "closed"))
        hear_close(talk, true);
    else if (g_str_equal(line, "hang"))
        hear_close(talk, false);
    else if (g_str_equal(line, "close") || g_str_equal(line, "reset"))
        hang_up(talk, line[0] == 'r');
    else
        return false;
    return true;
}

static void play(Talk *talk, int from, int to)
{
    for (talk->line = from; talk->line < to; talk->line++) {
        const char *line = talk->lines[talk->line];
        if (!*line || *line == '#')
            continue;
        if (talk->fd < 0 && from == 0 && !g_str_equal(line, "accept"))
            wait_for_client(talk);
        if (g_str_has_prefix(line, "repeat ")) {
            int start = talk->line + 1, end = find_end(talk, start);
            for (int times = atoi(line + 7); times > 0 && !client_is_gone(talk); times--)
                play(talk, start, end);
            talk->line = end;
        } else if (!play_words(talk, line) && !play_verb(talk, line)) {
            fail(talk, "unknown word: %s", line);
        }
    }
}

static int listen_on(int port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || listen(fd, 64) != 0) {
        fprintf(stderr, "talkd: port %d: %s\n", port, g_strerror(errno));
        exit(2);
    }
    getsockname(fd, (struct sockaddr *)&address, &size);
    printf("port %d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static void load_lines(Talk *talk, const char *path, GPtrArray *lines)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        fail(talk, "%s", error->message);
    g_auto(GStrv) own = g_strsplit(text, "\n", -1);
    for (int i = 0; own[i]; i++) {
        g_strchomp(g_str_has_prefix(own[i], "raw ") ? own[i] : g_strchug(own[i]));
        if (!g_str_has_prefix(own[i], "include ")) {
            g_ptr_array_add(lines, g_strdup(own[i]));
            continue;
        }
        g_autofree char *dir = g_path_get_dirname(path);
        g_autofree char *other = g_build_filename(dir, own[i] + strlen("include "), NULL);
        load_lines(talk, other, lines);
    }
}

static void load(Talk *talk, const char *path, const char *cert, const char *key)
{
    talk->path = path;
    GPtrArray *lines = g_ptr_array_new();
    load_lines(talk, path, lines);
    g_ptr_array_add(lines, NULL);
    talk->lines = (char **)g_ptr_array_free(lines, FALSE);
    if (!cert || !key)
        return;
    gnutls_certificate_allocate_credentials(&talk->credentials);
    int result = gnutls_certificate_set_x509_key_file(talk->credentials, cert, key, GNUTLS_X509_FMT_PEM);
    if (result < 0)
        fail(talk, "%s: %s", cert, gnutls_strerror(result));
}

static void unload(Talk *talk)
{
    hang_up(talk, false);
    close(talk->listener);
    if (talk->credentials)
        gnutls_certificate_free_credentials(talk->credentials);
    g_strfreev(talk->lines);
    g_string_free(talk->input, TRUE);
    g_string_free(talk->held, TRUE);
    g_free(talk->tag);
}

int main(int argc, char **argv)
{
    const char *cert = NULL, *key = NULL;
    int port = 0, option;
    Talk talk = {.fd = -1, .timeout_ms = 10000};
    talk.input = g_string_new(NULL);
    talk.held = g_string_new(NULL);
    while ((option = getopt(argc, argv, "p:c:k:t:v")) != -1) {
        switch (option) {
        case 'p':
            port = atoi(optarg);
            break;
        case 'c':
            cert = optarg;
            break;
        case 'k':
            key = optarg;
            break;
        case 't':
            talk.timeout_ms = atoi(optarg) * 1000;
            break;
        case 'v':
            talk.verbose = true;
            break;
        default:
            return 2;
        }
    }
    if (optind + 1 != argc) {
        fprintf(stderr, "usage: talkd [-p PORT] [-c CERT -k KEY] [-t SECONDS] [-v] FILE.talk\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    load(&talk, argv[optind], cert, key);
    talk.listener = listen_on(port);
    play(&talk, 0, (int)g_strv_length(talk.lines));
    unload(&talk);
    return 0;
}
