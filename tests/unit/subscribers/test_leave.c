/* subscribers/leave and subscribers/membership:
 * every ending and every confirmation has its proof, and may come twice. */
#include "subscribers/leave.h"

/* rundbrief */
#include "people.h"
#include "store/audit_store.h"
#include "subscribers/membership.h"

static bool leave(People *f, int64_t list_id, int64_t person)
{
    TokenResult result;
    IN_TRANSACTION(
        f, leave_by_token(f->db, &(Token){TOKEN_LEAVE, list_id, person}, "mail <1@example.org>", NOW, &result, &error));
    g_assert_cmpint(result.subscriber_id, ==, person);
    g_assert_cmpint(result.list_id, ==, list_id);
    return result.changed;
}

static bool confirm(People *f, int64_t list_id, int64_t person)
{
    TokenResult result;
    IN_TRANSACTION(f, confirm_by_token(f->db, &(Token){TOKEN_CONFIRM, list_id, person}, "mail <2@example.org>", NOW,
                                       &result, &error));
    return result.changed;
}

static guint count_audits(People *f)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = audit_latest(f->db, 100, &error);
    g_assert_no_error(error);
    return rows->len;
}

static void leaving_twice_is_leaving_once(People *f, gconstpointer data)
{
    (void)data;
    people_admit(f, "anna@example.org", NOW);
    guint audits = count_audits(f);
    int64_t anna = people_id(f, "anna@example.org");
    g_assert_true(leave(f, f->list->id, anna));
    g_assert_false(leave(f, f->list->id, anna));
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "left");
    assert_history(f, "anna@example.org", "imported left");
    g_assert_cmpuint(count_audits(f), ==, audits + 1);
}

static void list_zero_leaves_all(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(MailingList) other = people_add_list(f, "ak", "Arbeitskreis");
    people_admit(f, "anna@example.org", NOW);
    f->terms.list = other;
    people_admit(f, "anna@example.org", NOW);
    g_assert_true(leave(f, 0, people_id(f, "anna@example.org")));
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "left");
    g_assert_cmpstr(people_state(f, other, "anna@example.org"), ==, "left");
    assert_history(f, "anna@example.org", "imported imported left left");
}

static void leaving_one_list_stays_on_the_other(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(MailingList) other = people_add_list(f, "ak", "Arbeitskreis");
    people_admit(f, "anna@example.org", NOW);
    f->terms.list = other;
    people_admit(f, "anna@example.org", NOW);
    g_assert_true(leave(f, other->id, people_id(f, "anna@example.org")));
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "active");
}

static void somebody_who_is_gone_may_leave(People *f, gconstpointer data)
{
    (void)data;
    g_assert_false(leave(f, f->list->id, 4711));
    g_assert_false(confirm(f, f->list->id, 4711));
}

static void confirming_makes_active_once(People *f, gconstpointer data)
{
    (void)data;
    f->terms.kind = CONSENT_INVITED;
    people_admit(f, "anna@example.org", NOW);
    int64_t anna = people_id(f, "anna@example.org");
    g_assert_true(confirm(f, f->list->id, anna));
    g_assert_false(confirm(f, f->list->id, anna));
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "active");
    assert_history(f, "anna@example.org", "invited confirmed");
}

/* The link in an old mail must not undo what the person did since. */
static void an_old_confirmation_does_not_bring_back_who_left(People *f, gconstpointer data)
{
    (void)data;
    f->terms.kind = CONSENT_INVITED;
    people_admit(f, "anna@example.org", NOW);
    int64_t anna = people_id(f, "anna@example.org");
    g_assert_true(confirm(f, f->list->id, anna));
    g_assert_true(leave(f, f->list->id, anna));
    g_assert_false(confirm(f, f->list->id, anna));
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "left");
}

static void who_left_comes_back_only_when_staff_say_so(People *f, gconstpointer data)
{
    (void)data;
    people_admit(f, "anna@example.org", NOW);
    leave(f, f->list->id, people_id(f, "anna@example.org"));
    g_assert_cmpint(people_admit(f, "anna@example.org", NOW), ==, REJECTION_LEFT);
    f->terms.kind = CONSENT_INVITED;
    g_assert_cmpint(people_admit(f, "anna@example.org", NOW), ==, REJECTION_LEFT);
    f->terms.kind = CONSENT_ADDED;
    f->terms.returning = true;
    g_assert_cmpint(people_admit(f, "anna@example.org", NOW), ==, REJECTION_NONE);
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "active");
    assert_history(f, "anna@example.org", "imported left added");
}

static void staff_remove_from_one_list(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) failure = NULL;
    people_admit(f, "anna@example.org", NOW);
    g_autoptr(Subscriber) anna = NULL;
    g_assert_true(subscriber_by_key(f->db, "anna@example.org", &anna, &failure));
    for (int turn = 0; turn < 2; turn++) {
        bool changed;
        IN_TRANSACTION(f, membership_end(f->db, anna, f->list, "moved away", "cli:test", NOW, &changed, &error));
        g_assert_true(changed == (turn == 0));
    }
    g_assert_cmpstr(people_state(f, f->list, "anna@example.org"), ==, "left");
    assert_history(f, "anna@example.org", "imported removed");
}

static void erasing_leaves_hash_and_proof_only(People *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) failure = NULL;
    people_admit(f, "anna@example.org", NOW);
    g_autoptr(Subscriber) anna = NULL;
    g_assert_true(subscriber_by_key(f->db, "anna@example.org", &anna, &failure));
    IN_TRANSACTION(f, membership_erase(f->db, anna, "cli:test", NOW, &error));
    g_assert_cmpint(people_id(f, "anna@example.org"), ==, 0);
    assert_history(f, "anna@example.org", "imported removed");
    g_assert_cmpint(people_admit(f, "anna@example.org", NOW), ==, REJECTION_SUPPRESSED);
    g_autoptr(GPtrArray) rows = suppression_page(f->db, 10, 0, &failure);
    g_assert_cmpuint(rows->len, ==, 1);
    g_assert_cmpint(((const SuppressionRow *)rows->pdata[0])->suppression.reason, ==, SUPPRESSION_ERASED);
    g_assert_null(((const SuppressionRow *)rows->pdata[0])->address);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/leave/" #name, People, NULL, people_set_up, name, people_tear_down)
    TEST(leaving_twice_is_leaving_once);
    TEST(list_zero_leaves_all);
    TEST(leaving_one_list_stays_on_the_other);
    TEST(somebody_who_is_gone_may_leave);
    TEST(confirming_makes_active_once);
    TEST(an_old_confirmation_does_not_bring_back_who_left);
    TEST(who_left_comes_back_only_when_staff_say_so);
    TEST(staff_remove_from_one_list);
    TEST(erasing_leaves_hash_and_proof_only);
    return g_test_run();
}
