/* store: what a send costs the database alone, without letters and lines: an announcement to PEOPLE is expanded, then
 * leased, begun and settled in turns, as the sender does it.
 *
 *   store FOLDER PEOPLE ANNOUNCEMENTS SIZE     ANNOUNCEMENTS of SIZE deliveries each were sent before
 *
 * FOLDER must be empty. Prints one line of name=value. Times in milliseconds, unless their name says otherwise; first_us
 * and last_us are of the processor, for each of the first and of the last mails. */
/* system */
#include <time.h>

/* libraries */
#include <glib.h>
#include <sqlite3.h>

/* rundbrief */
#include "announcements/progress.h"
#include "base/clock.h"
#include "store/announcement_store.h"
#include "store/delivery_store.h"
#include "store/migrate.h"

#define TURN     64                /* mails that are under way at once */
#define STEP_US  (SECOND_US / 100) /* as the engine */
#define LEASE_US HOUR_US

typedef struct Bench {
    StoreSettings settings;
    Db *db;
    sqlite3 *raw; /* lays out and looks; never open while the store is timed */
    int64_t people, announcement;
    int64_t cursor, sent;
    GPtrArray *begun; /* of LeasedDelivery: the turn's */
} Bench;

#define MUST(call)                                                                                                     \
    do {                                                                                                               \
        g_autoptr(GError) error = NULL;                                                                                \
        if (!(call))                                                                                                   \
            g_error("%s: %s", #call, error ? error->message : "failed");                                               \
    } while (0)

/* What this process itself has done, however busy the machine is. */
static double milliseconds_of_cpu(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return (double)spent.tv_sec * 1000 + (double)spent.tv_nsec / 1e6;
}

static double milliseconds_since(int64_t monotonic)
{
    return (double)(clock_monotonic() - monotonic) / 1000;
}

/* ---- by SQL ------------------------------------------------------------------------------------------------------ */

static void G_GNUC_PRINTF(2, 3) raw_exec(Bench *b, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (sqlite3_exec(b->raw, sql, NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(b->raw));
}

static double raw_number(Bench *b, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(b->raw, sql, -1, &statement, NULL) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        g_error("%s: %s", sql, sqlite3_errmsg(b->raw));
    double number = sqlite3_column_double(statement, 0);
    sqlite3_finalize(statement);
    return number;
}

static void raw_open(Bench *b)
{
    if (sqlite3_open(b->settings.path, &b->raw) != SQLITE_OK)
        g_error("%s: %s", b->settings.path, sqlite3_errmsg(b->raw));
    raw_exec(b, "PRAGMA synchronous = OFF; PRAGMA cache_size = -200000");
}

/* What was laid out is on disk before anything is timed. */
static void raw_close(Bench *b)
{
    raw_exec(b, "PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
    sqlite3_close(b->raw);
}

static void lay_out_people(Bench *b)
{
    raw_exec(b,
             "BEGIN; INSERT INTO list (id, slug, title, language, joining, legal_basis, created_at)"
             " VALUES (1, 'presse', 'Presse', 'de', 'open', 'consent', 0);"
             "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %" G_GINT64_FORMAT ")"
             " INSERT INTO subscriber (id, address, address_key, address_hash, name, language, format, created_at)"
             " SELECT i, 'person' || i || '@example.org', 'person' || i || '@example.org', randomblob(16),"
             " 'Person ' || i, 'de', 'html', 0 FROM n;"
             "INSERT INTO subscription SELECT 1, id, 'active', 0 FROM subscriber; COMMIT;",
             b->people);
}

/* An archive: announcements that were sent long ago. */
static void lay_out_archive(Bench *b, int64_t announcements, int64_t size)
{
    for (int64_t i = 0; i < announcements; i++) {
        raw_exec(b,
                 "BEGIN; INSERT INTO announcement (kind, state, language, publisher_office, publisher_person,"
                 " publisher_address, publisher_phone, created_at, started_at, finished_at, expanded)"
                 " VALUES ('notice', 'sent', 'de', 'o', 'p', 'a', 'p', 0, 0, 0, 1);"
                 "INSERT INTO delivery (announcement_id, subscriber_id, state, attempts, at)"
                 " SELECT last_insert_rowid(), id, 3, 1, 1700000000000000 FROM subscriber WHERE id <= %" G_GINT64_FORMAT
                 "; COMMIT",
                 size);
    }
}

static void lay_out_announcement(Bench *b)
{
    raw_exec(
        b,
        "INSERT INTO announcement (kind, state, language, publisher_office, publisher_person,"
        " publisher_address, publisher_phone, created_at) VALUES ('notice', 'sending', 'de', 'o', 'p', 'a', 'p', 0)");
    b->announcement = sqlite3_last_insert_rowid(b->raw);
    raw_exec(b, "INSERT INTO announcement_list VALUES (%" G_GINT64_FORMAT ", 1, 0)", b->announcement);
}

/* What the deliveries take, indexes included, by row. */
static double bytes_per_row(Bench *b)
{
    raw_open(b);
    raw_exec(b, "PRAGMA wal_checkpoint(TRUNCATE)");
    double bytes = raw_number(b, "SELECT sum(pgsize) FROM dbstat WHERE name IN"
                                 " (SELECT name FROM sqlite_schema WHERE tbl_name = 'delivery')");
    double rows = raw_number(b, "SELECT count(*) FROM delivery");
    sqlite3_close(b->raw);
    return bytes / rows;
}

/* As the role does it between two turns. */
static void keep_on_disk(Bench *b)
{
    if (clock_monotonic() >= db_sync_at(b->db))
        MUST(db_sync(b->db, &error));
}

/* ---- expansion --------------------------------------------------------------------------------------------------- */

static void expand(Bench *b)
{
    const Settings settings = {0}; /* they matter before a send begins */
    bool more = true;
    double longest = 0, longest_cpu = 0;
    guint steps = 0;
    int64_t from = clock_monotonic();
    g_autoptr(GArray) ended = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (; more; steps++) {
        int64_t step_from = clock_monotonic();
        double cpu_from = milliseconds_of_cpu();
        MUST(announcements_advance_for(b->db, &settings, clock_now(), STEP_US, &more, ended, &error));
        keep_on_disk(b);
        longest = MAX(longest, milliseconds_since(step_from));
        longest_cpu = MAX(longest_cpu, milliseconds_of_cpu() - cpu_from);
    }
    double all = milliseconds_since(from);
    printf("expand=%.0f expand_steps=%u expand_longest=%.1f expand_longest_cpu=%.1f expand_rows_per_s=%.0f ", all,
           steps, longest, longest_cpu, (double)b->people * 1000 / all);
}

/* ---- the turns of the sender ------------------------------------------------------------------------------------- */

static bool settle(Bench *b, DeliveryTally *tally, int64_t now, GError **error)
{
    for (guint i = 0; i < b->begun->len; i++) {
        const LeasedDelivery *leased = b->begun->pdata[i];
        if (!delivery_move(b->db, tally, leased->key, DELIVERY_SENT, now, NULL, now, error))
            return false;
    }
    b->sent += b->begun->len;
    g_ptr_array_set_size(b->begun, 0);
    return true;
}

static bool begin_leased(Bench *b, GError **error)
{
    for (guint i = 0; i < b->begun->len; i++)
        if (!delivery_begin(b->db, ((LeasedDelivery *)b->begun->pdata[i])->key, error))
            return false;
    return true;
}

/* As the engine's two turns of a mail: what was begun is settled and others are leased; these are begun. */
static void turn(Bench *b)
{
    int64_t now = clock_now();
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    g_autoptr(GError) error = NULL;
    DbTransaction *tx = db_begin(b->db, &error);
    if (!tx || !settle(b, &tally, now, &error) ||
        !delivery_lease(b->db, &tally, b->announcement, &b->cursor, TURN, NULL, now, now + LEASE_US, b->begun,
                        &error) ||
        !delivery_tally_write(b->db, &tally, &error) || !db_commit(&tx, &error) || !(tx = db_begin(b->db, &error)) ||
        !begin_leased(b, &error) || !db_commit(&tx, &error))
        g_error("%s", error->message);
}

static double send_up_to(Bench *b, int64_t up_to)
{
    double from = milliseconds_of_cpu();
    int64_t before = b->sent;
    while (b->sent < up_to) {
        turn(b);
        keep_on_disk(b);
    }
    return (milliseconds_of_cpu() - from) * 1000 / (double)(b->sent - before); /* microseconds each */
}

/* A sender that starts anew: how long until it holds mails again. */
static void resume(Bench *b)
{
    int64_t from = clock_monotonic();
    b->cursor = 0;
    turn(b);
    printf("resume=%.1f ", milliseconds_since(from));
}

static void send_all(Bench *b)
{
    int64_t stretch = b->people / 20;
    double first = send_up_to(b, stretch);
    send_up_to(b, b->people / 2);
    resume(b);
    send_up_to(b, b->people - stretch);
    double last = send_up_to(b, b->people);
    printf("first_us=%.2f last_us=%.2f ", first, last);
}

int main(int argc, char **argv)
{
    if (argc != 5)
        g_error("usage: store FOLDER PEOPLE ANNOUNCEMENTS SIZE");
    Bench b = {.people = g_ascii_strtoll(argv[2], NULL, 10)};
    b.settings = (StoreSettings){.path = g_build_filename(argv[1], "bench.db", NULL), .busy_timeout_ms = 10000};
    b.begun = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    MUST(migrate_run(&b.settings, NULL, &error));
    raw_open(&b);
    lay_out_people(&b);
    lay_out_archive(&b, g_ascii_strtoll(argv[3], NULL, 10), g_ascii_strtoll(argv[4], NULL, 10));
    lay_out_announcement(&b);
    raw_close(&b);
    MUST((b.db = db_open(&b.settings, &error)) && db_sync_within(b.db, SECOND_US, &error));
    expand(&b);
    printf("expanded_bytes=%.1f ", bytes_per_row(&b));
    send_all(&b);
    db_close(b.db);
    printf("sent_bytes=%.1f\n", bytes_per_row(&b));
    g_ptr_array_unref(b.begun);
    g_free(b.settings.path);
    return 0;
}
