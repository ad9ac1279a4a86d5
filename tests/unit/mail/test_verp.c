/* mail/verp: a token written into an address is found again in whatever other servers make of it, and no other is. */
#include "mail/verp.h"

/* libraries */
#include <glib/gstdio.h>

static Keyring *new_keyring(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp("rundbrief-verp-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *path = g_build_filename(dir, "keys", NULL);
    g_assert_true(keyring_create(path, &error));
    Keyring *keyring = keyring_load(path, &error);
    g_assert_no_error(error);
    g_unlink(path);
    g_rmdir(dir);
    return keyring;
}

static const Token delivery = {TOKEN_DELIVERY, 42, 100001};

static void the_token_stands_before_the_at(void)
{
    g_autoptr(Keyring) keyring = new_keyring();
    char token[TOKEN_TEXT_SIZE];
    token_encode(keyring, &delivery, token);
    g_autofree char *want = g_strdup_printf("<bounces+%s@news.example", token);
    g_autoptr(GString) out = g_string_new("<");
    verp_append(out, "bounces@news.example", keyring, &delivery);
    g_assert_cmpstr(out->str, ==, want);
}

static void tokens_are_found_in_any_text(void)
{
    static const char *const around[] = {
        "bounces+%s@news.example",
        "<bounces+%s@news.example>",
        "\"x\" <a@b.de>, Bounces+%s@NEWS.example, c@d.de",
        "SRS0=aBcD=ZZ=news.example=bounces+%s@relay.example",
        "prvs=1234567890=bounces+%s@news.example",
        "for <bounces+%s@news.example>; Wed, 2 May 2018 09:00:00 +0200",
        "%s",
        "<%s@news.example>",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa daaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa %s",
    };
    g_autoptr(Keyring) keyring = new_keyring();
    char token[TOKEN_TEXT_SIZE];
    token_encode(keyring, &delivery, token);
    for (gsize i = 0; i < G_N_ELEMENTS(around); i++) {
        g_auto(GStrv) halves = g_strsplit(around[i], "%s", 2);
        g_autofree char *text = g_strconcat(halves[0], token, halves[1], NULL), *upper = g_ascii_strup(text, -1);
        Token found = {0};
        g_assert_true(verp_find(keyring, text, TOKEN_DELIVERY, &found));
        g_assert_cmpint(found.first, ==, delivery.first);
        g_assert_cmpint(found.second, ==, delivery.second);
        g_assert_true(verp_find(keyring, upper, TOKEN_DELIVERY, &found));
        g_assert_false(verp_find(keyring, text, TOKEN_LEAVE, &found));
    }
}

static void the_first_of_its_purpose_counts(void)
{
    g_autoptr(Keyring) keyring = new_keyring();
    const Token leave = {TOKEN_LEAVE, 7, 8}, other = {TOKEN_DELIVERY, 1, 1};
    g_autoptr(GString) text = g_string_new(NULL);
    verp_append(text, "inbox@x.de", keyring, &leave);
    g_string_append(text, ", ");
    verp_append(text, "bounces@x.de", keyring, &delivery);
    g_string_append(text, ", ");
    verp_append(text, "bounces@x.de", keyring, &other);
    Token found = {0};
    g_assert_true(verp_find(keyring, text->str, TOKEN_DELIVERY, &found));
    g_assert_cmpint(found.first, ==, delivery.first);
    g_assert_true(verp_find(keyring, text->str, TOKEN_LEAVE, &found));
    g_assert_cmpint(found.second, ==, leave.second);
}

static void other_texts_hold_none(void)
{
    g_autoptr(Keyring) keyring = new_keyring(), stranger = new_keyring();
    g_autoptr(GString) forged = g_string_new(NULL);
    verp_append(forged, "bounces@x.de", stranger, &delivery);
    g_autofree char *endless = g_strnfill(100000, 'd');
    const char *const texts[] = {NULL, "", "bounces@x.de", "bounces+@x.de", forged->str, endless, "\xff\xfe+d", "d"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        Token found = {.first = -1};
        g_assert_false(verp_find(keyring, texts[i], TOKEN_DELIVERY, &found));
        g_assert_cmpint(found.first, ==, -1);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/verp/" #name, name)
    TEST(the_token_stands_before_the_at);
    TEST(tokens_are_found_in_any_text);
    TEST(the_first_of_its_purpose_counts);
    TEST(other_texts_hold_none);
    return g_test_run();
}
