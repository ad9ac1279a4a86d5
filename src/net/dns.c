/* c-ares asks and reads; its sockets are in an epoll of our own, so that a loop has but one descriptor to watch. Of an
 * answer only the records are kept, as texts. */
#include "net/dns.h"

/* system */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

/* libraries */
#include <ares.h>

#define FIRST_TIMEOUT_MS 2500 /* of the first try; the second has twice that */
#define TRIES            2
#define CLASS_IN         1
#define UDP_BYTES        1232 /* fits any path unfragmented; a longer answer comes by TCP */

struct DnsResolver {
    int epoll;
    ares_channel channel;
};

/* ---- records ----------------------------------------------------------------------------------------------------- */

void dns_answer_free(DnsAnswer *answer)
{
    if (!answer)
        return;
    g_ptr_array_unref(answer->records);
    g_free(answer);
}

static int read_addresses(int family, const unsigned char *bytes, int length, GPtrArray *records)
{
    struct hostent *host = NULL;
    int result = family == AF_INET ? ares_parse_a_reply(bytes, length, &host, NULL, NULL)
                                   : ares_parse_aaaa_reply(bytes, length, &host, NULL, NULL);
    if (result != ARES_SUCCESS)
        return result;
    for (char **address = host->h_addr_list; *address; address++) {
        char text[INET6_ADDRSTRLEN];
        g_ptr_array_add(records, g_strdup(inet_ntop(family, *address, text, sizeof text)));
    }
    ares_free_hostent(host);
    return result;
}

static int read_names(const unsigned char *bytes, int length, GPtrArray *records)
{
    struct hostent *host = NULL;
    int result = ares_parse_ptr_reply(bytes, length, NULL, 0, AF_INET, &host);
    if (result != ARES_SUCCESS)
        return result;
    for (char **name = host->h_aliases; *name; name++)
        g_ptr_array_add(records, g_strdup(*name));
    ares_free_hostent(host);
    return result;
}

static int by_preference(gconstpointer left, gconstpointer right)
{
    const struct ares_mx_reply *a = *(struct ares_mx_reply *const *)left, *b = *(struct ares_mx_reply *const *)right;
    return (a->priority > b->priority) - (a->priority < b->priority);
}

static int read_exchangers(const unsigned char *bytes, int length, GPtrArray *records)
{
    struct ares_mx_reply *first = NULL;
    int result = ares_parse_mx_reply(bytes, length, &first);
    g_autoptr(GPtrArray) sorted = g_ptr_array_new();
    for (struct ares_mx_reply *mx = first; mx; mx = mx->next)
        g_ptr_array_add(sorted, mx);
    g_ptr_array_sort(sorted, by_preference);
    for (guint i = 0; i < sorted->len; i++)
        g_ptr_array_add(records, g_strdup(((struct ares_mx_reply *)sorted->pdata[i])->host));
    ares_free_data(first);
    return result;
}

static void append_printable(GString *text, const unsigned char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++)
        g_string_append_c(text, g_ascii_isprint((char)bytes[i]) ? (char)bytes[i] : '?');
}

static int read_texts(const unsigned char *bytes, int length, GPtrArray *records)
{
    struct ares_txt_ext *first = NULL;
    int result = ares_parse_txt_reply_ext(bytes, length, &first);
    g_autoptr(GString) text = g_string_new(NULL);
    for (struct ares_txt_ext *piece = first; piece; piece = piece->next) {
        append_printable(text, piece->txt, piece->length);
        if (piece->next && !piece->next->record_start)
            continue;
        g_ptr_array_add(records, g_strdup(text->str));
        g_string_truncate(text, 0);
    }
    ares_free_data(first);
    return result;
}

static int read_records(DnsType type, const unsigned char *bytes, int length, GPtrArray *records)
{
    switch (type) {
    case DNS_A:
        return read_addresses(AF_INET, bytes, length, records);
    case DNS_AAAA:
        return read_addresses(AF_INET6, bytes, length, records);
    case DNS_PTR:
        return read_names(bytes, length, records);
    case DNS_MX:
        return read_exchangers(bytes, length, records);
    default:
        return read_texts(bytes, length, records);
    }
}

static DnsStatus status_of(int result, const GPtrArray *records)
{
    switch (result) {
    case ARES_SUCCESS: /* or only an alias, which leads to nothing of this type */
        return records->len > 0 ? DNS_FOUND : DNS_NO_RECORD;
    case ARES_ENODATA:
        return DNS_NO_RECORD;
    case ARES_ENOTFOUND:
    case ARES_EBADNAME:
        return DNS_NO_NAME;
    default:
        return DNS_FAILED;
    }
}

static DnsAnswer *answer_of(DnsType type, int result, const unsigned char *bytes, int length)
{
    DnsAnswer *answer = g_new0(DnsAnswer, 1);
    answer->records = g_ptr_array_new_with_free_func(g_free);
    if (result == ARES_SUCCESS)
        result = read_records(type, bytes, length, answer->records);
    answer->status = status_of(result, answer->records);
    if (answer->status == DNS_FAILED)
        answer->reason = ares_strerror(result);
    return answer;
}

/* ---- the resolver ------------------------------------------------------------------------------------------------ */

/* Both false: it is about to be closed. */
static void watch(void *context, ares_socket_t fd, int reads, int writes)
{
    const DnsResolver *resolver = context;
    struct epoll_event event = {.data.fd = fd};
    event.events = (reads ? (unsigned)EPOLLIN : 0) | (writes ? (unsigned)EPOLLOUT : 0);
    if (!reads && !writes)
        epoll_ctl(resolver->epoll, EPOLL_CTL_DEL, fd, &event);
    else if (epoll_ctl(resolver->epoll, EPOLL_CTL_MOD, fd, &event) != 0)
        epoll_ctl(resolver->epoll, EPOLL_CTL_ADD, fd, &event);
}

static int open_channel(DnsResolver *resolver, const char *server, int64_t port)
{
    struct ares_options options = {.flags = ARES_FLAG_EDNS,
                                   .ednspsz = UDP_BYTES,
                                   .timeout = FIRST_TIMEOUT_MS,
                                   .tries = TRIES,
                                   .sock_state_cb = watch,
                                   .sock_state_cb_data = resolver};
    int wanted = ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    int result = ares_init_options(&resolver->channel, &options, wanted);
    if (result != ARES_SUCCESS || !*server)
        return result;
    g_autofree char *place = g_strdup_printf(strchr(server, ':') ? "[%s]:%" G_GINT64_FORMAT : "%s:%" G_GINT64_FORMAT,
                                             server, port);
    return ares_set_servers_ports_csv(resolver->channel, place);
}

DnsResolver *dns_resolver_new(const char *server, int64_t port, GError **error)
{
    g_autoptr(DnsResolver) resolver = g_new0(DnsResolver, 1);
    resolver->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (resolver->epoll < 0) {
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "epoll: %s", g_strerror(errno));
        return NULL;
    }
    int result = open_channel(resolver, server, port);
    if (result == ARES_SUCCESS)
        return g_steal_pointer(&resolver);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the DNS cannot be asked: %s", ares_strerror(result));
    return NULL;
}

void dns_resolver_free(DnsResolver *resolver)
{
    if (!resolver)
        return;
    if (resolver->channel)
        ares_destroy(resolver->channel);
    if (resolver->epoll >= 0)
        close(resolver->epoll);
    g_free(resolver);
}

/* ---- questions --------------------------------------------------------------------------------------------------- */

typedef struct Question {
    DnsType type;
    DnsDone done;
    void *context;
} Question;

static void finish(void *context, int result, int timeouts, unsigned char *bytes, int length)
{
    (void)timeouts;
    g_autofree Question *question = context;
    if (result != ARES_EDESTRUCTION)
        question->done(question->context, answer_of(question->type, result, bytes, length));
}

void dns_ask(DnsResolver *resolver, DnsType type, const char *name, DnsDone done, void *context)
{
    Question *question = g_new(Question, 1);
    *question = (Question){type, done, context};
    ares_query(resolver->channel, name, CLASS_IN, type, finish, question);
}

int dns_resolver_fd(const DnsResolver *resolver)
{
    return resolver->epoll;
}

int64_t dns_resolver_wait_us(const DnsResolver *resolver)
{
    struct timeval left;
    if (!ares_timeout(resolver->channel, NULL, &left))
        return -1;
    return (int64_t)left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

void dns_resolver_tend(DnsResolver *resolver)
{
    struct epoll_event events[16];
    int n = epoll_wait(resolver->epoll, events, G_N_ELEMENTS(events), 0);
    for (int i = 0; i < n; i++) {
        bool reads = (events[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0;
        bool writes = (events[i].events & EPOLLOUT) != 0;
        ares_process_fd(resolver->channel, reads ? events[i].data.fd : ARES_SOCKET_BAD,
                        writes ? events[i].data.fd : ARES_SOCKET_BAD);
    }
    ares_process_fd(resolver->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* looks at the time */
}

static void keep(void *context, DnsAnswer *answer)
{
    *(DnsAnswer **)context = answer;
}

DnsAnswer *dns_look_up(DnsResolver *resolver, DnsType type, const char *name)
{
    DnsAnswer *answer = NULL;
    dns_ask(resolver, type, name, keep, &answer);
    while (!answer) {
        struct pollfd waiting = {.fd = resolver->epoll, .events = POLLIN};
        poll(&waiting, 1, (int)(dns_resolver_wait_us(resolver) / 1000) + 1);
        dns_resolver_tend(resolver);
    }
    return answer;
}

char *dns_reverse_name(const char *address)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    if (inet_pton(AF_INET, address, bytes) == 1)
        return g_strdup_printf("%u.%u.%u.%u.in-addr.arpa", bytes[3], bytes[2], bytes[1], bytes[0]);
    if (inet_pton(AF_INET6, address, bytes) != 1)
        return NULL;
    GString *name = g_string_new(NULL);
    for (int i = sizeof bytes - 1; i >= 0; i--)
        g_string_append_printf(name, "%x.%x.", bytes[i] & 15u, bytes[i] >> 4);
    g_string_append(name, "ip6.arpa");
    return g_string_free(name, FALSE);
}
