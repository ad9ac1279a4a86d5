/* deliverability/spf: records of all kinds, asked of a name server that knows the zone below. */
#include "deliverability/spf.h"

#include "../net/fake_dns.h"

#define TXT(name, text) name " TXT \"" text "\"\n"

/* clang-format off */
static const char zone[] =
    TXT("plain.test", "v=spf1 ip4:192.0.2.0/25 -all")
    TXT("six.test", "v=spf1 ip6:2001:db8::/33 ~all")
    TXT("a.test", "v=spf1 a -all")
    "a.test A 192.0.2.10\na.test AAAA 2001:db8::10\n"
    TXT("net.test", "v=spf1 a:a.test/24//64 -all")
    TXT("mx.test", "v=spf1 mx -all")
    "mx.test MX 10 a.test\n"
    TXT("include.test", "v=spf1 include:plain.test ?all")
    TXT("inner.test", "v=spf1 include:neutral.test -all")
    TXT("neutral.test", "v=spf1 ?all")
    TXT("redirect.test", "v=spf1 redirect=plain.test")
    TXT("nowhere.test", "v=spf1 redirect=gone.test")
    TXT("exists.test", "v=spf1 exists:%{ir}.%{v}.%{l1r-}.list.test -all")
    "10.2.0.192.in-addr.bounces.list.test A 127.0.0.2\n"
    TXT("ptr.test", "v=spf1 ptr:mail.test -all")
    "20.2.0.192.in-addr.arpa PTR out.mail.test\nout.mail.test A 192.0.2.20\n21.2.0.192.in-addr.arpa PTR out.mail.test\n"
    TXT("none.test", "something else")
    TXT("two.test", "v=spf1 -all")
    TXT("two.test", "v=spf1 +all")
    TXT("almost.test", "v=spf10 -all")
    TXT("empty.test", "v=spf1")
    TXT("case.test", "V=SPF1 IP4:192.0.2.10 -ALL")
    TXT("typo.test", "v=spf1 ipv4:192.0.2.10 -all")
    TXT("late-typo.test", "v=spf1 ip4:192.0.2.10 -al")
    TXT("bits.test", "v=spf1 ip4:192.0.2.10/33 -all")
    TXT("network.test", "v=spf1 ip4:192.0.2 -all")
    TXT("bare-include.test", "v=spf1 include -all")
    TXT("include-none.test", "v=spf1 include:none.test -all")
    TXT("macro.test", "v=spf1 exists:%{x}.test -all")
    TXT("unknown.test", "v=spf1 moo=cow ip4:192.0.2.10 -all")
    TXT("loop.test", "v=spf1 include:loop.test -all")
    TXT("ten.test", "v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test ip4:192.0.2.99 -all")
    TXT("eleven.test", "v=spf1 a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test a:a.test -all")
    TXT("void.test", "v=spf1 a:gone1.test a:gone2.test a:gone3.test -all")
    TXT("twice.test", "v=spf1 redirect=plain.test redirect=plain.test")
    TXT("upper.test", "v=spf1 exists:%{L}.upper.list.test -all")
    "a%2Bb.upper.list.test A 127.0.0.2\nbroken.test FAIL\n"
    TXT("asks-broken.test", "v=spf1 a:broken.test -all");

static const struct { const char *domain, *ip; SpfResult want; const char *term; } cases[] = {
    { "plain.test", "192.0.2.127", SPF_PASS, "ip4:192.0.2.0/25" },
    { "plain.test", "192.0.2.128", SPF_FAIL, "-all" },
    { "plain.test", "::ffff:192.0.2.1", SPF_PASS, "ip4:192.0.2.0/25" },
    { "plain.test", "2001:db8::1", SPF_FAIL, "-all" },
    { "six.test", "2001:db8:7fff::1", SPF_PASS, "ip6:2001:db8::/33" },
    { "six.test", "2001:db8:8000::1", SPF_SOFTFAIL, "~all" },
    { "a.test", "192.0.2.10", SPF_PASS, "a" },
    { "a.test", "2001:db8::10", SPF_PASS, "a" },
    { "a.test", "192.0.2.11", SPF_FAIL, "-all" },
    { "net.test", "192.0.2.11", SPF_PASS, "a:a.test/24//64" },
    { "net.test", "2001:db8::99", SPF_PASS, "a:a.test/24//64" },
    { "net.test", "2001:db8:1::10", SPF_FAIL, "-all" },
    { "mx.test", "192.0.2.10", SPF_PASS, "mx" },
    { "include.test", "192.0.2.1", SPF_PASS, "include:plain.test" },
    { "include.test", "192.0.2.200", SPF_NEUTRAL, "?all" },
    { "inner.test", "192.0.2.1", SPF_FAIL, "-all" },
    { "redirect.test", "192.0.2.1", SPF_PASS, "ip4:192.0.2.0/25" },
    { "redirect.test", "192.0.2.200", SPF_FAIL, "-all" },
    { "nowhere.test", "192.0.2.1", SPF_PERMERROR, "redirect=gone.test" },
    { "exists.test", "192.0.2.10", SPF_PASS, "exists:%{ir}.%{v}.%{l1r-}.list.test" },
    { "exists.test", "192.0.2.11", SPF_FAIL, "-all" },
    { "ptr.test", "192.0.2.20", SPF_PASS, "ptr:mail.test" },
    { "ptr.test", "192.0.2.21", SPF_FAIL, "-all" },
    { "none.test", "192.0.2.1", SPF_NONE, NULL },
    { "gone.test", "192.0.2.1", SPF_NONE, NULL },
    { "two.test", "192.0.2.1", SPF_PERMERROR, NULL },
    { "almost.test", "192.0.2.1", SPF_NONE, NULL },
    { "empty.test", "192.0.2.1", SPF_NEUTRAL, NULL },
    { "case.test", "192.0.2.10", SPF_PASS, "IP4:192.0.2.10" },
    { "typo.test", "192.0.2.10", SPF_PERMERROR, "ipv4:192.0.2.10" },
    { "late-typo.test", "192.0.2.10", SPF_PERMERROR, "-al" },
    { "bits.test", "192.0.2.10", SPF_PERMERROR, "ip4:192.0.2.10/33" },
    { "network.test", "192.0.2.10", SPF_PERMERROR, "ip4:192.0.2" },
    { "bare-include.test", "192.0.2.10", SPF_PERMERROR, "include" },
    { "include-none.test", "192.0.2.10", SPF_PERMERROR, "include:none.test" },
    { "macro.test", "192.0.2.10", SPF_PERMERROR, "exists:%{x}.test" },
    { "unknown.test", "192.0.2.10", SPF_PASS, "ip4:192.0.2.10" },
    { "loop.test", "192.0.2.10", SPF_PERMERROR, "include:loop.test" },
    { "ten.test", "192.0.2.99", SPF_PASS, "ip4:192.0.2.99" },
    { "eleven.test", "192.0.2.99", SPF_PERMERROR, "a:a.test" },
    { "void.test", "192.0.2.99", SPF_PERMERROR, "a:gone3.test" },
    { "twice.test", "192.0.2.1", SPF_PERMERROR, "redirect=plain.test" },
    { "broken.test", "192.0.2.1", SPF_TEMPERROR, NULL },
    { "asks-broken.test", "192.0.2.1", SPF_TEMPERROR, "a:broken.test" },
};
/* clang-format on */

static FakeDns server;

static void check(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *sender = g_strconcat("bounces-maria@", cases[i].domain, NULL);
    g_auto(SpfVerdict) verdict = {0};
    spf_check(server.resolver, cases[i].ip, sender, "mail.test", &verdict);
    g_assert_cmpint(verdict.result, ==, cases[i].want);
    g_assert_cmpstr(verdict.term, ==, cases[i].term);
    g_assert_cmpuint(verdict.lookups, <=, SPF_LOOKUPS);
}

/* An empty sender is the postmaster of HELO; a macro in capitals is escaped. */
static void senders(void)
{
    g_auto(SpfVerdict) empty = {0}, upper = {0};
    spf_check(server.resolver, "192.0.2.1", "", "plain.test", &empty);
    spf_check(server.resolver, "192.0.2.1", "a+b@upper.test", "mail.test", &upper);
    g_assert_cmpint(empty.result, ==, SPF_PASS);
    g_assert_cmpint(upper.result, ==, SPF_PASS);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fake_dns_start(&server, zone);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/spf/%zu-%s", i, cases[i].domain);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), check);
    }
    g_test_add_func("/spf/senders", senders);
    int result = g_test_run();
    fake_dns_stop(&server);
    return result;
}
