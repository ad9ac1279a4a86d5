/* base/log: what a line on stderr looks like. The journal's own protocol needs a journal and is not tested here. */
#include "base/log.h"

#include <glib/gstdio.h>
#include <unistd.h>

/* What `say` writes to stderr, without the time of day. Caller frees. */
static char *said_by(void (*say)(void))
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = NULL, *text = NULL;
    int file = g_file_open_tmp("rundbrief-log-XXXXXX", &path, &error);
    g_assert_no_error(error);
    int kept = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    say();
    dup2(kept, STDERR_FILENO);
    close(kept);
    close(file);
    g_assert_true(g_file_get_contents(path, &text, NULL, &error));
    g_unlink(path);
    return g_strdup(text[0] ? text + strlen("00:00:00 ") : "");
}

static void assert_said(void (*say)(void), const char *expected)
{
    g_autofree char *text = said_by(say);
    g_assert_cmpstr(text, ==, expected);
}

static void say_with_breaks(void)
{
    log_event(LOG_LEVEL_ERROR, "it_broke", LOG_FIELDS(LOG_TEXT("file", "a\r\nb")), "one\r\ntwo\n%s", "00:00:00 three");
}

static void one_event_is_one_line(void)
{
    log_configure("send", LOG_LEVEL_INFO);
    assert_said(say_with_breaks, "send: error: one  two 00:00:00 three [it_broke file=a  b]\n");
}

static void say_fields(void)
{
    log_event(LOG_LEVEL_WARNING, "slow", LOG_FIELDS(LOG_TEXT("relay", "main"), LOG_NUMBER("lines", -3)), "Slow");
}

static void fields_stand_behind_the_sentence(void)
{
    log_configure("inbox", LOG_LEVEL_INFO);
    assert_said(say_fields, "inbox: warning: Slow [slow relay=main lines=-3]\n");
}

static void say_on_every_level(void)
{
    log_event(LOG_LEVEL_ERROR, "e", NULL, "E");
    log_event(LOG_LEVEL_WARNING, "w", NULL, "W");
    log_event(LOG_LEVEL_INFO, "i", NULL, "I");
    log_debug("D");
}

static void the_level_decides(void)
{
    static const struct {
        LogLevel level;
        guint lines;
    } cases[] = {{LOG_LEVEL_ERROR, 1}, {LOG_LEVEL_WARNING, 2}, {LOG_LEVEL_INFO, 3}, {LOG_LEVEL_DEBUG, 4}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        log_configure("send", cases[i].level);
        g_autofree char *text = said_by(say_on_every_level);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        g_assert_cmpuint(g_strv_length(lines), ==, cases[i].lines + 1);
    }
}

int main(int argc, char **argv)
{
    g_unsetenv("JOURNAL_STREAM");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/log/one_event_is_one_line", one_event_is_one_line);
    g_test_add_func("/log/fields_stand_behind_the_sentence", fields_stand_behind_the_sentence);
    g_test_add_func("/log/the_level_decides", the_level_decides);
    return g_test_run();
}
