/* inbound/apply with what it calls: who complains is taken off, who answers is counted, who
 * writes is passed on; and inbound/decide: what staff say of a mail. */
#include "inbound/apply.h"

#include <string.h>

#include "announcements/forward_letter.h"
#include "announcements/rsvp.h"
#include "inbound/decide.h"
#include "store/consent_store.h"
#include "store/forward_store.h"
#include "store/outbox_store.h"
#include "store/role_store.h"
#include "store/rsvp_store.h"
#include "store/suppression_store.h"
#include "store/tray_store.h"
#include "subscribers/bounce_policy.h"
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
    g_assert_cmpstr(row->consequence, ==,
                    "suppressed (complaint); for staff: anybody may have written this complaint; if it is true, "
                    "'inbox reclassify 1 complaint' ends the subscriptions, too");
    g_assert_true(row->waits);
    g_assert_cmpstr(row->folder, ==, "Tray");
    g_autofree char *why = suppressed_because(w, 1);
    g_assert_cmpstr(why, ==, "complaint in inbox message 1 (unsigned: matched by address and a recent delivery)");
    g_assert_cmpint(subscription_of(w, 1), ==, SUBSCRIPTION_ACTIVE);
    g_autofree char *told = trouble(w, "complaints");
    g_assert_nonnull(told);
    g_autoptr(InboxMessage) late = apply(w, late_text, 2, NOW + 30 * DAY_US);
    g_assert_cmpstr(late->consequence, ==, "for staff: a complaint of somebody not mailed lately, so not believed");
    g_assert_null(suppressed_because(w, 2));
    g_assert_cmpint(subscription_of(w, 2), ==, SUBSCRIPTION_ACTIVE);
}

/* Otherwise one forged mail silenced a whole list. */
static void complaint_without_a_token_that_names_several(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf(
        COMPLAINT, "Original-Rcpt-To: person1@example.test\r\nOriginal-Rcpt-To: person2@example.test\r\n", "");
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpstr(row->recipients, ==, "person1@example.test,person2@example.test");
    g_assert_cmpstr(row->consequence, ==, "for staff: a complaint that names several, as none about our mails does");
    g_assert_null(suppressed_because(w, 1));
    g_assert_null(suppressed_because(w, 2));
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
    MUST((all = rsvp_page(w->db, w->announcement_id, 100, &error)) != NULL);
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

/* ---- mails of people --------------------------------------------------------------------------------------------- */

static void set_contact(World *w, const char *address)
{
    g_autoptr(MailingList) list = NULL;
    MUST(list_load(w->db, w->list_id, &list, &error));
    g_free(list->contact_address);
    g_free(list->reply_to);
    list->contact_address = g_strdup(address);
    list->reply_to = g_strdup("presse@news.test");
    WRITE(w, list_update(w->db, list, &error));
}

/* The single mail that was queued last. */
static OutboxMail *take_single(World *w)
{
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    WRITE(w, outbox_lease(w->db, NULL, 10, NOW + DAY_US, NOW + 2 * DAY_US, leased, &error));
    return leased->len ? g_ptr_array_steal_index(leased, leased->len - 1) : NULL;
}

static void person_is_passed_on_unchanged(World *w, gconstpointer data)
{
    (void)data;
    set_contact(w, "contact@kreis.test");
    const char *text = "From: Ann <ann@example.test>\nTo: Presse <presse@news.test>\nSubject: Frage\n\nHello\nAnn\n";
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpstr(row->consequence, ==, "passed on to the contact of the list presse");
    g_assert_cmpstr(row->folder, ==, "Human");
    g_assert_false(row->waits);
    g_autoptr(OutboxMail) mail = take_single(w);
    g_assert_cmpstr(mail->template, ==, "forward");
    w->settings.site.zone = (char *)"Europe/Berlin";
    w->settings.site.language = (char *)"de";
    w->settings.files.templates_dir = (char *)"templates";
    w->settings.dkim = g_ptr_array_new();
    g_autoptr(LetterBox) box = NULL;
    g_auto(Letter) letter = {0};
    MUST((box = letter_box_new(&w->settings, w->keyring, &error)) != NULL);
    MUST(letter_write_outbox(box, w->db, mail, NOW, &letter, &error));
    g_ptr_array_unref(w->settings.dkim);
    g_assert_cmpstr(letter.envelope_to, ==, "contact@kreis.test");
    g_assert_true(g_str_has_prefix(letter.envelope_from, "bounces+"));
    g_assert_true(g_str_has_prefix(letter.bytes->str, "Resent-Date: "));
    g_assert_true(g_str_has_suffix(letter.bytes->str,
                                   "\r\nFrom: Ann <ann@example.test>\r\nTo: Presse <presse@news.test>\r\n"
                                   "Subject: Frage\r\n\r\nHello\r\nAnn\r\n"));
    g_assert_false(letter.needs_utf8);
    g_assert_true(wire_is_fit(&letter.look));
    g_autoptr(InboxMessage) circle = apply(w, letter.bytes->str, 2, NOW);
    g_assert_cmpstr(circle->consequence, ==, "for staff: not passed on: it was before");
}

static void answer_to_an_announcement_finds_its_list(World *w, gconstpointer data)
{
    (void)data;
    char token[TOKEN_TEXT_SIZE];
    set_contact(w, "contact@kreis.test");
    token_encode_stable(w->keyring, &(Token){TOKEN_DELIVERY, w->announcement_id, w->people[0]}, token);
    g_autofree char *text = g_strdup_printf(
        "From: ann@example.test\nTo: inbox@news.test\nIn-Reply-To: <%s@news.test>\n\nHello\n", token);
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpstr(row->consequence, ==, "passed on to the contact of the list presse");
}

static void what_is_not_passed_on(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *hops = g_strnfill(26, '#');
    g_auto(GStrv) received = g_strsplit(hops, "#", -1);
    g_autofree char *far = g_strjoinv("Received: from a by b\n", received);
    g_autofree char *wide = g_strnfill(1200, 'x');
    const struct {
        const char *headers, *body, *want;
    } cases[] = {
        {"From: contact@kreis.test\n", "", "for staff: not passed on: the contact has written it"},
        {"From: a@x.test\nList-Id: <l.x.test>\n", "", "for staff: not passed on: a program wrote it"},
        {far, "", "for staff: not passed on: it has come a long way already, perhaps in a circle"},
        {"From: a@x.test\n", wide, "for staff: not passed on: too big, or of a form that cannot go on unchanged"},
        {"From: b@x.test\n", ".", "for staff: not passed on: too big, or of a form that cannot go on unchanged"},
    };
    set_contact(w, "contact@kreis.test");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("%sTo: presse@news.test\n\n%s\n", cases[i].headers, cases[i].body);
        g_autoptr(InboxMessage) row = apply(w, text, 1 + (int64_t)i, NOW);
        g_assert_cmpstr(row->consequence, ==, cases[i].want);
        g_assert_cmpstr(row->folder, ==, "Tray");
    }
    g_assert_null(take_single(w));
}

static void only_so_many_in_an_hour(World *w, gconstpointer data)
{
    (void)data;
    set_contact(w, "contact@kreis.test");
    for (int i = 0; i < 5; i++) {
        g_autofree char *text = g_strdup_printf("From: a%d@x.test\nTo: presse@news.test\n\nhi\n", i);
        g_autoptr(InboxMessage) row = apply(w, text, 1 + i, NOW + i);
        g_assert_cmpstr(row->folder, ==, i < 3 ? "Human" : "Tray"); /* 3 are allowed */
    }
    g_autoptr(InboxMessage) later = apply(w, "From: z@x.test\nTo: presse@news.test\n\nhi\n", 9, NOW + DAY_US / 24 + 9);
    g_assert_cmpstr(later->folder, ==, "Human");
}

/* A mail that the relay does not take for the contact must not be lost in a folder nobody looks into. */
static void what_cannot_be_passed_on_waits_for_staff(World *w, gconstpointer data)
{
    (void)data;
    int64_t failed = 0;
    set_contact(w, "contact@kreis.test");
    inbox_message_free(apply(w, "From: a@x.test\nTo: presse@news.test\n\nhi\n", 1, NOW));
    g_autoptr(OutboxMail) mail = take_single(w);
    WRITE(w, forward_finish(w->db, "bounces", "Tray", &failed, &error));
    g_assert_cmpint(failed, ==, 0); /* it is under way */
    WRITE(w, outbox_become(w->db, mail->id, DELIVERY_FAILED, NOW, NULL, NOW, &error));
    WRITE(w, forward_finish(w->db, "bounces", "Tray", &failed, &error));
    g_assert_cmpint(failed, ==, 1);
    g_autoptr(InboxMessage) row = NULL;
    MUST(tray_load(w->db, 1, &row, &error));
    g_assert_true(row->waits);
    g_assert_cmpstr(row->folder, ==, "Tray");
    g_autoptr(GBytes) bytes = NULL;
    MUST(forward_load(w->db, mail->id, &bytes, &error));
    g_assert_null(bytes);
}

/* ---- decisions of staff ------------------------------------------------------------------------------------------ */

static InboxMessage *reclassify(World *w, int64_t id, FindingClass to, const char *key)
{
    InboxMessage *row = NULL;
    MUST(tray_load(w->db, id, &row, &error));
    WRITE(w, decide_class(w->db, &w->settings, row, to, key, "cli:ann", NOW, &error));
    inbox_message_free(row);
    MUST(tray_load(w->db, id, &row, &error));
    return row;
}

/* Nothing is decided then. */
static void expect_refusal(World *w, int64_t id, FindingClass to, const char *key, const char *want)
{
    g_autoptr(GError) refusal = NULL;
    g_autoptr(InboxMessage) row = NULL, after = NULL;
    g_autofree char *sentence = g_strdup_printf("message %" G_GINT64_FORMAT " %s", id, want);
    MUST(tray_load(w->db, id, &row, &error));
    {
        g_autoptr(DbTransaction) tx = NULL;
        MUST((tx = db_begin(w->db, &error)) != NULL);
        g_assert_false(decide_class(w->db, &w->settings, row, to, key, "cli:ann", NOW, &refusal));
    }
    g_assert_true(refusal->domain == DECIDE_ERROR);
    g_assert_cmpstr(refusal->message, ==, sentence);
    MUST(tray_load(w->db, id, &after, &error));
    g_assert_cmpstr(after->decided_by, ==, "");
    g_assert_cmpint(after->waits, ==, row->waits);
}

static void set_up_mailbox(World *w, gconstpointer data)
{
    static MailboxSettings box = {.name = (char *)"bounces",
                                  .processed_folder = (char *)"Processed",
                                  .tray_folder = (char *)"Tray",
                                  .human_folder = (char *)"Human"};
    world_set_up(w, data);
    w->settings.mailboxes = g_ptr_array_new();
    g_ptr_array_add(w->settings.mailboxes, &box);
}

static void tear_down_mailbox(World *w, gconstpointer data)
{
    g_ptr_array_unref(w->settings.mailboxes);
    world_tear_down(w, data);
}

static void wrong_complaint_is_taken_back(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: person1@example.test\r\n", "");
    inbox_message_free(apply(w, text, 1, NOW));
    g_autoptr(InboxMessage) row = reclassify(w, 1, FINDING_UNKNOWN, NULL);
    g_assert_cmpint(row->class, ==, FINDING_UNKNOWN);
    g_assert_false(row->waits);
    g_assert_cmpstr(row->decided_by, ==, "cli:ann");
    g_assert_cmpstr(row->folder, ==, "Processed");
    g_assert_true(g_str_has_suffix(row->consequence, "cli:ann says: unknown, not complaint; suppression lifted"));
    g_assert_null(suppressed_because(w, 1));
    g_autofree char *told = trouble(w, "complaints");
    g_assert_null(told);
}

static void other_suppressions_stay(World *w, gconstpointer data)
{
    (void)data;
    WRITE(w, suppression_add(w->db, w->hashes[1], SUPPRESSION_HARD_BOUNCE, "5.1.1 in report of inbox message 11", NOW,
                             NULL, &error));
    g_autofree char *text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: person1@example.test\r\n", "");
    inbox_message_free(apply(w, text, 1, NOW));
    inbox_message_free(reclassify(w, 1, FINDING_UNKNOWN, NULL));
    g_autofree char *why = suppressed_because(w, 1);
    g_assert_cmpstr(why, ==, "5.1.1 in report of inbox message 11");
}

static void staff_say_who_is_gone(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(apply(w, "From: x@x.test\n\nPerson 2 has left us.\n", 1, NOW));
    expect_refusal(w, 1, FINDING_BOUNCE_HARD, NULL, "names nobody that we know; say with --address whom it is about");
    expect_refusal(w, 1, FINDING_COMPLAINT, "typo@example.test",
                   "stays as it is: nobody that we know has this address");
    expect_refusal(w, 1, FINDING_AUTOREPLY, "typo@example.test",
                   "stays as it is: nobody that we know has this address");
    g_autoptr(InboxMessage) row = reclassify(w, 1, FINDING_BOUNCE_HARD, "person2@example.test");
    g_assert_true(g_str_has_suffix(row->consequence, "suppressed (hard-bounce)"));
    g_autofree char *why = suppressed_because(w, 2);
    g_assert_cmpstr(why, ==, "cli:ann says that inbox message 1 is bounce-hard");
    g_autoptr(InboxMessage) left = reclassify(w, 1, FINDING_LEAVE, NULL);
    g_assert_true(g_str_has_suffix(left->consequence, "suppression lifted; taken off 1 list"));
    g_assert_cmpint(subscription_of(w, 2), ==, SUBSCRIPTION_LEFT);
}

/* Who was taken off a list stays off, and staff read how that is mended. */
static void ended_subscriptions_stay_ended(World *w, gconstpointer data)
{
    (void)data;
    g_autofree char *text = g_strdup_printf(COMPLAINT, "Original-Rcpt-To: person1@example.test\r\n", "");
    inbox_message_free(apply(w, text, 1, NOW));
    g_autoptr(InboxMessage) right = reclassify(w, 1, FINDING_COMPLAINT, NULL);
    g_assert_true(g_str_has_suffix(right->consequence,
                                   "; cli:ann says: complaint; suppression lifted; taken off 1 list; "
                                   "suppressed (complaint)"));
    g_assert_cmpint(subscription_of(w, 1), ==, SUBSCRIPTION_LEFT);
    g_autoptr(InboxMessage) wrong = reclassify(w, 1, FINDING_UNKNOWN, NULL);
    g_assert_true(g_str_has_suffix(wrong->consequence, "suppression lifted; the subscription of presse stays ended: "
                                                       "'rundbrief subscriber add --returning' begins it again"));
    g_assert_cmpint(subscription_of(w, 1), ==, SUBSCRIPTION_LEFT);
}

static void soft_bounce_of_a_wrong_finding_is_taken_back(World *w, gconstpointer data)
{
    (void)data;
    int64_t score = -1;
    const SoftBounce earlier = {.day = NOW / DAY_US - 1, .points = 10, .inbox_id = 11};
    WRITE(w, soft_bounce_add(w->db, w->hashes[0], &earlier, 0, &error));
    char token[TOKEN_TEXT_SIZE];
    token_encode(w->keyring, &(Token){TOKEN_DELIVERY, w->announcement_id, w->people[0]}, token);
    g_autofree char *text = g_strdup_printf(
        "Delivered-To: bounces+%s@news.test\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.test\r\n\r\nFinal-Recipient: "
        "rfc822; person0@example.test\r\nAction: failed\r\nStatus: 5.2.2\r\n--b--\r\n",
        token);
    g_autoptr(InboxMessage) row = apply(w, text, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_BOUNCE_SOFT);
    MUST(bounce_policy_score(w->db, &w->settings.bounce, w->hashes[0], NOW, &score, &error));
    g_assert_cmpint(score, ==, 19);
    g_autoptr(InboxMessage) decided = reclassify(w, 1, FINDING_AUTOREPLY, NULL);
    g_assert_true(g_str_has_suffix(decided->consequence, "its soft bounce no longer counts"));
    MUST(bounce_policy_score(w->db, &w->settings.bounce, w->hashes[0], NOW, &score, &error));
    g_assert_cmpint(score, ==, 9);
}

/* Human is where mails lie that somebody has got; nobody has got this one. */
static void what_a_person_wrote_waits_until_it_is_answered(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(apply(w, "From: x@x.test\nAuto-Submitted: auto-replied\n\nHello.\n", 1, NOW));
    g_autoptr(InboxMessage) row = reclassify(w, 1, FINDING_NORMAL, NULL);
    g_assert_true(row->waits);
    g_assert_cmpstr(row->folder, ==, "Tray");
    g_assert_true(g_str_has_suffix(
        row->consequence, "says: normal, not autoreply; for staff: it was not passed on; answer it, and say 'rundbrief "
                          "inbox done'"));
}

static void what_is_done_leaves_the_tray(World *w, gconstpointer data)
{
    (void)data;
    inbox_message_free(apply(w, "From: x@x.test\n\nHello.\n", 1, NOW));
    g_autoptr(InboxMessage) row = NULL;
    g_autoptr(GPtrArray) waiting = NULL;
    MUST(tray_load(w->db, 1, &row, &error));
    WRITE(w, decide_done(w->db, &w->settings, row, "cli:ann", NOW, &error));
    MUST((waiting = tray_waiting(w->db, "", 10, &error)) != NULL);
    g_assert_cmpuint(waiting->len, ==, 0);
    g_assert_cmpstr(row->folder, ==, "Human");
    g_autoptr(GError) twice = NULL;
    g_assert_false(decide_done(w->db, &w->settings, row, "cli:ann", NOW, &twice));
    g_assert_cmpstr(twice->message, ==, "message 1 does not wait for a decision");
    g_autoptr(GError) same = NULL;
    g_assert_false(decide_class(w->db, &w->settings, row, FINDING_NORMAL, NULL, "cli:ann", NOW, &same));
    g_assert_cmpstr(same->message, ==, "message 1 is of that class already");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rsvp/stamp", test_stamp);
#define TEST(name, set_up) g_test_add("/consequences/" #name, World, NULL, set_up, name, world_tear_down)
    TEST(complaint_with_a_token, world_set_up);
    TEST(complaint_without_a_token_needs_a_recent_delivery, world_set_up);
    TEST(complaint_without_a_token_that_names_several, world_set_up);
    TEST(complaint_that_names_nobody, world_set_up);
    TEST(answer_is_stored_for_the_meeting, set_up_meeting);
    TEST(older_answers_overwrite_nothing, set_up_meeting);
    TEST(answer_from_the_future, set_up_meeting);
    TEST(answers_that_are_for_staff, set_up_meeting);
    TEST(answers_of_an_erased_person_go, set_up_meeting);
    TEST(person_is_passed_on_unchanged, world_set_up);
    TEST(answer_to_an_announcement_finds_its_list, world_set_up);
    TEST(what_is_not_passed_on, world_set_up);
    TEST(only_so_many_in_an_hour, world_set_up);
    TEST(what_cannot_be_passed_on_waits_for_staff, world_set_up);
#define DECIDE(name) g_test_add("/decisions/" #name, World, NULL, set_up_mailbox, name, tear_down_mailbox)
    DECIDE(wrong_complaint_is_taken_back);
    DECIDE(other_suppressions_stay);
    DECIDE(staff_say_who_is_gone);
    DECIDE(ended_subscriptions_stay_ended);
    DECIDE(soft_bounce_of_a_wrong_finding_is_taken_back);
    DECIDE(what_a_person_wrote_waits_until_it_is_answered);
    DECIDE(what_is_done_leaves_the_tray);
    return g_test_run();
}
