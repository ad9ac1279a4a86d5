/* subscribers/import: all or nothing, or the good rows only; every reason with its line; proof for each person. */
#include "subscribers/import.h"

/* system */
#include <unistd.h>

/* libraries */
#include <jansson.h>

/* rundbrief */
#include "people.h"
#include "store/audit_store.h"
#include "store/outbox_store.h"
#include "subscribers/leave.h"

typedef struct Import {
    People people;
    GString *told; /* "2 bad-address, 4 duplicate" */
    bool keep_going, dry_run;
    const char *blocked_meanwhile; /* suppressed between checking and importing */
    ImportResult result;
} Import;

static void set_up(Import *f, gconstpointer data)
{
    people_set_up(&f->people, data);
    f->told = g_string_new(NULL);
}

static void tear_down(Import *f, gconstpointer data)
{
    g_string_free(f->told, TRUE);
    people_tear_down(&f->people, data);
}

static void tell(void *data, unsigned line, const Rejection *rejection)
{
    GString *told = ((Import *)data)->told;
    g_string_append_printf(told, "%s%u %s", told->len ? ", " : "", line, rejection_kind_word(rejection->kind));
    g_assert_nonnull(rejection->sentence);
}

static void disturb(void *data, const char *what, int64_t lines)
{
    (void)lines;
    Import *f = data;
    if (!f->blocked_meanwhile || !g_str_equal(what, "Importing"))
        return;
    uint8_t hash[ADDRESS_HASH_SIZE];
    keyring_hash_address(f->people.keyring, f->blocked_meanwhile, hash);
    IN_TRANSACTION(&f->people, suppression_add(f->people.db, hash, SUPPRESSION_STAFF, "now", NOW, NULL, &error));
}

static int file_of(const char *text)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("rundbrief-import-XXXXXX", &path, NULL);
    g_assert_cmpint(write(fd, text, strlen(text)), ==, (gssize)strlen(text));
    g_assert_cmpint(unlink(path), ==, 0);
    return fd;
}

static bool import(Import *f, const char *text, int64_t now, GError **error)
{
    int fd = file_of(text);
    const ImportJob job = {
        .fd = fd,
        .file_name = "people.csv",
        .terms = &f->people.terms,
        .language = "de",
        .keep_going = f->keep_going,
        .dry_run = f->dry_run,
        .watch = {.staged = disturb, .rejected = tell, .data = f},
    };
    g_string_truncate(f->told, 0);
    bool done = import_run(f->people.db, &job, now, &f->result, error);
    close(fd);
    return done;
}

static void import_good(Import *f, const char *text, int64_t now)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(import(f, text, now, &error));
    g_assert_no_error(error);
}

static int64_t count_people(Import *f)
{
    g_autoptr(GError) error = NULL;
    int64_t count;
    g_assert_true(subscriber_count(f->people.db, &(SubscriberFilter){.limit = 1}, &count, &error));
    return count;
}

static guint count_audits(Import *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = audit_latest(f->people.db, 100, &error);
    g_assert_no_error(error);
    return rows->len;
}

static void people_come_with_proof(Import *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    import_good(f, "E-Mail;Name;Sprache;Format\nanna@example.org;Anna;en;text\nbob@example.org;;;\n", NOW);
    g_assert_cmpint(f->result.imported, ==, 2);
    g_autoptr(Subscriber) anna = NULL;
    g_assert_true(subscriber_by_key(f->people.db, "anna@example.org", &anna, &error));
    g_assert_cmpstr(anna->name, ==, "Anna");
    g_assert_cmpstr(anna->language, ==, "en");
    g_assert_true(anna->wants_text);
    g_assert_cmpstr(people_state(&f->people, f->people.list, "anna@example.org"), ==, "active");
    g_autoptr(GPtrArray) history = consent_history(f->people.db, anna->address_hash, &error);
    g_assert_cmpuint(history->len, ==, 1);
    const ConsentRecord *record = history->pdata[0];
    g_assert_cmpint(record->kind, ==, CONSENT_IMPORTED);
    g_assert_cmpstr(record->wording, ==, "form of 2 May");
    g_assert_cmpstr(record->source, ==, "import people.csv line 2");
    g_assert_cmpstr(record->actor, ==, "cli:test");
    g_assert_cmpint(record->at, ==, NOW);
    g_assert_cmpuint(count_audits(f), ==, 1);
}

/* One row of each kind that is rejected, beside one that is good. */
static const char *const mixed = "E-Mail;Name;Format\n"
                                 "good@example.org;Good;\n"
                                 "bad@@example.org;;\n"       /* 3 */
                                 "good@EXAMPLE.org;Again;\n"  /* 4 */
                                 "here@example.org;;\n"       /* 5 */
                                 "blocked@example.org;;\n"    /* 6 */
                                 "left@example.org;;\n"       /* 7 */
                                 "brief@example.org;;Brief\n" /* 8 */
                                 "M\xfcller;;\n"              /* 9 */
                                 "ümlaut@example.org;Ü;\n";
static const char *const mixed_told = "3 bad-address, 4 duplicate, 5 already-subscribed, 6 suppressed, 7 left-earlier, "
                                      "8 bad-value, 9 unreadable";

static void prepare_mixed(Import *f)
{
    People *p = &f->people;
    uint8_t hash[ADDRESS_HASH_SIZE];
    people_admit(p, "here@example.org", NOW);
    people_admit(p, "left@example.org", NOW);
    keyring_hash_address(p->keyring, "blocked@example.org", hash);
    IN_TRANSACTION(p, suppression_add(p->db, hash, SUPPRESSION_COMPLAINT, "report", NOW, NULL, &error));
    IN_TRANSACTION(p, subscription_become(p->db, p->list->id, people_id(p, "left@example.org"), SUBSCRIPTION_LEFT, NOW,
                                          NULL, &error));
}

static void one_bad_row_and_nothing_is_imported(Import *f, gconstpointer data)
{
    (void)data;
    prepare_mixed(f);
    guint audits = count_audits(f);
    import_good(f, mixed, NOW);
    g_assert_cmpstr(f->told->str, ==, mixed_told);
    g_assert_cmpint(f->result.rows, ==, 9);
    g_assert_cmpint(f->result.good, ==, 2);
    g_assert_cmpint(f->result.imported, ==, 0);
    g_assert_cmpint(import_result_rejected(&f->result), ==, 7);
    g_assert_cmpint(count_people(f), ==, 2);
    g_assert_cmpuint(count_audits(f), ==, audits);
}

static void keep_going_takes_the_good_rows(Import *f, gconstpointer data)
{
    (void)data;
    prepare_mixed(f);
    f->keep_going = true;
    import_good(f, mixed, NOW);
    g_assert_cmpstr(f->told->str, ==, mixed_told);
    g_assert_cmpint(f->result.imported, ==, 2);
    g_assert_cmpstr(people_state(&f->people, f->people.list, "good@example.org"), ==, "active");
    g_assert_cmpstr(people_state(&f->people, f->people.list, "blocked@example.org"), ==, "none");
    g_assert_cmpstr(people_state(&f->people, f->people.list, "left@example.org"), ==, "left");
}

static void a_dry_run_changes_nothing(Import *f, gconstpointer data)
{
    (void)data;
    prepare_mixed(f);
    f->dry_run = f->keep_going = true;
    import_good(f, mixed, NOW);
    g_assert_cmpstr(f->told->str, ==, mixed_told);
    g_assert_cmpint(f->result.good, ==, 2);
    g_assert_cmpint(f->result.imported, ==, 0);
    g_assert_cmpint(count_people(f), ==, 2);
}

static void a_dry_run_of_a_good_file_changes_nothing(Import *f, gconstpointer data)
{
    (void)data;
    f->dry_run = true;
    for (int turn = 0; turn < 2; turn++, f->keep_going = true) {
        import_good(f, "email\nanna@example.org\nbob@example.org\n", NOW);
        g_assert_cmpint(f->result.good, ==, 2);
        g_assert_cmpint(f->result.imported, ==, 0);
        g_assert_cmpint(count_people(f), ==, 0);
        g_assert_cmpuint(count_audits(f), ==, 0);
    }
}

static void what_changes_after_the_check_stops_it_all(Import *f, gconstpointer data)
{
    (void)data;
    f->blocked_meanwhile = "bob@example.org";
    import_good(f, "email\nanna@example.org\nbob@example.org\n", NOW);
    g_assert_cmpstr(f->told->str, ==, "3 suppressed");
    g_assert_cmpint(f->result.imported, ==, 0);
    g_assert_cmpint(count_people(f), ==, 0);
}

/* More rows than one batch holds; the last one is bad. */
static void batches_are_whole(Import *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GString) text = g_string_new("email\n");
    for (int i = 0; i < 2500; i++)
        g_string_append_printf(text, "p%d@example.org\n", i);
    g_string_append(text, "nobody\n");
    import_good(f, text->str, NOW);
    g_assert_cmpint(count_people(f), ==, 0);
    f->keep_going = true;
    import_good(f, text->str, NOW);
    g_assert_cmpint(f->result.imported, ==, 2500);
    g_assert_cmpint(count_people(f), ==, 2500);
    g_assert_cmpuint(count_audits(f), ==, 3);
    g_assert_cmpstr(f->told->str, ==, "2502 bad-address");
}

static void people_we_know_join_another_list(Import *f, gconstpointer data)
{
    (void)data;
    import_good(f, "E-Mail;Name\nanna@example.org;Anna\n", NOW);
    g_autoptr(MailingList) other = people_add_list(&f->people, "ak", "Arbeitskreis");
    f->people.terms.list = other;
    import_good(f, "E-Mail;Name\nanna@example.org;Anna Müller\n", NOW + 1);
    g_assert_cmpint(count_people(f), ==, 1);
    g_assert_cmpstr(people_state(&f->people, other, "anna@example.org"), ==, "active");
    assert_history(&f->people, "anna@example.org", "imported imported");
}

static const struct {
    const char *name, *text, *want; /* in the sentence */
} files[] = {
    {"empty", "", "empty"},
    {"Latin-1", "E-Mail;Name\nanna@example.org;M\xfcller\nbob@example.org;K\xf6ln\n", "iconv"},
    {"workbook", "PK\003\004rest", "workbook"},
    {"UTF-16",
     "\xff\xfe"
     "E",
     "UTF-16"},
    {"no address column", "Name;Telefon\nAnna;1\n", "no column \"E-Mail\""},
    {"columns without titles", "anna@example.org;Anna\n", "line of titles"},
    {"blank", "\n\n\n", "no rows"},
};

static void a_file_as_a_whole_is_refused_in_a_sentence(Import *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_test_message("%s", files[i].name);
        g_autoptr(GError) error = NULL;
        g_assert_false(import(f, files[i].text, NOW, &error));
        g_assert_error(error, IMPORT_ERROR, IMPORT_ERROR_FILE);
        g_assert_nonnull(strstr(error->message, files[i].want));
    }
    g_assert_cmpint(count_people(f), ==, 0);
}

static void lines_of_addresses_need_no_header(Import *f, gconstpointer data)
{
    (void)data;
    import_good(
        f, "# members\nanna@example.org\n\"Meyer, Bob\" <bob@example.org>\n=?utf-8?q?Z=C3=BC?= <zue@example.org>\n",
        NOW);
    g_assert_cmpint(f->result.imported, ==, 3);
    g_autoptr(GError) error = NULL;
    g_autoptr(Subscriber) bob = NULL;
    g_assert_true(subscriber_by_key(f->people.db, "bob@example.org", &bob, &error));
    g_autoptr(Subscriber) zue = NULL;
    g_assert_true(subscriber_by_key(f->people.db, "zue@example.org", &zue, &error));
    g_assert_cmpstr(bob->name, ==, "Meyer, Bob");
    g_assert_cmpstr(zue->name, ==, "Zü");
}

/* Invited people are pending; nobody is asked twice within a day, and nobody who is there already. */
static void invitations_ask_first_and_once_a_day(Import *f, gconstpointer data)
{
    (void)data;
    People *p = &f->people;
    people_admit(p, "here@example.org", NOW);
    p->terms.kind = CONSENT_INVITED;
    f->keep_going = true;
    const char *text = "email\nanna@example.org\nhere@example.org\n";
    import_good(f, text, NOW);
    g_assert_cmpint(f->result.imported, ==, 1);
    g_assert_cmpstr(f->told->str, ==, "3 already-subscribed");
    g_assert_cmpstr(people_state(p, p->list, "anna@example.org"), ==, "pending");
    import_good(f, text, NOW + 23 * HOUR_US);
    g_assert_cmpint(f->result.imported, ==, 0);
    g_assert_cmpstr(f->told->str, ==, "2 invited-already, 3 already-subscribed");
    import_good(f, text, NOW + DAY_US);
    g_assert_cmpint(f->result.imported, ==, 1);
    assert_history(p, "anna@example.org", "invited invited");
}

/* The mail that waits is the one that the templates know, and its address is the way onto the list. */
static void an_invitation_confirms_by_its_own_address(Import *f, gconstpointer data)
{
    (void)data;
    People *p = &f->people;
    p->terms.kind = CONSENT_INVITED;
    import_good(f, "email;name;language\nanna@example.org;Anna;en\n", NOW);
    g_autoptr(GPtrArray) mails = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    IN_TRANSACTION(p, outbox_lease(p->db, NULL, 10, NOW, NOW + HOUR_US, mails, &error));
    g_assert_cmpuint(mails->len, ==, 1);
    const OutboxMail *mail = mails->pdata[0];
    g_assert_cmpstr(mail->template, ==, "confirm");
    g_assert_cmpstr(mail->recipient.address, ==, "anna@example.org");
    g_assert_cmpstr(mail->recipient.language, ==, "en");
    json_t *values = json_loads(mail->data, 0, NULL);
    const char *title = NULL, *address = NULL, *mailto = NULL, *site = NULL;
    g_assert_cmpint(json_unpack(values, "{s:{s:s}, s:{s:s, s:s}, s:{s:s}}", "list", "title", &title, "confirm",
                                "address", &address, "mailto", &mailto, "site", "name", &site),
                    ==, 0);
    g_assert_cmpstr(title, ==, "Presseinformationen");
    g_assert_cmpstr(site, ==, "Kreis Musterland");
    g_assert_true(g_str_has_prefix(mailto, "mailto:inbox%2Bc"));
    const char *plus = strchr(address, '+');
    g_autofree char *text = g_strndup(plus + 1, strcspn(plus + 1, "@"));
    Token token;
    TokenResult result;
    g_assert_true(token_decode(p->keyring, text, &token));
    IN_TRANSACTION(p, confirm_by_token(p->db, &token, "mail <1@example.org>", NOW, &result, &error));
    g_assert_true(result.changed);
    g_assert_cmpstr(people_state(p, p->list, "anna@example.org"), ==, "active");
    json_decref(values);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/import/" #name, Import, NULL, set_up, name, tear_down)
    TEST(people_come_with_proof);
    TEST(one_bad_row_and_nothing_is_imported);
    TEST(keep_going_takes_the_good_rows);
    TEST(a_dry_run_changes_nothing);
    TEST(a_dry_run_of_a_good_file_changes_nothing);
    TEST(what_changes_after_the_check_stops_it_all);
    TEST(batches_are_whole);
    TEST(people_we_know_join_another_list);
    TEST(a_file_as_a_whole_is_refused_in_a_sentence);
    TEST(lines_of_addresses_need_no_header);
    TEST(invitations_ask_first_and_once_a_day);
    TEST(an_invitation_confirms_by_its_own_address);
    return g_test_run();
}
