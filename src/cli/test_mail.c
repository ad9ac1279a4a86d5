/* Asks the database and the mailboxes again and again. The inbox role may find the mail first, and move it: all its
 * folders are looked into. */
#include "cli/test_mail.h"

/* system */
#include <unistd.h>

/* rundbrief */
#include "announcements/letter.h"
#include "base/clock.h"
#include "base/limits.h"
#include "config/secrets.h"
#include "inbound/imap_session.h"
#include "store/outbox_store.h"
#include "store/wake.h"

#define LOOK_US (SECOND_US / 4)
#define FETCH   (SECOND_US)

G_DEFINE_QUARK(rundbrief_test_mail_error, test_mail_error)

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

/* On a terminal one line that counts; elsewhere it is said once. */
static void tell_waiting(const char *what, int64_t since)
{
    int64_t seconds = (clock_monotonic() - since) / SECOND_US;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r\033[K%s %" G_GINT64_FORMAT " s", what, seconds);
    else if (seconds == 0)
        fprintf(stderr, "%s\n", what);
}

/* One look: done, or an error, or neither. */
typedef bool (*Look)(const TestMail *mail, gpointer data, bool *ret_done, GError **error);

/* False also when the time is over; then error is not set. */
static bool wait_for(const TestMail *mail, const char *what, int64_t pause_us, Look look, gpointer data, GError **error)
{
    bool done = false;
    int64_t since = clock_monotonic();
    tell_waiting(what, since);
    while (look(mail, data, &done, error) && !done && clock_monotonic() < mail->until) {
        g_usleep((gulong)pause_us);
        tell_waiting(what, since - SECOND_US);
    }
    if (isatty(STDERR_FILENO))
        fputs("\r\033[K", stderr);
    return done;
}

/* ---- sending ----------------------------------------------------------------------------------------------------- */

bool test_mail_queue(TestMail *mail, const Recipient *to, GError **error)
{
    Db *db = mail->context->db;
    g_autoptr(DbTransaction) tx = db_begin(db, error);
    if (!tx || !outbox_add(db, LETTER_CHECK, to, "{}", OUTBOX_PRIORITY_CHECK, clock_now(), &mail->id, error) ||
        !db_commit(&tx, error))
        return false;
    token_encode_stable(mail->context->keyring, &(Token){TOKEN_OUTBOX, mail->id, 0}, mail->message_id);
    wake_role(&mail->context->settings->files, "send");
    return true;
}

static bool look_whether_sent(const TestMail *mail, gpointer data, bool *ret_done, GError **error)
{
    bool found;
    DeliveryState *state = data;
    if (!outbox_state(mail->context->db, mail->id, state, &found, error))
        return false;
    *ret_done = !found || delivery_is_final(*state) || *state == DELIVERY_UNCERTAIN;
    return true;
}

/* One that is under way at this moment stays so, and comes to its own end. */
static bool withdraw(const TestMail *mail, DeliveryState state, GError **error)
{
    int64_t now = clock_now();
    if (state != DELIVERY_PENDING && state != DELIVERY_DEFERRED)
        return true;
    g_autoptr(DbTransaction) tx = db_begin(mail->context->db, error);
    return tx && outbox_become(mail->context->db, mail->id, DELIVERY_CANCELLED, now, NULL, now, error) &&
           db_commit(&tx, error);
}

static bool say_unsent(const TestMail *mail, DeliveryState state, GError **error)
{
    g_autofree char *words = NULL;
    if (!outbox_last_words(mail->context->db, mail->id, &words, error) || !withdraw(mail, state, error))
        return false;
    if (state == DELIVERY_FAILED)
        g_set_error(error, TEST_MAIL_ERROR, TEST_MAIL_ERROR_UNSENT, "the test mail was refused: %s",
                    words ? words : "");
    else if (words)
        g_set_error(error, TEST_MAIL_ERROR, TEST_MAIL_ERROR_UNSENT,
                    "the test mail was not taken within --wait seconds and is withdrawn; what was said last: %s",
                    words);
    else
        g_set_error(
            error, TEST_MAIL_ERROR, TEST_MAIL_ERROR_UNSENT,
            "the test mail was not sent within --wait seconds and is withdrawn; does the send role run, and a relay "
            "answer? 'rundbrief status' says");
    return false;
}

bool test_mail_wait_sent(const TestMail *mail, GError **error)
{
    GError *trouble = NULL;
    DeliveryState state = DELIVERY_PENDING;
    bool over = wait_for(mail, "Waiting until a relay takes the test mail...", LOOK_US, look_whether_sent, &state,
                         &trouble);
    if (trouble) {
        g_propagate_error(error, trouble);
        return false;
    }
    return (over && (state == DELIVERY_SENT || state == DELIVERY_UNCERTAIN)) || say_unsent(mail, state, error);
}

/* ---- reading it back --------------------------------------------------------------------------------------------- */

typedef struct Search {
    GPtrArray *sessions; /* of ImapSession, one for each mailbox that is looked into */
    GPtrArray *boxes;    /* of MailboxSettings, likewise; borrowed */
    GString *bytes;
} Search;

static void search_clear(Search *search)
{
    g_ptr_array_unref(search->sessions);
    g_ptr_array_unref(search->boxes);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

static ImapSession *log_in(const MailboxSettings *box, GError **error)
{
    char *password = secret_read(box->password_file, error);
    g_autoptr(ImapSession) session = password ? imap_session_connect(box, -1, error) : NULL;
    bool is_in = session && imap_session_login(session, box->user, password, error);
    secret_free(password);
    return is_in ? g_steal_pointer(&session) : NULL;
}

static void free_session(gpointer session)
{
    imap_session_free(session);
}

static bool open_boxes(const TestMail *mail, Search *search, GError **error)
{
    const GPtrArray *boxes = mail->context->settings->mailboxes;
    for (guint i = 0; i < boxes->len; i++) {
        MailboxSettings *box = boxes->pdata[i];
        if (mail->mailbox && !g_str_equal(box->name, mail->mailbox))
            continue;
        ImapSession *session = log_in(box, error);
        if (!session) {
            g_prefix_error(error, "the mailbox %s cannot be read: ", box->name);
            return false;
        }
        g_ptr_array_add(search->sessions, session);
        g_ptr_array_add(search->boxes, box);
    }
    return true;
}

/* A folder that the inbox role has not made yet holds nothing. */
static bool look_into(const TestMail *mail, ImapSession *session, const char *folder, GString *bytes, bool *ret_done,
                      GError **error)
{
    bool exists = false;
    int64_t uidvalidity;
    g_autoptr(GArray) uids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    if (!imap_session_has_folder(session, folder, &exists, error))
        return false;
    if (!exists)
        return true;
    if (!imap_session_select(session, folder, &uidvalidity, error) ||
        !imap_session_find(session, mail->message_id, uids, error))
        return false;
    return uids->len == 0 || imap_session_fetch(session, g_array_index(uids, uint32_t, 0), LIMIT_INBOX_MESSAGE_BYTES,
                                                bytes, ret_done, error);
}

static bool look_whether_back(const TestMail *mail, gpointer data, bool *ret_done, GError **error)
{
    const Search *search = data;
    for (guint i = 0; i < search->sessions->len; i++) {
        const MailboxSettings *box = search->boxes->pdata[i];
        const char *const folders[] = {box->folder, box->tray_folder, box->human_folder, box->processed_folder};
        for (gsize f = 0; f < G_N_ELEMENTS(folders) && !*ret_done; f++)
            if (!look_into(mail, search->sessions->pdata[i], folders[f], search->bytes, ret_done, error))
                return false;
    }
    return true;
}

bool test_mail_wait_back(const TestMail *mail, GString *ret_bytes, GError **error)
{
    GError *trouble = NULL;
    g_auto(Search) search = {g_ptr_array_new_with_free_func(free_session), g_ptr_array_new(), ret_bytes};
    bool found = open_boxes(mail, &search, &trouble) && wait_for(mail, "Waiting for the test mail in the mailbox...",
                                                                 FETCH, look_whether_back, &search, &trouble);
    if (trouble)
        g_propagate_error(error, trouble);
    else if (!found)
        g_set_error(
            error, TEST_MAIL_ERROR, TEST_MAIL_ERROR_MISSING,
            "the relay took the test mail, but it has not come back within --wait seconds. Look at the relay's log "
            "and for a bounce; spam folders are not looked into");
    return found;
}
