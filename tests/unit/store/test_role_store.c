/* store/role_store, store/audit_store: what rundbrief status shows is what the roles said last. */
#include "store/role_store.h"

/* rundbrief */
#include "database.h"
#include "store/audit_store.h"

static void the_last_beat_counts(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_true(role_beat(f->db, "send", 100, 1, "starting", 2, &error));
    g_assert_true(role_beat(f->db, "inbox", 101, 1, "idle", 3, &error));
    g_assert_true(role_beat(f->db, "send", 200, 4, "17 connections", 5, &error));
    g_assert_true(db_commit(&tx, &error));
    g_autoptr(GPtrArray) roles = role_all(f->db, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(roles->len, ==, 2);
    const RoleState *inbox = g_ptr_array_index(roles, 0), *send = g_ptr_array_index(roles, 1);
    g_assert_cmpstr(inbox->name, ==, "inbox");
    g_assert_cmpstr(send->name, ==, "send");
    g_assert_cmpint(send->pid, ==, 200);
    g_assert_cmpint(send->started_at, ==, 4);
    g_assert_cmpint(send->beat_at, ==, 5);
    g_assert_cmpstr(send->summary, ==, "17 connections");
}

static void a_trouble_keeps_its_beginning(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_nonnull(tx);
    g_assert_true(trouble_set(f->db, "relay main", "send", "refuses the password", 20, &error));
    g_assert_true(trouble_set(f->db, "mailbox bounces", "inbox", "cannot be reached", 10, &error));
    g_assert_true(trouble_set(f->db, "relay main", "send", "cannot be reached; is it running?", 30, &error));
    g_autoptr(GPtrArray) troubles = trouble_all(f->db, &error);
    g_assert_cmpuint(troubles->len, ==, 2);
    const Trouble *older = g_ptr_array_index(troubles, 0), *newer = g_ptr_array_index(troubles, 1);
    g_assert_cmpstr(older->subject, ==, "mailbox bounces");
    g_assert_cmpstr(older->role, ==, "inbox");
    g_assert_cmpint(newer->since, ==, 20);
    g_assert_cmpstr(newer->text, ==, "cannot be reached; is it running?");
}

static void a_trouble_goes_when_it_is_over(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_nonnull(tx);
    g_assert_true(trouble_set(f->db, "relay main", "send", "down", 20, &error));
    g_assert_true(trouble_set(f->db, "relay spare", "send", "down", 20, &error));
    g_assert_true(trouble_clear(f->db, "relay main", &error));
    g_assert_true(trouble_clear(f->db, "relay main", &error)); /* once more is fine */
    g_autoptr(GPtrArray) troubles = trouble_all(f->db, &error);
    g_assert_cmpuint(troubles->len, ==, 1);
    g_assert_cmpstr(((Trouble *)g_ptr_array_index(troubles, 0))->subject, ==, "relay spare");
}

static void the_book_is_read_from_its_end(Database *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autoptr(DbTransaction) tx = db_begin(f->db, &error);
    g_assert_nonnull(tx);
    g_assert_true(audit_add(f->db, "cli:ann", "announcement.add", "announcement 4", NULL, 1, &error));
    g_assert_true(audit_add(f->db, "cli:ann", "announcement.queue", "announcement 4", "at once", 2, &error));
    g_assert_true(audit_add(f->db, "send", "announcement.sent", "announcement 4", "12 sent", 3, &error));
    g_autoptr(GPtrArray) entries = audit_latest(f->db, 2, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(entries->len, ==, 2);
    const AuditEntry *last = g_ptr_array_index(entries, 0), *before = g_ptr_array_index(entries, 1);
    g_assert_cmpint(last->id, >, before->id);
    g_assert_cmpint(last->at, ==, 3);
    g_assert_cmpstr(last->actor, ==, "send");
    g_assert_cmpstr(before->action, ==, "announcement.queue");
    g_assert_cmpstr(before->subject, ==, "announcement 4");
    g_assert_cmpstr(before->detail, ==, "at once");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/role_store/" #name, Database, NULL, database_set_up, name, database_tear_down)
    TEST(the_last_beat_counts);
    TEST(a_trouble_keeps_its_beginning);
    TEST(a_trouble_goes_when_it_is_over);
    TEST(the_book_is_read_from_its_end);
    return g_test_run();
}
