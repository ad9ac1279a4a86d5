/* outbound/: a provider that says we are too fast is given its mail more slowly, and nobody else is. */
#include "../net/fake_dns.h"
#include "engine_fixture.h"
#include "store/provider_store.h"

#define OTHERS 60

static void announce(World *w)
{
    g_autoptr(GPtrArray) addresses = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < OTHERS; i++) {
        g_ptr_array_add(addresses, g_strdup_printf("p%d@web.de", i));
        g_ptr_array_add(addresses, g_strdup_printf("p%d@x.test", i));
    }
    g_ptr_array_add(addresses, NULL);
    world_announce(w, (const char *const *)addresses->pdata);
}

static void only_that_provider_is_slowed(World *w, gconstpointer data)
{
    int64_t end = clock_monotonic() + 10 * SECOND_US, counts[DELIVERY_STATE_COUNT];
    w->settings.retry.first_seconds = 60;
    announce(w);
    world_serve(w, "sink", WORDS("-o", "/dev/null", "-r", data));
    g_autoptr(Engine) engine = world_engine(w);
    do {
        MUST(engine_turn(engine, 20, &error));
        MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    } while (counts[DELIVERY_SENT] + counts[DELIVERY_DEFERRED] < 2 * OTHERS && clock_monotonic() < end);
    g_assert_cmpint(counts[DELIVERY_SENT], >=, OTHERS);
    g_assert_cmpint(counts[DELIVERY_DEFERRED], >, 0);
    g_autoptr(GPtrArray) paces = provider_paces(w->db, NULL);
    g_assert_cmpuint(paces->len, ==, 1);
    const ProviderPace *pace = paces->pdata[0];
    g_assert_cmpstr(pace->provider, ==, "gmx");
    g_assert_cmpint(pace->until, >, clock_now());
    g_assert_cmpint(pace->since, <=, clock_now());
    g_assert_nonnull(strstr(data, pace->because)); /* its words */
    g_autofree char *summary = engine_summary(engine);
    g_assert_nonnull(strstr(summary, "want mail more slowly"));
}

/* Looked up beside the sending, and written down. */
static void what_mx_records_say_is_kept(World *w, gconstpointer data)
{
    (void)data;
    FakeDns dns;
    DomainProvider *row = NULL;
    fake_dns_start(&dns, "klinik.example MX 10 aspmx.l.google.com\n");
    w->settings.sending.mx_lookup = true;
    w->settings.dns = (DnsSettings){(char *)"127.0.0.1", dns.port};
    world_announce(w, WORDS("a@klinik.example", "b@x.test"));
    world_serve(w, "sink", WORDS("-o", "/dev/null"));
    g_autoptr(Engine) engine = world_engine(w);
    world_run_until(w, engine, "sent 2", 5);
    for (int i = 0; i < 100 && !row; i++) {
        MUST(engine_turn(engine, 20, &error));
        MUST(domain_provider_find(w->db, "klinik.example", &row, &error));
    }
    g_assert_nonnull(row);
    g_assert_cmpstr(row->provider, ==, "google");
    MUST(engine_reload(engine, &w->settings, &error));
    MUST(engine_turn(engine, 20, &error));
    domain_provider_free(row);
    fake_dns_stop(&dns);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    world_init_paths(argv[0]);
    g_test_add("/fairness/too_fast_at_rcpt", World, "rcpt *@web.de 451 4.7.0 rate limit", world_set_up,
               only_that_provider_is_slowed, world_tear_down);
    g_test_add("/fairness/too_fast_at_the_dot", World, "dot p*@web.de once 450 Too many mails", world_set_up,
               only_that_provider_is_slowed, world_tear_down);
    g_test_add("/fairness/leaving_because_we_are_too_fast", World, "rcpt *@web.de once 421 4.7.28 unusual rate of mail",
               world_set_up, only_that_provider_is_slowed, world_tear_down);
    g_test_add("/fairness/what_mx_records_say_is_kept", World, NULL, world_set_up, what_mx_records_say_is_kept,
               world_tear_down);
    return g_test_run();
}
