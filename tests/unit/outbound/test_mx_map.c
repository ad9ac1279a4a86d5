/* outbound/mx_map: a domain's MX records say whose it is; nobody waits for them, and they are kept. */
#include "outbound/mx_map.h"

#include "../net/fake_dns.h"
#include "engine_fixture.h"
#include "outbound/paces.h"
#include "store/provider_store.h"

static const char zone[] = "klinik.example   MX 10 aspmx.l.google.com\n"
                           "klinik.example   MX 5  ALT1.aspmx.l.GOOGLE.com\n"
                           "praxis.example   MX 10 aspmx2.googlemail.com\n"
                           "verein.example   MX 10 mx.hoster.example\n"
                           "verband.example  MX 10 MX.hoster.example\n"
                           "allein.example   A  192.0.2.1\n"
                           "broken.example   FAIL\n"
                           "silent.example   MUTE\n";

typedef struct Fixture {
    World world;
    FakeDns dns;
    Waiter *waiter;
    MxMap *map;
    int64_t now;
    GString *learned; /* "domain=provider " each */
} Fixture;

static void note_learned(void *keeper, const char *domain, const char *provider)
{
    g_string_append_printf(((Fixture *)keeper)->learned, "%s=%s ", domain, provider);
}

static void make_map(Fixture *f)
{
    mx_map_free(f->map);
    MUST((f->map = mx_map_new(&f->world.settings, f->world.db, f->waiter, note_learned, f, &error)) != NULL);
}

static void set_up(Fixture *f, gconstpointer data)
{
    world_set_up(&f->world, data);
    fake_dns_start(&f->dns, zone);
    f->world.settings.sending.mx_lookup = true;
    f->world.settings.dns = (DnsSettings){(char *)"127.0.0.1", f->dns.port};
    f->now = clock_now();
    f->learned = g_string_new(NULL);
    MUST((f->waiter = waiter_new(&error)) != NULL);
    make_map(f);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    mx_map_free(f->map);
    waiter_free(f->waiter);
    g_string_free(f->learned, TRUE);
    fake_dns_stop(&f->dns);
    world_tear_down(&f->world, data);
}

/* Goes on as a turn does until that much was learned. */
static void await_learned(Fixture *f, const char *expected)
{
    int64_t end = clock_monotonic() + 5 * SECOND_US;
    while (strlen(f->learned->str) < strlen(expected) && clock_monotonic() < end) {
        mx_map_tend(f->map, f->now);
        MUST(waiter_wait(f->waiter, SECOND_US / 20, 1, &error));
    }
    g_assert_cmpstr(f->learned->str, ==, expected);
    g_string_truncate(f->learned, 0);
}

static void write_down(Fixture *f)
{
    g_assert_true(mx_map_has_news(f->map));
    DbTransaction *tx = world_begin(&f->world);
    MUST(mx_map_tell(f->map, f->world.db, &error));
    MUST(db_commit(&tx, &error));
    mx_map_told(f->map);
    g_assert_false(mx_map_has_news(f->map));
}

static void assert_provider(Fixture *f, const char *domain, const char *provider)
{
    g_assert_cmpstr(mx_map_provider(f->map, domain, f->now), ==, provider);
}

static void domains_of_one_provider(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_provider(f, "gmail.com", "google"); /* by the table: nobody is asked */
    assert_provider(f, "klinik.example", "klinik.example");
    await_learned(f, "klinik.example=google ");
    assert_provider(f, "praxis.example", "praxis.example");
    await_learned(f, "praxis.example=google ");
}

static void domains_of_one_host(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_provider(f, "verein.example", "verein.example");
    await_learned(f, "verein.example=mx.hoster.example ");
    assert_provider(f, "verband.example", "verband.example");
    await_learned(f, "verband.example=mx.hoster.example ");
}

static void domains_without_exchanger_are_their_own(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_provider(f, "allein.example", "allein.example");
    await_learned(f, "allein.example=allein.example ");
    assert_provider(f, "nowhere.example", "nowhere.example");
    await_learned(f, "nowhere.example=nowhere.example ");
}

/* The next sender does not ask again, for a week. */
static void what_was_learned_is_kept(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_provider(f, "klinik.example", "klinik.example");
    await_learned(f, "klinik.example=google ");
    write_down(f);
    make_map(f);
    assert_provider(f, "klinik.example", "google");
    mx_map_tend(f->map, f->now);
    f->now += 8 * DAY_US;
    assert_provider(f, "klinik.example", "google"); /* old, and better than nothing */
    await_learned(f, "klinik.example=google ");     /* asked anew, and only now */
}

static void what_no_server_knows_is_not_kept(Fixture *f, gconstpointer data)
{
    (void)data;
    assert_provider(f, "broken.example", "broken.example");
    assert_provider(f, "silent.example", "silent.example");
    assert_provider(f, "klinik.example", "klinik.example");
    await_learned(f, "klinik.example=google "); /* and nobody waits for the silent one */
}

static void nothing_is_looked_up_unless_asked_for(Fixture *f, gconstpointer data)
{
    (void)data;
    f->world.settings.sending.mx_lookup = false;
    make_map(f);
    assert_provider(f, "klinik.example", "klinik.example");
    for (int i = 0; i < 5; i++) {
        mx_map_tend(f->map, f->now);
        MUST(waiter_wait(f->waiter, SECOND_US / 50, 1, &error));
    }
    await_learned(f, "");
}

/* One complaint of each domain: together they slow the provider. */
static void a_provider_is_slowed_for_all_its_domains(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const people[] = {"a@klinik.example", "b@praxis.example", "c@gmail.com"};
    g_autoptr(Paces) paces = paces_new(&f->world.settings, f->world.db, f->waiter, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        paces_ask(paces, people[i], false, f->now);
    for (int i = 0; i < 100 && !paces_have_news(paces); i++) {
        paces_tend(paces, f->now);
        MUST(waiter_wait(f->waiter, SECOND_US / 20, 1, &error));
    }
    for (int i = 0; i < 10; i++) { /* both answers */
        paces_tend(paces, f->now);
        MUST(waiter_wait(f->waiter, SECOND_US / 20, 1, &error));
    }
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++)
        paces_complain(paces, people[i], (int64_t)i, "450 4.7.28 unusual rate", f->now);
    g_assert_cmpuint(paces_slowed(paces), ==, 1);
    DbTransaction *tx = world_begin(&f->world);
    MUST(paces_tell(paces, f->world.db, &error));
    MUST(db_commit(&tx, &error));
    g_autoptr(GPtrArray) slowed = provider_paces(f->world.db, NULL);
    g_assert_cmpuint(slowed->len, ==, 1);
    g_assert_cmpstr(((ProviderPace *)slowed->pdata[0])->provider, ==, "google");
}

#define TEST(name) g_test_add("/mx_map/" #name, Fixture, NULL, set_up, name, tear_down)

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    TEST(domains_of_one_provider);
    TEST(domains_of_one_host);
    TEST(domains_without_exchanger_are_their_own);
    TEST(what_was_learned_is_kept);
    TEST(what_no_server_knows_is_not_kept);
    TEST(nothing_is_looked_up_unless_asked_for);
    TEST(a_provider_is_slowed_for_all_its_domains);
    return g_test_run();
}
