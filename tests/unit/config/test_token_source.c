/* config/token_source: programs that print a token, and programs that do not. */
#include "config/token_source.h"

#include <signal.h>

#include "base/clock.h"

typedef struct Answer {
    TokenState state;
    char *text; /* the token, or why there is none */
    guint number;
} Answer;

static TokenSource *source_of(const char *script, Waiter *waiter)
{
    g_autofree char *quoted = g_shell_quote(script);
    g_autofree char *command = g_strdup_printf("/bin/sh -c %s", quoted);
    return token_source_new(command, waiter);
}

static Answer ask(TokenSource *source, int64_t now)
{
    AccessToken token = {0};
    g_autoptr(GError) error = NULL;
    Answer answer = {.state = token_source_ask(source, now, &token, &error)};
    answer.number = token.number;
    answer.text = g_strdup(token.text ? token.text : error ? error->message : "");
    return answer;
}

/* Asks until there is an answer, waiting as the sender does. */
static Answer await(TokenSource *source, Waiter *waiter, int64_t now)
{
    Answer answer = ask(source, now);
    for (int i = 0; i < 200 && answer.state == TOKEN_COMING; i++) {
        g_free(answer.text);
        g_assert_true(waiter_wait(waiter, 20 * 1000, 0, NULL));
        answer = ask(source, now);
    }
    return answer;
}

/* clang-format off */
static const struct { const char *name, *script; TokenState state; const char *want; } cases[] = {
    { "a-token", "echo ya29.a0-_~+/=", TOKEN_READY, "ya29.a0-_~+/=" },
    { "first-line-only", "printf 'abc\\r\\nexpires later\\n'", TOKEN_READY, "abc" },
    { "in-pieces", "printf ab; sleep 0.05; echo c", TOKEN_READY, "abc" },
    { "output-closed-early", "echo abc; exec >&-; sleep 0.05", TOKEN_READY, "abc" },
    { "nothing", "true", TOKEN_FAILED, "printed no token" },
    { "two-words", "echo no token", TOKEN_FAILED, "printed no token" },
    { "fails", "echo abc; exit 3", TOKEN_FAILED, "exit code 3" },
    { "killed", "kill -TERM $$", TOKEN_FAILED, "Terminated" },
    { "far-too-much", "exec cat /dev/zero", TOKEN_FAILED, "far more than a token" },
};
/* clang-format on */

static void program(gconstpointer data)
{
    gsize i = GPOINTER_TO_SIZE(data);
    g_autoptr(Waiter) waiter = waiter_new(NULL);
    g_autoptr(TokenSource) source = source_of(cases[i].script, waiter);
    Answer answer = await(source, waiter, 1);
    g_assert_cmpint(answer.state, ==, cases[i].state);
    g_assert_nonnull(strstr(answer.text, cases[i].want));
    g_free(answer.text);
}

static void a_program_that_is_not_there(void)
{
    g_autoptr(Waiter) waiter = waiter_new(NULL);
    g_autoptr(TokenSource) source = token_source_new("/no/such/program", waiter);
    Answer answer = ask(source, 1);
    g_assert_cmpint(answer.state, ==, TOKEN_FAILED);
    g_assert_nonnull(strstr(answer.text, "/no/such/program"));
    g_free(answer.text);
}

static void a_program_that_hangs_is_killed(void)
{
    g_autoptr(Waiter) waiter = waiter_new(NULL);
    g_autoptr(TokenSource) source = source_of("sleep 60 & sleep 60", waiter);
    Answer answer = ask(source, 1);
    g_assert_cmpint(answer.state, ==, TOKEN_COMING);
    g_free(answer.text);
    answer = await(source, waiter, 31 * SECOND_US);
    g_assert_cmpint(answer.state, ==, TOKEN_FAILED);
    g_assert_nonnull(strstr(answer.text, "30 seconds"));
    g_free(answer.text);
}

/* One is used again, until it is old. */
static void a_token_is_kept_for_a_while(void)
{
    g_autoptr(Waiter) waiter = waiter_new(NULL);
    g_autoptr(TokenSource) source = source_of("echo t$$", waiter);
    Answer first = await(source, waiter, 1), second = await(source, waiter, 4 * MINUTE_US),
           third = await(source, waiter, 6 * MINUTE_US);
    g_assert_cmpstr(first.text, ==, second.text);
    g_assert_cmpstr(first.text, !=, third.text);
    g_free(first.text);
    g_free(second.text);
    g_free(third.text);
}

static void a_refusal_blames_only_a_token_that_never_worked(void)
{
    g_autoptr(Waiter) waiter = waiter_new(NULL);
    g_autoptr(TokenSource) source = source_of("echo abc", waiter);
    Answer first = await(source, waiter, 1);
    token_source_worked(source);
    g_assert_true(token_source_refused(source, first.number)); /* it expired */
    Answer second = await(source, waiter, 1);
    g_assert_cmpuint(second.number, ==, first.number + 1);
    g_assert_true(token_source_refused(source, first.number)); /* another line's, from before */
    g_assert_false(token_source_refused(source, second.number));
    g_free(first.text);
    g_free(second.text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = g_strdup_printf("/token_source/%s", cases[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), program);
    }
    g_test_add_func("/token_source/a_program_that_is_not_there", a_program_that_is_not_there);
    g_test_add_func("/token_source/a_program_that_hangs_is_killed", a_program_that_hangs_is_killed);
    g_test_add_func("/token_source/a_token_is_kept_for_a_while", a_token_is_kept_for_a_while);
    g_test_add_func("/token_source/a_refusal_blames_only_a_token_that_never_worked",
                    a_refusal_blames_only_a_token_that_never_worked);
    return g_test_run();
}
