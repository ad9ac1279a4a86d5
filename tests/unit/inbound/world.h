#pragma once
/* A small world for tests of what comes back: a list, three people on it, an announcement sent to each, a key file. */
#include <glib.h>
#include <glib/gstdio.h>

#include "base/clock.h"
#include "base/token.h"
#include "config/settings.h"
#include "mail/address.h"
#include "store/announcement_store.h"
#include "store/db.h"
#include "store/delivery_store.h"
#include "store/list_store.h"
#include "store/migrate.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"

#define PEOPLE 3
#define NOW    (INT64_C(20000) * DAY_US)

typedef struct World {
    char *dir;
    Keyring *keyring;
    Settings settings; /* only what the inbox reads */
    Db *db;
    int64_t list_id, announcement_id, people[PEOPLE];
    DeliveryState end; /* of each delivery that is made; SENT unless said otherwise */
    uint8_t hashes[PEOPLE][ADDRESS_HASH_SIZE];
} World;

#define MUST(call)                                                                                                     \
    do {                                                                                                               \
        g_autoptr(GError) error = NULL;                                                                                \
        bool went_well = (call);                                                                                       \
        g_assert_no_error(error);                                                                                      \
        g_assert_true(went_well);                                                                                      \
    } while (0)

/* Runs one writing call in a transaction of its own. */
#define WRITE(world, call)                                                                                             \
    do {                                                                                                               \
        DbTransaction *tx = NULL;                                                                                      \
        MUST((tx = db_begin((world)->db, &error)) != NULL);                                                            \
        MUST(call);                                                                                                    \
        MUST(db_commit(&tx, &error));                                                                                  \
    } while (0)

/* person0@example.test, person1@example.test … */
static inline void world_add_person(World *w, int which)
{
    g_autofree char *address = g_strdup_printf("person%d@example.test", which);
    Subscriber person = {.address = address,
                         .address_key = address,
                         .name = (char *)"Ann Beispiel",
                         .language = (char *)"de",
                         .created_at = 1};
    keyring_hash_address(w->keyring, address, w->hashes[which]);
    memcpy(person.address_hash, w->hashes[which], ADDRESS_HASH_SIZE);
    WRITE(w, subscriber_insert(w->db, &person, &error));
    w->people[which] = person.id;
    WRITE(w, subscription_become(w->db, w->list_id, person.id, SUBSCRIPTION_ACTIVE, 1, NULL, &error));
}

static inline void world_add_list(World *w)
{
    char *empty = (char *)"";
    MailingList list = {
        .slug = (char *)"presse",
        .title = (char *)"Presseinformationen",
        .description = empty,
        .language = (char *)"de",
        .from_name = empty,
        .from_address = empty,
        .sender_address = empty,
        .reply_to = empty,
    };
    WRITE(w, list_insert(w->db, &list, 1, &error));
    w->list_id = list.id;
}

/* Stores an announcement and gives it to everybody. */
static inline void world_send(World *w, Announcement *a, int64_t at)
{
    WRITE(w, announcement_insert(w->db, a, at, &error));
    w->announcement_id = a->id;
    bool done = false;
    WRITE(w, announcement_become(w->db, a->id, ANNOUNCEMENT_SCHEDULED, "test", at, &error));
    WRITE(w, announcement_become(w->db, a->id, ANNOUNCEMENT_SENDING, "test", at, &error));
    WRITE(w, announcement_expand(w->db, a->id, 1000, at, &done, &error));
    for (int i = 0; i < PEOPLE; i++) {
        DeliveryKey key = {a->id, w->people[i]};
        WRITE(w, delivery_become(w->db, key, DELIVERY_LEASED, at, NULL, at, &error));
        WRITE(w, delivery_become(w->db, key, w->end, at, NULL, at, &error));
    }
}

static inline void world_send_announcement(World *w, int64_t at)
{
    g_autoptr(Announcement) a = announcement_new();
    a->kind = ANNOUNCEMENT_NOTICE;
    a->language = g_strdup("de");
    a->publisher = (Publisher){g_strdup("o"), g_strdup("p"), g_strdup("a"), g_strdup("t"),
                               g_strdup(""),  g_strdup(""),  g_strdup("")};
    g_ptr_array_add(a->lists, g_strdup("presse"));
    world_send(w, a, at);
}

static inline void world_open_database(World *w)
{
    w->settings.store = (StoreSettings){.path = g_build_filename(w->dir, "news.db", NULL), .busy_timeout_ms = 10000};
    MUST(migrate_run(&w->settings.store, NULL, &error));
    MUST((w->db = db_open(&w->settings.store, &error)) != NULL);
}

static inline void world_set_up(World *w, gconstpointer data)
{
    (void)data;
    w->end = DELIVERY_SENT;
    MUST((w->dir = g_dir_make_tmp("rundbrief-inbound-XXXXXX", &error)) != NULL);
    g_autofree char *keys = g_build_filename(w->dir, "keys", NULL);
    MUST(keyring_create(keys, &error));
    MUST((w->keyring = keyring_load(keys, &error)) != NULL);
    w->settings.site = (SiteSettings){.name = (char *)"Kreis Musterland",
                                      .public_url = (char *)"",
                                      .from_address = (char *)"news@news.test",
                                      .help_address = (char *)"help@news.test",
                                      .reply_address = (char *)"inbox@news.test",
                                      .bounce_address = (char *)"bounces@news.test"};
    w->settings.bounce = (BounceSettings){.soft_limit = 25, .soft_window_days = 14, .unsigned_days = 7};
    w->settings.inbox = (InboxSettings){.forwards_per_hour = 3};
    w->settings.retention = (RetentionSettings){90, 180, 180, 14};
    world_open_database(w);
    world_add_list(w);
    for (int i = 0; i < PEOPLE; i++)
        world_add_person(w, i);
    world_send_announcement(w, NOW - DAY_US);
}

static inline void world_tear_down(World *w, gconstpointer data)
{
    (void)data;
    db_close(w->db);
    keyring_free(w->keyring);
    g_autoptr(GDir) dir = g_dir_open(w->dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(w->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(w->dir);
    g_free(w->settings.store.path);
    g_free(w->dir);
}
