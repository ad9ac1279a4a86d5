/* latency: how long a sign-up and an inbox finding wait for the database while a sender writes.
 *
 *   latency DATABASE SECONDS
 *
 * Writes one of the two every 20 ms, in turn, each in a transaction of its own; the list 1 must be there. Prints one
 * line of name=value: milliseconds from before the transaction until it is on disk. */
/* libraries */
#include <glib.h>

/* rundbrief */
#include "base/clock.h"
#include "store/inbox_store.h"
#include "store/subscriber_store.h"
#include "store/subscription_store.h"

#define EVERY_US (20 * 1000)

static bool sign_up(Db *db, gint64 number, GError **error)
{
    g_autofree char *address = g_strdup_printf("late%" G_GINT64_FORMAT "@example.org", number);
    Subscriber person = {.address = address, .address_key = address, .name = (char *)"", .language = (char *)"de"};
    memcpy(person.address_hash, &number, sizeof number);
    return subscriber_insert(db, &person, error) &&
           subscription_become(db, 1, person.id, SUBSCRIPTION_PENDING, clock_now(), NULL, error);
}

static bool find(Db *db, gint64 number, GError **error)
{
    int64_t id;
    g_auto(Finding) finding = {0};
    g_auto(Consequence) consequence = {0};
    finding_init(&finding);
    consequence_init(&consequence);
    InboxEntry entry = {.place = {.mailbox = "bench", .uidvalidity = 1, .uid = number},
                        .finding = &finding,
                        .sender = "",
                        .subject = ""};
    memcpy(entry.hash, &number, sizeof number);
    return inbox_add(db, &entry, clock_now(), &id, error) && inbox_conclude(db, id, &consequence, "Tray", error) &&
           inbox_cursor_save(db, &entry.place, error);
}

static bool is_sign_up(gint64 number)
{
    return number % 2 != 0;
}

static double write_one(Db *db, gint64 number)
{
    g_autoptr(GError) error = NULL;
    int64_t from = clock_monotonic();
    g_autoptr(DbTransaction) tx = db_begin(db, &error);
    if (!tx || !(is_sign_up(number) ? sign_up : find)(db, number, &error) || !db_commit(&tx, &error))
        g_error("%s", error->message);
    return (double)(clock_monotonic() - from) / 1000;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double part(const GArray *times, double share)
{
    return g_array_index(times, double, (guint)((times->len - 1) * share));
}

static void tell(const char *what, GArray *times)
{
    g_array_sort(times, by_time);
    printf("%s_p50=%.1f %s_p99=%.1f %s_max=%.1f ", what, part(times, 0.5), what, part(times, 0.99), what,
           part(times, 1));
}

int main(int argc, char **argv)
{
    if (argc != 3)
        g_error("usage: latency DATABASE SECONDS");
    const StoreSettings settings = {.path = argv[1], .busy_timeout_ms = 10000};
    g_autoptr(GError) error = NULL;
    g_autoptr(Db) db = db_open(&settings, &error);
    if (!db)
        g_error("%s", error->message);
    g_autoptr(GArray) findings = g_array_new(FALSE, FALSE, sizeof(double));
    g_autoptr(GArray) sign_ups = g_array_new(FALSE, FALSE, sizeof(double));
    int64_t until = clock_monotonic() + g_ascii_strtoll(argv[2], NULL, 10) * SECOND_US;
    for (gint64 number = clock_now(); clock_monotonic() < until; number++) {
        double took = write_one(db, number);
        g_array_append_val(is_sign_up(number) ? sign_ups : findings, took);
        g_usleep(EVERY_US);
    }
    tell("sign_up", sign_ups);
    tell("finding", findings);
    printf("written=%u\n", sign_ups->len + findings->len);
    return 0;
}
