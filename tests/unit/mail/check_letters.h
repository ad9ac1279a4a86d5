#pragma once
/* Hands mail to Python's email package and compares what it reads with what was meant (check_letters.py). */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

static inline void letters_expect(GString *cases, const GString *letter, const char *what, const char *expected,
                                  gsize length)
{
    g_autofree char *raw = g_base64_encode((const guchar *)letter->str, letter->len);
    g_autofree char *want = g_base64_encode((const guchar *)expected, length);
    g_string_append_printf(cases, "%s %s %s\n", raw, what, want);
}

/* Fails the test when one case differs; skips it where there is no Python. */
static inline void letters_compare(const GString *cases)
{
    g_autofree char *python = g_find_program_in_path("python3");
    if (!python) {
        g_test_skip("python3 is not installed");
        return;
    }
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_path_get_dirname(__FILE__), *file = NULL;
    g_autofree char *script = g_build_filename(folder, "check_letters.py", NULL);
    int fd = g_file_open_tmp("rundbrief-letters-XXXXXX", &file, &error);
    g_assert_no_error(error);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(file, cases->str, (gssize)cases->len, NULL));
    const char *argv[] = {python, script, file, NULL};
    int status = -1;
    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
    g_unlink(file);
    g_assert_no_error(error);
    g_assert_cmpint(status, ==, 0);
}
