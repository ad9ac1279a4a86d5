/* deliverability/hop: Received fields as the common servers write them. */
#include "deliverability/hop.h"

/* clang-format off */
static const struct { const char *name, *value, *helo, *ip, *by, *protocol, *tls; } cases[] = {
    { "postfix", "from mail.kreis.example (mail.kreis.example [192.0.2.25]) (using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)) (Client did not present a certificate) by mx.example.org (Postfix) with ESMTPS id 4A; Mon, 1 Jun 2026 10:00:00 +0200 (CEST)",
      "mail.kreis.example", "192.0.2.25", "mx.example.org", "ESMTPS", "TLS 1.3" },
    { "postfix-ipv6", "from relay (unknown [IPv6:2001:db8::25]) by mx.example.org (Postfix) with ESMTP id 4A",
      "relay", "2001:db8::25", "mx.example.org", "ESMTP", "" },
    { "exim", "from mail.kreis.example ([192.0.2.25]) by mx.example.org with esmtps (TLS1.3) tls TLS_AES_256_GCM_SHA384 (Exim 4.96) id 1a",
      "mail.kreis.example", "192.0.2.25", "mx.example.org", "esmtps", "TLS 1.3" },
    { "exim-helo", "from [192.0.2.25] (port=4711 helo=out.kreis.example) by mx.example.org with esmtp (Exim 4.96)",
      "out.kreis.example", "192.0.2.25", "mx.example.org", "esmtp", "" },
    { "google", "from mail.kreis.example (mail.kreis.example. [192.0.2.25]) by mx.google.com with ESMTPS id x (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256)",
      "mail.kreis.example", "192.0.2.25", "mx.google.com", "ESMTPS", "TLS 1.3" },
    { "microsoft", "from mail.kreis.example (192.0.2.25) by AM0.mail.protection.outlook.com (10.1.2.3) with Microsoft SMTP Server (version=TLS1_2, cipher=TLS_ECDHE) id 15.20",
      "mail.kreis.example", "192.0.2.25", "AM0.mail.protection.outlook.com", "Microsoft", "TLS 1.2" },
    { "local", "by mail.kreis.example (Postfix, from userid 1000) id 4A", "", "", "mail.kreis.example", "", "" },
    { "garbage", "((((", "", "", "", "", "" },
    { "empty", "", "", "", "", "", "" },
};

static const struct { const char *ip; bool is_public; } ips[] = {
    { "192.0.2.25", true }, { "8.8.8.8", true }, { "172.32.0.1", true }, { "2001:db8::1", true }, { "2a00::1", true },
    { "10.0.0.1", false }, { "172.16.0.1", false }, { "172.31.255.255", false }, { "192.168.1.1", false },
    { "127.0.0.1", false }, { "169.254.1.1", false }, { "100.64.0.1", false }, { "0.0.0.0", false }, { "::1", false },
    { "::", false }, { "fe80::1", false }, { "fd00::1", false }, { "mail.example", false }, { "", false },
};
/* clang-format on */

static void read_one(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autofree char *header = g_strdup_printf("Received: %s\n\n", cases[i].value);
    g_autoptr(Fields) fields = fields_parse(header, strlen(header), NULL);
    g_autoptr(GPtrArray) hops = hops_read(fields);
    g_assert_cmpuint(hops->len, ==, 1);
    const Hop *hop = hops->pdata[0];
    g_assert_cmpstr(hop->helo, ==, cases[i].helo);
    g_assert_cmpstr(hop->ip, ==, cases[i].ip);
    g_assert_cmpstr(hop->by, ==, cases[i].by);
    g_assert_cmpstr(hop->protocol, ==, cases[i].protocol);
    g_assert_cmpstr(hop->tls, ==, cases[i].tls);
}

static void tls(void)
{
    static const char header[] = "Received: from a ([192.0.2.1]) by b with UTF8SMTPS\n"
                                 "Received: from a ([192.0.2.1]) by b with LMTP\n\n";
    g_autoptr(Fields) fields = fields_parse(header, strlen(header), NULL);
    g_autoptr(GPtrArray) hops = hops_read(fields);
    g_assert_true(hop_had_tls(hops->pdata[0]));
    g_assert_false(hop_had_tls(hops->pdata[1]));
}

/* clang-format off */
static const struct { const char *name, *header, *ip; } ways[] = {
    { "plain", "Received: from mx (mx [10.0.0.2]) by store.example.org with LMTP\n"
               "Received: from out.kreis.de (out [192.0.2.25]) by mx.example.org with ESMTPS\n"
               "Received: from app (app [10.0.0.5]) by out.kreis.de with ESMTPSA\n", "192.0.2.25" },
    { "forwarded", "Received: from mx.example.org (mx [192.0.2.77]) by in.kreis.de with ESMTPS\n"
                   "Received: from out.kreis.de (out [192.0.2.25]) by mx.example.org with ESMTPS\n"
                   "Received: from app (app [10.0.0.5]) by out.kreis.de with ESMTPSA\n", "192.0.2.25" },
    { "all-public", "Received: from out.kreis.de (out [192.0.2.25]) by mx.example.org with ESMTPS\n"
                    "Received: from filter.kreis.de (filter [192.0.2.24]) by out.kreis.de with ESMTPS\n"
                    "Received: from app.provider.example (app [192.0.2.99]) by filter.kreis.de with ESMTPSA\n", "192.0.2.25" },
    { "inside", "Received: from mx (mx [10.0.0.2]) by store.kreis.de with LMTP\n"
                "Received: from app (app [192.0.2.99]) by mx.kreis.de with ESMTPSA\n", NULL },
    { "no-way", "Subject: x\n", NULL },
};
/* clang-format on */

static void outer(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(Fields) fields = fields_parse(ways[i].header, strlen(ways[i].header), NULL);
    g_autoptr(GPtrArray) hops = hops_read(fields);
    const Hop *hop = hops_outer(hops);
    g_assert_cmpstr(hop ? hop->ip : NULL, ==, ways[i].ip);
}

static void public_addresses(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(ips); i++) {
        g_test_message("%s", ips[i].ip);
        g_assert_cmpint(ip_is_public(ips[i].ip), ==, ips[i].is_public);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strconcat("/hop/", cases[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), read_one);
    }
    g_test_add_func("/hop/tls", tls);
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autofree char *path = g_strconcat("/hop/way/", ways[i].name, NULL);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), outer);
    }
    g_test_add_func("/hop/public-addresses", public_addresses);
    return g_test_run();
}
