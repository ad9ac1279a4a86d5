/* inbound/apply with subscribers/complaint and announcements/rsvp: who complains is taken off, who answers is counted. */
#include "inbound/apply.h"

#include <string.h>

#include "announcements/rsvp.h"
#include "store/consent_store.h"
#include "store/role_store.h"
#include "store/rsvp_store.h"
#include "store/suppression_store.h"
#include "store/tray_store.h"
#include "world.h"

/* Applies one mail and returns its row. */
static InboxMessage *apply(World *w, const char *text, int64_t uid, int64_t now)
{
    ReceivedMail mail = {
        .place = {"bounces", 1, uid},
        .bytes = text,
        .length = strlen(text),
        .processed_folder = "Processed",
        .tray_folder = "Tray",
        .human_folder = "Human",
    };
    MUST(apply_mail(w->db, &w->settings, w->keyring, &mail, now, &error));
    g_autoptr(GPtrArray) page = NULL;
    MUST((page = tray_page(w->db, INT64_MAX, "", 1, &error)) != NULL);
    return g_ptr_array_steal_index(page, 0);
}

static char *suppressed_because(World *w, int person)
{
    Suppression suppression = {0};
    bool found = false;
    MUST(suppression_find(w->db, w->hashes[person], &suppression, &found, &error));
    return found ? suppression.evidence : NULL;
}

static SubscriptionState subscription_of(World *w, int person)
{
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = subscription_all(w->db, w->people[person], &error)) != NULL);
    return ((const Subscription *)all->pdata[0])->state;
}

static char *trouble(World *w, const char *subject)
{
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = trouble_all(w->db, &error)) != NULL);
    for (guint i = 0; i < all->len; i++)
        if (g_str_equal(((const Trouble *)all->pdata[i])->subject, subject))
            return g_strdup(((const Trouble *)all->pdata[i])->text);
    return NULL;
}

/* ---- complaints -------------------------------------------------------------------------------------------------- */

#define COMPLAINT                                                                                                      \
    "From: fbl@isp.test\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\n" \
    "A complaint.\r\n--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n"       \
    "%s\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nFrom: news@news.test\r\n%s\r\nhello\r\n--b--\r\n"

static void complaint_with_a_token(World *w, gconstpointer data)
{
    (void)data;
    char token[TOKEN_TEXT_SIZE];
    token_encode(w->keyring, &(Token){TOKEN_LEAVE, w->list_id, w->people[0]}, token);
    g_autofree char *header = g_strdup_printf("List-Unsubscribe: <mailto:inbox+%s@news.test>\r\n", token);
    g_autofree char *text = g_strdup_printf(COMPLAINT, "", header);
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW + 300 * DAY_US);
    g_assert_cmpint(row->class, ==, FINDING_COMPLAINT);
    g_assert_cmpstr(row->consequence, ==, "taken off 1 list; suppressed (complaint); for staff: somebody complained");
    g_assert_cmpint(row->subscriber_id, ==, w->people[0]);
    g_assert_cmpint(row->announcement_id, ==, w->announcement_id);
    g_assert_cmpstr(row->folder, ==, "Tray");
    g_assert_cmpstr(row->sender, ==, "fbl@isp.test");
    g_assert_true(row->waits);
    g_assert_cmpint(subscription_of(w, 0), ==, SUBSCRIPTION_LEFT);
    g_assert_cmpint(subscription_of(w, 1), ==, SUBSCRIPTION_ACTIVE);
    g_autofree char *why = suppressed_because(w, 0);
    g_assert_cmpstr(why, ==, "complaint in inbox message 1 (token in the returned mail)");
    g_autoptr(GPtrArray) proof = NULL;
    MUST((proof = consent_history(w->db, w->hashes[0], &error)) != NULL);
    g_assert_cmpuint(proof->len, ==, 1);
    g_assert_cmpint(((const ConsentRecord *)proof->pdata[0])->kind, ==, CONSENT_REMOVED);
    g_autofree char *told = trouble(w, "complaints");
    g_assert_true(g_str_has_prefix(told, "1 person called our mail spam"));
}

static void complaint_without_a_token_needs_a_recent_delivery(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: person1@example.test\r\n", "");
    g_autofree char *late_text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: person2@example.test\r\n", "");
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpint(row->subscriber_id, ==, w->people[1]);
    g_autofree char *why = suppressed_because(w, 1);
    g_assert_cmpstr(why, ==, "complaint in inbox message 1 (unsigned: matched by address and a recent delivery)");
    g_autoptr(InboxMessage) late = apply(w, late_text, 2, NOW + 30 * DAY_US);
    g_assert_cmpstr(late->consequence, ==,
                    "names somebody not mailed lately, so not believed; "
                    "for staff: a complaint of somebody we cannot name");
    g_assert_null(suppressed_because(w, 2));
    g_assert_cmpint(subscription_of(w, 2), ==, SUBSCRIPTION_ACTIVE);
}

static void complaint_that_names_nobody(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: redacted@isp.test\r\n", "");
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpstr(row->consequence, ==, "for staff: a complaint of somebody we cannot name");
    g_assert_true(row->waits);
    g_autofree char *told = trouble(w, "complaints");
    g_assert_nonnull(told);
}

/* ---- answers to invitations -------------------------------------------------------------------------------------- */

#define UID "meeting-1@news.test"

/* The announcement of the world becomes an invitation. */
static void set_up_meeting(World *w, gconstpointer data)
{
    world_set_up(w, data);
    g_autoptr(Announcement) a = announcement_new();
    a->kind = ANNOUNCEMENT_INVITATION;
    a->language = g_strdup("de");
    a->publisher = (Publisher){g_strdup("o"), g_strdup("p"), g_strdup("a"), g_strdup("t"),
                               g_strdup(""),  g_strdup(""),  g_strdup("")};
    a->meeting = g_new0(Meeting, 1);
    *a->meeting = (Meeting){.uid = g_strdup(UID),
                            .sequence = 1,
                            .starts_at = NOW + 30 * DAY_US,
                            .ends_at = NOW + 31 * DAY_US,
                            .place = g_strdup("Rathaus"),
                            .topic = g_strdup("Radweg"),
                            .registration = g_strdup("")};
    g_ptr_array_add(a->lists, g_strdup("presse"));
    world_send(w, a, NOW - DAY_US);
}

static InboxMessage *answer(World *w, const char *who, const char *partstat, int sequence, const char *stamp,
                            int64_t uid)
{
    g_autofree char *text = g_strdup_printf(
        "From: %s\r\nX-Number: %d\r\nContent-Type: text/calendar; "
        "method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n"
        "BEGIN:VEVENT\r\nUID:" UID "\r\nSEQUENCE:%d\r\nDTSTAMP:%s\r\nATTENDEE;PARTSTAT=%s:mailto:%s\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n",
        who, (int)uid, sequence, stamp, partstat, who);
    return apply(w, text, uid, NOW);
}

/* "ADDRESS ANSWER SEQUENCE" of what is stored. */
static char *answers(World *w)
{
    g_autoptr(GPtrArray) all = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    MUST((all = rsvp_all(w->db, UID, &error)) != NULL);
    for (guint i = 0; i < all->len; i++) {
        const Rsvp *rsvp = all->pdata[i];
        g_string_append_printf(text, "%s%s %s %d", i ? ", " : "", rsvp->attendee_key, rsvp_answer_word(rsvp->answer),
                               (int)rsvp->sequence);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void expect_answers(World *w, const char *want)
{
    g_autofree char *got = answers(w);
    g_assert_cmpstr(got, ==, want);
}

static void answer_is_stored_for_the_meeting(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(InboxMessage) row = answer(w, "Person0@example.test", "accepted", 1, "20240901T070000Z", 1);
    g_assert_cmpint(row->class, ==, FINDING_ITIP_REPLY);
    g_assert_cmpstr(row->consequence, ==, "answer stored: accepted");
    g_assert_cmpstr(row->folder, ==, "Processed");
    g_assert_cmpint(row->announcement_id, ==, w->announcement_id);
    g_assert_cmpint(row->subscriber_id, ==, w->people[0]);
    expect_answers(w, "person0@example.test accepted 1");
    inbox_message_free(answer(w, "person1@example.test", "TENTATIVE", 1, "20240901T070000Z", 2));
    expect_answers(w, "person0@example.test accepted 1, person1@example.test tentative 1");
}

/* RFC 5546 2.1.5: mail overtakes mail. */
static void older_answers_overwrite_nothing(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(answer(w, "person0@example.test", "DECLINED", 1, "20240901T080000Z", 1));
    g_autoptr(InboxMessage) older = answer(w, "person0@example.test", "ACCEPTED", 1, "20240901T075959Z", 2);
    g_assert_cmpstr(older->consequence, ==, "accepted, but a later answer is stored already");
    g_autoptr(InboxMessage) earlier = answer(w, "person0@example.test", "ACCEPTED", 0, "20240902T080000Z", 3);
    g_assert_cmpstr(earlier->consequence, ==,
                    "accepted, but a later answer is stored already; to an earlier version of the invitation");
    expect_answers(w, "person0@example.test declined 1");
    inbox_message_free(answer(w, "person0@example.test", "ACCEPTED", 1, "20240901T080001Z", 4));
    expect_answers(w, "person0@example.test accepted 1");
    inbox_message_free(answer(w, "person0@example.test", "TENTATIVE", 2, "20240801T080000Z", 5));
    expect_answers(w, "person0@example.test tentative 2");
}

/* A clock that is years ahead must not make every later answer an old one. */
static void answer_from_the_future(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(answer(w, "person0@example.test", "DECLINED", 1, "20991231T000000Z", 1));
    inbox_message_free(answer(w, "person0@example.test", "ACCEPTED", 1, "20991231T000001Z", 2));
    expect_answers(w, "person0@example.test accepted 1");
}

static void answers_that_are_for_staff(World *w, gconstpointer data)
{
    (void)data;
    g_autoptr(InboxMessage) stranger = answer(w, "stranger@example.test", "ACCEPTED", 1, "20240901T070000Z", 1);
    g_assert_cmpstr(stranger->consequence, ==, "for staff: an answer of somebody who was not invited");
    g_autoptr(InboxMessage) vague = answer(w, "person0@example.test", "NEEDS-ACTION", 1, "20240901T070000Z", 2);
    g_assert_cmpstr(vague->consequence, ==, "for staff: neither accepts nor declines");
    g_autoptr(InboxMessage) odd = answer(w, "person0@example.test", "ACCEPTED", -1, "20240901T070000Z", 3);
    g_assert_cmpstr(odd->consequence, ==, "for staff: SEQUENCE is no number");
    g_assert_true(stranger->waits && vague->waits && odd->waits);
    expect_answers(w, "");
}

static void answers_of_an_erased_person_go(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(answer(w, "person0@example.test", "ACCEPTED", 1, "20240901T070000Z", 1));
    WRITE(w, subscriber_delete(w->db, w->people[0], &error));
    expect_answers(w, "");
}

static void test_stamp(void)
{
    g_assert_cmpint(rsvp_stamp("19700102T000001Z"), ==, DAY_US + SECOND_US);
    g_assert_cmpint(rsvp_stamp("19700102"), ==, 0);
    g_assert_cmpint(rsvp_stamp("20261399T000000Z"), ==, 0);
    g_assert_cmpint(rsvp_stamp("    1 1 T 1 1 1"), ==, 0);
    g_assert_cmpint(rsvp_stamp(""), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rsvp/stamp", test_stamp);
#define TEST(name, set_up) g_test_add("/consequences/" #name, World, NULL, set_up, name, world_tear_down)
    TEST(complaint_with_a_token, world_set_up);
    TEST(complaint_without_a_token_needs_a_recent_delivery, world_set_up);
    TEST(complaint_that_names_nobody, world_set_up);
    TEST(answer_is_stored_for_the_meeting, set_up_meeting);
    TEST(older_answers_overwrite_nothing, set_up_meeting);
    TEST(answer_from_the_future, set_up_meeting);
    TEST(answers_that_are_for_staff, set_up_meeting);
    TEST(answers_of_an_erased_person_go, set_up_meeting);
    return g_test_run();
}
