/* Relay connections. The only file that knows libcurl. A handle stays in the multi for as long as its link lives (taken
 * out, it could no longer send); after the connection is made libcurl only carries bytes, and the socket is in our
 * epoll. Never logs what is said: the log-in is among it. */
#include "outbound/link.h"

/* libraries */
#include <curl/curl.h>

/* rundbrief */
#include "base/clock.h"
#include "base/waiter.h"
#include "outbound/smtp_deadline.h"
#include "outbound/smtp_reply.h"

#define QUIT_US    (5 * SECOND_US)
#define CHUNK_SIZE (16 * 1024)

struct LinkHub {
    CURLM *multi;
    Waiter *waiter;
    GPtrArray *sockets; /* of WaitPoint: those libcurl connects */
    GPtrArray *watched; /* of WaitPoint: other people's */
    int64_t timer_at;   /* when libcurl wants to be called; monotonic; 0: never */
};

struct Link {
    LinkHub *hub;
    CURL *handle;
    LinkState state;
    bool is_tls;
    bool needs_login;
    bool writing;       /* the relay takes no more bytes for now */
    int64_t timeout_us; /* no deadline is longer than this; 0: those of RFC 5321 */
    int64_t quiet_since;
    WaitPoint point;
    SmtpDialogue *dialogue;
    SmtpCapabilities capabilities;
    SmtpOptions options;
    SmtpReplyReader reader; /* of what is said before the dialogue begins */
    SmtpReply last_reply;
    Attempt failure;
    bool failed;
    char error[CURL_ERROR_SIZE];
};

/* ---- libcurl and our epoll --------------------------------------------------------------------------------------- */

static int on_socket(CURL *handle, curl_socket_t fd, int what, void *data, void *socket_data)
{
    (void)handle;
    LinkHub *hub = data;
    WaitPoint *point = socket_data;
    if (what == CURL_POLL_REMOVE) {
        if (point) {
            waiter_want(hub->waiter, point, 0);
            g_ptr_array_remove_fast(hub->sockets, point);
        }
        return 0;
    }
    if (!point) {
        point = g_new0(WaitPoint, 1);
        point->fd = fd;
        g_ptr_array_add(hub->sockets, point);
        curl_multi_assign(hub->multi, fd, point);
    }
    waiter_want(hub->waiter, point, (what & CURL_POLL_IN ? WAIT_READ : 0) | (what & CURL_POLL_OUT ? WAIT_WRITE : 0));
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *data)
{
    (void)multi;
    LinkHub *hub = data;
    hub->timer_at = timeout_ms < 0 ? 0 : clock_monotonic() + timeout_ms * 1000;
    return 0;
}

LinkHub *link_hub_new(GError **error)
{
    g_autoptr(Waiter) waiter = waiter_new(error);
    if (!waiter)
        return NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    LinkHub *hub = g_new0(LinkHub, 1);
    hub->waiter = g_steal_pointer(&waiter);
    hub->sockets = g_ptr_array_new_with_free_func(g_free);
    hub->watched = g_ptr_array_new_with_free_func(g_free);
    hub->multi = curl_multi_init();
    curl_multi_setopt(hub->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
    curl_multi_setopt(hub->multi, CURLMOPT_SOCKETDATA, hub);
    curl_multi_setopt(hub->multi, CURLMOPT_TIMERFUNCTION, on_timer);
    curl_multi_setopt(hub->multi, CURLMOPT_TIMERDATA, hub);
    return hub;
}

void link_hub_free(LinkHub *hub)
{
    if (!hub)
        return;
    curl_multi_cleanup(hub->multi);
    g_ptr_array_unref(hub->sockets);
    g_ptr_array_unref(hub->watched);
    waiter_free(hub->waiter);
    curl_global_cleanup();
    g_free(hub);
}

void link_hub_watch(LinkHub *hub, int fd)
{
    WaitPoint *point = g_new0(WaitPoint, 1);
    point->fd = fd;
    g_ptr_array_add(hub->watched, point);
    waiter_want(hub->waiter, point, WAIT_READ);
}

Waiter *link_hub_waiter(LinkHub *hub)
{
    return hub->waiter;
}

/* Tells libcurl which of its sockets are ready. Its callbacks change the list, so it is copied first. */
static void move_connections_on(LinkHub *hub)
{
    int running;
    g_autoptr(GArray) ready = g_array_new(FALSE, FALSE, sizeof(WaitPoint));
    for (guint i = 0; i < hub->sockets->len; i++) {
        WaitPoint *point = hub->sockets->pdata[i];
        if (point->ready != 0)
            g_array_append_val(ready, *point);
        point->ready = 0;
    }
    for (guint i = 0; i < ready->len; i++) {
        const WaitPoint *point = &g_array_index(ready, WaitPoint, i);
        int mask = (point->ready & WAIT_READ ? CURL_CSELECT_IN : 0) |
                   (point->ready & WAIT_WRITE ? CURL_CSELECT_OUT : 0);
        curl_multi_socket_action(hub->multi, point->fd, mask, &running);
    }
    if (hub->timer_at != 0 && clock_monotonic() >= hub->timer_at) {
        hub->timer_at = 0;
        curl_multi_socket_action(hub->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

/* ---- making a connection ----------------------------------------------------------------------------------------- */

/* Each line the relay says until the dialogue begins. A greeting, also the one to STARTTLS, begins a new list of
 * capabilities. */
static size_t on_reply_line(char *line, size_t size, size_t count, void *data)
{
    Link *link = data;
    const char *bytes = line;
    gsize length = size * count;
    g_autofree char *text = g_strndup(line, length);
    if (g_str_has_prefix(text, "220"))
        link->capabilities = (SmtpCapabilities){0};
    else if (g_str_has_prefix(text, "250") && length > 4)
        smtp_capabilities_learn(&link->capabilities, text + 4);
    if (smtp_reply_read(&link->reader, &bytes, &length) == SMTP_REPLY_WHOLE && link->reader.reply.code != 221)
        link->last_reply = link->reader.reply;
    return size * count;
}

static SmtpPhase phase_of_failure(CURLcode code)
{
    switch (code) {
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED:
        return SMTP_TLS;
    case CURLE_LOGIN_DENIED:
    case CURLE_AUTH_ERROR:
        return SMTP_AUTH;
    default:
        return SMTP_CONNECT;
    }
}

static void fail(Link *link, SmtpPhase phase, const char *why)
{
    const SmtpReply *reply = &link->last_reply;
    link->state = LINK_ENDED;
    link->failed = true;
    link->failure = (Attempt){.phase = phase};
    if (reply->code >= 400) {
        link->failure.reply = reply->code;
        g_strlcpy(link->failure.enhanced, reply->enhanced, sizeof link->failure.enhanced);
        g_strlcpy(link->failure.text, reply->text, sizeof link->failure.text);
    } else {
        link->failure.line_lost = true;
        g_strlcpy(link->failure.text, why, sizeof link->failure.text);
    }
}

static void on_connected(Link *link, CURLcode code)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    if (code == CURLE_OK)
        curl_easy_getinfo(link->handle, CURLINFO_ACTIVESOCKET, &fd);
    if (fd == CURL_SOCKET_BAD) {
        fail(link, phase_of_failure(code), link->error[0] ? link->error : curl_easy_strerror(code));
        return;
    }
    if (link->needs_login && !link->capabilities.auth) { /* libcurl goes on without */
        fail(link, SMTP_AUTH, "it offers no log-in on this connection");
        return;
    }
    link->state = LINK_OPEN;
    link->dialogue = smtp_dialogue_new(&link->capabilities, &link->options);
    link->point.fd = fd;
    waiter_want(link->hub->waiter, &link->point, WAIT_READ);
    link->quiet_since = clock_monotonic();
}

static void collect_connected(LinkHub *hub)
{
    int left;
    for (CURLMsg *message; (message = curl_multi_info_read(hub->multi, &left));) {
        char *link = NULL;
        if (message->msg == CURLMSG_DONE &&
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &link) == CURLE_OK && link)
            on_connected((Link *)(void *)link, message->data.result);
    }
}

bool link_hub_wait(LinkHub *hub, int64_t max_ms, guint least, bool *ret_woken, GError **error)
{
    int64_t max_us = max_ms * 1000;
    if (hub->timer_at != 0)
        max_us = CLAMP(hub->timer_at - clock_monotonic(), 0, max_us);
    if (!waiter_wait(hub->waiter, max_us, least, error))
        return false;
    *ret_woken = false;
    for (guint i = 0; i < hub->watched->len; i++) {
        WaitPoint *point = hub->watched->pdata[i];
        *ret_woken |= point->ready != 0;
        point->ready = 0;
    }
    move_connections_on(hub);
    collect_connected(hub);
    return true;
}

static void set_protection(CURL *handle, const RelaySettings *relay, const char *client_key)
{
    static const long versions[] = {[TLS_1_2] = CURL_SSLVERSION_TLSv1_2, [TLS_1_3] = CURL_SSLVERSION_TLSv1_3};
    curl_easy_setopt(handle, CURLOPT_USE_SSL, (long)(relay->tls == TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, versions[relay->tls_min]);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (relay->ca_file[0]) {
        curl_easy_setopt(handle, CURLOPT_CAINFO, relay->ca_file);
        curl_easy_setopt(handle, CURLOPT_CAPATH, NULL);
    }
    if (relay->client_cert[0]) {
        curl_easy_setopt(handle, CURLOPT_SSLCERT, relay->client_cert);
        curl_easy_setopt(handle, CURLOPT_SSLKEY, client_key ? client_key : relay->client_cert);
    }
}

static void set_login(CURL *handle, const RelaySettings *relay, const char *secret)
{
    static const char *const options[] = {
        [AUTH_PLAIN] = "AUTH=PLAIN", [AUTH_LOGIN] = "AUTH=LOGIN", [AUTH_XOAUTH2] = "AUTH=XOAUTH2"};
    curl_easy_setopt(handle, CURLOPT_USERNAME, relay->user);
    curl_easy_setopt(handle, relay->auth == AUTH_XOAUTH2 ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, secret);
    if (relay->auth != AUTH_AUTO)
        curl_easy_setopt(handle, CURLOPT_LOGIN_OPTIONS, options[relay->auth]);
}

static char *relay_url(const RelaySettings *relay, const char *helo_name)
{
    bool is_ipv6 = strchr(relay->host, ':') != NULL;
    return g_strdup_printf("%s://%s%s%s:%" G_GINT64_FORMAT "/%s", relay->tls == TLS_IMPLICIT ? "smtps" : "smtp",
                           is_ipv6 ? "[" : "", relay->host, is_ipv6 ? "]" : "", relay->port, helo_name);
}

static void set_target(Link *link, const RelaySettings *relay, const char *helo_name)
{
    CURL *handle = link->handle;
    g_autofree char *url = relay_url(relay, helo_name);
    curl_easy_setopt(handle, CURLOPT_URL, url);
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(handle, CURLOPT_PROXY, ""); /* not what the environment says */
    curl_easy_setopt(handle, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_PRIVATE, link);
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, link->error);
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, on_reply_line);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, link);
}

Link *link_open(LinkHub *hub, const RelaySettings *relay, const LinkIdentity *who, int64_t now)
{
    Link *link = g_new0(Link, 1);
    link->hub = hub;
    link->state = LINK_CONNECTING;
    link->is_tls = relay->tls != TLS_NONE;
    link->needs_login = who->secret != NULL;
    link->timeout_us = relay->timeout_seconds * SECOND_US;
    link->options = (SmtpOptions){.dsn = relay->dsn, .chunking = relay->chunking, .depth = (guint)relay->depth};
    link->quiet_since = now;
    smtp_reply_reader_init(&link->reader);
    link->handle = curl_easy_init();
    set_target(link, relay, who->helo_name);
    set_protection(link->handle, relay, who->client_key);
    if (link->needs_login)
        set_login(link->handle, relay, who->secret);
    CURLMcode code = curl_multi_add_handle(hub->multi, link->handle);
    if (code != CURLM_OK)
        fail(link, SMTP_CONNECT, curl_multi_strerror(code));
    return link;
}

void link_close(Link *link)
{
    if (!link)
        return;
    waiter_want(link->hub->waiter, &link->point, 0);
    curl_multi_remove_handle(link->hub->multi, link->handle);
    curl_easy_cleanup(link->handle);
    smtp_dialogue_free(link->dialogue);
    smtp_reply_reader_clear(&link->reader);
    g_free(link);
}

/* ---- speaking ---------------------------------------------------------------------------------------------------- */

static int64_t deadline_us(const Link *link, SmtpPhase phase)
{
    return smtp_deadline_us(phase, link->writing, link->timeout_us);
}

static void lose(Link *link, const char *why)
{
    smtp_dialogue_lost(link->dialogue, why);
    link->state = LINK_ENDED;
}

static void lose_late(Link *link)
{
    smtp_dialogue_late(link->dialogue);
    link->state = LINK_ENDED;
}

static void check_deadline(Link *link, int64_t now)
{
    SmtpPhase phase = SMTP_CONNECT;
    int64_t quiet_us = now - link->quiet_since;
    if (link->state == LINK_CONNECTING && quiet_us > deadline_us(link, SMTP_CONNECT)) {
        link->last_reply.code = 0;
        fail(link, SMTP_CONNECT, "no connection within the time limit");
    } else if (link->state == LINK_OPEN && smtp_dialogue_waits(link->dialogue, &phase)) {
        bool quitting = phase == SMTP_CONNECT; /* the only thing awaited that is no mail's */
        if (quiet_us > (quitting ? QUIT_US : deadline_us(link, phase)))
            lose_late(link);
    }
}

/* True when there may be more. */
static bool receive(Link *link, int64_t now)
{
    char chunk[CHUNK_SIZE];
    size_t n = 0;
    CURLcode code = curl_easy_recv(link->handle, chunk, sizeof chunk, &n);
    if (code == CURLE_AGAIN)
        return false;
    if (code != CURLE_OK || n == 0) {
        lose(link, code == CURLE_OK ? "the relay closed the connection" : curl_easy_strerror(code));
        return false;
    }
    guint64 heard = smtp_dialogue_heard(link->dialogue);
    smtp_dialogue_feed(link->dialogue, chunk, n);
    if (smtp_dialogue_heard(link->dialogue) != heard) /* a reply that drips keeps us waiting all the same */
        link->quiet_since = now;
    if (smtp_dialogue_is_over(link->dialogue))
        link->state = LINK_ENDED;
    /* TLS may hold more than it gave; a plain socket that filled less than the chunk is empty. */
    return link->state == LINK_OPEN && (link->is_tls || n == sizeof chunk);
}

void link_read(Link *link, int64_t now)
{
    if (link->state == LINK_OPEN && (link->point.ready & WAIT_READ)) {
        link->point.ready &= ~(unsigned)WAIT_READ;
        while (receive(link, now))
            continue;
    }
    if (link->state != LINK_ENDED)
        check_deadline(link, now);
}

void link_look(Link *link, int64_t now)
{
    if (link->state == LINK_OPEN && smtp_dialogue_is_idle(link->dialogue))
        while (receive(link, now))
            continue;
}

void link_write(Link *link, int64_t now)
{
    if (link->state != LINK_OPEN)
        return;
    for (gsize length;;) {
        size_t n = 0;
        const char *bytes = smtp_dialogue_output(link->dialogue, &length);
        if (length == 0)
            break;
        CURLcode code = curl_easy_send(link->handle, bytes, length, &n);
        if (code == CURLE_AGAIN || (code == CURLE_OK && n == 0)) {
            link->writing = true;
            waiter_want(link->hub->waiter, &link->point, WAIT_READ | WAIT_WRITE);
            return;
        }
        if (code != CURLE_OK) {
            lose(link, curl_easy_strerror(code));
            return;
        }
        link->quiet_since = now;
        smtp_dialogue_sent(link->dialogue, n);
    }
    link->writing = false;
    link->point.ready &= ~(unsigned)WAIT_WRITE;
    waiter_want(link->hub->waiter, &link->point, WAIT_READ);
    if (smtp_dialogue_is_over(link->dialogue))
        link->state = LINK_ENDED;
}

LinkState link_state(const Link *link)
{
    return link->state;
}

bool link_failure(const Link *link, Attempt *ret_attempt)
{
    if (link->failed)
        *ret_attempt = link->failure;
    return link->failed;
}

SmtpDialogue *link_dialogue(Link *link)
{
    return link->dialogue;
}

int64_t link_quiet_since(const Link *link)
{
    return link->quiet_since;
}
