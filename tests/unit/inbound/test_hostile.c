/* mail/parse and inbound/classify: no mail of 1 MiB takes longer than a tenth of a second of the processor, whatever it
 * repeats. CORPUS=DIR adds the mails of DIR/robustness, at a hundredth each. */
#include "inbound/classify.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"

#ifdef __SANITIZE_ADDRESS__
#define SLOWER 20 /* sanitizers look at every access */
#else
#define SLOWER 1
#endif

static double processor_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void assert_quick(const char *name, const char *mail, gsize length, double most_ms)
{
    double start = processor_ms();
    g_autoptr(Message) message = message_parse(mail, length);
    g_auto(Finding) finding = {0};
    finding_init(&finding);
    classify(message, NULL, &finding);
    double took = processor_ms() - start;
    g_test_message("%5.1f ms %s: %s", took, name, finding_class_word(finding.class));
    g_assert_cmpfloat(took, <, most_ms * SLOWER);
}

#define DAEMON    "Return-Path: <>\nFrom: MAILER-DAEMON@a.test\nSubject: failure notice\n"
#define MULTIPART "Content-Type: multipart/report; boundary=b\n\n"

static const struct {
    const char *name, *head, *piece;
} cases[] = {
    {"multiparts in multiparts", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"},
    {"mails in mails", "", "Content-Type: message/rfc822\n\n"},
    {"ten levels, then empty lines",
     "Content-Type: multipart/mixed; boundary=0\n\n--0\nContent-Type: multipart/mixed; boundary=1\n\n--1\n"
     "Content-Type: multipart/mixed; boundary=2\n\n--2\nContent-Type: multipart/mixed; boundary=3\n\n--3\n"
     "Content-Type: multipart/mixed; boundary=4\n\n--4\nContent-Type: multipart/mixed; boundary=5\n\n--5\n"
     "Content-Type: multipart/mixed; boundary=6\n\n--6\nContent-Type: multipart/mixed; boundary=7\n\n--7\n"
     "Content-Type: multipart/mixed; boundary=8\n\n--8\nContent-Type: multipart/mixed; boundary=9\n\n--9\n",
     "\n"},
    {"boundaries", MULTIPART, "--b\n"},
    {"boundaries that are none", MULTIPART, "--bb\n"},
    {"boundaries of dashes", "Content-Type: multipart/mixed; boundary=----------------\n\n", "-"},
    {"parts with a header", MULTIPART, "--b\nContent-Type: text/plain\n\n<a@b.test>: user unknown\n"},
    {"guesses", "Content-Type: multipart/mixed\n\n", "--x\nContent\n"},
    {"one line of a header", "Subject: ", "x"},
    {"a subject of encoded words", "Subject: ", "=?utf-8?q?=C3=BC?= "},
    {"encoded words that never end", "Subject: ", "=?utf-8?q?"},
    {"many fields", "", "A:b\n"},
    {"many recipients", "", "To: a+d@b\n"},
    {"folds", "Subject: x\n", " x\n"},
    {"equal signs", DAEMON "Content-Transfer-Encoding: quoted-printable\n\n", "="},
    {"equal signs and spaces", DAEMON "Content-Transfer-Encoding: quoted-printable\n\n", "=     "},
    {"base64", DAEMON "Content-Transfer-Encoding: base64\n\n", "QUFB"},
    {"less-than signs", DAEMON "\n", "<"},
    {"less-than signs in HTML", DAEMON "Content-Type: text/html\n\n", "<"},
    {"comments in HTML", DAEMON "Content-Type: text/html\n\n", "<!--"},
    {"styles in HTML", DAEMON "Content-Type: text/html\n\n", "<style <title "},
    {"entities", DAEMON "Content-Type: text/html\n\n", "&#x41"},
    {"addresses", DAEMON "\n", "<a@b.test>:\n"},
    {"addresses on one line", DAEMON "\n", "a@b.test "},
    {"at signs", DAEMON "\n", "@"},
    {"one long address", DAEMON "\n", "a"},
    {"equal signs before an address", DAEMON "\n", "=-'*/"},
    {"phrases", DAEMON "\n", "user unknown "},
    {"beginnings of phrases", DAEMON "\n", "user unkno mailbox i recipient a "},
    {"colons", DAEMON "\n", "a:"},
    {"copies", DAEMON "\n", "--- original mess\n"},
    {"quotes", "From: a@b.test\nSubject: x\n\n", "> unsubscribe\n"},
    {"recipients of a report", MULTIPART "--b\nContent-Type: message/delivery-status\n\n",
     "Final-Recipient: rfc822;a@b.test\nAction: failed\n\n"},
    {"one field of a report", MULTIPART "--b\nContent-Type: message/delivery-status\n\nDiagnostic-Code: ", "5.1.1 "},
    {"statuses", MULTIPART "--b\nContent-Type: message/delivery-status\n\nStatus: ", "5.1."},
    {"feedback", MULTIPART "--b\nContent-Type: message/feedback-report\n\n", "Original-Rcpt-To: <a@b.test>\n"},
    {"a calendar", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\n", "ATTENDEE;PARTSTAT=;:\n"},
    {"a calendar of folds", "Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nX:", "\n x"},
    {"JSON", DAEMON "\n", "{\"bouncedRecipients\":["},
    {"wide bytes", DAEMON "Content-Type: text/plain; charset=utf-8\n\n", "\xff"},
    {"Japanese", DAEMON "Content-Type: text/plain; charset=utf-8\n\n", "不在存"},
    {"escapes of ISO-2022", DAEMON "Content-Type: text/plain; charset=iso-2022-jp\n\n", "\x1b$B"},
    {"utf-7", DAEMON "Content-Type: text/plain; charset=utf-7\n\n", "+AGE-"},
    {"parameters", "Content-Type: text/plain", "; a=b"},
    {"quotes of parameters", "Content-Type: text/plain; a=", "\"\\"},
    {"zeros", DAEMON "\n", "0"},
    {"recipients on one line", "To: ", "a@b.test, "},
    {"folded recipients", "To: a@b.test\nCc: ", "a@b.test,\n\t"},
    {"empty lines that are folds", "Subject: x\n", "\t\n \n"},
    {"encoded words of almost the longest kind", "Subject: ", "=?a?q? "},
    {"quoted-printable that is none", DAEMON "Content-Transfer-Encoding: quoted-printable\n\n", "=Z=\xff=3==\r"},
    {"tags", DAEMON "Content-Type: text/html\n\n", "<p><br><td>"},
    {"tags that never end", DAEMON "Content-Type: text/html\n\n", "<a <b <"},
    {"numbers of entities, and spaces", DAEMON "Content-Type: text/html\n\n", "&#                    "},
    {"one line of refusals", DAEMON "\n", "user unknown a@b <"},
    {"halves of UTF-16", DAEMON "Content-Type: text/plain; charset=utf-16\n\n", "\xd8\x01"},
    {"quotes in an address", "From: ", "\"\\"},
    {"escaped letters of a report", MULTIPART "--b\nContent-Type: message/delivery-status\n\n",
     "Final-Recipient: utf-8; \\x{F6}\\x{F6}\\x{F6}\\x{F6}@b\n"},
    {"names of a mailbox file", "", "From x\n"},
};

static void test_hostile_mail_is_quick(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) mail = g_string_new(cases[i].head);
        while (mail->len < LIMIT_INBOX_MESSAGE_BYTES)
            g_string_append(mail, cases[i].piece);
        assert_quick(cases[i].name, mail->str, mail->len, 100);
    }
}

/* Each has its own name, domain and line. */
static void test_addresses_are_quick(void)
{
    static const char *const heads[] = {DAEMON "\n", DAEMON "\nuser unknown:\n", "From: a@b.test\nSubject: x\n\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autoptr(GString) mail = g_string_new(heads[i]);
        for (guint n = 0; mail->len < LIMIT_INBOX_MESSAGE_BYTES; n++)
            g_string_append_printf(mail, "a%u@b%u\n", n, n);
        assert_quick("addresses in prose", mail->str, mail->len, 100);
    }
}

/* The C library knows them all. */
static void test_charsets_are_quick(void)
{
    static const guint numbers[] = {1025, 1046, 1047, 1097, 1112, 1122, 1123, 1124, 1129, 1132, 1133, 1137, 1140, 1141,
                                    1142, 1143, 1144, 1145, 1146, 1147, 1148, 1149, 1153, 1154, 1155, 1156, 1157, 1158,
                                    1160, 1161, 1162, 1163, 1164, 1166, 1167, 1364, 1371, 1388, 1390, 1399};
    g_autoptr(GString) mail = g_string_new("Subject: ");
    for (gsize i = 0; mail->len < LIMIT_INBOX_MESSAGE_BYTES; i++)
        g_string_append_printf(mail, "=?ibm%u?q?=fc?=", numbers[i % G_N_ELEMENTS(numbers)]);
    assert_quick("charsets in turn", mail->str, mail->len, 100);
}

static void test_corpus_is_quick(void)
{
    const char *corpus = g_getenv("CORPUS");
    if (!corpus) {
        g_test_skip("CORPUS is not set to a folder with robustness/*.eml");
        return;
    }
    g_autofree char *folder = g_build_filename(corpus, "robustness", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        gsize length = 0;
        g_autofree char *bytes = file_read_whole(path, LIMIT_INBOX_MESSAGE_BYTES, &length, NULL);
        if (g_str_has_suffix(name, ".eml") && bytes)
            assert_quick(name, bytes, length, 10);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hostile/mail_is_quick", test_hostile_mail_is_quick);
    g_test_add_func("/hostile/addresses_are_quick", test_addresses_are_quick);
    g_test_add_func("/hostile/charsets_are_quick", test_charsets_are_quick);
    g_test_add_func("/hostile/corpus_is_quick", test_corpus_is_quick);
    return g_test_run();
}
