/* outbound/: every failure of a conversation with a relay is a talk of tests/talks/smtp, played over a real socket.
 * Each row says what becomes of the one delivery, and what staff are told. */
#include "../certificate.h"
#include "engine_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

typedef enum { PLAIN, LOGIN, WITH_TLS, CHUNKED } Way;

/* clang-format off */
static const struct { const char *talk; const char *counts; const char *trouble; Way way; } cases[] = {
    { "accepted", "sent 1", NULL, PLAIN },
    { "helo-only", "sent 1", NULL, PLAIN },
    { "reply-in-pieces", "sent 1", NULL, PLAIN },
    { "idle-421", "sent 1", NULL, PLAIN },
    { "reset-421", "sent 1", NULL, PLAIN },
    { "premature-reply", "sent 1", NULL, PLAIN },
    { "dsn-asked", "sent 1", NULL, PLAIN },
    { "chunk-accepted", "sent 1", NULL, CHUNKED },
    /* the connection: the delivery is not even leased */
    { "greeting-refused", "pending 1", "relays.host", PLAIN },
    { "greeting-busy", "pending 1", "closes our connections", PLAIN },
    { "greeting-missing", "pending 1", "relays.host", PLAIN },
    { "greeting-garbage", "pending 1", "relays.host", PLAIN },
    { "closed-at-once", "pending 1", "relays.host", PLAIN },
    { "ehlo-421", "pending 1", "closes our connections", PLAIN },
    { "starttls-421", "pending 1", "closes our connections", WITH_TLS },
    { "auth-421", "pending 1", "closes our connections", LOGIN },
    { "ehlo-refused", "pending 1", "relays.host", PLAIN },
    { "starttls-missing", "pending 1", "relays.tls", WITH_TLS },
    { "starttls-refused", "pending 1", "relays.tls", WITH_TLS },
    { "certificate-unknown", "pending 1", "relays.ca_file", WITH_TLS },
    { "auth-missing", "pending 1", "relays.password_file", LOGIN },
    { "auth-refused", "pending 1", "535 5.7.8 wrong password", LOGIN },
    /* our sender, or the relay: the try does not count */
    { "mail-refused", "deferred 1", "site.bounce_address", PLAIN },
    { "mail-later", "deferred 1", "site.bounce_address", PLAIN },
    { "mail-421", "deferred 1", "closes our connections", PLAIN },
    { "chunk-after-refused-mail", "deferred 1", "site.bounce_address", CHUNKED },
    { "rcpt-relaying-denied", "deferred 1", "does not forward mail for us", PLAIN },
    /* the mail; what is refused for good by a relay that has accepted none yet is asked a second time */
    { "mail-too-big", "deferred 1", "the mail is bigger than the relay takes", PLAIN },
    { "rcpt-refused", "deferred 1", NULL, PLAIN },
    { "rcpt-later", "deferred 1", NULL, PLAIN },
    { "rcpt-421", "deferred 1", NULL, PLAIN },
    { "dot-421", "deferred 1", NULL, PLAIN },
    { "data-refused", "deferred 1", NULL, PLAIN },
    { "data-later", "deferred 1", NULL, PLAIN },
    { "data-after-refused-rcpt", "deferred 1", NULL, PLAIN },
    { "dot-refused", "deferred 1", NULL, PLAIN },
    { "dot-later", "deferred 1", NULL, PLAIN },
    { "data-421", "deferred 1", NULL, PLAIN },
    { "chunk-after-refused-rcpt", "deferred 1", NULL, CHUNKED },
    { "chunk-refused", "deferred 1", NULL, CHUNKED },
    { "chunk-later", "deferred 1", NULL, CHUNKED },
    { "chunk-421", "deferred 1", NULL, CHUNKED },
    /* the line, before anything could have been taken */
    { "lost-at-mail", "deferred 1", NULL, PLAIN },
    { "lost-at-rcpt", "deferred 1", NULL, PLAIN },
    { "lost-at-data", "deferred 1", NULL, PLAIN },
    { "late-reply-to-mail", "deferred 1", NULL, PLAIN },
    { "late-reply-to-rcpt", "deferred 1", NULL, PLAIN },
    { "late-reply-to-data", "deferred 1", NULL, PLAIN },
    { "shifted-replies", "deferred 1", NULL, PLAIN },
    { "mail-answered-354", "deferred 1", NULL, PLAIN },
    { "rcpt-answered-334", "deferred 1", NULL, PLAIN },
    { "data-answered-250", "deferred 1", NULL, PLAIN },
    { "early-reply-to-body", "deferred 1", NULL, PLAIN },
    { "dripping-reply", "deferred 1", NULL, PLAIN },
    { "garbage-at-rcpt", "deferred 1", NULL, PLAIN },
    { "endless-reply", "deferred 1", NULL, PLAIN },
    /* the line, when the relay may have taken it */
    { "lost-after-dot", "uncertain 1", NULL, PLAIN },
    { "reset-after-dot", "uncertain 1", NULL, PLAIN },
    { "late-reply", "uncertain 1", NULL, PLAIN },
    { "garbage-after-dot", "uncertain 1", NULL, PLAIN },
    { "half-a-line", "uncertain 1", NULL, PLAIN },
    { "half-a-reply", "uncertain 1", NULL, PLAIN },
    { "lost-after-chunk", "uncertain 1", NULL, CHUNKED },
    { "late-reply-to-chunk", "uncertain 1", NULL, CHUNKED },
    { "chunk-early-reply", "uncertain 1", NULL, CHUNKED },
};
/* clang-format on */

static void set_way(World *w, Way way)
{
    static char secret[300];
    w->relay.tls = way == WITH_TLS ? TLS_STARTTLS : TLS_NONE;
    w->relay.chunking = way == CHUNKED;
    w->relay.dsn = true;
    if (way != LOGIN)
        return;
    g_snprintf(secret, sizeof secret, "%s/password", w->dir);
    MUST(g_file_set_contents_full(secret, "sesame\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
    w->relay.user = (char *)"news";
    w->relay.password_file = secret;
}

static char *trouble_text(World *w)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) troubles = trouble_all(w->db, &error);
    g_assert_no_error(error);
    return troubles->len > 0 ? g_strdup(((Trouble *)troubles->pdata[0])->text) : NULL;
}

static void talk(World *w, gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *path = g_strdup_printf("tests/talks/smtp/%s.talk", cases[i].talk);
    g_autofree char *cert = g_build_filename(w->dir, "cert.pem", NULL),
                    *key = g_build_filename(w->dir, "key.pem", NULL);
    if (cases[i].way == WITH_TLS && !certificate_make(cert, key)) {
        g_test_skip("needs the program openssl");
        return;
    }
    w->relay.connections = w->relay.timeout_seconds = 1;
    set_way(w, cases[i].way);
    world_announce(w, (const char *const[]){"a@x.test", NULL});
    const char *plain[] = {path, NULL}, *tls[] = {"-c", cert, "-k", key, path, NULL};
    world_serve(w, "talkd", cases[i].way == WITH_TLS ? tls : plain);
    g_autoptr(Engine) engine = world_engine(w);
    int64_t end = clock_monotonic() + 6 * SECOND_US;
    g_autofree char *counts = NULL, *trouble = NULL;
    do {
        MUST(engine_turn(engine, 20, &error));
        g_free(counts);
        g_free(trouble);
        counts = world_counts(w);
        trouble = trouble_text(w);
    } while ((!g_str_equal(counts, cases[i].counts) || !trouble != !cases[i].trouble) && clock_monotonic() < end);
    g_assert_cmpstr(counts, ==, cases[i].counts);
    g_test_message("told: %s", trouble ? trouble : "nothing");
    if (cases[i].trouble)
        g_assert_nonnull(strstr(trouble ? trouble : "", cases[i].trouble));
    else
        g_assert_cmpstr(trouble, ==, NULL);
    world_drain(engine, 8);
    g_assert_cmpint(world_end_server(w, true), ==, 0); /* the talk went as written */
}

/* Staff are told in these words, and the mail waits. */
static void assert_nobody_is_reached(World *w, const char *words)
{
    g_autoptr(Engine) engine = world_engine(w);
    int64_t end = clock_monotonic() + 6 * SECOND_US;
    g_autofree char *trouble = NULL;
    while (!trouble && clock_monotonic() < end) {
        MUST(engine_turn(engine, 20, &error));
        trouble = trouble_text(w);
    }
    g_assert_nonnull(strstr(trouble ? trouble : "", words));
    g_autofree char *counts = world_counts(w);
    g_assert_cmpstr(counts, ==, "pending 1");
}

/* Nobody listens, or the name is unknown. */
static void no_relay(World *w, gconstpointer data)
{
    w->relay.host = (char *)data;
    w->relay.port = 1;
    world_announce(w, (const char *const[]){"a@x.test", NULL});
    assert_nobody_is_reached(w, "relays.host");
}

/* The other side's host does not even take the connection: its queue of them is full. */
static void connection_times_out(World *w, gconstpointer data)
{
    (void)data;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), waiting[2];
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    g_assert_cmpint(bind(listener, (struct sockaddr *)&address, size), ==, 0);
    g_assert_cmpint(listen(listener, 0), ==, 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++) {
        waiting[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        connect(waiting[i], (struct sockaddr *)&address, size);
    }
    w->relay.port = ntohs(address.sin_port);
    w->relay.timeout_seconds = 1;
    world_announce(w, WORDS("a@x.test"));
    assert_nobody_is_reached(w, "no connection within the time limit");
    for (gsize i = 0; i < G_N_ELEMENTS(waiting); i++)
        close(waiting[i]);
    close(listener);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strdup_printf("/faults/%s", cases[i].talk);
        g_test_add(name, World, GSIZE_TO_POINTER(i), world_set_up, talk, world_tear_down);
    }
    g_test_add("/faults/connection-refused", World, "127.0.0.1", world_set_up, no_relay, world_tear_down);
    g_test_add("/faults/host-unknown", World, "no-such-host.invalid", world_set_up, no_relay, world_tear_down);
    g_test_add("/faults/connection-times-out", World, NULL, world_set_up, connection_times_out, world_tear_down);
    return g_test_run();
}
