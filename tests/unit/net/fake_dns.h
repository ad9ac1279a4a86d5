#pragma once
/* tests/fake/dnsd for a test program: started with a zone, and asked by a resolver of its own. */
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/dns.h"

typedef struct FakeDns {
    char *zone_path;
    GPid pid;
    int64_t port;
    DnsResolver *resolver;
} FakeDns;

/* A test that fails ends without tidying up. */
static inline void fake_dns_end_with_us(gpointer data)
{
    (void)data;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static inline void fake_dns_start(FakeDns *dns, const char *zone)
{
    const char *source = g_getenv("SOURCE") ? g_getenv("SOURCE") : ".";
    g_autofree char *program = g_strconcat(source, "/tests/fake/dnsd", NULL);
    g_autoptr(GError) error = NULL;
    int output;
    dns->zone_path = g_strdup("/tmp/rundbrief-zone.XXXXXX");
    close(g_mkstemp(dns->zone_path));
    g_file_set_contents(dns->zone_path, zone, -1, &error);
    g_assert_no_error(error);
    char *arguments[] = {program, dns->zone_path, NULL};
    g_spawn_async_with_pipes(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, fake_dns_end_with_us, NULL, &dns->pid,
                             NULL, &output, NULL, &error);
    g_assert_no_error(error);
    char line[64] = "";
    g_assert_cmpint(read(output, line, sizeof line - 1), >, 0); /* "port N" */
    dns->port = atoi(line + strlen("port "));
    close(output);
    dns->resolver = dns_resolver_new("127.0.0.1", dns->port, &error);
    g_assert_no_error(error);
}

static inline void fake_dns_stop(FakeDns *dns)
{
    dns_resolver_free(dns->resolver);
    kill(dns->pid, SIGTERM);
    waitpid(dns->pid, NULL, 0);
    g_unlink(dns->zone_path);
    g_free(dns->zone_path);
}
