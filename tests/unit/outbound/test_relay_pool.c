/* outbound/relay_pool: which relay gets a line, and when a line has had enough. Time is what we say it is. */
#include "outbound/relay_pool.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include "engine_fixture.h"

#define BROKEN ((const Attempt){.phase = SMTP_CONNECT, .line_lost = true})

typedef struct Pool {
    World world;
    RelaySettings second;
    LinkHub *hub;
    RelayPool *pool;
    int64_t now;
} Pool;

static void set_up(Pool *p, gconstpointer data)
{
    (void)data;
    world_set_up(&p->world, NULL);
    MUST((p->hub = link_hub_new(&error)) != NULL);
    p->now = clock_monotonic();
    p->world.relay.port = 1; /* nobody listens there */
    p->second = p->world.relay;
    p->second.name = (char *)"second";
}

static void tear_down(Pool *p, gconstpointer data)
{
    (void)data;
    relay_pool_free(p->pool);
    link_hub_free(p->hub);
    world_tear_down(&p->world, NULL);
}

/* A new line, to whichever relay works; NULL: none. Forgets the one before. */
static Line *next_line(Pool *p)
{
    relay_pool_retire_all(p->pool);
    relay_pool_tend(p->pool, p->now);
    g_assert_cmpuint(relay_pool_count(p->pool), ==, 0);
    relay_pool_grow(p->pool, "", p->now);
    return relay_pool_count(p->pool) > 0 ? relay_pool_line(p->pool, 0) : NULL;
}

static void a_benched_relay_is_left_alone(Pool *p, gconstpointer data)
{
    (void)data;
    g_ptr_array_add(p->world.settings.relays, &p->second);
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    Line *line = next_line(p);
    g_assert_cmpstr(relay_name(line->relay), ==, "main");
    int64_t pause = relay_failed(line->relay, &BROKEN, p->now);
    g_assert_cmpint(pause, >, 0);
    line = next_line(p);
    g_assert_cmpstr(relay_name(line->relay), ==, "second");
    relay_failed(line->relay, &BROKEN, p->now);
    g_assert_null(next_line(p));
    p->now += pause;
    line = next_line(p);
    g_assert_cmpstr(relay_name(line->relay), ==, "main"); /* the probe */
}

static void lines_lost_by_three_mails_in_a_row_bench_it(Pool *p, gconstpointer data)
{
    (void)data;
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    static const struct {
        bool worked_before;
        int64_t whom;
    } lost[] = {{false, 1}, {false, 2}, {true, 3}, {false, 3}, {false, 4}, {false, 4}, {false, 5}};
    for (gsize i = 0; i < G_N_ELEMENTS(lost); i++) {
        Line *line = next_line(p);
        g_assert_nonnull(line);
        if (lost[i].worked_before)
            relay_accepted(line->relay);
        relay_left(line->relay, &BROKEN, lost[i].whom, p->now);
    }
    g_assert_null(next_line(p));
}

/* One that bears its name now would never take back what it did not tell. */
static void a_retired_relay_tells_nothing(Pool *p, gconstpointer data)
{
    (void)data;
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    Line *line = next_line(p);
    relay_failed(line->relay, &BROKEN, p->now);
    relay_pool_told(p->pool);
    relay_pool_reload(p->pool, &p->world.settings);
    g_assert_true(relay_pool_has_news(p->pool)); /* that it is over */
    relay_failed(line->relay, &BROKEN, p->now);
    DbTransaction *tx = world_begin(&p->world);
    MUST(relay_pool_tell(p->pool, p->world.db, clock_now(), &error));
    MUST(db_commit(&tx, &error));
    g_autofree char *told = world_told(&p->world, "relay main");
    g_assert_null(told);
    relay_pool_told(p->pool);
    relay_failed(line->relay, &BROKEN, p->now);
    g_assert_false(relay_pool_has_news(p->pool));
}

static guint room(Pool *p)
{
    g_autoptr(Rooms) rooms = rooms_new();
    relay_pool_rooms(p->pool, p->now, rooms);
    return rooms_for(rooms, "");
}

/* A line that is open. */
static Line *open_line(Pool *p)
{
    bool woken;
    world_serve(&p->world, "sink", (const char *const[]){"-o", "/dev/null", NULL});
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    Line *line = next_line(p);
    for (int i = 0; i < 100 && link_state(line->link) == LINK_CONNECTING; i++) {
        MUST(link_hub_wait(p->hub, 20, 0, &woken, &error));
        link_read(line->link, p->now);
    }
    g_assert_cmpint(link_state(line->link), ==, LINK_OPEN);
    return line;
}

static void a_line_carries_so_many_mails(Pool *p, gconstpointer data)
{
    (void)data;
    p->world.relay.messages_per_connection = 3;
    Line *line = open_line(p);
    g_assert_cmpuint(room(p), ==, 2);
    g_assert_cmpuint(line_room(line, false), ==, 2);
    line_take(line, false, p->now);
    g_assert_cmpuint(line_room(line, false), ==, 1);
    line->taken = 2;
    g_assert_cmpuint(room(p), ==, 1);
    relay_pool_tend(p->pool, p->now);
    g_assert_false(line->retired);
    line->taken = 3;
    g_assert_cmpuint(line_room(line, false), ==, 0);
    relay_pool_tend(p->pool, p->now);
    g_assert_true(line->retired);
}

static void an_idle_line_says_good_bye(Pool *p, gconstpointer data)
{
    (void)data;
    Line *line = open_line(p);
    int64_t quiet_since = link_quiet_since(line->link);
    relay_pool_tend(p->pool, quiet_since + 19 * SECOND_US);
    g_assert_false(line->retired);
    relay_pool_tend(p->pool, quiet_since + 21 * SECOND_US);
    g_assert_true(line->retired);
}

static void an_old_line_says_good_bye(Pool *p, gconstpointer data)
{
    (void)data;
    p->world.relay.connection_seconds = 10;
    Line *line = open_line(p);
    line->opened_at = p->now;
    relay_pool_tend(p->pool, p->now + 9 * SECOND_US);
    g_assert_false(line->retired);
    relay_pool_tend(p->pool, p->now + 11 * SECOND_US);
    g_assert_true(line->retired);
}

/* One that does not answer must not hold up the other. */
static void each_relay_that_works_gets_lines(Pool *p, gconstpointer data)
{
    (void)data;
    g_ptr_array_add(p->world.settings.relays, &p->second);
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    relay_pool_grow(p->pool, "", p->now);
    relay_pool_grow(p->pool, "", p->now);
    g_assert_cmpuint(relay_pool_count(p->pool), ==, 2);
    g_assert_cmpstr(relay_name(relay_pool_line(p->pool, 0)->relay), ==, "main");
    g_assert_cmpstr(relay_name(relay_pool_line(p->pool, 1)->relay), ==, "second");
}

/* Sixty a minute: one each second, and no more lines than that needs. */
static void a_relay_gets_no_more_than_its_rate(Pool *p, gconstpointer data)
{
    (void)data;
    p->world.relay.rate_per_minute = 60;
    Line *line = open_line(p);
    for (int i = 0; i < 3; i++) {
        g_assert_cmpuint(room(p), ==, 1);
        line_take(line, false, p->now);
        g_assert_cmpuint(room(p), ==, 0);
        g_assert_cmpuint(line_room(line, false), ==, 0);
        relay_pool_grow(p->pool, "", p->now);
        g_assert_cmpuint(relay_pool_count(p->pool), ==, 1);
        p->now += SECOND_US;
    }
}

static int listen_here(int64_t *ret_port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(fd, (struct sockaddr *)&address, size), ==, 0);
    g_assert_cmpint(listen(fd, 1), ==, 0);
    g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &size), ==, 0);
    *ret_port = ntohs(address.sin_port);
    return fd;
}

static void we_say_our_name(Pool *p, gconstpointer data)
{
    (void)data;
    bool woken;
    char said[64] = "";
    int listener = listen_here(&p->world.relay.port), server = -1;
    p->world.settings.site.helo_name = (char *)"letters.kreis.test";
    p->pool = relay_pool_new(&p->world.settings, p->hub);
    Line *line = next_line(p);
    for (int i = 0; i < 100 && !said[0]; i++) {
        MUST(link_hub_wait(p->hub, 20, 0, &woken, &error));
        link_read(line->link, p->now);
        if (server < 0 && (server = accept(listener, NULL, NULL)) >= 0)
            g_assert_cmpint(write(server, "220 here\r\n", 10), ==, 10);
        if (server >= 0 && recv(server, said, sizeof said - 1, MSG_DONTWAIT) <= 0)
            said[0] = '\0';
    }
    g_assert_cmpstr(said, ==, "EHLO letters.kreis.test\r\n");
    close(server);
    close(listener);
}

#define TEST(name) g_test_add("/relay_pool/" #name, Pool, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    TEST(a_benched_relay_is_left_alone);
    TEST(lines_lost_by_three_mails_in_a_row_bench_it);
    TEST(a_retired_relay_tells_nothing);
    TEST(a_line_carries_so_many_mails);
    TEST(an_idle_line_says_good_bye);
    TEST(an_old_line_says_good_bye);
    TEST(each_relay_that_works_gets_lines);
    TEST(a_relay_gets_no_more_than_its_rate);
    TEST(we_say_our_name);
    return g_test_run();
}
