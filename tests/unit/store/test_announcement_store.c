/* store/announcement_store: an announcement comes back as it was stored, moves only as it may, and reaches each person
 * once. */
#include "store/announcement_store.h"

/* libraries */
#include <glib/gstdio.h>
#include <sqlite3.h>

/* rundbrief */
#include "base/clock.h"
#include "store/delivery_store.h"
#include "store/migrate.h"

typedef struct Fixture {
    char *dir;
    StoreSettings settings;
    Db *db;
    sqlite3 *raw; /* a second connection, to lay out people and to look behind the curtain */
} Fixture;

static void raw_exec(Fixture *f, const char *sql)
{
    char *message = NULL;
    if (sqlite3_exec(f->raw, sql, NULL, NULL, &message) != SQLITE_OK)
        g_error("%s: %s", sql, message);
}

static int64_t raw_number(Fixture *f, const char *sql)
{
    sqlite3_stmt *statement;
    g_assert_cmpint(sqlite3_prepare_v2(f->raw, sql, -1, &statement, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_step(statement), ==, SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

/* Two lists; persons 1 to 30; "presse" has all of them, "ak" every third;
 * 7 has left, 9 is pending, 11 is suppressed. */
static void lay_out_people(Fixture *f)
{
    raw_exec(
        f,
        "INSERT INTO list (id, slug, title, language, joining, legal_basis, created_at) VALUES"
        " (1, 'presse', 'Presse', 'de', 'open', 'consent', 0), (2, 'ak', 'Arbeitskreis', 'de', 'closed', 'consent', 0);"
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)"
        " INSERT INTO subscriber (id, address, address_key, address_hash, language, format, created_at)"
        " SELECT i, 'p' || i || '@example.test', 'p' || i || '@example.test', CAST('hash' || i AS BLOB), 'de', 'html', "
        "0 FROM n;"
        "INSERT INTO subscription SELECT 1, id, 'active', 0 FROM subscriber;"
        "INSERT INTO subscription SELECT 2, id, 'active', 0 FROM subscriber WHERE id % 3 = 0;"
        "UPDATE subscription SET state = 'left' WHERE subscriber_id = 7;"
        "UPDATE subscription SET state = 'pending' WHERE subscriber_id = 9 AND list_id = 1;"
        "UPDATE subscription SET state = 'left' WHERE subscriber_id = 9 AND list_id = 2;"
        "INSERT INTO suppression VALUES (CAST('hash11' AS BLOB), 'hard-bounce', 0, 'test');");
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("rundbrief-announcement-XXXXXX", &error);
    g_assert_no_error(error);
    f->settings = (StoreSettings){.path = g_build_filename(f->dir, "news.db", NULL), .busy_timeout_ms = 10000};
    migrate_run(&f->settings, NULL, &error);
    g_assert_no_error(error);
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
    g_assert_cmpint(sqlite3_open(f->settings.path, &f->raw), ==, SQLITE_OK);
    raw_exec(f, "PRAGMA foreign_keys = ON");
    lay_out_people(f);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    sqlite3_close(f->raw);
    db_close(f->db);
    g_autoptr(GDir) dir = g_dir_open(f->dir, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(f->dir, name, NULL);
        g_unlink(path);
    }
    g_rmdir(f->dir);
    g_free(f->settings.path);
    g_free(f->dir);
}

static Variant *add_variant(Announcement *announcement, const char *language, const char *headline)
{
    Variant *variant = announcement_add_variant(announcement, language);
    variant->subject = g_strdup(headline);
    variant->headline = g_strdup(headline);
    variant->body = g_strdup("Der Kreis *lädt* ein: „Übung“.");
    return variant;
}

/* Fills all there is to fill. */
static Announcement *make_announcement(void)
{
    Announcement *announcement = announcement_new();
    announcement->kind = ANNOUNCEMENT_INVITATION;
    announcement->language = g_strdup("de");
    announcement->publisher.office = g_strdup("Kreis Musterland");
    announcement->publisher.person = g_strdup("Änne Groß");
    announcement->publisher.address = g_strdup("Marktplatz 1");
    announcement->publisher.phone = g_strdup("01234 567");
    announcement->send_at = 5 * HOUR_US;
    g_ptr_array_add(announcement->lists, g_strdup("ak"));
    g_ptr_array_add(announcement->lists, g_strdup("presse"));
    add_variant(announcement, "en", "Meeting");
    add_variant(announcement, "de", "Sitzung");
    Medium *medium = announcement_add_medium(announcement);
    medium->file_name = g_strdup("foto.png");
    medium->media_type = g_strdup("image/png");
    medium->sha256 = g_strdup("abc");
    medium->size = 12;
    medium->attached = true;
    medium->thumbnail = g_bytes_new_static("\xff\xd8\0x", 4);
    MediumText *text = medium_add_text(medium, "de");
    text->alt = g_strdup("Ein Saal");
    announcement->meeting = g_new0(Meeting, 1);
    announcement->meeting->uid = g_strdup("uid-1");
    announcement->meeting->starts_at = DAY_US;
    announcement->meeting->ends_at = DAY_US + HOUR_US;
    announcement->meeting->place = g_strdup("Kreishaus");
    announcement->meeting->topic = g_strdup("Fördermittel");
    return announcement;
}

static int64_t store(Fixture *f, Announcement *announcement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_no_error(error);
    announcement_insert(f->db, announcement, 77, &error);
    g_assert_no_error(error);
    db_commit(&tx, &error);
    g_assert_no_error(error);
    return announcement->id;
}

static int64_t store_sample(Fixture *f)
{
    g_autoptr(Announcement) announcement = make_announcement();
    return store(f, announcement);
}

static bool become(Fixture *f, int64_t id, AnnouncementState to, int64_t now, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(f->db, error);
    return tx && announcement_become(f->db, id, to, "cli:test", now, error) && db_commit(&tx, error);
}

static bool expand(Fixture *f, int64_t id, guint limit)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_no_error(error);
    bool done = false;
    announcement_expand(f->db, id, limit, 99, &done, &error);
    g_assert_no_error(error);
    db_commit(&tx, &error);
    g_assert_no_error(error);
    return done;
}

static void what_was_stored_comes_back(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t id = store_sample(f);
    g_autoptr(Announcement) back = NULL;
    g_assert_true(announcement_load(f->db, id, &back, &error));
    g_assert_no_error(error);
    g_assert_cmpint(back->id, ==, id);
    g_assert_cmpint(back->kind, ==, ANNOUNCEMENT_INVITATION);
    g_assert_cmpint(back->state, ==, ANNOUNCEMENT_DRAFT);
    g_assert_cmpstr(back->publisher.person, ==, "Änne Groß");
    g_assert_cmpstr(back->publisher.fax, ==, "");
    g_assert_cmpint(back->send_at, ==, 5 * HOUR_US);
    g_assert_cmpint(back->embargo_at, ==, 0);
    g_assert_cmpint(back->lists->len, ==, 2);
    g_assert_cmpstr(back->lists->pdata[0], ==, "ak");
    g_assert_cmpint(back->variants->len, ==, 2);
    const Variant *first = back->variants->pdata[0];
    g_assert_cmpstr(first->language, ==, "de"); /* the fallback variant comes first */
    g_assert_cmpstr(first->body, ==, "Der Kreis *lädt* ein: „Übung“.");
    g_assert_cmpstr(first->contact, ==, "");
    const Medium *medium = back->media->pdata[0];
    g_assert_true(medium->attached);
    g_assert_cmpint(g_bytes_get_size(medium->thumbnail), ==, 4);
    g_assert_cmpstr(medium_text(medium, "de")->alt, ==, "Ein Saal");
    g_assert_cmpstr(back->meeting->topic, ==, "Fördermittel");
    g_assert_cmpint(back->meeting->ends_at, ==, DAY_US + HOUR_US);
    Announcement *none = back;
    g_assert_true(announcement_load(f->db, id + 1, &none, &error));
    g_assert_null(none);
    g_assert_no_error(error);
}

static void an_unknown_list_is_named_and_nothing_is_stored(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(Announcement) announcement = make_announcement();
    g_ptr_array_add(announcement->lists, g_strdup("prese"));
    {
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_nonnull(tx);
        g_assert_false(announcement_insert(f->db, announcement, 0, &error));
    }
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_LIST);
    g_assert_nonnull(strstr(error->message, "'prese'"));
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM announcement"), ==, 0);
}

static void illegal_moves_change_nothing(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t id = store_sample(f);
    for (AnnouncementState to = ANNOUNCEMENT_DRAFT; to <= ANNOUNCEMENT_CANCELLED; to++) {
        g_autoptr(GError) error = NULL;
        if (announcement_may_become(ANNOUNCEMENT_DRAFT, to))
            continue;
        g_assert_false(become(f, id, to, 1, &error));
        g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE);
    }
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM announcement WHERE state = 'draft'"), ==, 1);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM audit"), ==, 0);
    g_autoptr(GError) error = NULL;
    g_assert_false(become(f, 4711, ANNOUNCEMENT_SCHEDULED, 1, &error));
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MISSING);
}

static void kind_alone(Fixture *f, gconstpointer data)
{
    (void)data;
    AnnouncementKind kind = ANNOUNCEMENT_NOTICE;
    g_autoptr(GError) error = NULL;
    g_assert_true(announcement_kind(f->db, store_sample(f), &kind, &error));
    g_assert_cmpint(kind, ==, ANNOUNCEMENT_INVITATION);
    g_assert_false(announcement_kind(f->db, 4711, &kind, &error));
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MISSING);
}

/* Invariant 3. */
static void every_move_has_its_audit_row(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t id = store_sample(f);
    static const AnnouncementState path[] = {ANNOUNCEMENT_SCHEDULED, ANNOUNCEMENT_SENDING, ANNOUNCEMENT_PAUSED,
                                             ANNOUNCEMENT_SENDING, ANNOUNCEMENT_SENT};
    for (gsize i = 0; i < G_N_ELEMENTS(path); i++) {
        g_assert_true(become(f, id, path[i], (int64_t)i + 10, &error));
        g_assert_no_error(error);
        g_assert_cmpint(raw_number(f, "SELECT count(*) FROM audit"), ==, i + 1);
    }
    g_assert_cmpint(
        raw_number(f, "SELECT count(*) FROM audit WHERE actor = 'cli:test' AND action IN ('announcement.queue',"
                      " 'announcement.start', 'announcement.pause', 'announcement.resume', 'announcement.complete')"),
        ==, 5);
    AnnouncementProgress progress;
    g_assert_true(announcement_progress(f->db, id, &progress, &error));
    g_assert_cmpint(progress.started_at, ==, 11); /* the first start, not the resumption */
    g_assert_cmpint(progress.finished_at, ==, 14);
}

static void due_ones_are_found_by_their_time(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t later = store_sample(f), at_once, draft;
    {
        g_autoptr(Announcement) announcement = make_announcement();
        announcement->meeting->uid[0] = 'x';
        announcement->send_at = 0;
        at_once = store(f, announcement);
        announcement->meeting->uid[0] = 'y';
        draft = store(f, announcement);
    }
    g_assert_cmpint(draft, >, at_once);
    g_assert_true(become(f, later, ANNOUNCEMENT_SCHEDULED, 1, &error));
    g_assert_true(become(f, at_once, ANNOUNCEMENT_SCHEDULED, 1, &error));
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_assert_true(announcement_due(f->db, 5 * HOUR_US - 1, ids, &error));
    g_assert_cmpint(ids->len, ==, 1);
    g_assert_cmpint(g_array_index(ids, int64_t, 0), ==, at_once);
    g_array_set_size(ids, 0);
    g_assert_true(announcement_due(f->db, 5 * HOUR_US, ids, &error));
    g_assert_cmpint(ids->len, ==, 2);
}

/* Invariant 1: two lists with the same people, any chunk size, again and again, and even from the start again. */
static void at_most_one_delivery_per_person(Fixture *f, gconstpointer data)
{
    (void)data;
    static const guint limits[] = {1, 2, 3, 7, 29, 30, 31, 1000};
    for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
        raw_exec(f, "DELETE FROM delivery; DELETE FROM delivery_count; DELETE FROM announcement");
        int64_t id = store_sample(f);
        guint turns = 0;
        while (!expand(f, id, limits[i]))
            g_assert_cmpuint(++turns, <, 100);
        g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery"), ==, 27);
        g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery WHERE subscriber_id IN (7, 9, 11)"), ==, 0);
        raw_exec(f, "UPDATE delivery SET state = 3 WHERE subscriber_id < 5");
        g_assert_true(expand(f, id, limits[i]));
        raw_exec(f, "UPDATE announcement SET expanded = 0, expanded_up_to = 0");
        while (!expand(f, id, limits[i]))
            g_assert_cmpuint(++turns, <, 200);
        g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery"), ==, 27);
        g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery WHERE state = 3"), ==, 4);
        g_assert_cmpint(raw_number(f, "SELECT n FROM delivery_count WHERE state = 0"), ==, 27);
    }
}

static void a_chunk_looks_at_no_more_than_its_limit(Fixture *f, gconstpointer data)
{
    (void)data;
    int64_t id = store_sample(f);
    g_assert_false(expand(f, id, 10));
    int64_t made = raw_number(f, "SELECT count(*) FROM delivery");
    g_assert_cmpint(made, >, 0);
    g_assert_cmpint(made, <=, 10);
    g_assert_cmpint(raw_number(f, "SELECT n FROM delivery_count WHERE state = 0"), ==, made);
    g_assert_cmpint(raw_number(f, "SELECT max(subscriber_id) FROM delivery"), <=, 10);
}

static void a_cancelled_one_is_withdrawn_in_pages(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t id = store_sample(f);
    g_assert_true(expand(f, id, 1000));
    raw_exec(f, "UPDATE delivery SET state = 3 WHERE subscriber_id <= 20;"
                "UPDATE delivery SET state = 2 WHERE subscriber_id = 4;"
                "UPDATE announcement SET state = 'sending'");
    g_assert_true(become(f, id, ANNOUNCEMENT_CANCELLED, 5, &error));
    static const guint wanted[] = {8, 3, 0, 8}; /* and from the start again */
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_array_set_size(ids, 0);
        g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
        g_assert_true(announcement_withdraw_next(f->db, id, 8, ids, &error));
        g_assert_true(db_commit(&tx, &error));
        g_assert_cmpuint(ids->len, ==, wanted[i]);
        if (i == 0) {
            g_assert_cmpint(g_array_index(ids, int64_t, 0), ==, 4);
            g_assert_cmpint(g_array_index(ids, int64_t, 1), ==, 21);
        }
    }
}

static void the_time_can_be_changed_until_sending_begins(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t id = store_sample(f);
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(announcement_set_send_at(f->db, id, 42, &error));
    g_assert_true(announcement_become(f->db, id, ANNOUNCEMENT_SCHEDULED, "cli:test", 1, &error));
    g_assert_true(announcement_set_send_at(f->db, id, 43, &error));
    g_assert_true(announcement_become(f->db, id, ANNOUNCEMENT_SENDING, "send", 1, &error));
    g_assert_false(announcement_set_send_at(f->db, id, 44, &error));
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE);
    g_assert_true(db_commit(&tx, NULL));
    g_assert_cmpint(raw_number(f, "SELECT send_at FROM announcement"), ==, 43);
}

static void a_cancelled_one_waits_until_it_is_finished(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    int64_t id = store_sample(f);
    g_assert_true(become(f, id, ANNOUNCEMENT_CANCELLED, 5, &error));
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_assert_true(announcement_withdrawing(f->db, ids, &error));
    g_assert_cmpint(ids->len, ==, 1);
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(announcement_finish(f->db, id, 6, &error));
    g_assert_true(db_commit(&tx, &error));
    g_array_set_size(ids, 0);
    g_assert_true(announcement_withdrawing(f->db, ids, &error));
    g_assert_cmpint(ids->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/announcement_store/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(what_was_stored_comes_back);
    TEST(an_unknown_list_is_named_and_nothing_is_stored);
    TEST(illegal_moves_change_nothing);
    TEST(kind_alone);
    TEST(every_move_has_its_audit_row);
    TEST(due_ones_are_found_by_their_time);
    TEST(at_most_one_delivery_per_person);
    TEST(a_chunk_looks_at_no_more_than_its_limit);
    TEST(a_cancelled_one_is_withdrawn_in_pages);
    TEST(the_time_can_be_changed_until_sending_begins);
    TEST(a_cancelled_one_waits_until_it_is_finished);
    return g_test_run();
}
