/* All calls of libetpan's IMAP client. Asks for UIDs and bodies only, never for ENVELOPE or BODYSTRUCTURE. Owns the
 * session and, through it, the stream. */
#include "inbound/imap_session.h"

/* system */
#include <string.h>

/* libraries */
#include <libetpan/libetpan.h>

/* rundbrief */
#include "base/clock.h"
#include "inbound/imap_stream.h"

/* What a command may take. */
#define CONNECT_MS    INT64_C(30000)
#define COMMAND_MS    INT64_C(60000)
#define FETCH_MS      INT64_C(180000)
#define GOODBYE_MS    INT64_C(1000)
#define COMMAND_BYTES (INT64_C(256) * 1024)
#define SEARCH_BYTES  (INT64_C(16) * 1024 * 1024) /* a million new mails */

struct ImapSession {
    mailimap *imap;
    ImapStream *stream; /* libetpan's, through imap */
    bool alive;         /* no call has failed yet */
    bool can_move, can_expunge_uids, can_idle;
};

/* ---- errors ------------------------------------------------------------------------------------------------------ */

static bool was_refused(int result)
{
    return result >= MAILIMAP_ERROR_APPEND && result <= MAILIMAP_ERROR_STARTTLS;
}

/* Says what went wrong while `doing`; a line that broke counts before what libetpan makes of it. */
static bool fail(ImapSession *session, int result, ImapError refused_as, const char *doing, GError **error)
{
    const char *trouble = imap_stream_trouble(session->stream);
    const char *said = session->imap->imap_response;
    session->alive = false;
    if (trouble)
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_LINE, "%s: %s", doing, trouble);
    else if (was_refused(result)) {
        g_autofree char *words = g_utf8_make_valid(said && *said ? said : "no reason given", -1);
        g_strdelimit(words, "\r\n", ' ');
        g_set_error(error, IMAP_ERROR, refused_as, "%s: the server says \"%.200s\"", doing, g_strstrip(words));
    } else
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_LINE, "%s: the server's answer makes no sense (libetpan error %d)",
                    doing, result);
    return false;
}

static bool check(ImapSession *session, int result, ImapError refused_as, const char *doing, GError **error)
{
    return result == MAILIMAP_NO_ERROR || fail(session, result, refused_as, doing, error);
}

/* ---- connecting -------------------------------------------------------------------------------------------------- */

static bool learn_capabilities(ImapSession *session, GError **error)
{
    struct mailimap_capability_data *capabilities = NULL;
    struct mailimap_capability_data **known = &session->imap->imap_connection_info->imap_capability;
    if (!*known) /* libetpan copies what is known after the answer, also where the answer was none */
        *known = mailimap_capability_data_new(clist_new());
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    int result = mailimap_capability(session->imap, &capabilities);
    if (!check(session, result, IMAP_ERROR_REFUSED, "asking what the server can do", error))
        return false;
    mailimap_capability_data_free(capabilities);
    session->can_move = mailimap_has_extension(session->imap, "MOVE");
    session->can_expunge_uids = mailimap_has_uidplus(session->imap);
    session->can_idle = mailimap_has_idle(session->imap);
    return true;
}

static bool start_tls(ImapSession *session, const MailboxSettings *settings, GError **error)
{
    int result = mailimap_starttls(session->imap);
    /* libetpan calls an answer with more behind it a refusal; the stream knows better. */
    if (imap_stream_has_input(session->stream))
        return imap_stream_begin_tls(session->stream, settings->host, settings->ca_file, error);
    return check(session, result, IMAP_ERROR_TLS, "asking for TLS (STARTTLS)", error) &&
           imap_stream_begin_tls(session->stream, settings->host, settings->ca_file, error);
}

static bool greet(ImapSession *session, const MailboxSettings *settings, GError **error)
{
    int result = mailimap_connect(session->imap, imap_stream_for_libetpan(session->stream));
    /* A greeting of PREAUTH would skip STARTTLS: whoever sits on the line could send it. */
    if (result == MAILIMAP_NO_ERROR_AUTHENTICATED && settings->tls == TLS_STARTTLS) {
        session->alive = false;
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_TLS,
                    "%s says we are logged in before TLS began: somebody may be tampering", settings->host);
        return false;
    }
    if (result == MAILIMAP_NO_ERROR_AUTHENTICATED || result == MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
        return true;
    if (result == MAILIMAP_ERROR_DONT_ACCEPT_CONNECTION) {
        session->alive = false;
        g_set_error(error, IMAP_ERROR, IMAP_ERROR_CONNECT, "%s turns us away", settings->host);
        return false;
    }
    return fail(session, result, IMAP_ERROR_REFUSED, "reading the greeting", error);
}

ImapSession *imap_session_connect(const MailboxSettings *settings, int watched_fd, GError **error)
{
    ImapStream *stream = imap_stream_connect(settings->host, settings->port, watched_fd, CONNECT_MS, error);
    if (!stream)
        return NULL;
    if (settings->tls == TLS_IMPLICIT && !imap_stream_begin_tls(stream, settings->host, settings->ca_file, error)) {
        imap_stream_free(stream);
        return NULL;
    }
    g_autoptr(ImapSession) session = g_new0(ImapSession, 1);
    *session = (ImapSession){.imap = mailimap_new(0, NULL), .stream = stream, .alive = true};
    imap_stream_allow(stream, CONNECT_MS, COMMAND_BYTES);
    if (!greet(session, settings, error) || (settings->tls == TLS_STARTTLS && !start_tls(session, settings, error))) {
        session->alive = false;
        return NULL;
    }
    return g_steal_pointer(&session);
}

void imap_session_free(ImapSession *session)
{
    if (!session)
        return;
    if (session->alive)
        imap_stream_allow(session->stream, GOODBYE_MS, COMMAND_BYTES);
    else
        imap_stream_abandon(session->stream);
    mailimap_free(session->imap); /* says LOGOUT when it is connected */
    g_free(session);
}

/* What a server can do is often told in full only after the login. */
static bool finish_login(ImapSession *session, int result, GError **error)
{
    return check(session, result, IMAP_ERROR_LOGIN, "logging in", error) && learn_capabilities(session, error);
}

static bool is_logged_in(const ImapSession *session)
{
    return session->imap->imap_state == MAILIMAP_STATE_AUTHENTICATED;
}

bool imap_session_login(ImapSession *session, const char *user, const char *password, GError **error)
{
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    int result = is_logged_in(session) ? MAILIMAP_NO_ERROR : mailimap_login(session->imap, user, password);
    return finish_login(session, result, error);
}

bool imap_session_login_token(ImapSession *session, const char *user, const char *token, GError **error)
{
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    int result = is_logged_in(session) ? MAILIMAP_NO_ERROR : mailimap_oauth2_authenticate(session->imap, user, token);
    return finish_login(session, result, error);
}

/* ---- folders ----------------------------------------------------------------------------------------------------- */

/* RFC 3501 5.1.3: names are modified UTF-7 on the wire. */
static char *wire_name(const char *folder)
{
    char *name = g_convert(folder, -1, "UTF-7-IMAP", "UTF-8", NULL, NULL, NULL);
    return name ? name : g_strdup(folder);
}

/* A name that only holds others, or that is gone (RFC 5258 3.1). */
static bool holds_mails(const struct mailimap_mailbox_list *listed)
{
    const struct mailimap_mbx_list_flags *flags = listed->mb_flag;
    return !flags || flags->mbf_type != MAILIMAP_MBX_LIST_FLAGS_SFLAG ||
           flags->mbf_sflag != MAILIMAP_MBX_LIST_SFLAG_NOSELECT;
}

bool imap_session_has_folder(ImapSession *session, const char *folder, bool *ret_exists, GError **error)
{
    g_autofree char *name = wire_name(folder);
    g_autofree char *doing = g_strdup_printf("looking for the folder %s", folder);
    clist *found = NULL;
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    int result = mailimap_list(session->imap, "", name, &found);
    if (!check(session, result, IMAP_ERROR_REFUSED, doing, error))
        return false;
    *ret_exists = clist_count(found) > 0 && holds_mails(clist_begin(found)->data);
    mailimap_list_result_free(found);
    return true;
}

bool imap_session_need_folder(ImapSession *session, const char *folder, GError **error)
{
    bool exists = false;
    if (!imap_session_has_folder(session, folder, &exists, error) || exists)
        return exists;
    g_autofree char *name = wire_name(folder);
    g_autofree char *creating = g_strdup_printf("creating the folder %s", folder);
    return check(session, mailimap_create(session->imap, name), IMAP_ERROR_FOLDER, creating, error);
}

bool imap_session_select(ImapSession *session, const char *folder, int64_t *ret_uidvalidity, GError **error)
{
    g_autofree char *name = wire_name(folder);
    g_autofree char *doing = g_strdup_printf("opening the folder %s", folder);
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    int result = mailimap_select(session->imap, name);
    if (!check(session, result, IMAP_ERROR_FOLDER, doing, error))
        return false;
    const struct mailimap_selection_info *info = session->imap->imap_selection_info;
    if (!info || info->sel_uidvalidity == 0)
        return fail(session, MAILIMAP_ERROR_PROTOCOL, IMAP_ERROR_REFUSED, doing, error);
    *ret_uidvalidity = info->sel_uidvalidity;
    return true;
}

/* ---- mails ------------------------------------------------------------------------------------------------------- */

static int compare_uids(gconstpointer a, gconstpointer b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

/* Frees the key. */
static bool search(ImapSession *session, struct mailimap_search_key *key, int64_t after, GArray *uids, GError **error)
{
    clist *found = NULL;
    imap_stream_allow(session->stream, COMMAND_MS, SEARCH_BYTES);
    int result = mailimap_uid_search(session->imap, NULL, key, &found);
    mailimap_search_key_free(key);
    if (!check(session, result, IMAP_ERROR_REFUSED, "looking for mails", error))
        return false;
    for (clistiter *i = clist_begin(found); i; i = clist_next(i)) {
        uint32_t uid = *(const uint32_t *)clist_content(i);
        if (uid > after) /* "7:*" also finds the last mail when that is number 5 */
            g_array_append_val(uids, uid);
    }
    mailimap_search_result_free(found);
    g_array_sort(uids, compare_uids);
    return true;
}

bool imap_session_search(ImapSession *session, int64_t after, GArray *uids, GError **error)
{
    if (after >= UINT32_MAX)
        return true;
    struct mailimap_set *behind = mailimap_set_new_interval((uint32_t)after + 1, 0);
    return search(session, mailimap_search_key_new_uid(behind), after, uids, error);
}

bool imap_session_search_old(ImapSession *session, int64_t before, GArray *uids, GError **error)
{
    g_autoptr(GDateTime) day = g_date_time_new_from_unix_utc((before + 2 * DAY_US) / SECOND_US);
    struct mailimap_date *date = mailimap_date_new(g_date_time_get_day_of_month(day), g_date_time_get_month(day),
                                                   g_date_time_get_year(day));
    return search(session, mailimap_search_key_new_before(date), 0, uids, error);
}

bool imap_session_find(ImapSession *session, const char *message_id, GArray *uids, GError **error)
{
    struct mailimap_search_key *key = mailimap_search_key_new_header(g_strdup("Message-ID"), g_strdup(message_id));
    return search(session, key, 0, uids, error);
}

static struct mailimap_fetch_type *wanted_attributes(guint32 limit)
{
    struct mailimap_fetch_type *wanted = mailimap_fetch_type_new_fetch_att_list_empty();
    mailimap_fetch_type_new_fetch_att_list_add(wanted, mailimap_fetch_att_new_uid());
    mailimap_fetch_type_new_fetch_att_list_add(
        wanted, mailimap_fetch_att_new_body_peek_section_partial(mailimap_section_new(NULL), 0, limit));
    return wanted;
}

typedef struct FetchedMail {
    uint32_t uid;
    const struct mailimap_msg_att_body_section *section; /* NULL: none came */
} FetchedMail;

static FetchedMail read_attributes(const struct mailimap_msg_att *attributes)
{
    FetchedMail mail = {0};
    for (clistiter *i = clist_begin(attributes->att_list); i; i = clist_next(i)) {
        const struct mailimap_msg_att_item *item = clist_content(i);
        if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
            continue;
        const struct mailimap_msg_att_static *fixed = item->att_data.att_static;
        if (fixed->att_type == MAILIMAP_MSG_ATT_UID)
            mail.uid = fixed->att_data.att_uid;
        else if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION)
            mail.section = fixed->att_data.att_body_section;
    }
    return mail;
}

/* A server may tell other mails' flags in between. */
static bool take_body(const clist *fetched, uint32_t uid, guint32 limit, GString *ret_bytes)
{
    for (clistiter *i = clist_begin(fetched); i; i = clist_next(i)) {
        FetchedMail mail = read_attributes(clist_content(i));
        if (mail.uid != uid || !mail.section)
            continue;
        if (mail.section->sec_body_part)
            g_string_append_len(ret_bytes, mail.section->sec_body_part, (gssize)MIN(mail.section->sec_length, limit));
        return true;
    }
    return false;
}

bool imap_session_fetch(ImapSession *session, uint32_t uid, guint32 limit, GString *ret_bytes, bool *ret_found,
                        GError **error)
{
    struct mailimap_set *set = mailimap_set_new_single(uid);
    struct mailimap_fetch_type *wanted = wanted_attributes(limit);
    clist *fetched = NULL;
    imap_stream_allow(session->stream, FETCH_MS, COMMAND_BYTES + limit);
    int result = mailimap_uid_fetch(session->imap, set, wanted, &fetched);
    mailimap_fetch_type_free(wanted);
    mailimap_set_free(set);
    g_string_truncate(ret_bytes, 0);
    if (!check(session, result, IMAP_ERROR_REFUSED, "reading a mail", error))
        return false;
    *ret_found = take_body(fetched, uid, limit, ret_bytes);
    mailimap_fetch_list_free(fetched);
    return true;
}

/* ---- moving ------------------------------------------------------------------------------------------------------ */

/* Ascending UIDs; neighbours as a range, so that a command of many stays short (RFC 7162 4). */
static struct mailimap_set *set_of(const GArray *uids)
{
    struct mailimap_set *set = mailimap_set_new_empty();
    for (guint i = 0, end; i < uids->len; i = end) {
        uint32_t first = g_array_index(uids, uint32_t, i);
        for (end = i + 1; end < uids->len && g_array_index(uids, uint32_t, end) == first + (end - i);)
            end++;
        mailimap_set_add_interval(set, first, first + (end - i) - 1);
    }
    return set;
}

static bool mark_deleted(ImapSession *session, struct mailimap_set *set, GError **error)
{
    struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
    mailimap_flag_list_add(flags, mailimap_flag_new_deleted());
    struct mailimap_store_att_flags *change = mailimap_store_att_flags_new_add_flags_silent(flags);
    int result = mailimap_uid_store(session->imap, set, change);
    mailimap_store_att_flags_free(change);
    return check(session, result, IMAP_ERROR_REFUSED, "marking mails", error);
}

static bool only_these_are_marked(ImapSession *session, const GArray *uids, bool *ret_only, GError **error)
{
    g_autoptr(GArray) marked = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    struct mailimap_search_key *key = mailimap_search_key_new_all();
    key->sk_type = MAILIMAP_SEARCH_KEY_DELETED; /* libetpan has no function for this one */
    if (!search(session, key, 0, marked, error))
        return false;
    *ret_only = true;
    for (guint i = 0; i < marked->len && *ret_only; i++)
        *ret_only = g_array_binary_search((GArray *)uids, &g_array_index(marked, uint32_t, i), compare_uids, NULL);
    return true;
}

/* EXPUNGE takes everything that is marked: without UIDPLUS only where other people have marked nothing. */
static bool expunge(ImapSession *session, struct mailimap_set *set, const GArray *uids, bool *ret_gone, GError **error)
{
    *ret_gone = true;
    if (session->can_expunge_uids)
        return check(session, mailimap_uid_expunge(session->imap, set), IMAP_ERROR_REFUSED, "taking mails away", error);
    if (!only_these_are_marked(session, uids, ret_gone, error))
        return false;
    imap_stream_allow(session->stream, FETCH_MS, COMMAND_BYTES);
    return !*ret_gone ||
           check(session, mailimap_expunge(session->imap), IMAP_ERROR_REFUSED, "taking mails away", error);
}

static bool remove_mails(ImapSession *session, struct mailimap_set *set, const GArray *uids, bool *ret_gone,
                         GError **error)
{
    return mark_deleted(session, set, error) && expunge(session, set, uids, ret_gone, error);
}

static bool copy(ImapSession *session, struct mailimap_set *set, const char *name, GError **error)
{
    return check(session, mailimap_uid_copy(session->imap, set, name), IMAP_ERROR_FOLDER, "copying mails", error);
}

bool imap_session_move(ImapSession *session, const GArray *uids, const char *folder, bool *ret_gone, GError **error)
{
    *ret_gone = true;
    if (uids->len == 0)
        return true;
    g_autofree char *name = wire_name(folder);
    g_autofree char *doing = g_strdup_printf("moving mails to %s", folder);
    struct mailimap_set *set = set_of(uids);
    imap_stream_allow(session->stream, FETCH_MS, COMMAND_BYTES);
    bool moved = session->can_move
                     ? check(session, mailimap_uid_move(session->imap, set, name), IMAP_ERROR_FOLDER, doing, error)
                     : copy(session, set, name, error) && remove_mails(session, set, uids, ret_gone, error);
    mailimap_set_free(set);
    return moved;
}

bool imap_session_delete(ImapSession *session, const GArray *uids, bool *ret_gone, GError **error)
{
    *ret_gone = true;
    if (uids->len == 0)
        return true;
    struct mailimap_set *set = set_of(uids);
    imap_stream_allow(session->stream, FETCH_MS, COMMAND_BYTES);
    bool deleted = remove_mails(session, set, uids, ret_gone, error);
    mailimap_set_free(set);
    return deleted;
}

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

bool imap_session_poll(ImapSession *session, GError **error)
{
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    return check(session, mailimap_noop(session->imap), IMAP_ERROR_REFUSED, "asking for news", error);
}

bool imap_session_can_idle(const ImapSession *session)
{
    return session->can_idle;
}

bool imap_session_idle_begin(ImapSession *session, GError **error)
{
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    return check(session, mailimap_idle(session->imap), IMAP_ERROR_REFUSED, "beginning to wait (IDLE)", error);
}

bool imap_session_idle_end(ImapSession *session, GError **error)
{
    imap_stream_allow(session->stream, COMMAND_MS, COMMAND_BYTES);
    return check(session, mailimap_idle_done(session->imap), IMAP_ERROR_REFUSED, "ending to wait (DONE)", error);
}

bool imap_session_has_input(const ImapSession *session)
{
    return imap_stream_has_input(session->stream);
}

int imap_session_fd(const ImapSession *session)
{
    return imap_stream_fd(session->stream);
}
