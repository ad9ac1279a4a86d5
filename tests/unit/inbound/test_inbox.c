/* inbound/mailbox, steps, imap_session: whole conversations with a server that plays a talk from tests/talks/imap. */
#include "inbound/inbox.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../certificate.h"
#include "inbound/notices.h"
#include "store/filing_store.h"
#include "store/inbox_store.h"
#include "store/role_store.h"
#include "store/tray_store.h"
#include "world.h"

static char *talkd; /* the program */

typedef struct Server {
    World world;
    char *certificate, *key; /* of the server; NULL: it has none */
    MailboxSettings mailbox;
    GPid pid;
    int output;
} Server;

static void set_up(Server *s, gconstpointer data)
{
    world_set_up(&s->world, data);
    g_autofree char *password = g_build_filename(s->world.dir, "password", NULL);
    MUST(g_file_set_contents_full(password, "s3cret\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
    s->mailbox = (MailboxSettings){
        .name = (char *)"bounces",
        .host = (char *)"127.0.0.1",
        .tls = TLS_NONE,
        .ca_file = (char *)"",
        .user = (char *)"bounces@news.test",
        .password_file = g_steal_pointer(&password),
        .folder = (char *)"INBOX",
        .processed_folder = (char *)"Processed",
        .tray_folder = (char *)"Tray",
        .human_folder = (char *)"Human",
        .poll_seconds = 60,
    };
    s->world.settings.mailboxes = g_ptr_array_new();
    g_ptr_array_add(s->world.settings.mailboxes, &s->mailbox);
}

#ifdef __SANITIZE_ADDRESS__
/* libetpan 1.9.4 forgets a greeting that is BYE, and an answer at which it stops parsing: once in a session that ends by
 * it. Its stacks are seen whole only by the slow unwinder. */
const char *__asan_default_options(void);
const char *__lsan_default_suppressions(void);

const char *__asan_default_options(void)
{
    return "fast_unwind_on_malloc=0";
}

const char *__lsan_default_suppressions(void)
{
    return "leak:mailimap_greeting_parse\nleak:mailimap_parse_response\n";
}
#endif

static void tear_down(Server *s, gconstpointer data)
{
    g_ptr_array_unref(s->world.settings.mailboxes);
    world_tear_down(&s->world, data);
    g_free(s->mailbox.password_file);
    g_free(s->certificate);
    g_free(s->key);
}

/* talkd says "port N" when it listens. */
static void start(Server *s, const char *talk)
{
    const char *source = g_getenv("SOURCE") ? g_getenv("SOURCE") : ".";
    g_autofree char *path = g_strdup_printf("%s/tests/talks/imap/%s.talk", source, talk);
    char *plain[] = {talkd, (char *)"-t", (char *)"30", path, NULL};
    char *tls[] = {talkd, (char *)"-t", (char *)"30", (char *)"-c", s->certificate, (char *)"-k", s->key, path, NULL};
    char **arguments = s->certificate ? tls : plain;
    MUST(g_spawn_async_with_pipes(NULL, arguments, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &s->pid, NULL,
                                  &s->output, NULL, &error));
    char line[64] = "";
    g_assert_cmpint(read(s->output, line, sizeof line - 1), >, 0);
    s->mailbox.port = atoi(line + strlen("port "));
}

static bool has_ended(Server *s)
{
    int status = 0;
    if (waitpid(s->pid, &status, WNOHANG) != s->pid)
        return false;
    close(s->output);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0); /* the talk went as written */
    return true;
}

/* Turns the engine until the talk is over. */
static void play(Server *s)
{
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    int64_t until = clock_monotonic() + MINUTE_US;
    while (!has_ended(s)) {
        MUST(inbox_turn(inbox, 20, &error));
        g_assert_cmpint(clock_monotonic(), <, until);
    }
    inbox_stop(inbox);
    MUST(inbox_turn(inbox, 20, &error));
    g_assert_true(inbox_finished(inbox));
}

static void converse(Server *s, const char *talk)
{
    start(s, talk);
    play(s);
}

static char *trouble_of(Server *s)
{
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = trouble_all(s->world.db, &error)) != NULL);
    return all->len ? g_strdup(((const Trouble *)all->pdata[0])->text) : g_strdup("");
}

/* "UID class folder moved?" of each row, oldest first. */
static char *rows(Server *s)
{
    g_autoptr(GPtrArray) page = NULL;
    MUST((page = tray_page(s->world.db, INT64_MAX, "", 100, &error)) != NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = page->len; i > 0; i--) {
        const InboxMessage *row = page->pdata[i - 1];
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT " %s %s%s", text->len ? "\n" : "", row->uid,
                               finding_class_word(row->class), row->folder, row->moved_at ? " moved" : "");
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void expect_rows(Server *s, const char *want)
{
    g_autofree char *got = rows(s);
    g_assert_cmpstr(got, ==, want);
}

static void expect_trouble(Server *s, const char *words)
{
    g_autofree char *text = trouble_of(s);
    g_test_message("trouble: %s", text);
    if (*words)
        g_assert_nonnull(strstr(text, words));
    else if (!strstr(text, "Connection refused")) /* the engine may find the server gone before we do */
        g_assert_cmpstr(text, ==, "");
}

/* ---- what goes well ---------------------------------------------------------------------------------------------- */

static void reads_and_moves(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "read-and-move");
    expect_rows(s, "4 bounce-hard Processed moved\n9 normal Tray moved\n10 normal Tray moved");
    expect_trouble(s, "");
}

static void exists_beside_idling_is_seen_at_once(Server *s, gconstpointer data)
{
    (void)data;
    int64_t begin = clock_monotonic();
    converse(s, "exists-beside-idling");
    g_assert_cmpint(clock_monotonic() - begin, <, 5 * SECOND_US); /* poll_seconds is 60 */
    expect_rows(s, "1 normal Tray moved");
}

static void server_without_move(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "no-move");
    expect_rows(s, "1 normal Tray moved");
}

static void server_without_move_and_uidplus(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "no-uidplus");
    expect_rows(s, "1 normal Tray moved");
}

static void what_others_have_marked_is_not_expunged(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "others-marked");
    expect_rows(s, "1 normal Tray moved");
}

static void server_without_idle_is_polled(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.poll_seconds = 1;
    converse(s, "no-idle");
    expect_rows(s, "1 normal Tray moved");
}

static void missing_folders_are_created(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.tray_folder = (char *)"Rückläufer";
    converse(s, "create-folders");
    expect_trouble(s, "");
}

static void mail_expunged_meanwhile(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "expunged-meanwhile");
    expect_rows(s, "2 normal Tray moved");
}

static void flags_of_others_in_between(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "unsolicited-fetch");
    expect_rows(s, "1 normal Tray moved");
}

static void uidvalidity_change_reads_all_anew(Server *s, gconstpointer data)
{
    (void)data;
    InboxPlace before = {"bounces", 7, 40};
    WRITE(&s->world, inbox_cursor_save(s->world.db, &before, &error));
    converse(s, "uidvalidity-change");
    expect_rows(s, "1 normal Tray moved");
    int64_t uidvalidity = 0, uid = 0;
    MUST(inbox_cursor_load(s->world.db, "bounces", &uidvalidity, &uid, &error));
    g_assert_cmpint(uidvalidity, ==, 8);
    g_assert_cmpint(uid, ==, 1);
}

static void goes_on_behind_the_cursor(Server *s, gconstpointer data)
{
    (void)data;
    InboxPlace before = {"bounces", 8, 40};
    WRITE(&s->world, inbox_cursor_save(s->world.db, &before, &error));
    converse(s, "behind-the-cursor");
    expect_rows(s, "");
}

/* Invariant 7: a mail is moved after its finding is committed.
 * After a crash between the two it is moved, not read again. */
static void invariant_7_moves_what_a_crash_has_left(Server *s, gconstpointer data)
{
    (void)data;
    InboxPlace place = {"bounces", 8, 3};
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    g_auto(Consequence) consequence = {0};
    consequence_init(&consequence);
    InboxEntry entry = {.place = place, .hash = {1}, .finding = &finding, .sender = "", .subject = ""};
    int64_t id = 0;
    WRITE(&s->world, inbox_add(s->world.db, &entry, clock_now(), &id, &error));
    WRITE(&s->world, inbox_conclude(s->world.db, id, &consequence, "Tray", &error));
    WRITE(&s->world, inbox_cursor_save(s->world.db, &place, &error));
    converse(s, "move-after-crash");
    expect_rows(s, "3 unknown Tray moved");
}

/* Invariant 7, the other half: no commit, no move. Another writer holds the lock when the mail comes; the talk wants a
 * new session and, there, the move. */
static void invariant_7_no_move_without_commit(Server *s, gconstpointer data)
{
    (void)data;
    start(s, "commit-fails");
    StoreSettings impatient = {.path = s->world.settings.store.path, .busy_timeout_ms = 50};
    g_autoptr(Db) db = NULL;
    MUST((db = db_open(&impatient, &error)) != NULL);
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, db, s->world.keyring);
    MUST(inbox_turn(inbox, 0, &error)); /* the mailbox is empty, and waits */
    DbTransaction *tx = NULL;
    MUST((tx = db_begin(s->world.db, &error)) != NULL);
    for (bool fell_back = false; !fell_back;) {
        MUST(inbox_turn(inbox, 100, &error));
        g_autofree char *summary = inbox_summary(inbox);
        fell_back = strstr(summary, "in trouble") != NULL;
    }
    db_rollback(tx);
    expect_rows(s, "");
    while (!has_ended(s))
        MUST(inbox_turn(inbox, 20, &error));
    expect_rows(s, "1 normal Tray moved");
}

/* Turns the engine through four sessions that each fetch the mail and cannot store what it means. */
static void turn_on_a_full_disk(Inbox *inbox)
{
    int failures = 0;
    for (int64_t until = clock_monotonic() + MINUTE_US; failures < 4;) {
        g_autoptr(GError) error = NULL;
        if (!inbox_turn(inbox, 20, &error)) {
            g_assert_error(error, DB_ERROR, DB_ERROR_UNAVAILABLE);
            failures++;
        }
        g_assert_cmpint(clock_monotonic(), <, until);
    }
}

/* A request waits for a database that refuses, however often it does; it never becomes a mail for staff. */
static void a_refusing_database_costs_no_mail(Server *s, gconstpointer data)
{
    (void)data;
    g_autofree char *full = g_build_filename(s->world.dir, "full", NULL);
    g_autofree char *plan = g_strdup_printf("while:%s:full", full);
    InboxPlace begin = {"bounces", 8, 0};
    WRITE(&s->world, inbox_cursor_save(s->world.db, &begin, &error));
    g_setenv("RUNDBRIEF_TEST_DB_FAULT", plan, TRUE);
    g_autoptr(Db) db = NULL;
    MUST((db = db_open(&s->world.settings.store, &error)) != NULL);
    g_unsetenv("RUNDBRIEF_TEST_DB_FAULT");
    start(s, "database-refuses");
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, db, s->world.keyring);
    MUST(inbox_turn(inbox, 0, &error)); /* the mailbox is empty, and waits */
    MUST(g_file_set_contents(full, "", 0, &error));
    turn_on_a_full_disk(inbox);
    expect_rows(s, "");
    g_unlink(full);
    while (!has_ended(s))
        MUST(inbox_turn(inbox, 20, &error));
    expect_rows(s, "1 bounce-hard Processed moved");
}

/* ---- filing ------------------------------------------------------------------------------------------------------ */

/* A mail of tests/mailbox that was read and moved to a folder a while ago. */
static void store_filed(Server *s, const char *file, const char *lies_in, const char *folder, bool waits,
                        int64_t age_days)
{
    const char *source = g_getenv("SOURCE") ? g_getenv("SOURCE") : ".";
    g_autofree char *path = g_strdup_printf("%s/tests/mailbox/%s.eml", source, file), *text = NULL;
    g_auto(Finding) finding = {0};
    g_auto(Consequence) consequence = {0};
    finding_init(&finding);
    consequence_init(&consequence);
    finding.diagnostic = (g_free(finding.diagnostic), g_strdup("550 <ann@example.test> unknown"));
    MUST(g_file_get_contents(path, &text, NULL, &error));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1); /* as talkd sends it */
    g_autofree char *sent = g_strjoinv("\r\n", lines);
    static int64_t uid = 1000;
    InboxEntry entry = {
        .place = {"bounces", 8, ++uid}, .finding = &finding, .sender = "ann@example.test", .subject = "Frage"};
    inbox_hash(sent, strlen(sent), entry.hash);
    consequence.waits = waits;
    int64_t id = 0, at = clock_now() - age_days * DAY_US;
    WRITE(&s->world, inbox_add(s->world.db, &entry, at, &id, &error));
    InboxMove move = {.id = id, .folder = (char *)lies_in};
    WRITE(&s->world, inbox_conclude(s->world.db, id, &consequence, folder, &error));
    WRITE(&s->world, inbox_moved(s->world.db, &move, at, &error));
}

static InboxMessage *row_of(Server *s, int64_t id)
{
    InboxMessage *row = NULL;
    MUST(tray_load(s->world.db, id, &row, &error));
    return row;
}

/* Ninety days in Processed, a hundred and eighty in Human. Of what lies there beside our mails nothing is touched. */
static void old_mails_are_deleted(Server *s, gconstpointer data)
{
    (void)data;
    store_filed(s, "person-writes", "Processed", "Processed", false, 91);
    store_filed(s, "delayed", "Processed", "Processed", false, 10);
    converse(s, "retention");
    g_autoptr(InboxMessage) gone = row_of(s, 1), kept = row_of(s, 2);
    g_assert_cmpint(gone->deleted_at, >, 0);
    g_assert_cmpstr(gone->sender, ==, "");
    g_assert_cmpstr(gone->diagnostic, ==, "");
    g_assert_cmpint(kept->deleted_at, ==, 0);
    g_assert_cmpstr(kept->sender, ==, "ann@example.test");
}

static void what_is_only_marked_is_told(Server *s, gconstpointer data)
{
    (void)data;
    store_filed(s, "person-writes", "Processed", "Processed", false, 91);
    converse(s, "retention-others-marked");
    expect_trouble(s, "Old mails in the folder Processed of mailbox bounces are marked as deleted, but still there");
    MUST(notices_deletion(s->world.db, "bounces", "Processed", true, clock_now(), &error));
    expect_trouble(s, "");
}

/* Nothing that waits goes before staff were told of it for two weeks. */
static void undecided_mails_stay_until_staff_were_told(Server *s, gconstpointer data)
{
    (void)data;
    store_filed(s, "person-writes", "Tray", "Tray", true, 400);
    converse(s, "nothing-new");
    g_autoptr(InboxMessage) kept = row_of(s, 1);
    g_assert_cmpint(kept->deleted_at, ==, 0);
    g_assert_cmpint(kept->warned_at, >, 0);
    expect_trouble(s, "1 mail nobody has decided about will be deleted, the first on");
    /* two weeks on, without a decision */
    FilingFolder tray = {"bounces", "Tray", clock_now() - 180 * DAY_US, clock_now()};
    FilingWork work;
    MUST(filing_work(s->world.db, &tray, &work, &error));
    g_assert_cmpint(work.old, ==, 1);
    tray.warned_before = clock_now() - 14 * DAY_US;
    MUST(filing_work(s->world.db, &tray, &work, &error));
    g_assert_cmpint(work.old, ==, 0);
}

/* Staff have decided: the mail leaves the tray. */
static void decided_mails_leave_the_tray(Server *s, gconstpointer data)
{
    (void)data;
    store_filed(s, "person-writes", "Tray", "Human", false, 1);
    converse(s, "refile");
    g_autoptr(InboxMessage) row = row_of(s, 1);
    g_assert_cmpint(row->deleted_at, ==, 0);
    FilingFolder human = {"bounces", "Human", clock_now(), 0};
    FilingWork work;
    MUST(filing_work(s->world.db, &human, &work, &error));
    g_assert_cmpint(work.misplaced, ==, 0);
    g_assert_cmpint(work.old, ==, 1); /* it lies there now */
}

/* ---- what goes wrong --------------------------------------------------------------------------------------------- */

static void login_refused(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "login-refused");
    expect_trouble(s, "logging in: the server says \"wrong password\". Check user and password_file");
}

static void folder_refused(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "folder-refused");
    expect_trouble(s, "creating the folder Processed: the server says \"no permission\". Make sure on the server that "
                      "the folder is there");
    expect_rows(s, "4 normal Tray");
}

static void move_refused(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "move-refused");
    expect_trouble(s, "Mailbox bounces is read, but no mail of it can be moved: moving mails to Tray");
    expect_rows(s, "4 normal Tray\n5 bounce-hard Processed");
}

static void trouble_is_cleared_by_success(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "refused-then-well");
    expect_trouble(s, "");
}

static void data_injected_before_tls(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.tls = TLS_STARTTLS;
    converse(s, "starttls-injection");
    expect_trouble(s, "sent more before TLS began than it may");
}

static void wrong_certificate_is_refused(Server *s, gconstpointer data)
{
    (void)data;
    s->certificate = g_build_filename(s->world.dir, "cert.pem", NULL);
    s->key = g_build_filename(s->world.dir, "key.pem", NULL);
    if (!certificate_make(s->certificate, s->key)) {
        g_test_skip("needs the program openssl");
        return;
    }
    s->mailbox.tls = TLS_STARTTLS;
    converse(s, "certificate-unknown");
    expect_trouble(s, "the certificate that 127.0.0.1 shows is not good");
    expect_trouble(s, "Check host, tls and ca_file of this mailbox in rundbrief.conf");
}

static void preauth_before_tls(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.tls = TLS_STARTTLS;
    converse(s, "preauth-before-tls");
    expect_trouble(s, "says we are logged in before TLS began");
}

static void nobody_listens(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.port = 1;
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    MUST(inbox_turn(inbox, 0, &error));
    expect_trouble(s, "cannot connect to 127.0.0.1 port 1: Connection refused. Check host and port");
    g_autofree char *summary = inbox_summary(inbox);
    g_assert_cmpstr(summary, ==, "1 mailbox, 0 mails read, 1 in trouble");
}

/* Each of these ends the session; the mail is read whole in the next one, and once. */
static void broken_lines(Server *s, gconstpointer data)
{
    (void)data;
    static const char *const talks[] = {"bye",
                                        "eof-in-literal",
                                        "huge-literal",
                                        "half-line",
                                        "exists-before-idling",
                                        "reset",
                                        "greeting-garbage",
                                        "greeting-silent-close",
                                        "search-refused",
                                        "search-garbage",
                                        "fetch-refused",
                                        "bye-in-fetch",
                                        "bye-while-idling",
                                        "idle-refused",
                                        "endless-line",
                                        "tagged-with-another-tag",
                                        "no-uidvalidity",
                                        "move-lost"};
    for (gsize i = 0; i < G_N_ELEMENTS(talks); i++) {
        g_test_message("%s", talks[i]);
        s->mailbox.name = (char *)talks[i]; /* each a mailbox of its own */
        converse(s, talks[i]);
        expect_trouble(s, "");
        g_autofree char *got = rows(s);
        g_auto(GStrv) lines = g_strsplit(got, "\n", -1);
        g_assert_cmpuint(g_strv_length(lines), ==, i + 1);
        g_assert_cmpstr(lines[i], ==, "1 normal Tray moved");
    }
}

static void server_that_does_not_say_what_it_can_do(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "no-capability");
    expect_trouble(s, "looking for the folder Processed: the server says \"not today\"");
}

static void starttls_refused(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.tls = TLS_STARTTLS;
    converse(s, "starttls-refused");
    expect_trouble(s, "asking for TLS (STARTTLS): the server says \"no TLS today\". Check host, tls and ca_file");
}

static void turned_away(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "turned-away");
    expect_trouble(s, "127.0.0.1 turns us away");
}

/* A token that has expired meanwhile is no trouble: the program brings another. */
static void token_that_expired(Server *s, gconstpointer data)
{
    (void)data;
    g_autofree char *mark = g_build_filename(s->world.dir, "mark", NULL);
    s->mailbox.auth = AUTH_XOAUTH2;
    s->mailbox.token_command = g_strdup_printf("/bin/sh -c 'test -e %s && echo two || { touch %s; echo one; }'", mark,
                                               mark);
    converse(s, "token");
    g_free(s->mailbox.token_command);
}

static void token_program_fails(Server *s, gconstpointer data)
{
    (void)data;
    s->mailbox.auth = AUTH_XOAUTH2;
    s->mailbox.token_command = (char *)"/bin/false";
    start(s, "greeting-only");
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    g_autofree char *text = g_strdup("");
    for (int i = 0; i < 100 && !*text; i++) {
        MUST(inbox_turn(inbox, 50, &error));
        g_free(text);
        text = trouble_of(s);
    }
    expect_trouble(s, "the program of token_command ended with the exit code 1. Check token_command of this mailbox");
    g_clear_pointer(&inbox, inbox_free);
    while (!has_ended(s))
        g_usleep(10000);
}

/* One mailbox in trouble does not stop the other. */
static void invariant_9_two_mailboxes(Server *s, gconstpointer data)
{
    (void)data;
    MailboxSettings other = s->mailbox;
    other.name = (char *)"other";
    other.port = 1;
    g_ptr_array_insert(s->world.settings.mailboxes, 0, &other);
    converse(s, "read-and-move");
    expect_rows(s, "4 bounce-hard Processed moved\n9 normal Tray moved\n10 normal Tray moved");
    expect_trouble(s, "Mailbox other cannot be read: cannot connect");
}

/* Invariant 9: one poisoned mail does not stop the others. */
static void invariant_9_poisoned_mail_is_read_over(Server *s, gconstpointer data)
{
    (void)data;
    converse(s, "poisoned-mail");
    expect_rows(s, "5 unknown Tray moved\n6 normal Tray moved");
}

/* It is the trouble of that mailbox alone, and over as soon as the file is there. */
static void missing_password_is_a_trouble(Server *s, gconstpointer data)
{
    (void)data;
    g_unlink(s->mailbox.password_file);
    start(s, "password-missing");
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    MUST(inbox_turn(inbox, 0, &error));
    expect_trouble(s, "Mailbox bounces cannot be read: reading its password: ");
    expect_trouble(s, "Check password_file of this mailbox");
    MUST(g_file_set_contents_full(s->mailbox.password_file, "s3cret", -1, G_FILE_SET_CONTENTS_NONE, 0600, &error));
    while (!has_ended(s))
        MUST(inbox_turn(inbox, 20, &error));
    expect_trouble(s, "");
}

/* A wake-up ends the wait at once, and the engine never reads it. */
static void watched_descriptor_ends_the_wait(Server *s, gconstpointer data)
{
    (void)data;
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    s->mailbox.port = 1;
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    inbox_watch(inbox, ends[0]);
    g_assert_cmpint(write(ends[1], "x", 1), ==, 1);
    int64_t begin = clock_monotonic();
    for (int i = 0; i < 5; i++)
        MUST(inbox_turn(inbox, 60000, &error));
    g_assert_cmpint(clock_monotonic() - begin, <, SECOND_US);
    close(ends[0]);
    close(ends[1]);
}

/* SIGTERM must not wait for a server that says nothing. */
static void silent_server_does_not_hold_up_a_stop(Server *s, gconstpointer data)
{
    (void)data;
    int ends[2];
    g_assert_cmpint(pipe(ends), ==, 0);
    start(s, "silent");
    g_autoptr(Inbox) inbox = inbox_new(&s->world.settings, s->world.db, s->world.keyring);
    inbox_watch(inbox, ends[0]);
    g_assert_cmpint(write(ends[1], "x", 1), ==, 1);
    int64_t begin = clock_monotonic();
    MUST(inbox_turn(inbox, 60000, &error));
    inbox_stop(inbox);
    MUST(inbox_turn(inbox, 60000, &error));
    g_assert_true(inbox_finished(inbox));
    g_assert_cmpint(clock_monotonic() - begin, <, 5 * SECOND_US);
    while (!has_ended(s))
        g_usleep(10000);
    close(ends[0]);
    close(ends[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_autofree char *here = g_path_get_dirname(argv[0]);
    talkd = g_build_filename(here, "../../fake/talkd", NULL);
#define TEST(name) g_test_add("/mailbox/" #name, Server, NULL, set_up, name, tear_down)
    TEST(reads_and_moves);
    TEST(exists_beside_idling_is_seen_at_once);
    TEST(server_without_move);
    TEST(server_without_move_and_uidplus);
    TEST(server_without_idle_is_polled);
    TEST(missing_folders_are_created);
    TEST(mail_expunged_meanwhile);
    TEST(flags_of_others_in_between);
    TEST(uidvalidity_change_reads_all_anew);
    TEST(goes_on_behind_the_cursor);
    TEST(invariant_7_moves_what_a_crash_has_left);
    TEST(invariant_7_no_move_without_commit);
    TEST(a_refusing_database_costs_no_mail);
    TEST(what_others_have_marked_is_not_expunged);
    TEST(old_mails_are_deleted);
    TEST(what_is_only_marked_is_told);
    TEST(undecided_mails_stay_until_staff_were_told);
    TEST(decided_mails_leave_the_tray);
    TEST(login_refused);
    TEST(folder_refused);
    TEST(move_refused);
    TEST(trouble_is_cleared_by_success);
    TEST(data_injected_before_tls);
    TEST(wrong_certificate_is_refused);
    TEST(preauth_before_tls);
    TEST(starttls_refused);
    TEST(turned_away);
    TEST(token_that_expired);
    TEST(token_program_fails);
    TEST(invariant_9_two_mailboxes);
    TEST(nobody_listens);
    TEST(broken_lines);
    TEST(server_that_does_not_say_what_it_can_do);
    TEST(invariant_9_poisoned_mail_is_read_over);
    TEST(missing_password_is_a_trouble);
    TEST(watched_descriptor_ends_the_wait);
    TEST(silent_server_does_not_hold_up_a_stop);
    int result = g_test_run();
    g_free(talkd);
    return result;
}
