/* inbound/imap_answer: no answer opens more parentheses than our parser can follow, or announces
 * more than there can be; what a mail says is none of it. */
#include "inbound/imap_answer.h"

#include <string.h>

#include "base/limits.h"

#define MANY (LIMIT_IMAP_PARENTHESES + 1)

/* In pieces of every size the answer is the same. "@" stands for one parenthesis too many. */
static void assert_taken(const char *name, const char *answer, bool want)
{
    g_autofree char *open = g_strnfill(MANY, '(');
    g_auto(GStrv) parts = g_strsplit(answer, "@", -1);
    g_autofree char *text = g_strjoinv(open, parts);
    const gsize length = strlen(text);
    for (gsize piece = 1; piece <= length; piece++) {
        ImapAnswer state;
        imap_answer_init(&state);
        bool got = true;
        for (gsize at = 0; got && at < length; at += piece)
            got = imap_answer_take(&state, text + at, MIN(piece, length - at));
        g_test_message("%s, by %zu", name, piece);
        g_assert_true(got == want);
    }
}

static void test_answers(void)
{
    static const struct {
        const char *name, *answer;
        bool want;
    } cases[] = {
        {"greetings with names", "* OK [CAPABILITY IMAP4rev1 IDLE] a server (of ours) is ready\r\n", true},
        {"a greeting that is read without a context", "* OK [PERMANENTFLAGS (\\*)] hi\r\n", false},
        {"the same later", "* OK hi\r\n* OK [PERMANENTFLAGS (\\*)] limited\r\n", true},
        {"usual ones", "* OK hi\r\n* 1 FETCH (FLAGS (\\Seen) UID 4)\r\n1 OK done\r\n", true},
        {"a mail", "* 1 FETCH (UID 4 BODY[]<0> {65}\r\n@)\r\n1 OK done\r\n", true},
        {"a mail, and more", "* 1 FETCH (BODY[]<0> {65}\r\n@ @)\r\n", false},
        {"two mails", "* 1 FETCH (BODY[] {65}\r\n@)\r\n* 22 fetch (BODY[] {65}\r\n@)\r\n", true},
        {"a deep one", "* 1 FETCH (BODYSTRUCTURE @", false},
        {"a deep one that looks shallow", "* 1 FETCH (BODYSTRUCTURE (\"))))))\" @", false},
        {"behind a literal", "* 1 FETCH (BODYSTRUCTURE (\"a\" {1}\r\nx @", false},
        {"a literal where none is read", "* OK no {65}\r\n@\r\n", false},
        {"a literal of a mail that is none", "* OK * 1 FETCH ( {65}\r\n@\r\n", false},
        {"no number of a mail", "* FETCH ( {65}\r\n@\r\n", false},
        {"an empty literal", "* 1 FETCH (BODY[] {0}\r\n@)\r\n", false},
        {"text behind a number", "* 1 FETCH (X {65} x\r\n@\r\n", false},
        {"a larger literal than there can be", "* 1 FETCH (BODY[] {99999999999999999999}\r\n", false},
        {"4 GiB", "* LIST () \"/\" {4294967295}\r\n", false},
        {"the largest literal there can be", "* 1 FETCH (BODY[] {1048576}\r\n@", true},
        {"a large number that announces nothing", "* OK [UIDVALIDITY 4294967295] {\r\n", true},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_taken(cases[i].name, cases[i].answer, cases[i].want);
}

/* One in each line, and a literal that joins the lines to one answer, however it is announced. */
static void test_lines_of_one_answer(void)
{
    static const char *const lines[] = {"({1}\r\nx", "({1+}\r\nx", "(~{1}\r\nx", "({ 1}\r\nx", "({1}\nx"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        ImapAnswer state;
        imap_answer_init(&state);
        bool taken = imap_answer_take(&state, "* 1 FETCH (", strlen("* 1 FETCH ("));
        for (guint n = 1; n < MANY && taken; n++)
            taken = imap_answer_take(&state, lines[i], strlen(lines[i]));
        g_assert_false(taken);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/imap_answer/answers", test_answers);
    g_test_add_func("/imap_answer/lines_of_one_answer", test_lines_of_one_answer);
    return g_test_run();
}
