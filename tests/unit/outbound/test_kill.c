/* outbound/: a sender that is killed at any moment loses no mail, and repeats none that is not shown as uncertain. The
 * sender runs in a process of its own and gets SIGKILL; KILLS says how often (6 unless told). */
#include "engine_fixture.h"

#define PEOPLE 2000

static int kills_wanted(void)
{
    const char *text = g_getenv("KILLS");
    return text ? atoi(text) : 6;
}

static void announce_to_many(World *w)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < PEOPLE; i++)
        g_ptr_array_add(addresses, g_strdup_printf("p%d@x.test", i));
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
}

/* The child: its own connection to the database, turns until it is killed or everything is sent. */
static void send_until_killed(World *w)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(&w->settings.store, &error);
    g_autoptr(Engine) engine = db ? engine_new(&w->settings, db, w->keyring, &error) : NULL;
    while (engine)
        engine_turn(engine, 10, NULL);
    _exit(1);
}

static pid_t start_sender(World *w)
{
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        end_with_parent(NULL);
        send_until_killed(w);
    }
    return pid;
}

static void kill_sender(pid_t pid)
{
    int status;
    g_assert_cmpint(waitpid(pid, &status, WNOHANG), ==, 0); /* it still lived */
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
}

static int64_t open_deliveries(World *w)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    int64_t open = counts[DELIVERY_PENDING] + counts[DELIVERY_LEASED] + counts[DELIVERY_DEFERRED];
    return open + (counts[DELIVERY_SENT] + counts[DELIVERY_UNCERTAIN] == 0); /* not expanded yet */
}

/* How often each recipient stands in the sink's file. */
static GHashTable *read_log(const char *path)
{
    g_autofree char *text = NULL;
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    MUST(g_file_get_contents(path, &text, NULL, &error));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 0; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], "\t", -1);
        int n = GPOINTER_TO_INT(g_hash_table_lookup(seen, fields[2]));
        g_hash_table_insert(seen, g_strdup(fields[2]), GINT_TO_POINTER(n + 1));
    }
    return seen;
}

static GHashTable *read_uncertain(World *w, guint *ret_count)
{
    GHashTable *ids = g_hash_table_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(DbQuery) query = db_query(w->db, SQL_DELIVERY_EVENTS);
    db_bind_int64(query, "announcement_id", w->announcement_id);
    for (*ret_count = 0; db_step(query, &error) == DB_ROW;) {
        if (!g_str_equal(db_text(query, "kind"), "uncertain"))
            continue;
        g_hash_table_add(ids, GINT_TO_POINTER((int)db_int64(query, "subscriber_id")));
        (*ret_count)++;
    }
    g_assert_no_error(error);
    return ids;
}

/* Subscriber n is p(n-1)@x.test. */
static void check_log(World *w, const char *log, UncertainRule rule, int kills)
{
    guint uncertain, lost = 0, repeated = 0;
    g_autoptr(GHashTable) seen = read_log(log);
    g_autoptr(GHashTable) shown = read_uncertain(w, &uncertain);
    for (int i = 0; i < PEOPLE; i++) {
        g_autofree char *address = g_strdup_printf("p%d@x.test", i);
        int n = GPOINTER_TO_INT(g_hash_table_lookup(seen, address));
        bool is_shown = g_hash_table_contains(shown, GINT_TO_POINTER(i + 1));
        if (n != 1 && !is_shown)
            g_error("%s got %d mails and is not shown as uncertain", address, n);
        lost += n == 0;
        repeated += n > 1 ? (guint)n - 1 : 0;
    }
    g_test_message("%d kills: %u uncertain, %u lost, %u repeated", kills, uncertain, lost, repeated);
    g_assert_cmpint(lost, <=, rule == UNCERTAIN_AGAIN ? 0 : uncertain);
    g_assert_cmpint(repeated, <=, uncertain);
    g_assert_cmpint(uncertain, <=, kills * w->relay.connections * (w->relay.chunking ? w->relay.depth : 1));
}

typedef struct Way {
    const char *name;
    UncertainRule rule;
    bool chunking; /* uncertain are at most depth x connections then */
} Way;

static const Way ways[] = {
    {"/kill/invariant_4_hold", UNCERTAIN_HOLD, false},
    {"/kill/invariant_4_again", UNCERTAIN_AGAIN, false},
    {"/kill/invariant_4_hold_chunks", UNCERTAIN_HOLD, true},
    {"/kill/invariant_4_again_chunks", UNCERTAIN_AGAIN, true},
};

static void killed_at_any_moment(World *w, gconstpointer data)
{
    const Way *way = data;
    UncertainRule rule = way->rule;
    int kills = kills_wanted(), killed = 0;
    g_autofree char *log = g_build_filename(w->dir, "log", NULL);
    w->relay.connections = 4;
    w->relay.chunking = way->chunking;
    w->relay.depth = 8;
    w->settings.uncertain.notice = rule;
    announce_to_many(w);
    g_autofree char *delay = g_strdup_printf("%d",
                                             1 + kills / 4); /* milliseconds: so that the send outlives the kills */
    world_serve(w, "sink", (const char *const[]){"-C", "-o", log, "-d", delay, NULL});
    while (killed < kills && open_deliveries(w) > 0) {
        pid_t pid = start_sender(w);
        g_usleep((gulong)g_random_int_range(20000, 120000));
        kill_sender(pid);
        killed++;
    }
    pid_t pid = start_sender(w);
    for (int64_t end = clock_monotonic() + 60 * SECOND_US; open_deliveries(w) > 0 && clock_monotonic() < end;)
        g_usleep(20000);
    g_assert_cmpint(open_deliveries(w), ==, 0);
    kill_sender(pid);
    check_log(w, log, rule, killed + 1);
}

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN);
    world_init_paths(argv[0]);
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++)
        g_test_add(ways[i].name, World, &ways[i], world_set_up, killed_at_any_moment, world_tear_down);
    return g_test_run();
}
