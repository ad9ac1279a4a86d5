/* mail/parse: any bytes become a Message, in linear time; what senders write is read. CORPUS=DIR adds the mails of
 * DIR/robustness. */
#include "mail/parse.h"

#include <glib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "mail/encoded_word.h"

/* Others may use the machine at the same time. */
static int64_t processor_time(void)
{
    return (int64_t)clock() * SECOND_US / CLOCKS_PER_SEC;
}

static Message *parse(const char *text)
{
    return message_parse(text, strlen(text));
}

/* The type of each part. */
static char *outline(const Message *message)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < message_part_count(message); i++) {
        const MimePart *part = message_part(message, i);
        g_string_append_printf(text, "%s%s", i ? " " : "", mime_part_type(part));
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static const char report[] =
    "Return-Path: <>\n"
    "Subject: =?utf-8?Q?Unzustellbar:_Gr=C3?=\n =?UTF-8?Q?=BC=C3=9Fe?=\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"a\"\n"
    "\n--a\n\nNo such user.\n"
    "--a\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; m.test\n\nAction: failed\n"
    "--a\nContent-Type: message/rfc822\n\nMessage-ID: <x@y>\nSubject: one\nContent-Type: text/html\n\n<p>\n"
    "--a--\n";

static void test_outline(void)
{
    static const struct {
        const char *name, *mail, *want;
    } cases[] = {
        {"plain", "Subject: x\n\nhello\n", "text/plain"},
        {"empty", "", "text/plain"},
        {"only a body", "\n\nhello", "text/plain"},
        {"report", report, "multipart/report text/plain message/delivery-status message/rfc822"},
        {"returned headers",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/rfc822-headers\n\nTo: a\n--b--\n",
         "multipart/mixed text/rfc822-headers"},
        {"boundary that never comes", "Content-Type: multipart/mixed; boundary=b\n\nhello\n",
         "multipart/mixed text/plain"},
        {"boundary that the header does not know",
         "Content-Type: multipart/mixed; boundary=other\n\n--b\nContent-Type: text/html\n\nhello\n--b--\n",
         "multipart/mixed text/html"},
        {"type lost, parts not", "Subject: x\n\n--b\nContent-Type: text/html\n\nhello\n--b--\n",
         "multipart/mixed text/html"},
        {"boundary that begins like another",
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/mixed; "
         "boundary=bc\n\n--bc\n\nx\n--bc--\n--b--\n",
         "multipart/mixed multipart/mixed text/plain"},
        {"part without a header", "Content-Type: multipart/mixed; boundary=b\n\n--b\nHello you\n\nthere\n--b--\n",
         "multipart/mixed text/plain"},
        {"digest", "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: x\n--b--\n",
         "multipart/digest message/rfc822"},
        {"unreadable type", "Content-Type: ;;;\n\nhello\n", "text/plain"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Message) message = parse(cases[i].mail);
        g_autofree char *got = outline(message);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(got, ==, cases[i].want);
        g_assert_null(message_note(message));
    }
}

static void test_report_parts(void)
{
    g_auto(GStrv) lines = g_strsplit(report, "\n", -1);
    g_autofree char *crlf = g_strjoinv("\r\n", lines);
    const char *forms[] = {report, crlf};
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(Message) message = parse(forms[i]);
        g_assert_cmpstr(fields_text(message_fields(message), "subject"), ==, "Unzustellbar: Grüße");
        g_assert_cmpstr(fields_raw(message_fields(message), "RETURN-PATH", 0), ==, "<>");
        MimePart *outer = message_part(message, 0);
        g_autofree char *kind = mime_part_parameter(outer, "report-type");
        g_assert_cmpstr(kind, ==, "delivery-status");
        g_assert_cmpstr(mime_part_text(message_find_part(message, "text/plain")), ==, "No such user.");
        g_assert_nonnull(
            strstr(mime_part_text(message_find_part(message, "message/delivery-status")), "\n\nAction: failed"));
        MimePart *returned = message_find_part(message, "message/rfc822");
        g_assert_cmpstr(fields_text(mime_part_enclosed_fields(returned), "Message-ID"), ==, "<x@y>");
        g_assert_null(mime_part_enclosed_fields(outer));
        g_assert_null(message_find_part(message, "text/html"));
    }
}

static void test_text(void)
{
    static const struct {
        const char *name, *mail, *want;
    } cases[] = {
        {"quoted-printable",
         "Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nGr=C3=BC=\nn\n",
         "Grün\n"},
        {"base64", "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-8\n\nR3LDvG4NCg==\n",
         "Grün\n"},
        {"latin-1", "Content-Type: text/plain; charset=\"ISO-8859-1\"\n\nGr\xfcn", "Grün"},
        {"iso-2022-jp", "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B$\"\x1b(B.", "あ."},
        {"utf-7", "Content-Type: text/plain; charset=utf-7\n\nGr+APw-n", "Grün"},
        {"utf-16 with CRLF",
         "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-16\n\n//5HAHIA/ABuAA0ACgB4AA==\n",
         "Grün\nx"},
        {"utf-32, a lone CR",
         "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=utf-32be\n\nAAAA/AAAAA0AAAB4\n", "ü\nx"},
        {"charset that does not exist", "Content-Type: text/plain; charset=UFT-8\n\nGr\xc3\xbcn", "Grün"},
        {"charset with options", "Content-Type: text/plain; charset=\"ascii//TRANSLIT\"\n\nabc", "abc"},
        {"bytes that are no UTF-8", "Content-Type: text/plain; charset=utf-8\n\nGr\xfcn", "Grün"},
        {"control characters", "Content-Type: text/plain; charset=utf-8\n\na\x01\x1b\xc2\x85z", "a   z"},
        {"CR only", "Subject: x\r\rone\rtwo\r", "one\ntwo\n"},
        {"mailbox line", "From a@b Mon Jan 1\n>From a@b\nSubject: x\n\none\n", "one\n"},
        {"empty lines first", "\n\r\n  \nSubject: x\n\none\n", "one\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Message) message = parse(cases[i].mail);
        g_test_message("%s", cases[i].name);
        g_assert_cmpstr(mime_part_text(message_part(message, 0)), ==, cases[i].want);
    }
}

/* What cannot be read is left out or left as it is; GLib must not be asked what it does not answer. */
static void test_odd_encoded_words(void)
{
    static const struct {
        const char *raw, *want;
    } cases[] = {
        {"a =?utf-8?B?x?= b", "a  b"},
        {"a =?utf-8?B?\?= b", "a  b"},
        {"a =?utf-8?Q?\?= b", "a  b"},
        {"=?utf-8?B?R3L*DvA==?=", "Grü"},
        {"=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"},
        {"=?utf-8?Q?=zz=4?=", "=zz=4"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = encoded_words_decode(cases[i].raw);
        g_assert_cmpstr(text, ==, cases[i].want);
    }
}

static void test_fields(void)
{
    static const char mail[] =
        "To: a@b,\n\tc@d\nTo : second\nbroken line\nX-Empty:\nSubject: =?x-none?B?R3L8bg==?= =?broken?= \n\nTo: body\n";
    g_autoptr(Message) message = parse(mail);
    Fields *fields = message_fields(message);
    g_assert_cmpstr(fields_raw(fields, "to", 0), ==, "a@b, \tc@d");
    g_assert_cmpstr(fields_raw(fields, "to", 1), ==, "second");
    g_assert_null(fields_raw(fields, "to", 2));
    g_assert_cmpstr(fields_text(fields, "subject"), ==, "Grün =?broken?=");
    g_assert_cmpstr(fields_text(fields, "x-empty"), ==, "");
    g_assert_true(fields_has(fields, "x-empty"));
    g_assert_false(fields_has(fields, "x-emp"));
}

/* libetpan 1.9.4 itself writes beyond a buffer here. */
static void test_boundary_of_one_quote(void)
{
    static const char *const boundaries[] = {"\"\\\"\"", "\"\"", "\"", "\"\"\"", ""};
    for (gsize i = 0; i < G_N_ELEMENTS(boundaries); i++) {
        g_autofree char *mail = g_strdup_printf("Content-Type: multipart/mixed; boundary=%s\n\n--\"\n\nx\n--\"--\n",
                                                boundaries[i]);
        g_autoptr(Message) message = parse(mail);
        g_assert_cmpuint(message_part_count(message), >=, 1);
    }
}

static char *repeated(const char *head, const char *piece, gsize size)
{
    GString *text = g_string_new(head);
    while (text->len < size)
        g_string_append(text, piece);
    return g_string_free(text, FALSE);
}

static void read_all(Message *message)
{
    for (guint i = 0; i < message_part_count(message); i++) {
        MimePart *part = message_part(message, i);
        g_assert_true(g_utf8_validate(mime_part_text(part), -1, NULL));
        mime_part_enclosed_fields(part);
    }
}

static void test_hostile_mail_is_quick(void)
{
    static const struct {
        const char *name, *head, *piece;
    } cases[] = {
        {"multiparts in multiparts", "", "Content-Type: multipart/mixed; boundary=b\n\n--b\n"},
        {"mails in mails", "", "Content-Type: message/rfc822\n\n"},
        {"comments in comments", "Content-Type: text/plain ", "("},
        {"comments in an enclosed mail", "Content-Type: message/rfc822\n\nFrom: ", "("},
        {"groups in an enclosed mail", "Content-Type: message/rfc822\n\nTo: ", "a:;,"},
        {"colons", "From: ", ":"},
        {"commas", "Content-Type: message/rfc822\n\nTo: ", ","},
        {"quotes", "Content-Type: message/rfc822\n\nTo: ", "\""},
        {"brackets", "Content-Type: message/rfc822\n\nReceived: from ", "[<"},
        {"many parts", "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\n"},
        {"almost boundaries", "Content-Type: multipart/mixed; boundary=b\n\n", "-b\n"},
        {"many fields", "", "A:b\n"},
        {"one line", "", "x"},
        {"folds", "Subject: x\n", " x\n"},
        {"encoded words that never end", "Subject: ", "=?utf-8?q?"},
        {"equal signs", "Content-Transfer-Encoding: quoted-printable\n\n", "="},
        {"base64", "Content-Transfer-Encoding: base64\n\n", "A"},
        {"parameters", "Content-Type: text/plain", "; a=b"},
        {"wide bytes", "Content-Type: text/plain; charset=utf-8\n\n", "\xff"},
        {"utf-7", "Content-Type: text/plain; charset=utf-7\n\n", "+"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *mail = repeated(cases[i].head, cases[i].piece, LIMIT_INBOX_MESSAGE_BYTES + 10);
        int64_t start = processor_time();
        g_autoptr(Message) message = parse(mail);
        read_all(message);
        fields_text(message_fields(message), "Subject");
        int64_t took = processor_time() - start;
        g_test_message("%s: %u parts, %d ms%s%s", cases[i].name, message_part_count(message), (int)(took / 1000),
                       message_note(message) ? ", " : "", message_note(message) ? message_note(message) : "");
        g_assert_cmpint(took, <, 2 * SECOND_US);
    }
}

static void test_corpus(void)
{
    const char *corpus = g_getenv("CORPUS");
    if (!corpus) {
        g_test_skip("CORPUS is not set to a folder with robustness/*.eml");
        return;
    }
    g_autofree char *folder = g_build_filename(corpus, "robustness", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    guint count = 0;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".eml"))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        gsize length = 0;
        g_autofree char *bytes = file_read_whole(path, LIMIT_INBOX_MESSAGE_BYTES, &length, &error);
        g_assert_no_error(error);
        int64_t start = processor_time();
        g_autoptr(Message) message = message_parse(bytes, length);
        read_all(message);
        g_assert_cmpint(processor_time() - start, <, SECOND_US / 4);
        count++;
    }
    g_assert_cmpuint(count, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parse/outline", test_outline);
    g_test_add_func("/parse/report_parts", test_report_parts);
    g_test_add_func("/parse/text", test_text);
    g_test_add_func("/parse/fields", test_fields);
    g_test_add_func("/parse/odd_encoded_words", test_odd_encoded_words);
    g_test_add_func("/parse/boundary_of_one_quote", test_boundary_of_one_quote);
    g_test_add_func("/parse/hostile_mail_is_quick", test_hostile_mail_is_quick);
    g_test_add_func("/parse/corpus", test_corpus);
    return g_test_run();
}
