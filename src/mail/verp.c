/* Tokens in addresses: writing them, and finding them again in whatever came back. Believes only what base/token.c
 * verifies. */
#include "mail/verp.h"

/* libraries */
#include <string.h>

#define TRIES_MAX 256 /* words that look like a token in one text; each costs a keyed hash */

/* Purpose, key number, two ids, mac: no token is shorter, so most words need no hash. */
#define TOKEN_LETTERS_MIN 22

void verp_append(GString *out, const char *address, const Keyring *keyring, const Token *token)
{
    char text[TOKEN_TEXT_SIZE];
    const char *at = strrchr(address, '@');
    g_assert(at);
    token_encode(keyring, token, text);
    g_string_append_len(out, address, at - address);
    g_string_append_c(out, '+');
    g_string_append(out, text);
    g_string_append(out, at);
}

static bool is_token_letter(char c)
{
    return g_ascii_isalpha(c) || (c >= '2' && c <= '7');
}

static bool verify(const Keyring *keyring, const char *word, gsize length, TokenPurpose purpose, Token *ret_token)
{
    char text[TOKEN_TEXT_SIZE];
    Token token;
    if (g_ascii_tolower(word[0]) != (char)purpose || length < TOKEN_LETTERS_MIN || length >= sizeof text)
        return false;
    memcpy(text, word, length);
    text[length] = '\0';
    if (!token_decode(keyring, text, &token))
        return false;
    *ret_token = token;
    return true;
}

bool verp_find(const Keyring *keyring, const char *text, TokenPurpose purpose, Token *ret_token)
{
    guint tries = 0;
    while (text && *text && tries < TRIES_MAX) {
        gsize length = 0;
        while (is_token_letter(text[length]))
            length++;
        if (length >= TOKEN_LETTERS_MIN) {
            tries++;
            if (verify(keyring, text, length, purpose, ret_token))
                return true;
        }
        text += length + (text[length] != '\0');
    }
    return false;
}
