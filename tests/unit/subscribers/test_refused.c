/* subscribers/bounce_policy: what a relay's refusal while we send means for the person. */
#include "people.h"
#include "subscribers/bounce_policy.h"

static const BounceSettings settings = {.soft_limit = 25, .soft_window_days = 30, .unsigned_days = 14};

typedef struct Case {
    const char *name;
    Attempt attempt;
    int days;                /* on so many days in a row */
    const char *want_reason; /* NULL: not suppressed */
} Case;

static const Case cases[] = {
    {"a dead address at once",
     {.phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1", .text = "no such user"},
     1,
     "hard-bounce"},
    {"a dead address without a code", {.phase = SMTP_RCPT, .reply = 550, .text = "user unknown"}, 1, "hard-bounce"},
    {"a full mailbox not at once",
     {.phase = SMTP_RCPT, .reply = 552, .enhanced = "5.2.2", .text = "mailbox full"},
     2,
     NULL},
    {"a full mailbox on enough days",
     {.phase = SMTP_RCPT, .reply = 552, .enhanced = "5.2.2", .text = "mailbox full"},
     3,
     "soft-bounces"},
    {"the content was refused, not the person",
     {.phase = SMTP_DOT, .reply = 554, .enhanced = "5.7.1", .text = "user unknown"},
     9,
     NULL},
    {"invariant_5: our name in EHLO",
     {.phase = SMTP_RCPT, .reply = 550, .enhanced = "5.7.1", .text = "<x>: Helo command rejected: Host not found"},
     9,
     NULL},
    {"invariant_5: our sender",
     {.phase = SMTP_RCPT, .reply = 550, .text = "<b@x.test> does not exist. Sender verify failed"},
     9,
     NULL},
    {"invariant_5: our sender, by the code alone", {.phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.8"}, 9, NULL},
    {"invariant_5: a line that the relay ended", {.phase = SMTP_RCPT, .reply = 421, .text = "later"}, 9, NULL},
    {"invariant_5: what we refused ourselves",
     {.phase = SMTP_RCPT, .reply = 553, .enhanced = "5.6.7", .ours = true},
     9,
     NULL},
    {"the line was lost", {.phase = SMTP_RCPT, .line_lost = true}, 9, NULL},
};

/* What the setting's text promises of the defaults: which bounce, so many days apart, comes to the limit. */
static const struct {
    int64_t window_days, days_apart, want_bounces; /* 0: none */
} paces[] = {{60, 1, 5}, {60, 7, 7}, {60, 14, 0}, {120, 14, 7}};

static void the_score_comes_to_the_limit_when_the_settings_say(People *f, gconstpointer data)
{
    (void)data;
    const Attempt full = {.phase = SMTP_RCPT, .reply = 552, .enhanced = "5.2.2", .text = "mailbox full"};
    for (gsize i = 0; i < G_N_ELEMENTS(paces); i++) {
        const BounceSettings pace = {.soft_limit = 45, .soft_window_days = paces[i].window_days, .unsigned_days = 14};
        g_autofree char *address = g_strdup_printf("ann%d@example.org", (int)i);
        g_assert_cmpint(people_admit(f, address, NOW), ==, REJECTION_NONE);
        int64_t id = people_id(f, address), count = 0, before = 0, bounces = 0;
        g_assert_true(suppression_count(f->db, &before, NULL));
        for (count = before; bounces < 20 && count == before; bounces++) {
            int64_t at = NOW + bounces * paces[i].days_apart * DAY_US;
            IN_TRANSACTION(f, bounce_policy_refused(f->db, &pace, id, &full, "main", at, &error));
            g_assert_true(suppression_count(f->db, &count, NULL));
        }
        g_assert_cmpint(count > before ? bounces : 0, ==, paces[i].want_bounces);
    }
}

static void judge(People *f, gconstpointer data)
{
    const Case *c = data;
    g_assert_cmpint(people_admit(f, "ann@example.org", NOW), ==, REJECTION_NONE);
    int64_t id = people_id(f, "ann@example.org");
    for (int day = 0; day < c->days; day++)
        IN_TRANSACTION(f, bounce_policy_refused(f->db, &settings, id, &c->attempt, "main", NOW + day * DAY_US, &error));
    g_autoptr(GError) error = NULL;
    uint8_t hash[ADDRESS_HASH_SIZE];
    bool found = false;
    Suppression suppression = {0};
    keyring_hash_address(f->keyring, "ann@example.org", hash);
    g_assert_true(suppression_find(f->db, hash, &suppression, &found, &error));
    g_assert_cmpstr(found ? suppression_reason_word(suppression.reason) : NULL, ==, c->want_reason);
    if (found)
        suppression_clear(&suppression);
}

static void somebody_erased_meanwhile(People *f, gconstpointer data)
{
    (void)data;
    int64_t count = -1;
    const Attempt attempt = {.phase = SMTP_RCPT, .reply = 550, .enhanced = "5.1.1"};
    IN_TRANSACTION(f, g_assert_true(bounce_policy_refused(f->db, &settings, 4711, &attempt, "main", NOW, &error)));
    g_assert_true(suppression_count(f->db, &count, NULL));
    g_assert_cmpint(count, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/refused/%s", cases[i].name);
        g_test_add(path, People, &cases[i], people_set_up, judge, people_tear_down);
    }
    g_test_add("/refused/somebody_erased_meanwhile", People, NULL, people_set_up, somebody_erased_meanwhile,
               people_tear_down);
    g_test_add("/refused/the_score_comes_to_the_limit_when_the_settings_say", People, NULL, people_set_up,
               the_score_comes_to_the_limit_when_the_settings_say, people_tear_down);
    return g_test_run();
}
