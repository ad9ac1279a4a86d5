/* model/phrases and the table of reasons: folding, finding, and that every row is written as it can be found. */
#include "model/phrases.h"

#include <glib.h>
#include <string.h>

#include "../phrase_check.h"
#include "model/reason_table.h"

static void test_fold(void)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {
        {"User Unknown", " user unknown "},
        {"  550-5.1.1\t<ann@a.test>:\n User unknown;", " 550 5 1 1 user unknown "},
        {"Empfänger: groß; n’existe pas", " empfanger gross n existe pas "},
        {"host spam.test[192.0.2.1] said", " host said "},
        {"[550] a[b", " 550 a b "},
        {"see http://blocked.test/spam now", " see now "},
        {"", " "},
        {"存在しない", " 存在しない "},
        {"发给li@a.test的邮件：收件人不存在", " 发给的邮件：收件人不存在 "},
        {"host “mx.a.test”: http://a.test…", " host mx a test "},
        {"Пользователь Я", " пользователь я "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) folded = phrase_fold(cases[i].text, strlen(cases[i].text));
        g_assert_cmpstr(folded->str, ==, cases[i].folded);
    }
}

static void test_origin(void)
{
    const char *text = "550 <ann@a.test>: user unknown";
    g_autoptr(GString) folded = phrase_fold(text, strlen(text));
    gsize at = (gsize)(strstr(folded->str, "user") - folded->str);
    g_assert_cmpstr(text + phrase_origin(text, strlen(text), at), ==, "user unknown");
}

/* A row that is not in folded form, or stands behind a word, would never be found. */
static void test_every_reason_is_found(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(reason_phrases); i++)
        phrase_check(&reason_phrases[i]);
}

/* A row that has a surer one within would never decide. */
static void test_no_reason_is_shadowed(void)
{
    static PhraseSet set = PHRASE_SET(reason_phrases); /* so that its index is not lost */
    for (gsize i = 0; i < G_N_ELEMENTS(reason_phrases); i++) {
        const char *words = reason_phrases[i].words;
        g_autoptr(GString) folded = phrase_fold(words, strlen(words));
        g_assert_cmpstr(phrases_best(&set, folded, NULL)->words, ==, words);
    }
}

static void test_rank_place_and_length(void)
{
    static const Phrase rows[] = {{"late", 1, 1},     {"early", 2, 1}, {"early bird", 3, 1},
                                  {"decisive", 4, 0}, {"word ", 5, 0}, {"decisive not", 6, 2}};
    static const struct {
        const char *text;
        int meaning;
    } cases[] = {
        {"early and late", 2}, {"late and early", 1}, {"early bird, late", 3}, {"early, but decisive", 4},
        {"a word.", 5},        {"words", 0},          {"translate", 0},        {"late, decisive not", 1},
        {"decisive not", 6},
    };
    static PhraseSet set = PHRASE_SET(rows); /* so that its index is not lost */
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) folded = phrase_fold(cases[i].text, strlen(cases[i].text));
        const Phrase *best = phrases_best(&set, folded, NULL);
        g_assert_cmpint(best ? best->meaning : 0, ==, cases[i].meaning);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/phrases/fold", test_fold);
    g_test_add_func("/phrases/origin", test_origin);
    g_test_add_func("/phrases/every_reason_is_found", test_every_reason_is_found);
    g_test_add_func("/phrases/no_reason_is_shadowed", test_no_reason_is_shadowed);
    g_test_add_func("/phrases/rank_place_and_length", test_rank_place_and_length);
    return g_test_run();
}
