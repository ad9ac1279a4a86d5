/* inbound/apply and subscribers/bounce_policy: what follows from a mail, once. */
#include "inbound/apply.h"

#include <string.h>

#include "announcements/letter.h"
#include "store/outbox_store.h"
#include "store/status_store.h"
#include "store/suppression_store.h"
#include "store/tray_store.h"
#include "subscribers/bounce_policy.h"
#include "world.h"

typedef struct Mail {
    const char *action, *status, *diagnostic; /* of its report; action NULL: no report */
    Token token;                              /* purpose 0: none */
    bool token_in_to;                         /* else in the return path's place, Delivered-To */
    const char *recipient;                    /* Final-Recipient */
    const char *headers;
    const char *second_block;
} Mail;

static char *mail_text(const World *w, const Mail *mail)
{
    g_autoptr(GString) text = g_string_new(mail->headers ? mail->headers : "");
    if (mail->token.purpose) {
        char token[TOKEN_TEXT_SIZE];
        token_encode(w->keyring, &mail->token, token);
        bool verp = mail->token.purpose == TOKEN_DELIVERY || mail->token.purpose == TOKEN_OUTBOX;
        g_string_append_printf(text, "%s: %s+%s@news.test\r\n", mail->token_in_to ? "To" : "Delivered-To",
                               verp ? "bounces" : "inbox", token);
    }
    g_string_append(text, "Message-ID: <m@example.test>\r\n");
    if (!mail->action) {
        g_string_append(text, "\r\nhello\r\n");
        return g_string_free(g_steal_pointer(&text), FALSE);
    }
    g_string_append_printf(
        text,
        "Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.test\r\n\r\n"
        "Final-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\nDiagnostic-Code: smtp; %s\r\n%s--b--\r\n",
        mail->recipient ? mail->recipient : "person0@example.test", mail->action, mail->status,
        mail->diagnostic ? mail->diagnostic : "x", mail->second_block ? mail->second_block : "");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static void apply_text(World *w, const char *text, int64_t uid, int64_t now)
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
}

/* Applies one mail and returns its row. Every mail gets a UID and, by it, content of its own. */
static InboxMessage *apply(World *w, const Mail *mail, int64_t uid, int64_t now)
{
    g_autofree char *text = mail_text(w, mail);
    g_autofree char *own = g_strdup_printf("X-Number: %" G_GINT64_FORMAT "\r\n%s", uid, text);
    apply_text(w, own, uid, now);
    g_autoptr(GPtrArray) page = NULL;
    MUST((page = tray_page(w->db, INT64_MAX, "", 1, &error)) != NULL);
    g_assert_cmpuint(page->len, ==, 1);
    return g_ptr_array_steal_index(page, 0);
}

static Token delivery_token(const World *w, int person)
{
    return (Token){TOKEN_DELIVERY, w->announcement_id, w->people[person]};
}

static char *suppressed_because(World *w, int person)
{
    Suppression suppression = {0};
    bool found = false;
    MUST(suppression_find(w->db, w->hashes[person], &suppression, &found, &error));
    char *text = found ? g_strdup_printf("%s: %s", suppression_reason_word(suppression.reason), suppression.evidence)
                       : NULL;
    suppression_clear(&suppression);
    return text;
}

static bool is_suppressed(World *w, int person)
{
    g_autofree char *why = suppressed_because(w, person);
    return why != NULL;
}

static guint queued_mails(World *w, char **ret_template)
{
    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)outbox_mail_free);
    WRITE(w, outbox_lease(w->db, NULL, 10, NOW + DAY_US, NOW + 2 * DAY_US, leased, &error));
    if (ret_template && leased->len > 0)
        *ret_template = g_strdup(((const OutboxMail *)leased->pdata[0])->template);
    return leased->len;
}

static SubscriptionState subscription_of(World *w, int person)
{
    g_autoptr(GPtrArray) all = NULL;
    MUST((all = subscription_all(w->db, w->people[person], &error)) != NULL);
    g_assert_cmpuint(all->len, ==, 1);
    return ((const Subscription *)all->pdata[0])->state;
}

/* ---- reports ----------------------------------------------------------------------------------------------------- */

static void hard_suppresses_at_once(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.action = "failed",
                 .status = "5.1.1",
                 .diagnostic = "550 5.1.1 no such user here",
                 .token = delivery_token(w, 0)};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_BOUNCE_HARD);
    g_assert_cmpint(row->announcement_id, ==, w->announcement_id);
    g_assert_cmpint(row->subscriber_id, ==, w->people[0]);
    g_assert_cmpstr(row->consequence, ==, "suppressed (hard-bounce)");
    g_assert_cmpstr(row->folder, ==, "Processed");
    g_assert_cmpint(row->moved_at, ==, 0);
    g_assert_cmpstr(row->rule, ==, "no such user");
    g_assert_cmpint(row->line, ==, 17);
    g_assert_cmpstr(row->diagnostic, ==, "550 5.1.1 no such user here");
    g_autofree char *why = suppressed_because(w, 0);
    g_assert_cmpstr(why, ==, "hard-bounce: 5.1.1 in report of inbox message 1");
    g_assert_false(is_suppressed(w, 1));
}

static int64_t score_of(World *w, int person, int64_t now)
{
    int64_t score = -1;
    MUST(bounce_policy_score(w->db, &w->settings.bounce, w->hashes[person], now, &score, &error));
    return score;
}

static void soft_bounces_count_days(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.action = "failed", .status = "5.2.2", .token = delivery_token(w, 0)};
    for (int64_t i = 0; i < 10; i++)
        inbox_message_free(apply(w, &mail, 1 + i, NOW + i));
    g_assert_false(is_suppressed(w, 0)); /* ten on one day are one day */
    inbox_message_free(apply(w, &mail, 20, NOW + DAY_US));
    g_assert_false(is_suppressed(w, 0));
    g_autoptr(InboxMessage) late = apply(w, &mail, 21, NOW + 20 * DAY_US);
    g_assert_cmpstr(late->consequence, ==, "score 10 of 25"); /* the others have faded */
    inbox_message_free(apply(w, &mail, 22, NOW + 21 * DAY_US));
    g_assert_false(is_suppressed(w, 0));
    inbox_message_free(apply(w, &mail, 23, NOW + 22 * DAY_US));
    g_assert_true(is_suppressed(w, 0));
}

/* A provider that takes us for a spammer says nothing against its people. */
static void refusals_that_are_about_us_cost_no_points(World *w, gconstpointer data)
{
    (void)data;
    static const char *const words[] = {"554 5.7.1 message looks like spam", "550 5.7.1 blocked by Spamhaus",
                                        "552 5.3.4 message too big", "550 5.7.26 SPF check failed"};
    for (int64_t i = 0; i < 12; i++) {
        Mail mail = {.action = "failed", .status = "5.7.1", .diagnostic = words[i % 4], .token = delivery_token(w, 0)};
        g_autoptr(InboxMessage) row = apply(w, &mail, 1 + i, NOW + i * DAY_US);
        g_assert_cmpint(row->class, ==, FINDING_BOUNCE_SOFT);
        g_assert_true(g_str_has_prefix(row->consequence, "noted; it is about us, not about the address ("));
    }
    g_assert_cmpint(score_of(w, 0, NOW + 11 * DAY_US), ==, 0);
    g_assert_false(is_suppressed(w, 0));
}

static void points_fade(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.action = "failed", .status = "5.2.2", .token = delivery_token(w, 0)};
    inbox_message_free(apply(w, &mail, 1, NOW));
    g_assert_cmpint(score_of(w, 0, NOW), ==, 10);
    g_assert_cmpint(score_of(w, 0, NOW + 7 * DAY_US), ==, 5); /* the window is 14 days */
    g_assert_cmpint(score_of(w, 0, NOW + 13 * DAY_US), ==, 0);
    g_assert_cmpint(score_of(w, 0, NOW + 30 * DAY_US), ==, 0);
    g_assert_cmpint(bounce_policy_points(REASON_FILTERED), ==, 5);
}

/* Invariant 8. */
static void invariant_8_delay_notices_never_count(World *w, gconstpointer data)
{
    (void)data;
    Mail delay = {.action = "delayed", .status = "4.4.7", .token = delivery_token(w, 0)};
    Mail success = {.action = "delivered", .status = "2.0.0", .token = delivery_token(w, 0)};
    Mail autoreply = {.token = delivery_token(w, 0), .headers = "Return-Path: <>\r\nAuto-Submitted: auto-replied\r\n"};
    for (int64_t day = 0; day < 10; day++) {
        inbox_message_free(apply(w, &delay, 1 + 3 * day, NOW + day * DAY_US));
        inbox_message_free(apply(w, &success, 2 + 3 * day, NOW + day * DAY_US));
        inbox_message_free(apply(w, &autoreply, 3 + 3 * day, NOW + day * DAY_US));
    }
    g_assert_false(is_suppressed(w, 0));
    g_assert_cmpint(score_of(w, 0, NOW), ==, 0);
}

static void alias_with_one_dead_member_counts_as_soft(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {
        .action = "failed",
        .status = "5.1.1",
        .token = delivery_token(w, 0),
        .second_block = "\r\nFinal-Recipient: rfc822; other@example.test\r\nAction: relayed\r\nStatus: 2.0.0\r\n"};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_BOUNCE_HARD);
    g_assert_cmpstr(row->consequence, ==, "score 10 of 25");
    g_assert_false(is_suppressed(w, 0));
}

static void unsigned_report_needs_a_recent_delivery(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {
        .action = "failed", .status = "5.1.1", .recipient = "PERSON1@Example.test", .headers = "Return-Path: <>\r\n"};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->subscriber_id, ==, w->people[1]);
    g_autofree char *why = suppressed_because(w, 1);
    g_assert_cmpstr(
        why, ==,
        "hard-bounce: 5.1.1 in report of inbox message 1 (unsigned, null return path: matched by address and "
        "a recent delivery)");

    mail.recipient = "person2@example.test";
    g_autoptr(InboxMessage) late = apply(w, &mail, 2, NOW + 7 * DAY_US);
    g_assert_cmpstr(late->consequence, ==, "noted; not mailed lately, so not believed");
    g_assert_false(is_suppressed(w, 2));

    mail.recipient = "stranger@example.test";
    g_autoptr(InboxMessage) stranger = apply(w, &mail, 3, NOW);
    g_assert_cmpstr(stranger->consequence, ==, "noted; names nobody that we know");
}

static void unsigned_report_of_one_dead_and_one_full_suppresses_the_dead_one(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {
        .action = "failed",
        .status = "5.1.1",
        .headers = "Return-Path: <>\r\n",
        .second_block = "\r\nFinal-Recipient: rfc822; person1@example.test\r\nAction: failed\r\nStatus: 5.2.2\r\n"};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_BOUNCE_HARD);
    g_assert_cmpstr(row->recipients, ==, "person0@example.test");
    g_assert_true(is_suppressed(w, 0));
    g_assert_false(is_suppressed(w, 1));
}

/* Whoever knows an address could otherwise silence it with one mail. */
static void report_that_somebody_sent_changes_nothing(World *w, gconstpointer data)
{
    (void)data;
    static const char *const paths[] = {"Return-Path: <mallory@other.test>\r\n", "",
                                        "Return-Path: <m@other.test>\r\nReturn-Path: <>\r\n"};
    static const char *const statuses[] = {"5.1.1", "5.2.2"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths) * G_N_ELEMENTS(statuses); i++) {
        Mail mail = {.action = "failed", .status = statuses[i % 2], .headers = paths[i / 2]};
        g_autoptr(InboxMessage) row = apply(w, &mail, 1 + (int64_t)i, NOW);
        g_assert_cmpstr(row->folder, ==, "Tray");
        g_assert_cmpstr(row->consequence, ==,
                        "for staff: a report with neither a signed token nor a null return path changes nothing");
        g_assert_cmpint(row->subscriber_id, ==, 0);
    }
    g_assert_false(is_suppressed(w, 0));
    g_assert_cmpint(score_of(w, 0, NOW), ==, 0);
    StatusNumbers numbers = {0};
    MUST(status_numbers(w->db, &numbers, &error));
    g_assert_cmpint(numbers.tray, ==, 6);
}

static void bounce_of_an_erased_person_changes_nothing_else(World *w, gconstpointer data)
{
    (void)data;
    WRITE(w, subscriber_delete(w->db, w->people[0], &error));
    Mail mail = {.action = "failed", .status = "5.1.1", .token = delivery_token(w, 0)};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpstr(row->consequence, ==, "noted; this person's record is gone");
    g_assert_cmpint(row->announcement_id, ==, w->announcement_id);
    g_assert_false(is_suppressed(w, 0));
}

static void signed_report_for_another_address_is_about_whom_we_mailed(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {
        .action = "failed", .status = "5.1.1", .recipient = "person2@example.test", .token = delivery_token(w, 0)};
    inbox_message_free(apply(w, &mail, 1, NOW));
    g_assert_true(is_suppressed(w, 0));
    g_assert_false(is_suppressed(w, 2));
}

static void bounce_of_a_single_mail(World *w, gconstpointer data)
{
    (void)data;
    Recipient recipient = {.subscriber_id = w->people[2],
                           .list_id = w->list_id,
                           .address = (char *)"person2@example.test",
                           .name = (char *)"",
                           .language = (char *)"de"};
    int64_t id = 0;
    WRITE(w, outbox_add(w->db, "confirm", &recipient, "{}", OUTBOX_PRIORITY_CONFIRMATION, NOW, &id, &error));
    Mail mail = {
        .action = "failed", .status = "5.1.2", .recipient = "person2@example.test", .token = {TOKEN_OUTBOX, id, 0}};
    inbox_message_free(apply(w, &mail, 1, NOW));
    g_assert_true(is_suppressed(w, 2));
    mail.token.first = id + 1000;
    g_autoptr(InboxMessage) row = apply(w, &mail, 2, NOW);
    g_assert_cmpstr(row->consequence, ==, "for staff: a mail to the office or the contact of a list came back");
}

static char *last_event(World *w, int64_t announcement_id)
{
    g_autofree char *kind = NULL;
    g_autoptr(DbQuery) query = db_query(w->db, SQL_DELIVERY_EVENTS);
    db_bind_int64(query, "announcement_id", announcement_id);
    while (db_step(query, NULL) == DB_ROW) {
        g_free(kind);
        kind = g_strdup(db_text(query, "kind"));
    }
    return g_steal_pointer(&kind);
}

#define SETTLED "it was uncertain whether the mail was sent: it was; "

static const struct {
    const char *action, *status;
    const char *event, *consequence;
} reports[] = {
    {"failed", "5.1.1", "bounced", SETTLED "suppressed (hard-bounce)"},
    {"failed", "5.2.2", "bounced", SETTLED "score 10 of 25"},
    {"delayed", "4.4.1", "delayed", SETTLED "noted; not a failure"},
    {"delivered", "2.0.0", "settled", SETTLED "noted; not a failure"},
};

/* Nobody knew whether the relay had taken these mails: whatever comes back shows that it had. */
static void a_report_settles_what_was_uncertain(World *w, gconstpointer data)
{
    (void)data;
    w->end = DELIVERY_UNCERTAIN;
    for (gsize i = 0; i < G_N_ELEMENTS(reports); i++) {
        int64_t counts[DELIVERY_STATE_COUNT];
        world_send_announcement(w, NOW);
        Mail mail = {.action = reports[i].action, .status = reports[i].status, .token = delivery_token(w, 0)};
        g_autoptr(InboxMessage) row = apply(w, &mail, 1 + (int64_t)i, NOW);
        g_assert_cmpstr(row->consequence, ==, reports[i].consequence);
        MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
        g_assert_cmpint(counts[DELIVERY_SENT], ==, 1);
        g_assert_cmpint(counts[DELIVERY_UNCERTAIN], ==, PEOPLE - 1);
        g_autofree char *event = last_event(w, w->announcement_id);
        g_assert_cmpstr(event, ==, reports[i].event);
        WRITE(w, suppression_remove(w->db, w->hashes[0], NULL, &error));
    }
}

/* One that is matched by its address only may be about another mail. */
static void a_report_without_a_token_settles_nothing(World *w, gconstpointer data)
{
    (void)data;
    int64_t counts[DELIVERY_STATE_COUNT];
    w->end = DELIVERY_UNCERTAIN;
    world_send_announcement(w, NOW);
    Mail mail = {.action = "failed", .status = "5.1.1", .headers = "Return-Path: <>\r\n"};
    inbox_message_free(apply(w, &mail, 1, NOW));
    g_assert_true(is_suppressed(w, 0));
    MUST(delivery_counts(w->db, w->announcement_id, counts, &error));
    g_assert_cmpint(counts[DELIVERY_UNCERTAIN], ==, PEOPLE);
}

static void a_report_settles_an_uncertain_single_mail(World *w, gconstpointer data)
{
    (void)data;
    DeliveryState state;
    bool found;
    int64_t id = 0;
    const Recipient recipient = {
        .subscriber_id = w->people[2], .list_id = w->list_id, .address = (char *)"person2@example.test"};
    WRITE(w, outbox_add(w->db, "confirm", &recipient, "{}", OUTBOX_PRIORITY_CONFIRMATION, NOW, &id, &error));
    WRITE(w, outbox_become(w->db, id, DELIVERY_LEASED, NOW, NULL, NOW, &error));
    WRITE(w, outbox_become(w->db, id, DELIVERY_UNCERTAIN, NOW, NULL, NOW, &error));
    Mail mail = {
        .action = "failed", .status = "5.1.2", .recipient = "person2@example.test", .token = {TOKEN_OUTBOX, id, 0}};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpstr(row->consequence, ==, SETTLED "suppressed (hard-bounce)");
    MUST(outbox_state(w->db, id, &state, &found, &error));
    g_assert_cmpint(state, ==, DELIVERY_SENT);
}

/* Invariant 2: what is queued already does not go out to a suppressed address. */
static void invariant_2_suppression_stops_queued_mail(World *w, gconstpointer data)
{
    (void)data;
    int64_t first = w->announcement_id;
    g_autoptr(Announcement) next = NULL;
    MUST(announcement_load(w->db, first, &next, &error));
    bool done = false;
    WRITE(w, announcement_insert(w->db, next, NOW, &error));
    WRITE(w, announcement_become(w->db, next->id, ANNOUNCEMENT_SCHEDULED, "test", NOW, &error));
    WRITE(w, announcement_become(w->db, next->id, ANNOUNCEMENT_SENDING, "test", NOW, &error));
    WRITE(w, announcement_expand(w->db, next->id, 1000, NOW, &done, &error));
    Mail mail = {.action = "failed", .status = "5.1.1", .token = delivery_token(w, 0)};
    inbox_message_free(apply(w, &mail, 1, NOW));

    g_autoptr(GPtrArray) leased = g_ptr_array_new_with_free_func((GDestroyNotify)leased_delivery_free);
    g_auto(DeliveryTally) tally = {0};
    delivery_tally_init(&tally);
    int64_t cursor = 0;
    DbTransaction *tx = db_begin(w->db, NULL);
    MUST(delivery_lease(w->db, &tally, next->id, &cursor, 10, NULL, NOW, NOW + DAY_US, leased, &error));
    MUST(delivery_tally_write(w->db, &tally, &error));
    MUST(db_commit(&tx, &error));
    g_assert_cmpuint(leased->len, ==, PEOPLE - 1);
    for (guint i = 0; i < leased->len; i++)
        g_assert_cmpint(((const LeasedDelivery *)leased->pdata[i])->key.subscriber_id, !=, w->people[0]);
}

/* ---- requests ---------------------------------------------------------------------------------------------------- */

static Token leave_token(const World *w, int person)
{
    return (Token){TOKEN_LEAVE, w->list_id, w->people[person]};
}

static void leaving_by_mail(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.token = leave_token(w, 0), .token_in_to = true};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_LEAVE);
    g_assert_cmpstr(row->consequence, ==, "left the list; receipt queued");
    g_assert_cmpint(subscription_of(w, 0), ==, SUBSCRIPTION_LEFT);
    g_assert_cmpint(subscription_of(w, 1), ==, SUBSCRIPTION_ACTIVE);
    g_autofree char *template = NULL;
    g_assert_cmpuint(queued_mails(w, &template), ==, 1);
    g_assert_cmpstr(template, ==, "left");
    g_autoptr(InboxMessage) again = apply(w, &mail, 2, NOW);
    g_assert_cmpstr(again->consequence, ==, "nothing to leave any more");
    g_assert_cmpuint(queued_mails(w, NULL), ==, 0);
}

/* Whoever answers a preview that was passed on takes nobody off a list. */
static void a_preview_leaves_for_nobody(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.token = {TOKEN_LEAVE, w->list_id, PREVIEW_SUBSCRIBER}, .token_in_to = true};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_LEAVE);
    g_assert_cmpstr(row->consequence, ==, "nothing to leave any more");
    for (int i = 0; i < PEOPLE; i++)
        g_assert_cmpint(subscription_of(w, i), ==, SUBSCRIPTION_ACTIVE);
    g_assert_cmpuint(queued_mails(w, NULL), ==, 0);
}

/* Two programs that answer each other never end. */
static void programs_get_no_receipt(World *w, gconstpointer data)
{
    (void)data;
    static const char *const headers[] = {"Auto-Submitted: auto-replied\r\n", "Return-Path: <>\r\n",
                                          "X-Apple-Unsubscribe: true\r\n"};
    for (int i = 0; i < PEOPLE; i++) {
        Mail mail = {.token = leave_token(w, i), .token_in_to = true, .headers = headers[i]};
        inbox_message_free(apply(w, &mail, i + 1, NOW));
        g_assert_cmpint(subscription_of(w, i), ==, SUBSCRIPTION_LEFT);
    }
    g_assert_cmpuint(queued_mails(w, NULL), ==, 0);
}

static void confirming_by_mail(World *w, gconstpointer data)
{
    (void)data;
    char *empty = (char *)"";
    Subscriber person = {.address = (char *)"new@example.test",
                         .address_key = (char *)"new@example.test",
                         .name = empty,
                         .language = (char *)"de"};
    WRITE(w, subscriber_insert(w->db, &person, &error));
    WRITE(w, subscription_become(w->db, w->list_id, person.id, SUBSCRIPTION_PENDING, NOW, NULL, &error));
    w->people[0] = person.id;
    Mail mail = {.token = {TOKEN_CONFIRM, w->list_id, person.id},
                 .token_in_to = true,
                 .headers = "Auto-Submitted: auto-replied\r\n"};
    inbox_message_free(apply(w, &mail, 1, NOW));
    g_assert_cmpint(subscription_of(w, 0), ==, SUBSCRIPTION_PENDING); /* an autoresponder agrees to nothing */
    mail.headers = NULL;
    g_autoptr(InboxMessage) row = apply(w, &mail, 2, NOW);
    g_assert_cmpstr(row->consequence, ==, "subscription confirmed");
    g_assert_cmpint(subscription_of(w, 0), ==, SUBSCRIPTION_ACTIVE);
}

/* A report that brings back our leave address must not end the subscription. */
/* Whoever was forwarded Ann's mail knows its Message-ID; a report of his own making must not silence her. */
static void quoted_token_needs_the_address(World *w, gconstpointer data)
{
    (void)data;
    char token[TOKEN_TEXT_SIZE];
    token_encode_stable(w->keyring, &(Token){TOKEN_DELIVERY, w->announcement_id, w->people[0]}, token);
    g_autofree char *returned = g_strdup_printf("--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                                                "Message-ID: <%s@news.test>\r\n\r\n",
                                                token);
    Mail mail = {.action = "failed",
                 .status = "5.1.1",
                 .recipient = "mallory@other.test",
                 .headers = "Return-Path: <>\r\n",
                 .second_block = returned};
    int64_t much_later = NOW + 400 * DAY_US; /* beyond the time in which a bare address counts */
    g_autoptr(InboxMessage) forged = apply(w, &mail, 1, much_later);
    g_assert_cmpint(forged->class, ==, FINDING_BOUNCE_HARD);
    g_assert_false(is_suppressed(w, 0));
    mail.recipient = "person0@example.test";
    g_autoptr(InboxMessage) true_one = apply(w, &mail, 2, much_later);
    g_assert_cmpint(true_one->announcement_id, ==, w->announcement_id);
    g_assert_true(is_suppressed(w, 0));
}

static void returned_leave_address_is_no_request(World *w, gconstpointer data)
{
    (void)data;
    char token[TOKEN_TEXT_SIZE];
    Token leave = leave_token(w, 0);
    token_encode(w->keyring, &leave, token);
    g_autofree char *returned = g_strdup_printf("--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                                                "List-Unsubscribe: <mailto:inbox+%s@news.test>\r\n",
                                                token);
    Mail mail = {.action = "failed", .status = "5.2.2", .headers = "Return-Path: <>\r\n", .second_block = returned};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_BOUNCE_SOFT);
    g_assert_cmpint(row->subscriber_id, ==, w->people[0]);
    g_assert_cmpint(subscription_of(w, 0), ==, SUBSCRIPTION_ACTIVE);
}

/* ---- once, and for staff ----------------------------------------------------------------------------------------- */

static void same_place_twice_is_one_row(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.action = "failed", .status = "5.2.2", .token = delivery_token(w, 0)};
    g_autoptr(InboxMessage) first = apply(w, &mail, 1, NOW);
    g_autoptr(InboxMessage) again = apply(w, &mail, 1, NOW + 5 * DAY_US);
    g_assert_cmpint(again->id, ==, first->id);
    g_assert_cmpstr(again->consequence, ==, "score 10 of 25");
}

static void same_content_twice_has_its_consequence_once(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.action = "failed", .status = "5.2.2", .token = delivery_token(w, 0)};
    g_autofree char *text = mail_text(w, &mail);
    for (int64_t i = 0; i < 5; i++)
        apply_text(w, text, 1 + i, NOW + i * DAY_US);
    g_assert_false(is_suppressed(w, 0));
    g_autoptr(InboxMessage) last = NULL;
    MUST(tray_load(w->db, 5, &last, &error) && last);
    g_assert_cmpstr(last->consequence, ==, "same content as inbox message 1: nothing more done");
    g_assert_cmpstr(last->folder, ==, "Processed");
}

static void mail_of_a_person_goes_to_the_tray(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.headers = "From: someone@example.test\r\n"};
    g_autoptr(InboxMessage) row = apply(w, &mail, 1, NOW);
    g_assert_cmpint(row->class, ==, FINDING_NORMAL);
    g_assert_cmpstr(row->folder, ==, "Tray");
    g_assert_cmpstr(row->consequence, ==, "for staff");
}

static void cursor_and_finding_are_one(World *w, gconstpointer data)
{
    (void)data;
    Mail mail = {.headers = "From: someone@example.test\r\n"};
    inbox_message_free(apply(w, &mail, 17, NOW));
    int64_t uidvalidity = 0, uid = 0;
    MUST(inbox_cursor_load(w->db, "bounces", &uidvalidity, &uid, &error));
    g_assert_cmpint(uidvalidity, ==, 1);
    g_assert_cmpint(uid, ==, 17);
}

static void unreadable_mail_is_read_over(World *w, gconstpointer data)
{
    (void)data;
    for (int64_t uid = 1; uid <= 2; uid++) {
        ReceivedMail mail = {.place = {"bounces", 1, uid},
                             .bytes = "",
                             .processed_folder = "Processed",
                             .tray_folder = "Tray",
                             .human_folder = "Human"};
        MUST(apply_unreadable(w->db, &mail, "it broke", NOW, &error));
        g_autoptr(InboxMessage) row = NULL;
        MUST(tray_load(w->db, uid, &row, &error) && row);
        g_assert_cmpstr(row->folder, ==, "Tray");
        g_assert_cmpstr(row->consequence, ==, "for staff"); /* and not "same content" */
    }
}

static void test_decide(void)
{
    static const struct {
        const char *name;
        Finding finding;
        bool was_mailed;
        BounceDecision want;
    } rows[] = {
        {"hard, signed", {.class = FINDING_BOUNCE_HARD, .has_token = true}, false, BOUNCE_SUPPRESSES},
        {"hard, from nobody, mailed", {.class = FINDING_BOUNCE_HARD, .is_from_nobody = true}, true, BOUNCE_SUPPRESSES},
        {"hard, from nobody, not mailed", {.class = FINDING_BOUNCE_HARD, .is_from_nobody = true}, false, BOUNCE_NOTED},
        {"hard, from somebody, mailed", {.class = FINDING_BOUNCE_HARD}, true, BOUNCE_NOTED},
        {"hard, quoted token, from somebody",
         {.class = FINDING_BOUNCE_HARD, .has_token = true, .token_is_quoted = true},
         true,
         BOUNCE_NOTED},
        {"hard, mixed", {.class = FINDING_BOUNCE_HARD, .has_token = true, .is_mixed = true}, true, BOUNCE_NOTED_DAY},
        {"soft, signed", {.class = FINDING_BOUNCE_SOFT, .has_token = true}, false, BOUNCE_NOTED_DAY},
        {"soft, from nobody, mailed", {.class = FINDING_BOUNCE_SOFT, .is_from_nobody = true}, true, BOUNCE_NOTED_DAY},
        {"soft, from nobody, not mailed", {.class = FINDING_BOUNCE_SOFT, .is_from_nobody = true}, false, BOUNCE_NOTED},
        {"soft, from somebody, mailed", {.class = FINDING_BOUNCE_SOFT}, true, BOUNCE_NOTED},
        {"other", {.class = FINDING_BOUNCE_OTHER, .has_token = true}, true, BOUNCE_NOTED},
        {"unknown", {.class = FINDING_UNKNOWN, .has_token = true}, true, BOUNCE_NOTED},
        {"leave", {.class = FINDING_LEAVE, .has_token = true}, true, BOUNCE_NOTED},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_test_message("%s", rows[i].name);
        g_assert_cmpint(bounce_policy_decide(&rows[i].finding, rows[i].was_mailed), ==, rows[i].want);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bounce_policy/decide", test_decide);
#define TEST(name) g_test_add("/apply/" #name, World, NULL, world_set_up, name, world_tear_down)
    TEST(hard_suppresses_at_once);
    TEST(soft_bounces_count_days);
    TEST(refusals_that_are_about_us_cost_no_points);
    TEST(points_fade);
    TEST(invariant_8_delay_notices_never_count);
    TEST(alias_with_one_dead_member_counts_as_soft);
    TEST(unsigned_report_needs_a_recent_delivery);
    TEST(unsigned_report_of_one_dead_and_one_full_suppresses_the_dead_one);
    TEST(report_that_somebody_sent_changes_nothing);
    TEST(bounce_of_an_erased_person_changes_nothing_else);
    TEST(signed_report_for_another_address_is_about_whom_we_mailed);
    TEST(bounce_of_a_single_mail);
    TEST(a_report_settles_what_was_uncertain);
    TEST(a_report_without_a_token_settles_nothing);
    TEST(a_report_settles_an_uncertain_single_mail);
    TEST(invariant_2_suppression_stops_queued_mail);
    TEST(leaving_by_mail);
    TEST(a_preview_leaves_for_nobody);
    TEST(programs_get_no_receipt);
    TEST(confirming_by_mail);
    TEST(quoted_token_needs_the_address);
    TEST(returned_leave_address_is_no_request);
    TEST(same_place_twice_is_one_row);
    TEST(same_content_twice_has_its_consequence_once);
    TEST(mail_of_a_person_goes_to_the_tray);
    TEST(cursor_and_finding_are_one);
    TEST(unreadable_mail_is_read_over);
    return g_test_run();
}
