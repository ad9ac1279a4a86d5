/* announcements/progress and schedule: from draft to sent, each person once, and what staff may do in between. */
#include "announcements/progress.h"

/* libraries */
#include <glib/gstdio.h>
#include <sqlite3.h>

/* rundbrief */
#include "announcements/departure.h"
#include "announcements/resolve.h"
#include "announcements/schedule.h"
#include "base/clock.h"
#include "store/announcement_store.h"
#include "store/delivery_store.h"
#include "store/migrate.h"
#include "store/report_store.h"
#include "store/role_store.h"

#define PEOPLE 25
#define NOW    (INT64_C(1525244400) * SECOND_US) /* 2 May 2018, 09:00 in Berlin */

static const Settings settings = {.site.zone = (char *)"Europe/Berlin", .sending.late_hours = 6};

typedef struct Fixture {
    char *dir;
    StoreSettings settings;
    Db *db;
    sqlite3 *raw;
    int64_t id;
    GArray *ended; /* of int64_t */
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

/* An announcement to two lists that all PEOPLE are on. */
static int64_t store_announcement(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Announcement) announcement = announcement_new();
    announcement->kind = ANNOUNCEMENT_NOTICE;
    announcement->language = g_strdup("de");
    g_ptr_array_add(announcement->lists, g_strdup("a"));
    g_ptr_array_add(announcement->lists, g_strdup("b"));
    Variant *variant = announcement_add_variant(announcement, "de");
    variant->headline = g_strdup("Überschrift");
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    announcement_insert(f->db, announcement, NOW, &error);
    g_assert_no_error(error);
    g_assert_true(db_commit(&tx, &error));
    return announcement->id;
}

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("rundbrief-progress-XXXXXX", &error);
    f->settings = (StoreSettings){.path = g_build_filename(f->dir, "news.db", NULL), .busy_timeout_ms = 10000};
    migrate_run(&f->settings, NULL, &error);
    g_assert_no_error(error);
    f->db = db_open(&f->settings, &error);
    g_assert_no_error(error);
    g_assert_cmpint(sqlite3_open(f->settings.path, &f->raw), ==, SQLITE_OK);
    raw_exec(f, "INSERT INTO list (id, slug, title, language, joining, legal_basis, hold_seconds, created_at)"
                " VALUES (1, 'a', 'A', 'de', 'open', 'consent', 0, 0), (2, 'b', 'B', 'de', 'open', 'consent', 0, 0);"
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)"
                " INSERT INTO subscriber (id, address, address_key, address_hash, language, format, created_at)"
                " SELECT i, 'p' || i || '@example.test', 'p' || i, CAST('h' || i AS BLOB), 'de', 'html', 0 FROM n;"
                "INSERT INTO subscription SELECT 1, id, 'active', 0 FROM subscriber;"
                "INSERT INTO subscription SELECT 2, id, 'active', 0 FROM subscriber;");
    f->id = store_announcement(f);
    f->ended = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    g_array_unref(f->ended);
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

static bool advance(Fixture *f, int64_t now, guint limit)
{
    g_autoptr(GError) error = NULL;
    bool more;
    announcements_advance(f->db, &settings, now, limit, &more, f->ended, &error);
    g_assert_no_error(error);
    g_assert_false(db_in_transaction(f->db));
    return more;
}

static AnnouncementProgress progress_of(Fixture *f)
{
    g_autoptr(GError) error = NULL;
    AnnouncementProgress progress;
    announcement_progress(f->db, f->id, &progress, &error);
    g_assert_no_error(error);
    return progress;
}

static void queue_at(Fixture *f, int64_t at)
{
    g_autoptr(GError) error = NULL;
    schedule_queue(f->db, f->id, at, false, "cli:test", NOW, &error);
    g_assert_no_error(error);
}

/* Takes up to limit deliveries and brings them to a state, as the sender does. */
static guint deliver(Fixture *f, guint limit, DeliveryState outcome)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    g_auto(DeliveryTally) tally;
    delivery_tally_init(&tally);
    int64_t cursor = 0;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    delivery_lease(f->db, &tally, f->id, &cursor, limit, NULL, NOW, NOW + MINUTE_US, leased, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < leased->len; i++) {
        const LeasedDelivery *delivery = leased->pdata[i];
        delivery_move(f->db, &tally, delivery->key, outcome, NOW + HOUR_US, NULL, NOW, &error);
        g_assert_no_error(error);
    }
    g_assert_true(delivery_tally_write(f->db, &tally, &error));
    g_assert_true(db_commit(&tx, &error));
    return leased->len;
}

static void it_starts_when_due_and_ends_when_complete(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW + HOUR_US);
    g_assert_false(advance(f, NOW + HOUR_US - 1, 1000));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SCHEDULED);
    g_assert_false(advance(f, NOW + HOUR_US, 1000));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
    g_assert_cmpint(progress_of(f).started_at, ==, NOW + HOUR_US);
    g_assert_cmpuint(deliver(f, 10, DELIVERY_SENT), ==, 10);
    g_assert_cmpuint(deliver(f, 10, DELIVERY_FAILED), ==, 10);
    g_assert_cmpuint(deliver(f, 100, DELIVERY_UNCERTAIN), ==, 5);
    g_assert_cmpuint(f->ended->len, ==, 0);
    g_assert_false(advance(f, NOW + 2 * HOUR_US, 1000));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENT);
    g_assert_cmpuint(f->ended->len, ==, 1);
    g_assert_cmpint(g_array_index(f->ended, int64_t, 0), ==, f->id);
    g_assert_cmpint(progress_of(f).finished_at, ==, NOW + 2 * HOUR_US);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM audit WHERE actor = 'send'"), ==, 2);
}

/* Invariant 1, as the daemon does it: small chunks while deliveries go out in between. */
static void chunks_reach_each_person_once(Fixture *f, gconstpointer data)
{
    (void)data;
    guint sent = 0, turns = 0;
    queue_at(f, NOW);
    while (progress_of(f).state != ANNOUNCEMENT_SENT) {
        advance(f, NOW, 4);
        sent += deliver(f, 3, DELIVERY_SENT);
        g_assert_cmpuint(++turns, <, 100);
    }
    g_assert_cmpuint(sent, ==, PEOPLE);
    g_assert_cmpint(raw_number(f, "SELECT count(DISTINCT subscriber_id) FROM delivery"), ==, PEOPLE);
    g_assert_cmpint(raw_number(f, "SELECT sum(attempts) FROM delivery"), ==, PEOPLE);
    g_assert_cmpint(raw_number(f, "SELECT n FROM delivery_count WHERE state = 3"), ==, PEOPLE);
}

static void more_is_told_until_all_are_collected(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW);
    g_assert_true(advance(f, NOW, 4));
    g_assert_false(progress_of(f).expanded);
    while (advance(f, NOW, 4))
        continue;
    g_assert_true(progress_of(f).expanded);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

static bool advance_for(Fixture *f, int64_t longest_us)
{
    g_autoptr(GError) error = NULL;
    bool more;
    announcements_advance_for(f->db, &settings, NOW, longest_us, &more, f->ended, &error);
    g_assert_no_error(error);
    return more;
}

static void it_stops_when_its_time_is_over(Fixture *f, gconstpointer data)
{
    (void)data;
    raw_exec(f, "WITH RECURSIVE n (i) AS (SELECT 26 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
                " INSERT INTO subscriber (id, address, address_key, address_hash, language, format, created_at)"
                " SELECT i, 'p' || i || '@example.test', 'p' || i, CAST('h' || i AS BLOB), 'de', 'html', 0 FROM n;"
                "INSERT INTO subscription SELECT 1, id, 'active', 0 FROM subscriber WHERE id > 25;"
                "INSERT INTO subscription SELECT 2, id, 'active', 0 FROM subscriber WHERE id > 25;");
    queue_at(f, NOW);
    g_assert_true(advance_for(f, 0));
    int64_t first = raw_number(f, "SELECT count(*) FROM delivery");
    g_assert_cmpint(first, >, 0);
    g_assert_cmpint(first, <=, 500); /* what takes a millisecond */
    g_assert_false(advance_for(f, HOUR_US));
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery"), ==, 3000);
}

static void a_deferred_delivery_keeps_it_open(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 1, DELIVERY_DEFERRED);
    deliver(f, 100, DELIVERY_SENT);
    g_assert_false(advance(f, NOW, 1000));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

static void nothing_is_written_when_nothing_is_to_be_done(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    raw_exec(f, "BEGIN IMMEDIATE"); /* whoever wants to write now would have to wait */
    gint64 before = g_get_monotonic_time();
    g_assert_false(advance(f, NOW, 1000));
    g_assert_cmpint(g_get_monotonic_time() - before, <, SECOND_US);
    raw_exec(f, "ROLLBACK");
}

static void a_paused_one_rests_and_goes_on(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    queue_at(f, NOW);
    g_assert_true(advance(f, NOW, 4));
    g_assert_true(schedule_pause(f->db, f->id, "cli:test", NOW, &error));
    int64_t made = raw_number(f, "SELECT count(*) FROM delivery");
    g_assert_false(advance(f, NOW, 1000));
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery"), ==, made);
    g_assert_false(schedule_queue(f->db, f->id, NOW, false, "cli:test", NOW, &error));
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE);
    g_clear_error(&error);
    g_assert_true(schedule_resume(f->db, f->id, "cli:test", NOW, &error));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
    g_assert_false(advance(f, NOW, 1000));
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery"), ==, PEOPLE);
    g_assert_false(schedule_resume(f->db, f->id, "cli:test", NOW, &error));
    g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE);
}

static void one_paused_before_its_time_is_scheduled_again(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    queue_at(f, NOW + HOUR_US);
    g_assert_true(schedule_pause(f->db, f->id, "cli:test", NOW, &error));
    g_assert_true(schedule_resume(f->db, f->id, "cli:test", NOW, &error));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SCHEDULED);
}

/* What is leased ahead is withdrawn like all that waits; what was begun may arrive. */
static void who_cancels_is_told_what_went_out(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    Cancellation told;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 3, DELIVERY_SENT);
    deliver(f, 1, DELIVERY_UNCERTAIN);
    deliver(f, 1, DELIVERY_FAILED);
    raw_exec(f, "UPDATE delivery SET state = 1, begun = subscriber_id > 24 WHERE subscriber_id > 20;"
                "UPDATE delivery_count SET n = n - 5 WHERE state = 0; INSERT INTO delivery_count VALUES (1, 1, 5)");
    g_assert_true(schedule_cancel(f->db, f->id, "cli:test", NOW, &told, &error));
    g_assert_cmpint(told.sent, ==, 4);
    g_assert_cmpint(told.under_way, ==, 1);
    g_assert_cmpint(told.withdrawn, ==, PEOPLE - 6);
}

static void a_cancelled_one_withdraws_what_has_not_gone_out(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 3, DELIVERY_SENT);
    deliver(f, 2, DELIVERY_DEFERRED);
    raw_exec(f, "INSERT INTO delivery_event (announcement_id, subscriber_id, at, kind) VALUES (1, 4, 1, 'uncertain')");
    raw_exec(f, "UPDATE delivery SET state = 1 WHERE subscriber_id = 25;" /* one is under way */
                "UPDATE delivery_count SET n = n - 1 WHERE state = 0; INSERT INTO delivery_count VALUES (1, 1, 1)"
                " ON CONFLICT (announcement_id, state) DO UPDATE SET n = 1");
    g_assert_true(schedule_cancel(f->db, f->id, "cli:test", NOW, &(Cancellation){0}, &error));
    guint turns = 0;
    while (advance(f, NOW, 6))
        g_assert_cmpuint(++turns, <, 20);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery WHERE state = 6"), ==, PEOPLE - 5);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery_event WHERE kind = 'cancelled'"), ==, PEOPLE - 5);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery WHERE state = 5"), ==, 1); /* it may have arrived */
    g_assert_cmpint(progress_of(f).finished_at, ==, 0);                                     /* the one under way */
    g_assert_cmpuint(f->ended->len, ==, 0);
    const DeliveryKey last = {f->id, 25};
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(delivery_become(f->db, last, DELIVERY_DEFERRED, NOW, NULL, NOW, &error));
    g_assert_true(db_commit(&tx, &error));
    while (advance(f, NOW + 1, 6))
        g_assert_cmpuint(++turns, <, 40);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM delivery WHERE state = 6"), ==, PEOPLE - 4);
    g_assert_cmpint(progress_of(f).finished_at, ==, NOW + 1);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_CANCELLED);
    g_assert_cmpuint(f->ended->len, ==, 1);
}

/* ---- held -------------------------------------------------------------------------------------------------------- */

static void hold(Fixture *f)
{
    raw_exec(f, "UPDATE list SET hold_seconds = 120, office_address = 'presse@kreis.test' WHERE id = 1;"
                "UPDATE list SET hold_seconds = 30, office_address = 'Presse@kreis.test' WHERE id = 2;");
}

static int64_t first_copies(Fixture *f)
{
    return raw_number(f, "SELECT count(*) FROM outbox WHERE template = 'first-copy' AND data = '1'");
}

static void it_is_held_and_its_office_gets_one_copy(Fixture *f, gconstpointer data)
{
    (void)data;
    hold(f);
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SCHEDULED);
    g_assert_cmpint(progress_of(f).held_until, ==, NOW + 120 * SECOND_US);
    g_assert_cmpint(first_copies(f), ==, 1);
    advance(f, NOW + 120 * SECOND_US - 1, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SCHEDULED);
    advance(f, NOW + 120 * SECOND_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
    g_assert_cmpint(first_copies(f), ==, 1);
}

/* As when the daemon is killed while it writes: nothing of the hold is there, and the next one begins it anew. */
static void a_hold_begins_whole_or_not_at_all(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    bool more;
    hold(f);
    queue_at(f, NOW);
    raw_exec(f,
             "CREATE TRIGGER full BEFORE UPDATE OF held_until ON announcement BEGIN SELECT RAISE(ABORT, 'full'); END");
    g_assert_false(announcements_advance(f->db, &settings, NOW, 1000, &more, f->ended, &error));
    g_assert_cmpint(first_copies(f), ==, 0);
    raw_exec(f, "DROP TRIGGER full");
    advance(f, NOW, 1000);
    g_assert_cmpint(first_copies(f), ==, 1);
}

static void a_held_one_is_let_go(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    hold(f);
    queue_at(f, NOW);
    g_assert_false(schedule_go(f->db, f->id, "cli:test", NOW, &error));
    g_assert_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_HELD);
    g_clear_error(&error);
    advance(f, NOW, 1000);
    g_assert_true(schedule_go(f->db, f->id, "cli:test", NOW + 1, &error));
    advance(f, NOW + 1, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

static void a_held_one_is_stopped_and_held_again(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    hold(f);
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    g_assert_true(schedule_pause(f->db, f->id, "cli:test", NOW, &error));
    advance(f, NOW + 20 * HOUR_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_PAUSED);
    g_assert_true(schedule_resume(f->db, f->id, "cli:test", NOW + 20 * HOUR_US, &error));
    advance(f, NOW + 20 * HOUR_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SCHEDULED);
    g_assert_cmpint(progress_of(f).held_until, ==, NOW + 20 * HOUR_US + 120 * SECOND_US);
    g_assert_cmpint(first_copies(f), ==, 1);
    g_assert_true(schedule_cancel(f->db, f->id, "cli:test", NOW, &(Cancellation){0}, &error));
}

static void an_urgent_one_is_not_held(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    hold(f);
    g_assert_true(schedule_queue(f->db, f->id, NOW, true, "cli:test", NOW, &error));
    advance(f, NOW, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
    g_assert_cmpint(first_copies(f), ==, 1);
}

/* ---- too late ---------------------------------------------------------------------------------------------------- */

static int64_t pauses_told(Fixture *f)
{
    return raw_number(f, "SELECT count(*) FROM trouble WHERE subject = 'pause of announcement 1'");
}

static void what_is_late_waits_for_staff(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *reason = NULL, *none = NULL;
    int64_t late = NOW + 6 * HOUR_US + 1;
    queue_at(f, NOW);
    advance(f, late, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_PAUSED);
    g_assert_cmpint(pauses_told(f), ==, 1);
    g_assert_true(announcement_pause_reason(f->db, f->id, &reason, &error));
    g_assert_nonnull(strstr(reason, "rundbrief announce resume 1"));
    g_assert_true(schedule_resume(f->db, f->id, "cli:test", late, &error));
    g_assert_cmpint(pauses_told(f), ==, 0);
    g_assert_true(announcement_pause_reason(f->db, f->id, &none, &error));
    g_assert_cmpstr(none, ==, "");
    advance(f, late, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

static void what_is_a_little_late_goes_out(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW);
    advance(f, NOW + 6 * HOUR_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

static void one_whose_hold_ended_long_ago_is_late(Fixture *f, gconstpointer data)
{
    (void)data;
    hold(f);
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    advance(f, NOW + 7 * HOUR_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_PAUSED);
}

static void sender_beats(Fixture *f, int64_t at)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(role_beat(f->db, "send", 1, NOW, "", at, &error));
    g_assert_true(db_commit(&tx, &error));
}

static AnnouncementState state_when_a_sender_starts(Fixture *f, int64_t at)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(announcements_return(f->db, &settings, at, &error));
    advance(f, at, 1000);
    return progress_of(f).state;
}

static void what_was_interrupted_long_ago_waits_for_staff(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *reason = NULL;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 10, DELIVERY_SENT);
    g_assert_cmpint(state_when_a_sender_starts(f, NOW + 30 * DAY_US), ==, ANNOUNCEMENT_SENDING); /* none ever lived */
    sender_beats(f, NOW + HOUR_US);
    g_assert_cmpint(state_when_a_sender_starts(f, NOW + 7 * HOUR_US), ==, ANNOUNCEMENT_SENDING);
    g_assert_cmpint(state_when_a_sender_starts(f, NOW + 7 * HOUR_US + 1), ==, ANNOUNCEMENT_PAUSED);
    g_assert_cmpint(pauses_told(f), ==, 1);
    g_assert_true(announcement_pause_reason(f->db, f->id, &reason, &error));
    g_assert_nonnull(strstr(reason, "10:00"));
    g_assert_true(schedule_resume(f->db, f->id, "cli:test", NOW + 8 * HOUR_US, &error));
    sender_beats(f, NOW + 8 * HOUR_US);
    g_assert_cmpint(state_when_a_sender_starts(f, NOW + 9 * HOUR_US), ==, ANNOUNCEMENT_SENDING);
    g_assert_cmpuint(deliver(f, 100, DELIVERY_SENT), ==, PEOPLE - 10);
}

static void meet_at(Fixture *f, int64_t at)
{
    g_autofree char *sql = g_strdup_printf(
        "INSERT INTO meeting (announcement_id, uid, starts_at, ends_at, place, topic)"
        " VALUES (1, 'u', %" G_GINT64_FORMAT ", %" G_GINT64_FORMAT ", '', '')",
        at, at + HOUR_US);
    raw_exec(f, sql);
}

static void nobody_is_invited_to_what_has_begun(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    meet_at(f, NOW + MINUTE_US);
    queue_at(f, NOW);
    advance(f, NOW + MINUTE_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_PAUSED);
    g_assert_cmpint(pauses_told(f), ==, 1);
    g_assert_false(schedule_resume(f->db, f->id, "cli:test", NOW + MINUTE_US, &error));
    g_assert_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_MEETING);
    g_clear_error(&error);
    g_assert_true(schedule_cancel(f->db, f->id, "cli:test", NOW + MINUTE_US, &(Cancellation){0}, &error));
    g_assert_cmpint(pauses_told(f), ==, 0);
}

static void an_invitation_under_way_stops_when_the_meeting_begins(Fixture *f, gconstpointer data)
{
    (void)data;
    meet_at(f, NOW + MINUTE_US);
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    g_assert_cmpuint(deliver(f, 10, DELIVERY_SENT), ==, 10);
    advance(f, NOW + MINUTE_US, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_PAUSED);
    g_assert_cmpint(raw_number(f, "SELECT n FROM delivery_count WHERE state = 0"), ==, PEOPLE - 10);
}

static bool send_failed_again(Fixture *f, int64_t now, GError **error)
{
    int64_t count;
    const Resolution resolution = {f->id, DELIVERY_FAILED, DELIVERY_DEFERRED, NULL, "cli:test"};
    return resolve_deliveries(f->db, &resolution, now, &count, error);
}

/* It would be paused at once, and nothing but to cancel it would be left of an announcement that was sent. */
static void a_sent_invitation_stays_sent_once_the_meeting_has_begun(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    meet_at(f, NOW + MINUTE_US);
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 100, DELIVERY_FAILED);
    raw_exec(f, "INSERT INTO delivery_event (announcement_id, subscriber_id, at, kind) VALUES (1, 1, 0, 'failed')");
    advance(f, NOW, 1000);
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENT);
    g_assert_false(send_failed_again(f, NOW + MINUTE_US, &error));
    g_assert_error(error, SCHEDULE_ERROR, SCHEDULE_ERROR_MEETING);
    g_assert_null(strstr(error->message, "cancel"));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENT);
    g_clear_error(&error);
    g_assert_true(send_failed_again(f, NOW + MINUTE_US - 1, &error));
    g_assert_cmpint(progress_of(f).state, ==, ANNOUNCEMENT_SENDING);
}

/* ---- another time ------------------------------------------------------------------------------------------------ */

static void a_scheduled_one_can_get_another_time(Fixture *f, gconstpointer data)
{
    (void)data;
    queue_at(f, NOW + HOUR_US);
    queue_at(f, NOW + 2 * HOUR_US);
    g_assert_cmpint(progress_of(f).send_at, ==, NOW + 2 * HOUR_US);
    g_assert_cmpint(raw_number(f, "SELECT count(*) FROM audit WHERE action = 'announcement.reschedule'"), ==, 1);
}

static const struct {
    const char *name;
    int64_t in_manuscript, wished_at, meeting_at;
    bool at_once;
    int64_t want; /* 0: refused */
    int error;
} decisions[] = {
    {"nothing said", 0, 0, 0, false, NOW, 0},
    {"as the manuscript says", NOW + 5, 0, 0, false, NOW + 5, 0},
    {"a wish beats the manuscript", NOW + 5, NOW + 9, 0, false, NOW + 9, 0},
    {"at once beats both", NOW + 5, 0, 0, true, NOW, 0},
    {"the manuscript's time has passed", NOW - 1, 0, 0, false, 0, SCHEDULE_ERROR_PAST},
    {"the wish has passed", 0, NOW - 1, 0, false, 0, SCHEDULE_ERROR_PAST},
    {"passed, but at once", NOW - DAY_US, 0, 0, true, NOW, 0},
    {"before the meeting", NOW + 5, 0, NOW + 6, false, NOW + 5, 0},
    {"after the meeting", NOW + 5, 0, NOW + 5, false, 0, SCHEDULE_ERROR_MEETING},
    {"at once, after the meeting", 0, 0, NOW - 1, true, 0, SCHEDULE_ERROR_MEETING},
};

static void the_state_is_judged_before_the_time(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    static const AnnouncementState states[] = {ANNOUNCEMENT_SENDING, ANNOUNCEMENT_PAUSED, ANNOUNCEMENT_SENT,
                                               ANNOUNCEMENT_CANCELLED};
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Announcement) announcement = announcement_new();
        announcement->state = states[i];
        announcement->send_at = NOW - 1;
        int64_t at;
        g_assert_false(schedule_decide(announcement, 0, false, NOW, "Europe/Berlin", &at, &error));
        g_assert_error(error, ANNOUNCEMENT_STORE_ERROR, ANNOUNCEMENT_STORE_ERROR_MOVE);
    }
}

static void times_are_decided(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(decisions); i++) {
        g_test_message("%s", decisions[i].name);
        g_autoptr(GError) error = NULL;
        g_autoptr(Announcement) announcement = announcement_new();
        announcement->send_at = decisions[i].in_manuscript;
        if (decisions[i].meeting_at) {
            announcement->meeting = g_new0(Meeting, 1);
            announcement->meeting->starts_at = decisions[i].meeting_at;
        }
        int64_t at = 0;
        bool decided = schedule_decide(announcement, decisions[i].wished_at, decisions[i].at_once, NOW, "Europe/Berlin",
                                       &at, &error);
        g_assert_cmpint(decided, ==, decisions[i].want != 0);
        if (decided)
            g_assert_cmpint(at, ==, decisions[i].want);
        else
            g_assert_error(error, SCHEDULE_ERROR, decisions[i].error);
    }
}

typedef struct Seen {
    guint rows;
    GString *words;
} Seen;

static bool see(const DeliveryRow *row, gpointer data)
{
    Seen *seen = data;
    seen->rows++;
    if (row->kind)
        g_string_append_printf(seen->words, "%s %s %s|", row->address ? row->address : "erased",
                               delivery_state_word(row->state), row->detail);
    return true;
}

/* Pages are cut before it is known which rows are wanted: the last ones must be found all the same. */
static void troubles_behind_many_pages(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) words = g_string_new(NULL);
    Seen seen = {0, words};
    raw_exec(f, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1201)"
                " INSERT INTO delivery (announcement_id, subscriber_id, state, attempts, at)"
                " SELECT 1, i, CASE i WHEN 1201 THEN 4 ELSE 6 END, 1, 0 FROM n;"
                "INSERT INTO delivery_event (announcement_id, subscriber_id, at, kind, detail)"
                " SELECT 1, subscriber_id, 0, CASE state WHEN 4 THEN 'failed' ELSE 'cancelled' END, 'x' FROM delivery");
    g_assert_true(report_deliveries(f->db, f->id, REPORT_TROUBLED, see, &seen, &error));
    g_assert_cmpuint(seen.rows, ==, 1);
    seen.rows = 0;
    g_assert_true(report_deliveries_in(f->db, f->id, DELIVERY_FAILED, see, &seen, &error));
    g_assert_cmpuint(seen.rows, ==, 1);
    seen.rows = 0;
    g_assert_true(report_deliveries_in(f->db, f->id, DELIVERY_CANCELLED, see, &seen, &error));
    g_assert_cmpuint(seen.rows, ==, 1200);
}

static void staff_see_who_was_refused_and_why(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    queue_at(f, NOW);
    advance(f, NOW, 1000);
    deliver(f, 3, DELIVERY_FAILED);
    deliver(f, 100, DELIVERY_SENT);
    raw_exec(f, "INSERT INTO delivery_event (announcement_id, subscriber_id, at, kind, detail) VALUES"
                " (1, 1, 0, 'deferred', 'busy'), (1, 1, 1, 'failed', 'no such user'), (1, 2, 0, 'failed', 'blocked'),"
                " (1, 9, 2, 'bounced', 'mailbox full'), (1, 10, 2, 'delayed', 'slow');"
                "DELETE FROM subscriber WHERE id = 2");
    g_autoptr(GString) words = g_string_new(NULL);
    Seen seen = {0, words};
    g_assert_true(report_deliveries(f->db, f->id, REPORT_TROUBLED, see, &seen, &error));
    g_assert_cmpstr(words->str, ==,
                    "p1@example.test failed no such user|erased failed blocked|p9@example.test sent mailbox full|");
    seen.rows = 0;
    g_assert_true(report_deliveries(f->db, f->id, REPORT_ALL, see, &seen, &error));
    g_assert_cmpuint(seen.rows, ==, PEOPLE);
    int64_t audience;
    g_assert_true(report_audience(f->db, f->id, &audience, &error));
    g_assert_cmpint(audience, ==, PEOPLE - 1);
    g_autoptr(GPtrArray) summaries = g_ptr_array_new_with_free_func((GDestroyNotify)announcement_summary_free);
    g_assert_true(report_announcements(f->db, 10, summaries, &error));
    const AnnouncementSummary *summary = summaries->pdata[0];
    g_assert_cmpstr(summary->lists, ==, "a, b");
    g_assert_cmpstr(summary->headline, ==, "Überschrift");
    g_assert_cmpint(summary->counts[DELIVERY_FAILED], ==, 3);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/progress/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(it_starts_when_due_and_ends_when_complete);
    TEST(chunks_reach_each_person_once);
    TEST(more_is_told_until_all_are_collected);
    TEST(it_stops_when_its_time_is_over);
    TEST(a_deferred_delivery_keeps_it_open);
    TEST(nothing_is_written_when_nothing_is_to_be_done);
    TEST(a_paused_one_rests_and_goes_on);
    TEST(one_paused_before_its_time_is_scheduled_again);
    TEST(who_cancels_is_told_what_went_out);
    TEST(a_cancelled_one_withdraws_what_has_not_gone_out);
    TEST(it_is_held_and_its_office_gets_one_copy);
    TEST(a_hold_begins_whole_or_not_at_all);
    TEST(a_held_one_is_let_go);
    TEST(a_held_one_is_stopped_and_held_again);
    TEST(an_urgent_one_is_not_held);
    TEST(what_is_late_waits_for_staff);
    TEST(what_is_a_little_late_goes_out);
    TEST(one_whose_hold_ended_long_ago_is_late);
    TEST(what_was_interrupted_long_ago_waits_for_staff);
    TEST(nobody_is_invited_to_what_has_begun);
    TEST(an_invitation_under_way_stops_when_the_meeting_begins);
    TEST(a_sent_invitation_stays_sent_once_the_meeting_has_begun);
    TEST(a_scheduled_one_can_get_another_time);
    TEST(times_are_decided);
    TEST(the_state_is_judged_before_the_time);
    TEST(staff_see_who_was_refused_and_why);
    TEST(troubles_behind_many_pages);
    return g_test_run();
}
