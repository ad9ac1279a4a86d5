/* The steps of one mailbox. Reads mails in the order of their UIDs, behind a cursor that moves in the transaction of
 * each finding; moves a mail on the server only after that (invariant 7), and after a crash moves those that were left.
 * What becomes of a mail in those folders is for filing.c. */
#include "inbound/mailbox.h"

/* rundbrief */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "config/secrets.h"
#include "config/token_source.h"
#include "inbound/apply.h"
#include "inbound/filing.h"
#include "inbound/imap_session.h"
#include "inbound/imap_stream.h"
#include "inbound/mailbox_words.h"
#include "inbound/moving.h"
#include "store/inbox_store.h"
#include "store/role_store.h"

#define PAUSE_FIRST   (SECOND_US / 4)
#define PAUSE_LONGEST (5 * MINUTE_US)
#define WAIT_LONGEST  (25 * MINUTE_US) /* servers may end IDLE after 30 minutes (RFC 2177) */
#define TOKEN_LOOK    (SECOND_US / 10)
#define FILING_RETRY  (60 * MINUTE_US)
#define MOVING_RETRY  (10 * MINUTE_US)
#define PATIENCE      3 /* tries that failed at one mail, by its fault, before it is read over */

typedef enum {
    MAILBOX_CONNECT,
    MAILBOX_LOGIN,
    MAILBOX_OPEN,
    MAILBOX_DRAIN,
    MAILBOX_FILE,
    MAILBOX_WAIT,
    MAILBOX_PAUSE
} MailboxStep;

struct Mailbox {
    const Settings *settings;
    const MailboxSettings *own;
    Db *db;
    const Keyring *keyring;
    char *subject; /* of its trouble row */
    MailboxStep step;
    ImapSession *session; /* NULL: none */
    int watched_fd;
    int64_t uidvalidity, cursor;
    GArray *uids; /* of uint32_t: found, to be read from `next` on */
    guint next;
    bool idling;
    int64_t waits_until; /* 0: something to do */
    guint failures;      /* since it last came to wait */
    bool troubled;       /* has a trouble row */
    uint32_t stuck_uid;  /* the mail at which the last session died */
    guint stuck_times;
    guint unmoved; /* read by this session and not moved yet, about */
    int64_t count_read;
    TokenSource *tokens; /* NULL: it has a password */
    Filing *filing;
    int64_t filing_after; /* not before; clock_monotonic() */
    int64_t moving_after; /* likewise, since moving was refused; 0: it was not */
};

Mailbox *mailbox_new(const Settings *settings, const MailboxSettings *mailbox, Db *db, const Keyring *keyring)
{
    Mailbox *box = g_new0(Mailbox, 1);
    *box = (Mailbox){
        .settings = settings,
        .own = mailbox,
        .db = db,
        .keyring = keyring,
        .subject = g_strdup_printf("mailbox %s", mailbox->name),
        .watched_fd = -1,
        .uids = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
        .tokens = mailbox->auth == AUTH_XOAUTH2 ? token_source_new(mailbox->token_command, NULL) : NULL,
        .filing = filing_new(mailbox, &settings->retention),
        .troubled = true, /* a row may be left from the last run; the first success clears it */
    };
    return box;
}

void mailbox_free(Mailbox *box)
{
    if (!box)
        return;
    imap_session_free(box->session);
    token_source_free(box->tokens);
    filing_free(box->filing);
    g_array_unref(box->uids);
    g_free(box->subject);
    g_free(box);
}

/* ---- trouble ----------------------------------------------------------------------------------------------------- */

static bool write_trouble(Mailbox *box, const char *text, GError **error)
{
    g_autoptr(DbTransaction) tx = db_begin(box->db, error);
    if (!tx)
        return false;
    bool written = text ? trouble_set(box->db, box->subject, "inbox", text, clock_now(), error)
                        : trouble_clear(box->db, box->subject, error);
    return written && db_commit(&tx, error);
}

static bool tell_trouble(Mailbox *box, const char *what, const GError *trouble, GError **error)
{
    g_autofree char *text = g_strdup_printf("Mailbox %s %s: %s. %s", box->own->name, what, trouble->message,
                                            mailbox_words_advice(box->own, trouble));
    box->troubled = true;
    return write_trouble(box, text, error);
}

static bool clear_trouble(Mailbox *box, GError **error)
{
    if (!box->troubled)
        return true;
    box->troubled = false;
    return write_trouble(box, NULL, error);
}

/* A server that ends a long silence, or another writer in the database, is no trouble unless it goes on. */
static bool is_worth_telling(const Mailbox *box, const GError *trouble)
{
    bool may_pass = (trouble->domain == IMAP_ERROR && trouble->code == IMAP_ERROR_LINE) || trouble->domain == DB_ERROR;
    return !may_pass || box->failures > 1;
}

static int64_t pause_after(guint failures)
{
    int64_t pause = PAUSE_FIRST;
    for (guint i = 1; i < failures && pause < PAUSE_LONGEST; i++)
        pause *= 2;
    return MIN(pause, PAUSE_LONGEST);
}

/* The whole database refuses, not one row or for a moment. */
static bool is_fatal(const GError *trouble)
{
    return trouble->domain == DB_ERROR && trouble->code != DB_ERROR_BUSY && trouble->code != DB_ERROR_CONSTRAINT;
}

/* Every error of a step ends here. False when the database refuses. */
static bool fall_back(Mailbox *box, GError *trouble, GError **error)
{
    g_autoptr(GError) owned = trouble;
    g_clear_pointer(&box->session, imap_session_free);
    g_array_set_size(box->uids, 0);
    box->next = 0;
    box->idling = false;
    box->step = MAILBOX_PAUSE;
    box->waits_until = clock_monotonic() + pause_after(++box->failures);
    log_debug("Mailbox %s: %s", box->own->name, trouble->message);
    if (is_fatal(trouble)) {
        g_propagate_error(error, g_steal_pointer(&owned));
        return false;
    }
    GError *untold = NULL;
    if (!is_worth_telling(box, trouble) || tell_trouble(box, "cannot be read", trouble, &untold))
        return true;
    if (is_fatal(untold)) {
        g_propagate_error(error, untold);
        return false;
    }
    g_error_free(untold); /* the next failure tells it */
    return true;
}

/* ---- connect, log in --------------------------------------------------------------------------------------------- */

static bool connect_step(Mailbox *box, GError **error)
{
    box->session = imap_session_connect(box->own, box->watched_fd, error);
    box->step = MAILBOX_LOGIN;
    return box->session != NULL;
}

/* The password is read at each login: a new one counts at the next try, and none lies in memory meanwhile. */
static bool login_by_password(Mailbox *box, GError **error)
{
    char *password = secret_read(box->own->password_file, error);
    if (!password) {
        g_prefix_error(error, "reading its password: ");
        return false;
    }
    box->step = MAILBOX_OPEN;
    bool is_in = imap_session_login(box->session, box->own->user, password, error);
    secret_free(password);
    return is_in;
}

/* A token that worked before and is refused now has expired: nobody need hear of it. */
static bool login_with(Mailbox *box, const AccessToken *token, GError **error)
{
    GError *trouble = NULL;
    box->step = MAILBOX_OPEN;
    if (imap_session_login_token(box->session, box->own->user, token->text, &trouble)) {
        token_source_worked(box->tokens);
        return true;
    }
    if (g_error_matches(trouble, IMAP_ERROR, IMAP_ERROR_LOGIN) && token_source_refused(box->tokens, token->number))
        trouble->code = IMAP_ERROR_LINE;
    g_propagate_error(error, trouble);
    return false;
}

/* The program runs beside us; until it has ended the other mailboxes have their turns. */
static bool login_by_token(Mailbox *box, GError **error)
{
    AccessToken token;
    box->waits_until = 0;
    switch (token_source_ask(box->tokens, clock_monotonic(), &token, error)) {
    case TOKEN_READY:
        return login_with(box, &token, error);
    case TOKEN_COMING:
        box->waits_until = clock_monotonic() + TOKEN_LOOK;
        return true;
    case TOKEN_FAILED:
        break;
    }
    return false;
}

static bool login_step(Mailbox *box, GError **error)
{
    return box->tokens ? login_by_token(box, error) : login_by_password(box, error);
}

/* ---- read, move -------------------------------------------------------------------------------------------------- */

static ReceivedMail received(const Mailbox *box, uint32_t uid, const GString *bytes)
{
    return (ReceivedMail){
        .place = {box->own->name, box->uidvalidity, uid},
        .bytes = bytes->str,
        .length = bytes->len,
        .processed_folder = box->own->processed_folder,
        .tray_folder = box->own->tray_folder,
        .human_folder = box->own->human_folder,
    };
}

/* A mail at which three sessions ended, by its own fault, is left to staff, so that it does not stop the rest. */
static bool read_over(Mailbox *box, uint32_t uid, GError **error)
{
    g_autoptr(GString) nothing = g_string_new(NULL);
    ReceivedMail mail = received(box, uid, nothing);
    return apply_unreadable(box->db, &mail, "every try ended the session", clock_now(), error);
}

/* Whose fault it was: a database that is full, locked or away says nothing about the mail, which waits for it. One that
 * refuses the row itself will do so for ever. */
static bool is_about_the_mail(const GError *trouble)
{
    return trouble->domain != DB_ERROR || trouble->code == DB_ERROR_CONSTRAINT;
}

static void note_stuck(Mailbox *box, uint32_t uid, const GError *trouble)
{
    if (!is_about_the_mail(trouble))
        return;
    box->stuck_times = box->stuck_uid == uid ? box->stuck_times + 1 : 1;
    box->stuck_uid = uid;
}

static bool fetch_and_apply(Mailbox *box, uint32_t uid, GString *bytes, GError **error)
{
    bool found = false;
    if (!imap_session_fetch(box->session, uid, LIMIT_INBOX_MESSAGE_BYTES, bytes, &found, error))
        return false;
    if (!found) /* expunged meanwhile */
        return true;
    ReceivedMail mail = received(box, uid, bytes);
    if (!apply_mail(box->db, box->settings, box->keyring, &mail, clock_now(), error))
        return false;
    box->count_read++;
    return true;
}

static bool read_mail(Mailbox *box, uint32_t uid, GString *bytes, GError **error)
{
    if (box->stuck_uid == uid && box->stuck_times >= PATIENCE)
        return read_over(box, uid, error);
    GError *trouble = NULL;
    if (fetch_and_apply(box, uid, bytes, &trouble))
        return true;
    note_stuck(box, uid, trouble);
    g_propagate_error(error, trouble);
    return false;
}

static bool read_batch(Mailbox *box, GError **error)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    for (guint done = 0; done < MAILBOX_BATCH && box->next < box->uids->len; done++) {
        uint32_t uid = g_array_index(box->uids, uint32_t, box->next);
        if (!read_mail(box, uid, bytes, error))
            return false;
        box->cursor = uid;
        box->next++;
        box->unmoved++;
    }
    return true;
}

/* A server that makes no folder or moves no mail (quota, rights) keeps us from moving, not from reading: what was read
 * lies where it is until it is tried again. Takes over the refusal. */
static bool bear_refusal(Mailbox *box, GError *refusal, GError **error)
{
    if (!g_error_matches(refusal, IMAP_ERROR, IMAP_ERROR_FOLDER)) {
        g_propagate_error(error, refusal);
        return false;
    }
    g_autoptr(GError) owned = refusal;
    box->moving_after = clock_monotonic() + MOVING_RETRY;
    return tell_trouble(box, "is read, but no mail of it can be moved", owned, error);
}

static bool need_folders(Mailbox *box, GError **error)
{
    GError *refusal = NULL;
    return (imap_session_need_folder(box->session, box->own->processed_folder, &refusal) &&
            imap_session_need_folder(box->session, box->own->tray_folder, &refusal)) ||
           bear_refusal(box, refusal, error);
}

/* Those of this batch, and those a crash has left. */
static bool move_committed(Mailbox *box, GError **error)
{
    GError *refusal = NULL;
    box->unmoved = 0;
    return box->moving_after != 0 || moving_all(box->session, box->own, box->uidvalidity, box->db, &refusal) ||
           bear_refusal(box, refusal, error);
}

/* ---- open, drain ------------------------------------------------------------------------------------------------- */

/* The server numbered its mails anew: all are read again, and known by their content. */
static bool begin_anew(Mailbox *box, GError **error)
{
    InboxPlace start = {box->own->name, box->uidvalidity, 0};
    g_autoptr(DbTransaction) tx = db_begin(box->db, error);
    box->cursor = 0;
    return tx && inbox_forget_places(box->db, start.mailbox, start.uidvalidity, clock_now(), error) &&
           inbox_cursor_save(box->db, &start, error) && db_commit(&tx, error);
}

static bool open_step(Mailbox *box, GError **error)
{
    int64_t known = 0;
    box->step = MAILBOX_DRAIN;
    if (clock_monotonic() >= box->moving_after)
        box->moving_after = 0;
    return (box->moving_after != 0 || need_folders(box, error)) &&
           imap_session_select(box->session, box->own->folder, &box->uidvalidity, error) &&
           inbox_cursor_load(box->db, box->own->name, &known, &box->cursor, error) &&
           (known == box->uidvalidity || begin_anew(box, error)) && move_committed(box, error) &&
           (box->moving_after != 0 || clear_trouble(box, error));
}

/* Time to look at our folders, but for an hour after a look that did not come to its end: what broke it must not keep
 * us from waiting for news. */
static bool nothing_new(Mailbox *box, GError **error)
{
    bool is_due = false;
    box->step = MAILBOX_WAIT;
    if (box->moving_after != 0 && clock_monotonic() >= box->moving_after) {
        box->step = MAILBOX_OPEN;
        return true;
    }
    if (clock_monotonic() < box->filing_after)
        return true;
    if (!filing_begin(box->filing, box->db, clock_now(), &is_due, error))
        return false;
    if (is_due) {
        box->filing_after = clock_monotonic() + FILING_RETRY;
        box->step = MAILBOX_FILE;
    }
    return true;
}

static bool file_step(Mailbox *box, GError **error)
{
    bool done = false;
    if (!filing_step(box->filing, box->db, box->session, clock_now(), &done, error))
        return false;
    if (done) {
        box->filing_after = 0;
        box->step = MAILBOX_OPEN;
    }
    return true;
}

static bool drain_step(Mailbox *box, GError **error)
{
    if (box->next >= box->uids->len) {
        g_array_set_size(box->uids, 0);
        box->next = 0;
        if (!imap_session_search(box->session, box->cursor, box->uids, error))
            return false;
    }
    if (box->uids->len == 0)
        return nothing_new(box, error);
    if (!read_batch(box, error))
        return false;
    bool may_wait = box->next < box->uids->len && box->unmoved < MOVING_BATCH;
    return may_wait || move_committed(box, error);
}

/* ---- wait, pause ------------------------------------------------------------------------------------------------- */

static bool begin_waiting(Mailbox *box, GError **error)
{
    box->failures = 0;
    box->idling = imap_session_can_idle(box->session);
    if (box->idling && !imap_session_idle_begin(box->session, error))
        return false;
    /* News in the segment that answered IDLE lies in a buffer, where poll() would wait for it in vain. */
    if (box->idling && imap_session_has_input(box->session))
        return true;
    box->waits_until = clock_monotonic() + MIN(box->own->poll_seconds * SECOND_US, WAIT_LONGEST);
    return true;
}

static bool end_waiting(Mailbox *box, GError **error)
{
    box->step = MAILBOX_DRAIN;
    if (!box->idling)
        return imap_session_poll(box->session, error);
    box->idling = false;
    return imap_session_idle_end(box->session, error);
}

/* Runs twice: to begin, and when the wait is over, whatever ended it. */
static bool wait_step(Mailbox *box, GError **error)
{
    if (box->waits_until != 0 || box->idling) {
        box->waits_until = 0;
        return end_waiting(box, error);
    }
    return begin_waiting(box, error);
}

static bool pause_step(Mailbox *box, GError **error)
{
    (void)error;
    box->waits_until = 0;
    box->step = MAILBOX_CONNECT;
    return true;
}

/* ---- the loop ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool (*run)(Mailbox *box, GError **error);
} steps[] = {
    [MAILBOX_CONNECT] = {"connect", connect_step}, [MAILBOX_LOGIN] = {"login", login_step},
    [MAILBOX_OPEN] = {"open", open_step},          [MAILBOX_DRAIN] = {"drain", drain_step},
    [MAILBOX_FILE] = {"file", file_step},          [MAILBOX_WAIT] = {"wait", wait_step},
    [MAILBOX_PAUSE] = {"pause", pause_step},
};

bool mailbox_run(Mailbox *box, GError **error)
{
    if (box->waits_until > clock_monotonic())
        return true;
    for (;;) {
        MailboxStep step = box->step;
        GError *trouble = NULL;
        if (!steps[step].run(box, &trouble))
            return fall_back(box, trouble, error);
        log_debug("Mailbox %s: %s -> %s", box->own->name, steps[step].name, steps[box->step].name);
        bool batch_is_done = step == box->step && (step == MAILBOX_DRAIN || step == MAILBOX_FILE);
        if (batch_is_done || box->waits_until != 0)
            return true;
    }
}

void mailbox_watch(Mailbox *box, int fd)
{
    box->watched_fd = fd;
}

int64_t mailbox_waits_until(const Mailbox *box)
{
    return box->waits_until;
}

int mailbox_wait_fd(const Mailbox *box)
{
    return box->idling ? imap_session_fd(box->session) : -1;
}

void mailbox_wake(Mailbox *box)
{
    if (box->step == MAILBOX_WAIT && box->waits_until != 0)
        box->waits_until = 1; /* past, and not "nothing is waited for" */
}

int64_t mailbox_count_read(const Mailbox *box)
{
    return box->count_read;
}

int64_t mailbox_count_waiting(const Mailbox *box)
{
    return (int64_t)(box->uids->len - box->next);
}

bool mailbox_is_troubled(const Mailbox *box)
{
    return box->failures > 0;
}
