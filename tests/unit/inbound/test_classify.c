/* inbound/classify: reports, requests and the rest. tests/mailbox has the mails; @DELIVERY@, @LEAVE@, @CONFIRM@ and
 * @FORGED@ in them stand for tokens. */
#include "inbound/classify.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "../../mailbox_marks.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/text.h"

typedef struct Fixture {
    char *dir, *path;
    Keyring *keyring;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->dir = g_dir_make_tmp("rundbrief-classify-XXXXXX", NULL);
    f->path = g_build_filename(f->dir, "keys", NULL);
    g_assert_true(keyring_create(f->path, NULL));
    f->keyring = keyring_load(f->path, NULL);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    keyring_free(f->keyring);
    g_unlink(f->path);
    g_rmdir(f->dir);
    g_free(f->path);
    g_free(f->dir);
}

static char *filled(const Fixture *f, const char *text)
{
    g_autoptr(GString) out = g_string_new(text);
    mailbox_marks_fill(out, f->keyring);
    g_string_replace(out, "@FORGED@", "daebagaaaaaaaaaaaaaaaaaaaa", 0);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *read_mail(const char *name)
{
    const char *source = g_getenv("SOURCE") ? g_getenv("SOURCE") : ".";
    g_autofree char *path = g_build_filename(source, "tests/mailbox", name, NULL);
    g_autoptr(GError) error = NULL;
    char *text = file_read_whole(path, LIMIT_INBOX_MESSAGE_BYTES, NULL, &error);
    g_assert_no_error(error);
    return text;
}

static const struct {
    const char *file;
    FindingClass class;
    char purpose; /* 0: no token */
    const char *recipients, *status;
    bool is_automatic, is_mixed;
} cases[] = {
    {"bounce-unknown-user.eml", FINDING_BOUNCE_HARD, 'd', "nobody@good.test", "5.1.1", true, false},
    {"bounce-smtputf8.eml", FINDING_BOUNCE_HARD, 'd', "dömi@eai.test", "5.1.1", true, false},
    {"bounce-quota.eml", FINDING_BOUNCE_SOFT, 'd', "ann@full.test", "5.2.2", true, false},
    {"bounce-without-token.eml", FINDING_BOUNCE_HARD, 0, "ann@example.test", "5.1.1", true, false},
    {"bounce-forged-token.eml", FINDING_BOUNCE_HARD, 0, "ann@example.test", "5.1.1", false, false},
    {"bounce-token-in-message-id.eml", FINDING_BOUNCE_SOFT, 'd', "ann@example.test", "5.7.1", true, false},
    {"bounce-token-in-envelope-id.eml", FINDING_BOUNCE_SOFT, 'd', "ann@example.test", "5.7.1", true, false},
    {"bounce-token-in-list-unsubscribe.eml", FINDING_BOUNCE_HARD, 'l', "ann@example.test", "5.1.1", true, false},
    /* what somebody forwarded says nothing about the one it was mailed to */
    {"bounce-of-a-forward.eml", FINDING_BOUNCE_HARD, 0, "ann@example.test", "5.1.1", true, false},
    {"bounce-alias-one-dead.eml", FINDING_BOUNCE_HARD, 'd', "dead@alias.test", "5.1.1", true, true},
    {"bounce-outbox.eml", FINDING_BOUNCE_HARD, 'o', "ann@example.test", "5.1.2", true, false},
    {"delayed.eml", FINDING_BOUNCE_OTHER, 'd', "ann@later.test", "4.4.1", true, false},
    {"delivered.eml", FINDING_BOUNCE_OTHER, 'd', "ann@example.test", "2.0.0", true, false},
    {"report-empty.eml", FINDING_BOUNCE_OTHER, 'd', "", "", true, false},
    {"leave-person.eml", FINDING_LEAVE, 'l', "", "", false, false},
    {"leave-apple.eml", FINDING_LEAVE, 'l', "", "", true, false},
    {"leave-autoreply.eml", FINDING_LEAVE, 'l', "", "", true, false},
    {"confirm-person.eml", FINDING_CONFIRM, 'c', "", "", false, false},
    {"autoreply-to-return-path.eml", FINDING_AUTOREPLY, 'd', "", "", true, false},
    {"person-to-return-path.eml", FINDING_NORMAL, 'd', "", "", false, false},
    {"person-forwards-a-bounce.eml", FINDING_NORMAL, 0, "", "", false, false},
    {"person-writes.eml", FINDING_NORMAL, 0, "", "", false, false},
    {"bounce-in-prose.eml", FINDING_BOUNCE_HARD, 'd', "ann@example.test", "5.1.1", true, false},
};

static void test_mailbox(Fixture *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].file);
        g_autofree char *raw = read_mail(cases[i].file);
        g_autofree char *text = filled(f, raw);
        g_autoptr(Message) message = message_parse(text, strlen(text));
        g_auto(Finding) finding = {0};
        finding_init(&finding);
        classify(message, f->keyring, &finding);
        g_ptr_array_add(finding.recipients, NULL);
        g_autofree char *recipients = g_strjoinv(",", (char **)finding.recipients->pdata);
        g_assert_cmpstr(finding_class_word(finding.class), ==, finding_class_word(cases[i].class));
        g_assert_cmpint(finding.has_token ? (int)finding.token.purpose : 0, ==, cases[i].purpose);
        g_assert_cmpstr(recipients, ==, cases[i].recipients);
        g_assert_cmpstr(finding.status, ==, cases[i].status);
        g_assert_cmpint(finding.is_automatic, ==, cases[i].is_automatic);
        g_assert_cmpint(finding.is_mixed, ==, cases[i].is_mixed);
        g_assert_cmpstr(finding.evidence, !=, "");
        g_assert_true(text_is_one_line(finding.evidence));
        if (finding.has_token)
            g_assert_cmpint(finding.token.second, ==, cases[i].purpose == 'o' ? 0 : 7);
    }
}

/* Invariant 8: a delay notice or an automatic reply is no bounce, wherever it was sent to. */
static void test_invariant_8_delays_and_autoreplies_are_no_bounces(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const files[] = {"delayed.eml", "autoreply-to-return-path.eml", "delivered.eml"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *raw = read_mail(files[i]);
        g_autofree char *text = filled(f, raw);
        g_autoptr(Message) message = message_parse(text, strlen(text));
        g_auto(Finding) finding = {0};
        finding_init(&finding);
        classify(message, f->keyring, &finding);
        g_assert_cmpint(finding.class, !=, FINDING_BOUNCE_HARD);
        g_assert_cmpint(finding.class, !=, FINDING_BOUNCE_SOFT);
    }
}

static void test_without_keyring(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autofree char *raw = read_mail("leave-person.eml");
    g_autofree char *text = filled(f, raw);
    g_autoptr(Message) message = message_parse(text, strlen(text));
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    classify(message, NULL, &finding);
    g_assert_cmpint(finding.class, ==, FINDING_NORMAL);
    g_assert_false(finding.has_token);
}

/* Invariant 9, on the way from bytes to a finding. */
static void test_invariant_9_rubbish_is_quick(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const pieces[] = {"To: a+d@b\n", "Delivered-To: x+", "dddddddd.",
                                         "\n",          "\xff\xfe",         "Final-Recipient: a@b\n\n"};
    static const char head[] =
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n";
    for (gsize i = 0; i < G_N_ELEMENTS(pieces); i++) {
        for (int with_head = 0; with_head < 2; with_head++) {
            g_autoptr(GString) text = g_string_new(with_head ? head : "");
            while (text->len < LIMIT_INBOX_MESSAGE_BYTES)
                g_string_append(text, pieces[i]);
            gint64 start = g_get_monotonic_time();
            g_autoptr(Message) message = message_parse(text->str, text->len);
            g_auto(Finding) finding = {0};
            finding_init(&finding);
            classify(message, f->keyring, &finding);
            g_assert_cmpint(g_get_monotonic_time() - start, <, 2 * G_USEC_PER_SEC);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/classify/" #name, Fixture, NULL, set_up, test_##name, tear_down)
    TEST(mailbox);
    TEST(invariant_8_delays_and_autoreplies_are_no_bounces);
    TEST(invariant_9_rubbish_is_quick);
    TEST(without_keyring);
    return g_test_run();
}
