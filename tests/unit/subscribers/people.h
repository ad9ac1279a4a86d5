#pragma once
/* What tests about people begin with: a database, keys, a site and one list, "presse". */
#include "../store/database.h"
#include "base/clock.h"
#include "base/token.h"
#include "store/consent_store.h"
#include "store/list_store.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"
#include "store/suppression_store.h"
#include "subscribers/admission.h"

#define NOW INT64_C(1525244400000000) /* 2 May 2018, 09:00 in Berlin */

typedef struct People {
    Database database;
    Db *db;
    Keyring *keyring;
    SiteSettings site;
    MailingList *list;
    AdmissionTerms terms;
} People;

#define IN_TRANSACTION(f, ...)                                                                                         \
    do {                                                                                                               \
        g_autoptr(GError) error = NULL;                                                                                \
        g_autoptr(DbTransaction) tx = db_begin((f)->db, &error);                                                       \
        g_assert_no_error(error);                                                                                      \
        __VA_ARGS__;                                                                                                   \
        g_assert_no_error(error);                                                                                      \
        g_assert_true(db_commit(&tx, &error));                                                                         \
    } while (0)

static inline MailingList *people_add_list(People *f, const char *slug, const char *title)
{
    MailingList *list = g_new0(MailingList, 1);
    char **empty[] = {&list->description, &list->from_name, &list->from_address, &list->sender_address,
                      &list->reply_to};
    for (gsize i = 0; i < G_N_ELEMENTS(empty); i++)
        *empty[i] = g_strdup("");
    list->slug = g_strdup(slug);
    list->title = g_strdup(title);
    list->language = g_strdup("de");
    IN_TRANSACTION(f, list_insert(f->db, list, NOW, &error));
    return list;
}

static inline void people_set_up(People *f, gconstpointer data)
{
    g_autoptr(GError) error = NULL;
    database_set_up(&f->database, data);
    f->db = f->database.db;
    g_autofree char *keys = g_build_filename(f->database.dir, "keys", NULL);
    g_assert_true(keyring_create(keys, &error));
    f->keyring = keyring_load(keys, &error);
    g_assert_no_error(error);
    f->site = (SiteSettings){.name = (char *)"Kreis Musterland",
                             .zone = (char *)"Europe/Berlin",
                             .public_url = (char *)"",
                             .reply_address = (char *)"inbox@news.example",
                             .help_address = (char *)"help@news.example"};
    f->list = people_add_list(f, "presse", "Presseinformationen");
    f->terms = (AdmissionTerms){.list = f->list,
                                .kind = CONSENT_IMPORTED,
                                .ground = "form of 2 May",
                                .actor = "cli:test",
                                .site = &f->site,
                                .keyring = f->keyring};
}

static inline void people_tear_down(People *f, gconstpointer data)
{
    mailing_list_free(f->list);
    keyring_free(f->keyring);
    database_tear_down(&f->database, data);
}

/* Puts somebody on the list by f->terms, whatever the rules say of them; returns what they said. */
static inline RejectionKind people_admit(People *f, const char *address, int64_t now)
{
    g_auto(Rejection) rejection = {0};
    g_auto(Candidate) candidate = {0};
    g_assert_true(candidate_init(&candidate, f->keyring, address, "", "", "de", &rejection));
    IN_TRANSACTION(f, admission_admit(f->db, &f->terms, &candidate, "test", now, &rejection, &error));
    return rejection.kind;
}

/* "active", "left", …; "none" without subscription or person. */
static inline const char *people_state(People *f, const MailingList *list, const char *key)
{
    g_autoptr(GError) error = NULL;
    Standing standing;
    g_assert_true(subscriber_standing(f->db, list->id, key, &standing, &error));
    return standing.has_state ? subscription_state_word(standing.state) : "none";
}

/* The kinds of all consent records of an address: "imported left". */
static inline char *people_history(People *f, const char *key)
{
    g_autoptr(GError) error = NULL;
    uint8_t hash[ADDRESS_HASH_SIZE];
    keyring_hash_address(f->keyring, key, hash);
    g_autoptr(GPtrArray) history = consent_history(f->db, hash, &error);
    g_assert_no_error(error);
    GString *kinds = g_string_new(NULL);
    for (guint i = 0; i < history->len; i++)
        g_string_append_printf(kinds, "%s%s", i ? " " : "",
                               consent_kind_word(((const ConsentRecord *)history->pdata[i])->kind));
    return g_string_free(kinds, FALSE);
}

static inline int64_t people_id(People *f, const char *key)
{
    g_autoptr(GError) error = NULL;
    Standing standing;
    g_assert_true(subscriber_standing(f->db, f->list->id, key, &standing, &error));
    return standing.subscriber_id;
}

#define assert_history(f, key, want)                                                                                   \
    do {                                                                                                               \
        g_autofree char *kinds = people_history(f, key);                                                               \
        g_assert_cmpstr(kinds, ==, want);                                                                              \
    } while (0)
