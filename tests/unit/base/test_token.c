/* base/token: a token is believed only when one of our keys wrote it. */
#include "base/token.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

typedef struct Fixture {
    char *dir;
    char *path;
    Keyring *keyring;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    f->dir = g_dir_make_tmp("rundbrief-token-XXXXXX", &error);
    g_assert_no_error(error);
    f->path = g_build_filename(f->dir, "keys", NULL);
    keyring_create(f->path, &error);
    g_assert_no_error(error);
    f->keyring = keyring_load(f->path, &error);
    g_assert_no_error(error);
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

static const Token samples[] = {
    {TOKEN_DELIVERY, 1, 1},    {TOKEN_DELIVERY, 0, 0}, {TOKEN_LEAVE, 12, 1000000}, {TOKEN_OUTBOX, INT64_MAX >> 1, 0},
    {TOKEN_CONFIRM, 127, 128},
};

static void round_trip(Fixture *f, gconstpointer data)
{
    (void)data;
    for (gsize i = 0; i < G_N_ELEMENTS(samples); i++) {
        char text[TOKEN_TEXT_SIZE];
        token_encode(f->keyring, &samples[i], text);
        g_autofree char *upper = g_ascii_strup(text, -1);
        Token back = {0};
        g_assert_true(token_decode(f->keyring, text, &back));
        g_assert_true(token_decode(f->keyring, upper, &back));
        g_assert_cmpint(back.purpose, ==, samples[i].purpose);
        g_assert_cmpint(back.first, ==, samples[i].first);
        g_assert_cmpint(back.second, ==, samples[i].second);
    }
}

static void any_changed_letter_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    char text[TOKEN_TEXT_SIZE];
    token_encode(f->keyring, &samples[2], text);
    for (gsize i = 0; text[i]; i++) {
        char kept = text[i];
        for (const char *other = "abcdefghijklmnopqrstuvwxyz234567-@"; *other; other++) {
            if (*other == kept)
                continue;
            text[i] = *other;
            Token back;
            g_assert_false(token_decode(f->keyring, text, &back));
        }
        text[i] = kept;
    }
}

static void another_keyring_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(f->dir, "other", NULL);
    g_assert_true(keyring_create(path, &error));
    g_autoptr(Keyring) other = keyring_load(path, &error);
    char text[TOKEN_TEXT_SIZE];
    token_encode(other, &samples[0], text);
    Token back;
    g_assert_false(token_decode(f->keyring, text, &back));
    g_unlink(path);
}

static void keys_are_never_overwritten(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_false(keyring_create(f->path, &error));
    g_assert_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
    g_assert_nonnull(strstr(error->message, "never overwritten; 'rundbrief keys rotate'"));
    g_autoptr(Keyring) kept = keyring_load(f->path, NULL);
    char text[TOKEN_TEXT_SIZE];
    Token back;
    token_encode(f->keyring, &samples[0], text);
    g_assert_true(token_decode(kept, text, &back));
}

static void old_tokens_live_after_rotation(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    char before[TOKEN_TEXT_SIZE], after[TOKEN_TEXT_SIZE], stable_before[TOKEN_TEXT_SIZE], stable_after[TOKEN_TEXT_SIZE];
    uint8_t hash_before[ADDRESS_HASH_SIZE], hash_after[ADDRESS_HASH_SIZE];
    token_encode(f->keyring, &samples[2], before);
    token_encode_stable(f->keyring, &samples[2], stable_before);
    keyring_hash_address(f->keyring, "ann@example.test", hash_before);
    struct stat status;
    g_assert_true(keyring_rotate(f->path, &error));
    g_assert_cmpint(stat(f->path, &status), ==, 0);
    g_assert_cmpint(status.st_mode & 0777, ==, 0600);
    g_autoptr(Keyring) rotated = keyring_load(f->path, &error);
    g_assert_no_error(error);
    token_encode(rotated, &samples[2], after);
    token_encode_stable(rotated, &samples[2], stable_after);
    keyring_hash_address(rotated, "ann@example.test", hash_after);
    Token back;
    g_assert_true(token_decode(rotated, before, &back));
    g_assert_cmpstr(before, !=, after);
    g_assert_cmpstr(stable_before, ==, stable_after);
    g_assert_true(token_decode(rotated, stable_after, &back));
    g_assert_cmpmem(hash_before, sizeof hash_before, hash_after, sizeof hash_after);
}

static void key_file_mistakes_name_the_line(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_set_contents_full(f->path, "# fine\ntoken 1 abc\n", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    g_assert_null(keyring_load(f->path, &error));
    g_assert_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE);
    g_assert_nonnull(strstr(error->message, "keys:2: "));
}

static void a_key_file_for_everybody_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(g_chmod(f->path, 0640), ==, 0);
    g_autoptr(Keyring) shared_with_group = keyring_load(f->path, &error);
    g_assert_no_error(error);
    g_assert_nonnull(shared_with_group);
    g_assert_cmpint(g_chmod(f->path, 0644), ==, 0);
    g_assert_null(keyring_load(f->path, &error));
    g_assert_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE);
    g_assert_nonnull(strstr(error->message, "chmod"));
}

static void rubbish_is_refused(Fixture *f, gconstpointer data)
{
    (void)data;
    static const char *const rubbish[] = {
        "",
        "d",
        "l",
        "x",
        "daaaaaaaaaaaaaaaaaaaaaaa",
        "d\xff",
        "dbae=",
        "daaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
    for (gsize i = 0; i < G_N_ELEMENTS(rubbish); i++) {
        Token back;
        g_assert_false(token_decode(f->keyring, rubbish[i], &back));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add("/token/" #name, Fixture, NULL, set_up, name, tear_down)
    TEST(round_trip);
    TEST(any_changed_letter_is_refused);
    TEST(another_keyring_is_refused);
    TEST(keys_are_never_overwritten);
    TEST(old_tokens_live_after_rotation);
    TEST(key_file_mistakes_name_the_line);
    TEST(a_key_file_for_everybody_is_refused);
    TEST(rubbish_is_refused);
    return g_test_run();
}
