/* net/dns: questions to tests/fake/dnsd, whose zone is the table of records below. */
#include "net/dns.h"

#include <poll.h>

#include "fake_dns.h"

#define HUNDRED "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

static const char zone[] = "host.test A 192.0.2.1\n"
                           "host.test A 192.0.2.2\n"
                           "host.test AAAA 2001:db8::1\n"
                           "www.host.test CNAME host.test\n"
                           "nowhere.test CNAME gone.test\n"
                           "news.test MX 20 second.test\n"
                           "news.test MX 10 first.test\n"
                           "news.test TXT \"v=spf1 \" \"ip4:192.0.2.0/24 -all\"\n"
                           "news.test TXT \"other\x01\xe4\"\n"
                           "null.test MX 0 .\n"
                           "long.test TXT \"" HUNDRED HUNDRED "\" \"" HUNDRED HUNDRED "\" \"" HUNDRED HUNDRED "\"\n"
                           "1.2.0.192.in-addr.arpa PTR host.test\n"
                           "1.2.0.192.in-addr.arpa PTR news.test\n"
                           "broken.test FAIL\n"
                           "silent.test MUTE\n";

/* clang-format off */
static const struct { const char *name; DnsType type; const char *question; DnsStatus status; const char *want; } cases[] = {
    { "addresses", DNS_A, "host.test", DNS_FOUND, "192.0.2.1,192.0.2.2" },
    { "addresses-v6", DNS_AAAA, "host.test", DNS_FOUND, "2001:db8::1" },
    { "alias", DNS_A, "www.host.test", DNS_FOUND, "192.0.2.1,192.0.2.2" },
    { "alias-to-nothing", DNS_A, "nowhere.test", DNS_NO_NAME, "" },
    { "letter-case", DNS_A, "HOST.test", DNS_FOUND, "192.0.2.1,192.0.2.2" },
    { "final-dot", DNS_A, "host.test.", DNS_FOUND, "192.0.2.1,192.0.2.2" },
    { "best-exchanger-first", DNS_MX, "news.test", DNS_FOUND, "first.test,second.test" },
    { "null-mx", DNS_MX, "null.test", DNS_FOUND, "" },
    { "texts-joined", DNS_TXT, "news.test", DNS_FOUND, "v=spf1 ip4:192.0.2.0/24 -all,other??" },
    { "long-text-by-tcp", DNS_TXT, "long.test", DNS_FOUND, HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED },
    { "names", DNS_PTR, "1.2.0.192.in-addr.arpa", DNS_FOUND, "host.test,news.test" },
    { "no-record", DNS_MX, "host.test", DNS_NO_RECORD, "" },
    { "no-name", DNS_A, "gone.test", DNS_NO_NAME, "" },
    { "cannot-be-a-name", DNS_A, "a..b", DNS_NO_NAME, "" },
    { "server-failure", DNS_A, "broken.test", DNS_FAILED, "" },
};
/* clang-format on */

static FakeDns server;

static DnsResolver *resolver_new(void)
{
    g_autoptr(GError) error = NULL;
    DnsResolver *resolver = dns_resolver_new("127.0.0.1", server.port, &error);
    g_assert_no_error(error);
    return resolver;
}

static void assert_answer(const DnsAnswer *answer, DnsStatus status, const char *want)
{
    g_assert_cmpint(answer->status, ==, status);
    g_assert_cmpint(answer->reason != NULL, ==, status == DNS_FAILED);
    g_ptr_array_add(answer->records, NULL);
    g_autofree char *records = g_strjoinv(",", (char **)answer->records->pdata);
    g_assert_cmpstr(records, ==, want);
}

static void look_up(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(DnsAnswer) answer = dns_look_up(server.resolver, cases[i].type, cases[i].question);
    assert_answer(answer, cases[i].status, cases[i].want);
}

static void count(void *context, DnsAnswer *answer)
{
    g_assert_cmpint(answer->status, ==, DNS_FOUND);
    dns_answer_free(answer);
    ++*(int *)context;
}

/* As a loop does it: many questions are open, and one descriptor says when there is something to do. */
static void many_at_once(void)
{
    g_autoptr(DnsResolver) resolver = resolver_new();
    struct pollfd waiting = {.fd = dns_resolver_fd(resolver), .events = POLLIN};
    int answered = 0;
    g_assert_cmpint(dns_resolver_wait_us(resolver), ==, -1);
    for (int i = 0; i < 50; i++)
        dns_ask(resolver, DNS_A, "host.test", count, &answered);
    g_assert_cmpint(dns_resolver_wait_us(resolver), >, 0);
    while (answered < 50) {
        g_assert_cmpint(poll(&waiting, 1, 5000), ==, 1);
        dns_resolver_tend(resolver);
    }
    g_assert_cmpint(dns_resolver_wait_us(resolver), ==, -1);
}

static void never(void *context, DnsAnswer *answer)
{
    (void)context;
    (void)answer;
    g_assert_not_reached();
}

static void open_questions_are_dropped(void)
{
    g_autoptr(DnsResolver) resolver = resolver_new();
    dns_ask(resolver, DNS_A, "silent.test", never, NULL);
    dns_resolver_tend(resolver);
    g_assert_cmpint(dns_resolver_wait_us(resolver), >, 1000 * 1000);
}

static void reverse_names(void)
{
    g_autofree char *v4 = dns_reverse_name("192.0.2.1");
    g_autofree char *v6 = dns_reverse_name("2001:db8::1");
    g_assert_cmpstr(v4, ==, "1.2.0.192.in-addr.arpa");
    g_assert_cmpstr(v6, ==, "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
    g_assert_null(dns_reverse_name("host.test"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fake_dns_start(&server, zone);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/dns/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), look_up);
    }
    g_test_add_func("/dns/many-at-once", many_at_once);
    g_test_add_func("/dns/open-questions-are-dropped", open_questions_are_dropped);
    g_test_add_func("/dns/reverse-names", reverse_names);
    int result = g_test_run();
    fake_dns_stop(&server);
    return result;
}
