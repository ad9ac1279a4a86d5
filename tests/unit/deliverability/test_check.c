/* deliverability/check: one mail that is as it should be, and everything that can be wrong with it, its DNS and its web
 * pages, one at a time. */
#include "deliverability/check.h"

#include "../net/fake_dns.h"
#include "deliverability/dmarc.h"
#include "mail/dkim.h"

#define KEY "$KEY" /* the record of the test's own key */

static const char good_zone[] = "r1._domainkey.news.test TXT " KEY "\n"
                                "news.test TXT \"v=spf1 a:mail.news.test -all\"\n"
                                "_dmarc.news.test TXT \"v=DMARC1; p=quarantine; adkim=r\"\n"
                                "25.2.0.192.in-addr.arpa PTR mail.news.test\n"
                                "mail.news.test A 192.0.2.25\n"
                                "broken.test FAIL\n";

static const char good_way[] =
    "Return-Path: <bounces+token@news.test>\r\n"
    "Received: from mail.news.test (mail.news.test [192.0.2.25])\r\n\t(using TLSv1.3 with cipher X (256/256 bits))\r\n"
    "\tby mx.example.org (Postfix) with ESMTPS id 1; Mon, 1 Jun 2026 10:00:01 +0200\r\n"
    "Received: from app (app.inside [10.0.0.5]) (using TLSv1.2 with cipher X)\r\n"
    "\tby mail.news.test (Postfix) with ESMTPSA id 2; Mon, 1 Jun 2026 10:00:00 +0200\r\n";

static const char good_letter[] = "From: Kreis <presse@news.test>\r\nTo: Ann <ann@example.org>\r\nSubject: Hallo\r\n"
                                  "List-Unsubscribe: <https://web.test/leave/abc>, <mailto:inbox+abc@news.test>\r\n"
                                  "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nGuten Tag\r\n";

#define IMPRINT "200 <a href=/x>Impressum</a>"

/* where: what of the above is changed, before the letter is signed or behind that. */
typedef enum { NOTHING, ZONE, WAY, LETTER, SIGNED, PAGE, SETTING } Where;

/* clang-format off */
static const struct { const char *name; Where where; const char *from, *to; RemarkId want; } cases[] = {
    { "true", NOTHING, "", "", REMARK_DKIM_GOOD },
    { "covers", NOTHING, "", "", REMARK_DKIM_COVERS },
    { "unsigned", SIGNED, "DKIM-Signature", "X-Signature", REMARK_DKIM_NONE },
    { "key-not-published", ZONE, "r1._domainkey", "r2._domainkey", REMARK_DKIM_NO_RECORD },
    { "key-not-known", ZONE, "r1._domainkey.news.test TXT " KEY, "r1._domainkey.news.test FAIL", REMARK_DKIM_DNS },
    { "key-torn", ZONE, KEY, "\"v=DKIM1; p=MIIB\"", REMARK_DKIM_BAD_RECORD },
    { "key-revoked", ZONE, KEY, "\"v=DKIM1; p=\"", REMARK_DKIM_REVOKED },
    { "footer-added", SIGNED, "Guten Tag", "Guten Tag\r\n-- \r\nscanned", REMARK_DKIM_BODY },
    { "subject-changed", SIGNED, "Hallo", "[extern] Hallo", REMARK_DKIM_HEADER },
    { "sha1", SIGNED, "rsa-sha256", "rsa-sha1", REMARK_DKIM_UNREADABLE },
    { "signed-by-others", SETTING, "selector", "r9", REMARK_DKIM_OTHER },
    { "uncovered", SIGNED, "h=From:To:Subject:List-Unsubscribe:List-Unsubscribe-Post:From", "h=From", REMARK_DKIM_UNCOVERED },
    { "seen", NOTHING, "", "", REMARK_IP_SEEN },
    { "inside", WAY, "192.0.2.25", "10.1.1.1", REMARK_IP_GUESSED },
    { "spf", NOTHING, "", "", REMARK_SPF_PASS },
    { "spf-fails", ZONE, "a:mail.news.test -all", "-all", REMARK_SPF_FAIL },
    { "spf-unsure", ZONE, "a:mail.news.test -all", "~all", REMARK_SPF_UNSURE },
    { "spf-none", ZONE, "v=spf1", "v=other", REMARK_SPF_NONE },
    { "spf-typo", ZONE, "a:mail", "A;mail", REMARK_SPF_WRONG },
    { "spf-broken", ZONE, "a:mail.news.test", "a:broken.test", REMARK_SPF_DNS },
    { "dmarc", NOTHING, "", "", REMARK_DMARC_POLICY },
    { "dmarc-both", NOTHING, "", "", REMARK_DMARC_ALIGNED_BOTH },
    { "dmarc-none", ZONE, "v=DMARC1", "v=other", REMARK_DMARC_NONE },
    { "dmarc-watches", ZONE, "p=quarantine", "p=none", REMARK_DMARC_POLICY_NONE },
    { "dmarc-wrong", ZONE, "p=quarantine", "p=monitor", REMARK_DMARC_WRONG },
    { "dmarc-several", ZONE, "_dmarc.news.test", "_dmarc.news.test TXT \"v=DMARC1; p=none\"\n_dmarc.news.test", REMARK_DMARC_SEVERAL },
    { "dmarc-unanswered", ZONE, "_dmarc.news.test TXT", "_dmarc.news.test FAIL", REMARK_DMARC_DNS },
    { "dmarc-by-dkim", ZONE, "a:mail.news.test", "", REMARK_DMARC_ALIGNED_DKIM },
    { "dmarc-by-spf", ZONE, "r1._domainkey", "r2._domainkey", REMARK_DMARC_ALIGNED_SPF },
    { "dmarc-unaligned", LETTER, "presse@news.test", "presse@kreis.test", REMARK_DMARC_UNALIGNED },
    { "below-the-organization", LETTER, "presse@news.test", "presse@a.b.news.test", REMARK_DMARC_ALIGNED_BOTH },
    { "strict", ZONE, "adkim=r", "adkim=s; aspf=s", REMARK_DMARC_ALIGNED_BOTH },
    { "name", NOTHING, "", "", REMARK_PTR_GOOD },
    { "greets-by-it", NOTHING, "", "", REMARK_HELO_GOOD },
    { "nameless", ZONE, "25.2.0.192", "26.2.0.192", REMARK_PTR_NONE },
    { "name-leads-elsewhere", ZONE, "PTR mail.news.test", "PTR dyn.provider.test", REMARK_PTR_UNCONFIRMED },
    { "name-not-known", ZONE, "in-addr.arpa PTR mail.news.test", "in-addr.arpa FAIL", REMARK_PTR_DNS },
    { "greets-otherwise", WAY, "from mail.news.test (", "from localhost.localdomain (", REMARK_HELO_DIFFERS },
    { "tls", NOTHING, "", "", REMARK_TLS_GOOD },
    { "plain", SETTING, "tls", "none", REMARK_TLS_NONE },
    { "plain-inside", SETTING, "host", "127.0.0.1", REMARK_TLS_LOCAL },
    { "onward", NOTHING, "", "", REMARK_TLS_ONWARD },
    { "onward-plain", WAY, "\r\n\t(using TLSv1.3 with cipher X (256/256 bits))\r\n\tby mx.example.org (Postfix) with ESMTPS", " by mx.example.org with ESMTP", REMARK_TLS_ONWARD_NONE },
    { "small", NOTHING, "", "", REMARK_SIZE_GOOD },
    { "one-click", NOTHING, "", "", REMARK_LEAVE_GOOD },
    { "leave-taken-out", LETTER, "List-Unsubscribe:", "X-Was:", REMARK_LEAVE_NONE },
    { "leave-by-mail", LETTER, "<https://web.test/leave/abc>, ", "", REMARK_LEAVE_NO_URL },
    { "leave-readable", LETTER, "https:", "http:", REMARK_LEAVE_NOT_HTTPS },
    { "leave-no-post", LETTER, "List-Unsubscribe-Post:", "X-Was:", REMARK_LEAVE_NO_POST },
    { "leave-gone", PAGE, "https://web.test/leave/abc", "404 gone", REMARK_LEAVE_STATUS },
    { "leave-moved", PAGE, "https://web.test/leave/abc", "302 ", REMARK_LEAVE_REDIRECTS },
    { "leave-silent", PAGE, "https://web.test/leave/abc", "0 ", REMARK_LEAVE_SILENT },
    { "imprint", NOTHING, "", "", REMARK_IMPRINT_GOOD },
    { "no-imprint", PAGE, "https://web.test", "200 Willkommen", REMARK_IMPRINT_NONE },
    { "page-silent", PAGE, "https://web.test", "0 ", REMARK_IMPRINT_SILENT },
    { "host-without-imprint", PAGE, "https://www.news.test/", "404 nothing", REMARK_IMPRINT_HOST_NONE },
};
/* clang-format on */

typedef struct World {
    FakeDns dns;
    DkimKey *key;
    char *record; /* in pieces, as a zone has it */
} World;

static World world;

/* Most of the web: the operator's imprint is at www. of the host's domain. */
static const struct {
    const char *url, *answer;
} pages[] = {
    {"https://web.test", IMPRINT},
    {"https://web.test/leave/abc", "200 leave?"},
    {"http://web.test/leave/abc", "200 leave?"},
    {"https://www.news.test/", IMPRINT},
};

static WebPage *page_of(const char *answer)
{
    WebPage *page = g_new0(WebPage, 1);
    page->status = strtol(answer, NULL, 10);
    page->body = g_strdup(answer);
    page->reason = page->status == 0 ? g_strdup("no route to host") : NULL;
    return page;
}

static WebPage *get(void *context, const char *url, bool follow)
{
    gsize n = GPOINTER_TO_SIZE(context);
    g_assert_cmpint(follow, ==, strstr(url, "/leave/") == NULL);
    if (cases[n].where == PAGE && g_str_equal(cases[n].from, url))
        return page_of(cases[n].to);
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
        if (g_str_equal(pages[i].url, url))
            return page_of(pages[i].answer);
    return page_of("0 ");
}

/* The first place alone. */
static char *changed(gsize n, Where where, const char *text)
{
    if (cases[n].where != where)
        return g_strdup(text);
    g_auto(GStrv) parts = g_strsplit(text, cases[n].from, 2);
    g_assert_nonnull(parts[1]);
    return g_strjoinv(cases[n].to, parts);
}

static void write_zone(gsize n)
{
    g_autofree char *zone = changed(n, ZONE, good_zone);
    g_auto(GStrv) parts = g_strsplit(zone, KEY, -1);
    g_autofree char *whole = g_strjoinv(world.record, parts);
    g_assert_true(g_file_set_contents(world.dns.zone_path, whole, -1, NULL));
}

/* Caller frees. */
static char *write_mail(gsize n)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    g_ptr_array_add(keys, world.key);
    g_autoptr(DkimSigner) signer = dkim_signer_new(keys, "", 0);
    g_autofree char *letter = changed(n, LETTER, good_letter), *way = changed(n, WAY, good_way);
    g_autoptr(GString) mail = g_string_new(letter);
    g_assert_true(dkim_sign(signer, mail, 1, NULL));
    g_string_replace(mail, "\r\n\t", " ", 0); /* so that a case may name all of h= */
    g_autofree char *arrived = changed(n, SIGNED, mail->str);
    return g_strconcat(way, arrived, NULL);
}

static char *setting(gsize n, const char *name, const char *value)
{
    bool is_it = cases[n].where == SETTING && g_str_equal(cases[n].from, name);
    return (char *)(is_it ? cases[n].to : value);
}

static Remarks *look(gsize n, RemarkLanguage language)
{
    RelaySettings relay = {.name = (char *)"main", .host = setting(n, "host", "mail.news.test")};
    DkimSettings dkim = {(char *)"news.test", setting(n, "selector", "r1"), (char *)""};
    g_autoptr(GPtrArray) relays = g_ptr_array_new();
    g_autoptr(GPtrArray) keys = g_ptr_array_new();
    relay.tls = cases[n].where == SETTING && strcmp(cases[n].from, "selector") != 0 ? TLS_NONE : TLS_STARTTLS;
    g_ptr_array_add(relays, &relay);
    g_ptr_array_add(keys, &dkim);
    Settings settings = {.relays = relays, .dkim = keys};
    settings.site.public_url = (char *)"https://web.test";
    settings.site.bounce_address = (char *)"bounces@news.test";
    g_autofree char *mail = write_mail(n);
    g_auto(Evidence) evidence = {0};
    const EvidenceSource source = {.settings = &settings,
                                   .dns = world.dns.resolver,
                                   .get = get,
                                   .context = GSIZE_TO_POINTER(n),
                                   .mail = mail,
                                   .length = strlen(mail),
                                   .now = 1};
    write_zone(n);
    evidence_init(&evidence, &source);
    Remarks *remarks = remarks_new(language);
    check_deliverability(&evidence, remarks);
    return remarks;
}

static const Remark *find(const Remarks *remarks, RemarkId id)
{
    for (guint i = 0; i < remarks_count(remarks); i++)
        if (remarks_at(remarks, i)->id == id)
            return remarks_at(remarks, i);
    return NULL;
}

static void check(gconstpointer data)
{
    gsize n = GPOINTER_TO_SIZE(data);
    for (RemarkLanguage language = REMARK_ENGLISH; language <= REMARK_GERMAN; language++) {
        g_autoptr(Remarks) remarks = look(n, language);
        for (guint i = 0; i < remarks_count(remarks); i++) {
            const Remark *remark = remarks_at(remarks, i);
            g_test_message("%s %s: %s", remark->check, remark_grade_word(remark->grade), remark->text);
            g_assert_null(strchr(remark->text, '{'));
            g_assert_null(strchr(remark->mend, '{'));
            g_assert_true(cases[n].where != NOTHING || remark->grade == REMARK_GOOD);
        }
        g_assert_nonnull(find(remarks, cases[n].want));
    }
}

/* By the Public Suffix List: what many have below them is nobody's. */
static void alignment(void)
{
    g_assert_true(dmarc_aligned("news.kreis.de", "KREIS.de", false));
    g_assert_false(dmarc_aligned("news.kreis.de", "kreis.de", true));
    g_assert_true(dmarc_aligned("kreis.de", "Kreis.de", true));
    g_assert_false(dmarc_aligned("kreis.de", "stadt.de", false));
    g_assert_false(dmarc_aligned("kreis.gov.uk", "stadt.gov.uk", false));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    world.key = dkim_key_generate("news.test", "r1", DKIM_RSA);
    g_autofree char *line = dkim_key_zone_record(world.key);
    world.record = g_strdup(strchr(line, '('));
    *strchr(world.record, '\n') = '\0';
    fake_dns_start(&world.dns, "");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/check/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), check);
    }
    g_test_add_func("/check/alignment", alignment);
    int result = g_test_run();
    fake_dns_stop(&world.dns);
    dkim_key_free(world.key);
    g_free(world.record);
    return result;
}
