#pragma once
/* What the tests of the engine share: a database with one announcement to a few people, and a server process of
 * tests/fake beside the test. */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "outbound/engine.h"
#include "store/announcement_store.h"
#include "store/delivery_store.h"
#include "store/list_store.h"
#include "store/migrate.h"
#include "store/outbox_store.h"
#include "store/role_store.h"
#include "store/statements.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

#define MUST(call)                                                                                                     \
    do {                                                                                                               \
        g_autoptr(GError) error = NULL;                                                                                \
        bool call_done = (call);                                                                                       \
        g_assert_no_error(error);                                                                                      \
        g_assert_true(call_done);                                                                                      \
    } while (0)

typedef struct World {
    char *dir;
    Settings settings;
    RelaySettings relay;
    Keyring *keyring;
    Db *db;
    int64_t list_id, announcement_id;
    const char *list;   /* its slug */
    const char *person; /* name of those that are added; NULL: Ann */
    AnnouncementKind kind;
    bool urgent;
    GPid server;
    int server_output;
} World;

static char *fake_path; /* build/…/tests/fake, found from the place of the test itself */

static inline void world_init_paths(const char *argv0)
{
    g_autofree char *dir = g_path_get_dirname(argv0);
    fake_path = g_build_filename(dir, "..", "..", "fake", NULL);
}

static inline void world_set_up(World *w, gconstpointer data)
{
    (void)data;
    w->dir = g_dir_make_tmp("rundbrief-engine-XXXXXX", NULL);
    w->kind = ANNOUNCEMENT_NOTICE;
    w->relay = (RelaySettings){.name = (char *)"main",
                               .host = (char *)"127.0.0.1",
                               .tls = TLS_NONE,
                               .ca_file = (char *)"",
                               .user = (char *)"",
                               .password_file = (char *)"",
                               .client_cert = (char *)"",
                               .client_key = (char *)"",
                               .token_command = (char *)"",
                               .connection_seconds = 300,
                               .connections = 2,
                               .messages_per_connection = 1000,
                               .timeout_seconds = 2};
    w->settings = (Settings){
        .site = {.name = (char *)"Kreis",
                 .language = (char *)"de",
                 .zone = (char *)"Europe/Berlin",
                 .public_url = (char *)"",
                 .from_name = (char *)"Kreis",
                 .from_address = (char *)"presse@news.test",
                 .bounce_address = (char *)"bounces@news.test",
                 .reply_address = (char *)"inbox@news.test",
                 .help_address = (char *)"help@news.test",
                 .helo_name = (char *)"news.test"},
        .store = {.path = g_build_filename(w->dir, "news.db", NULL), .busy_timeout_ms = 2000},
        .files = {.keys = g_build_filename(w->dir, "keys", NULL),
                  .templates_dir = (char *)"templates",
                  .media_dir = w->dir,
                  .runtime_dir = w->dir},
        .quiet_hours = {.start = (char *)"", .end = (char *)""},
        .retry = {.first_seconds = 1, .longest_seconds = 2},
        .patience = {1, 1, 1, 1, 1},
        .bounce = {.soft_limit = 45, .soft_window_days = 60},
        .relays = g_ptr_array_new(),
        .providers = g_ptr_array_new(),
        .mailboxes = g_ptr_array_new(),
        .dkim = g_ptr_array_new(),
    };
    g_ptr_array_add(w->settings.relays, &w->relay);
    MUST(keyring_create(w->settings.files.keys, &error));
    MUST((w->keyring = keyring_load(w->settings.files.keys, &error)) != NULL);
    MUST(migrate_run(&w->settings.store, NULL, &error));
    MUST((w->db = db_open(&w->settings.store, &error)) != NULL);
}

static inline DbTransaction *world_begin(World *w)
{
    g_autoptr(GError) error = NULL;
    DbTransaction *tx = db_begin(w->db, &error);
    g_assert_no_error(error);
    return tx;
}

static inline void world_add_person(World *w, const char *address)
{
    Subscriber person = {.address = (char *)address,
                         .address_key = (char *)address,
                         .name = (char *)(w->person ? w->person : "Ann"),
                         .language = (char *)"de"};
    bool changed;
    keyring_hash_address(w->keyring, address, person.address_hash);
    MUST(subscriber_insert(w->db, &person, &error));
    MUST(subscription_become(w->db, w->list_id, person.id, SUBSCRIPTION_ACTIVE, 1, &changed, &error));
}

/* From now on this is the list that is announced to. */
static inline void world_add_list(World *w, const char *slug, int64_t rate_per_minute, int64_t weight)
{
    MailingList list = {.slug = (char *)slug,
                        .rate_per_minute = rate_per_minute,
                        .weight = weight,
                        .title = (char *)"Presse",
                        .description = (char *)"",
                        .language = (char *)"de",
                        .from_name = (char *)"",
                        .from_address = (char *)"",
                        .sender_address = (char *)"",
                        .reply_to = (char *)""};
    DbTransaction *tx = world_begin(w);
    MUST(list_insert(w->db, &list, 1, &error));
    MUST(db_commit(&tx, &error));
    w->list_id = list.id;
    w->list = slug;
}

/* An announcement that is due now, to the people named in addresses (a NULL-terminated list) and those already on the
 * list. */
static inline void world_announce(World *w, const char *const *addresses)
{
    if (!w->list)
        world_add_list(w, "presse", 0, 1);
    DbTransaction *tx = world_begin(w);
    for (guint i = 0; addresses[i]; i++)
        world_add_person(w, addresses[i]);
    g_autoptr(Announcement) a = announcement_new();
    a->kind = w->kind;
    a->urgent = w->urgent;
    a->language = g_strdup("de");
    a->publisher = (Publisher){g_strdup("Amt"), g_strdup("P. Person"), g_strdup("Weg 1"), g_strdup("1"),
                               g_strdup(""),    g_strdup(""),          g_strdup("")};
    g_ptr_array_add(a->lists, g_strdup(w->list));
    Variant *variant = announcement_add_variant(a, "de");
    variant->subject = g_strdup("Hinweis");
    variant->date_line = g_strdup("");
    variant->place_line = g_strdup("");
    variant->headline = g_strdup("Hinweis");
    variant->sub_headline = g_strdup("");
    variant->lead = g_strdup("");
    variant->body = g_strdup("Guten Tag.");
    variant->contact = g_strdup("");
    MUST(announcement_insert(w->db, a, clock_now(), &error));
    w->announcement_id = a->id;
    MUST(announcement_become(w->db, a->id, ANNOUNCEMENT_SCHEDULED, "test", clock_now(), &error));
    MUST(db_commit(&tx, &error));
}

/* In a child: does not outlive the test, also when that fails. */
static inline void end_with_parent(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

/* Starts a program of tests/fake and learns its port. words: its arguments, NULL-terminated. */
static inline void world_serve(World *w, const char *program, const char *const *words)
{
    g_autofree char *path = g_build_filename(fake_path, program, NULL);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, path);
    for (guint i = 0; words[i]; i++)
        g_ptr_array_add(argv, (gpointer)words[i]);
    g_ptr_array_add(argv, NULL);
    MUST(g_spawn_async_with_pipes(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD, end_with_parent, NULL,
                                  &w->server, NULL, &w->server_output, NULL, &error));
    char line[64] = "";
    g_assert_cmpint(read(w->server_output, line, sizeof line - 1), >, 0);
    w->relay.port = atoi(line + strlen("port "));
}

/* Ends the server if it has not ended by itself; its exit status, -1 when it had to be killed. */
static inline int world_end_server(World *w, bool wait_for_it)
{
    int status = 0;
    if (w->server == 0)
        return 0;
    if (!wait_for_it)
        kill(w->server, SIGTERM);
    waitpid(w->server, &status, 0);
    close(w->server_output);
    w->server = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void world_tear_down(World *w, gconstpointer data)
{
    (void)data;
    world_end_server(w, false);
    db_close(w->db);
    keyring_free(w->keyring);
    g_ptr_array_unref(w->settings.relays);
    g_ptr_array_unref(w->settings.providers);
    g_ptr_array_unref(w->settings.mailboxes);
    g_autoptr(GDir) dir = g_dir_open(w->dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(w->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(w->dir);
    g_free(w->settings.store.path);
    g_free(w->settings.files.keys);
    g_free(w->dir);
}

/* "sent 2, failed 1": what delivery_count says of the announcement. Caller frees. */
static inline char *world_counts(World *w)
{
    int64_t counts[DELIVERY_STATE_COUNT];
    g_autoptr(GString) text = g_string_new(NULL);
    MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    for (int i = 0; i < DELIVERY_STATE_COUNT; i++)
        if (counts[i] != 0)
            g_string_append_printf(text, "%s%s %d", text->len ? ", " : "", delivery_state_word(i), (int)counts[i]);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Gives the engine turns until the counts read so, or the time is over. */
static inline void world_run_until(World *w, Engine *engine, const char *counts, int seconds)
{
    int64_t end = clock_monotonic() + seconds * SECOND_US;
    g_autofree char *now = NULL;
    do {
        MUST(engine_turn(engine, 20, &error));
        g_free(now);
        now = world_counts(w);
    } while (!g_str_equal(now, counts) && clock_monotonic() < end);
    g_assert_cmpstr(now, ==, counts);
}

/* Stops it as SIGTERM would. */
static inline void world_drain(Engine *engine, int seconds)
{
    int64_t end = clock_monotonic() + seconds * SECOND_US;
    engine_stop(engine);
    while (!engine_finished(engine) && clock_monotonic() < end)
        MUST(engine_turn(engine, 20, &error));
    g_assert_true(engine_finished(engine));
}

static inline Engine *world_engine(World *w)
{
    g_autoptr(GError) error = NULL;
    Engine *engine = engine_new(&w->settings, w->db, w->keyring, &error);
    g_assert_no_error(error);
    return engine;
}

/* What is told of a subject; NULL: nothing. Caller frees. */
static inline char *world_told(World *w, const char *subject)
{
    g_autoptr(GPtrArray) troubles = trouble_all(w->db, NULL);
    for (guint i = 0; i < troubles->len; i++) {
        const Trouble *trouble = troubles->pdata[i];
        if (g_str_equal(trouble->subject, subject))
            return g_strdup(trouble->text);
    }
    return NULL;
}

/* Runs until the trouble is told, or is not any more; its text. Caller frees. */
static inline char *world_run_until_told(World *w, Engine *engine, const char *subject, bool wanted)
{
    char *told = world_told(w, subject);
    for (int64_t end = clock_monotonic() + 12 * SECOND_US; (told != NULL) != wanted && clock_monotonic() < end;) {
        MUST(engine_turn(engine, 20, &error));
        g_free(told);
        told = world_told(w, subject);
    }
    g_assert_true((told != NULL) == wanted);
    return told;
}
