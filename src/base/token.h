#pragma once
/* Tokens that name a record and prove that we wrote them: purpose, two ids and a keyed hash, in lower-case base32
 * (some mail systems fold the case of local parts). They are computed, never stored. Keys are numbered: the newest
 * signs, all of them verify, so that links in old mails live on after a rotation. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define TOKEN_ERROR (token_error_quark())
GQuark token_error_quark(void);
enum {
    TOKEN_ERROR_KEY_FILE, /* the key file is malformed, full, or open to everybody */
};

#define TOKEN_TEXT_SIZE   64 /* room for any token as text, with its NUL */
#define ADDRESS_HASH_SIZE 32

typedef enum {
    TOKEN_DELIVERY = 'd', /* announcement id, subscriber id: VERP return path and Message-ID */
    TOKEN_OUTBOX = 'o',   /* outbox id, 0: the same for a single mail */
    TOKEN_LEAVE = 'l',    /* list id, subscriber id: leaves that list; list 0 leaves all */
    TOKEN_CONFIRM = 'c',  /* list id, subscriber id: confirms a subscription */
} TokenPurpose;

typedef struct Token {
    TokenPurpose purpose;
    int64_t first;
    int64_t second;
} Token;

typedef struct Keyring Keyring;

/** Reads a key file: lines "token N HEX64" and one line "address HEX64"; '#' begins a comment.
 * NULL and error otherwise: TOKEN_ERROR for what stands in it, G_FILE_ERROR when it cannot be read. */
Keyring *keyring_load(const char *path, GError **error);

/** Creates a key file with fresh keys, mode 0600. Fails when the file exists (G_FILE_ERROR_EXIST). */
bool keyring_create(const char *path, GError **error);

/** Adds a fresh token key to an existing file, written anew in one step; it signs from now on. */
bool keyring_rotate(const char *path, GError **error);

void keyring_free(Keyring *keyring); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Keyring, keyring_free)

/** Writes the token's text: [a-z2-7]+ only, beginning with the purpose letter. Ids must not be negative. */
void token_encode(const Keyring *keyring, const Token *token, char ret_text[static TOKEN_TEXT_SIZE]);

/** The same with a key that is never rotated: for Message-IDs, which must not change between two tries of one mail. */
void token_encode_stable(const Keyring *keyring, const Token *token, char ret_text[static TOKEN_TEXT_SIZE]);

/** True when text (any case, exactly one token) was written by one of our keys; then ret_token is filled. */
bool token_decode(const Keyring *keyring, const char *text, Token *ret_token);

/** Keyed hash of a folded address, for the suppression list; never depends on the rotation. */
void keyring_hash_address(const Keyring *keyring, const char *address_key, uint8_t ret_hash[static ADDRESS_HASH_SIZE]);

/** Fills with random bytes from the system. */
void token_random(void *ret_bytes, gsize size);
