/* mail/itip: what an answer to an invitation says, and what is none. */
#include "mail/itip.h"

#include <glib.h>
#include <string.h>

#include "base/limits.h"

static void test_reply(void)
{
    g_auto(Itip) itip = {0};
    g_assert_true(itip_parse("BEGIN:VCALENDAR\r\nmethod:reply\r\nBEGIN:VTIMEZONE\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n"
                             "UID:meeting-1@news.test\r\nSEQUENCE:2\r\nDTSTAMP:20180502T101500Z\r\n"
                             "ATTENDEE;CN=\"Ann: B\";PARTSTAT=accepted:mailto:ann@exam\r\n ple.test\r\n"
                             "END:VEVENT\r\nEND:VCALENDAR\r\n",
                             "", &itip));
    g_assert_true(itip_is_reply(&itip));
    g_assert_cmpstr(itip.component, ==, "VEVENT");
    g_assert_cmpstr(itip.uid, ==, "meeting-1@news.test");
    g_assert_cmpstr(itip.sequence, ==, "2");
    g_assert_cmpstr(itip.stamp, ==, "20180502T101500Z");
    g_assert_cmpstr(itip.attendee, ==, "ann@example.test");
    g_assert_cmpstr(itip.answer, ==, "ACCEPTED");
}

static void test_no_reply(void)
{
    static const char *const texts[] = {
        "BEGIN:VCALENDAR\nMETHOD:REQUEST\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:ann@a.test\nEND:VCALENDAR\n",
        "BEGIN:VCALENDAR\nMETHOD:REPLY\nATTENDEE:mailto:ann@a.test\nEND:VCALENDAR\n",
        "BEGIN:VCALENDAR",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(Itip) itip = {0};
        g_assert_true(itip_parse(texts[i], "", &itip));
        g_assert_false(itip_is_reply(&itip));
    }
    g_auto(Itip) none = {0};
    g_assert_false(itip_parse("METHOD:REPLY", "", &none));
}

/* Servers list those who have not answered, and others who have. */
static void test_who_answers(void)
{
    static const struct {
        const char *from, *attendee, *answer;
    } cases[] = {
        {"", "bob@a.test", "DECLINED"},
        {"Ann@A.test", "ann@a.test", "ACCEPTED"},
        {"eve@a.test", "bob@a.test", "DECLINED"},
        {"other@a.test", "bob@a.test", "DECLINED"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Itip) itip = {0};
        g_assert_true(itip_parse("BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\n"
                                 "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:eve@a.test\n"
                                 "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@a.test\n"
                                 "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@a.test\nEND:VEVENT\n",
                                 cases[i].from, &itip));
        g_assert_cmpstr(itip.attendee, ==, cases[i].attendee);
        g_assert_cmpstr(itip.answer, ==, cases[i].answer);
    }
}

static void test_a_line_is_bounded(void)
{
    g_autofree char *long_uid = g_strnfill(3 * LIMIT_CALENDAR_LINE_BYTES, 'u');
    g_autofree char *text = g_strdup_printf("BEGIN:VCALENDAR\nUID:%s\n %s\nSEQUENCE:2\n", long_uid, long_uid);
    g_auto(Itip) itip = {0};
    g_assert_true(itip_parse(text, "", &itip));
    g_assert_cmpuint(strlen(itip.uid), ==, LIMIT_CALENDAR_LINE_BYTES - strlen("UID:"));
    g_assert_cmpstr(itip.sequence, ==, "2");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/itip/reply", test_reply);
    g_test_add_func("/itip/no_reply", test_no_reply);
    g_test_add_func("/itip/who_answers", test_who_answers);
    g_test_add_func("/itip/a_line_is_bounded", test_a_line_is_bounded);
    return g_test_run();
}
