/* Tokens and the key file. Layout of a token before base32: key number (1 byte), two variable-length integers, ten
 * bytes of keyed BLAKE2b over purpose and the bytes before it. Eighty bits: a forger who can try a thousand a second
 * for a year has one chance in 10^13. */
#include "base/token.h"

/* system */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* libraries */
#include <glib/gstdio.h>
#include <sodium.h>

/* rundbrief */
#include "base/file.h"
#include "base/limits.h"

#define KEY_SIZE   32
#define MAC_SIZE   10
#define BYTES_SIZE (1 + 10 + 10 + MAC_SIZE)

G_DEFINE_QUARK(rundbrief_token_error, token_error)

/* Key 0 is not in the file: it is derived from the address key and signs what must outlive rotations. */
struct Keyring {
    bool known[256];
    uint8_t keys[256][KEY_SIZE];
    unsigned newest; /* 0: none read yet */
    bool has_address_key;
    uint8_t address_key[KEY_SIZE];
};

void token_random(void *ret_bytes, gsize size)
{
    randombytes_buf(ret_bytes, size);
}

/* ---- the key file ------------------------------------------------------------------------------------------------ */

static bool parse_key(const char *hex, uint8_t ret_key[static KEY_SIZE])
{
    size_t length = 0;
    const char *end = NULL;
    return strlen(hex) == 2 * KEY_SIZE &&
           sodium_hex2bin(ret_key, KEY_SIZE, hex, 2 * KEY_SIZE, NULL, &length, &end) == 0 && length == KEY_SIZE;
}

static bool parse_line(Keyring *keyring, char **words)
{
    guint count = g_strv_length(words);
    if (count == 2 && g_str_equal(words[0], "address") && !keyring->has_address_key)
        return keyring->has_address_key = parse_key(words[1], keyring->address_key);
    guint64 number = 0;
    if (count != 3 || !g_str_equal(words[0], "token") ||
        !g_ascii_string_to_unsigned(words[1], 10, 1, 255, &number, NULL) || keyring->known[number] ||
        !parse_key(words[2], keyring->keys[number]))
        return false;
    keyring->known[number] = true;
    keyring->newest = MAX(keyring->newest, (unsigned)number);
    return true;
}

static bool parse_lines(Keyring *keyring, const char *path, const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_strstrip(lines[i]);
        if (lines[i][0] == '\0' || lines[i][0] == '#')
            continue;
        g_auto(GStrv) words = g_strsplit_set(lines[i], " \t", -1);
        if (!parse_line(keyring, words)) {
            g_set_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE,
                        "%s:%u: expected \"token NUMBER KEY\" or \"address KEY\", KEY being 64 hexadecimal digits",
                        path, i + 1);
            return false;
        }
    }
    if (keyring->newest && keyring->has_address_key)
        return true;
    g_set_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE,
                "%s: needs at least one \"token\" line and one \"address\" line", path);
    return false;
}

static bool is_private(const char *path, GError **error)
{
    struct stat status;
    if (stat(path, &status) != 0 || !(status.st_mode & S_IRWXO))
        return true; /* a missing file is told by whoever reads it */
    g_set_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE,
                "%s: everybody may read it, and so write leave links for anybody; run: chmod o= %s", path, path);
    return false;
}

Keyring *keyring_load(const char *path, GError **error)
{
    if (sodium_init() < 0)
        g_error("libsodium cannot be initialised");
    g_autofree char *text = is_private(path, error) ? file_read_whole(path, LIMIT_SECRET_BYTES, NULL, error) : NULL;
    if (!text)
        return NULL;
    g_autoptr(Keyring) keyring = g_new0(Keyring, 1);
    bool good = parse_lines(keyring, path, text, error);
    sodium_memzero(text, strlen(text));
    if (!good)
        return NULL;
    static const uint8_t label[] = "rundbrief stable token";
    crypto_generichash(keyring->keys[0], KEY_SIZE, label, sizeof label, keyring->address_key, KEY_SIZE);
    keyring->known[0] = true;
    return g_steal_pointer(&keyring);
}

void keyring_free(Keyring *keyring)
{
    if (!keyring)
        return;
    sodium_memzero(keyring, sizeof *keyring);
    g_free(keyring);
}

static void append_key(GString *text, const char *label)
{
    uint8_t key[KEY_SIZE];
    char hex[2 * KEY_SIZE + 1];
    token_random(key, sizeof key);
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    g_string_append_printf(text, "%s %s\n", label, hex);
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
}

/* Has room for a whole key file, so that it never moves and leaves a copy behind. */
static GString *key_text_new(const char *text)
{
    GString *room = g_string_sized_new(2 * LIMIT_SECRET_BYTES);
    return g_string_append(room, text);
}

static void key_text_free(GString *text)
{
    sodium_memzero(text->str, text->allocated_len);
    g_string_free(text, TRUE);
}

static bool write_new(const char *path, const GString *text, GError **error)
{
    GError *inner = NULL;
    if (file_write_new(path, text->str, text->len, &inner))
        return true;
    if (g_error_matches(inner, G_FILE_ERROR, G_FILE_ERROR_EXIST)) {
        g_clear_error(&inner);
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                    "%s exists, and keys are never overwritten; 'rundbrief keys rotate' adds a fresh one to it", path);
    } else {
        g_propagate_error(error, inner);
    }
    return false;
}

bool keyring_create(const char *path, GError **error)
{
    if (sodium_init() < 0)
        g_error("libsodium cannot be initialised");
    GString *text = key_text_new("# Rundbrief's keys. Keep a copy in a safe place: without them links in sent mails "
                                 "and the suppression list are lost.\n");
    append_key(text, "token 1");
    append_key(text, "address");
    bool written = write_new(path, text, error);
    key_text_free(text);
    return written;
}

static bool append_token_key(const char *path, const char *old, unsigned number, GError **error)
{
    GString *text = key_text_new(old);
    if (!g_str_has_suffix(old, "\n"))
        g_string_append_c(text, '\n');
    g_autofree char *label = g_strdup_printf("token %u", number);
    append_key(text, label);
    bool written = g_file_set_contents_full(path, text->str, (gssize)text->len,
                                            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
    key_text_free(text);
    return written;
}

bool keyring_rotate(const char *path, GError **error)
{
    g_autoptr(Keyring) keyring = keyring_load(path, error);
    g_autofree char *old = keyring ? file_read_whole(path, LIMIT_SECRET_BYTES, NULL, error) : NULL;
    if (!old)
        return false;
    bool is_last = keyring->newest == 255;
    if (is_last)
        g_set_error(error, TOKEN_ERROR, TOKEN_ERROR_KEY_FILE, "%s: key number 255 is the last", path);
    bool rotated = !is_last && append_token_key(path, old, keyring->newest + 1, error);
    sodium_memzero(old, strlen(old));
    return rotated;
}

/* ---- base32 (RFC 4648, lower case, no padding) ------------------------------------------------------------------- */

static const char base32_digits[] = "abcdefghijklmnopqrstuvwxyz234567";

static gsize base32_encode(const uint8_t *bytes, gsize length, char *ret_text)
{
    gsize out = 0;
    unsigned held = 0, bits = 0;
    for (gsize i = 0; i < length; i++) {
        held = (held << 8 | bytes[i]) & 0xfff;
        for (bits += 8; bits >= 5; bits -= 5)
            ret_text[out++] = base32_digits[held >> (bits - 5) & 31];
    }
    if (bits)
        ret_text[out++] = base32_digits[held << (5 - bits) & 31];
    ret_text[out] = '\0';
    return out;
}

/* Returns the number of bytes, 0 when text is not base32 or does not fit. */
static gsize base32_decode(const char *text, uint8_t *ret_bytes, gsize size)
{
    gsize out = 0;
    unsigned held = 0, bits = 0;
    for (; *text; text++) {
        const char *digit = strchr(base32_digits, g_ascii_tolower(*text));
        if (!digit)
            return 0;
        held = (held << 5 | (unsigned)(digit - base32_digits)) & 0xfff;
        if ((bits += 5) < 8)
            continue;
        bits -= 8;
        if (out == size)
            return 0;
        ret_bytes[out++] = (uint8_t)(held >> bits);
    }
    return (held & ((1u << bits) - 1)) == 0 && bits < 5 ? out : 0;
}

/* ---- tokens ------------------------------------------------------------------------------------------------------ */

static gsize put_number(uint8_t *bytes, int64_t number)
{
    uint64_t rest = (uint64_t)number;
    gsize size = 0;
    do {
        bytes[size++] = (uint8_t)(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0);
    } while (rest >>= 7);
    return size;
}

static bool take_number(const uint8_t **bytes, gsize *left, int64_t *ret_number)
{
    uint64_t number = 0;
    for (unsigned shift = 0; *left && shift < 63; shift += 7) {
        uint8_t byte = *(*bytes)++;
        (*left)--;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret_number = (int64_t)number;
            return true;
        }
    }
    return false;
}

static void mac(const uint8_t key[static KEY_SIZE], char purpose, const uint8_t *bytes, gsize length,
                uint8_t ret_mac[static MAC_SIZE])
{
    uint8_t full[crypto_generichash_BYTES_MIN];
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KEY_SIZE, sizeof full);
    crypto_generichash_update(&state, (const uint8_t *)&purpose, 1);
    crypto_generichash_update(&state, bytes, length);
    crypto_generichash_final(&state, full, sizeof full);
    memcpy(ret_mac, full, MAC_SIZE);
}

static void sign(const Keyring *keyring, unsigned number, const Token *token, char ret_text[static TOKEN_TEXT_SIZE])
{
    g_assert(token->first >= 0 && token->second >= 0);
    uint8_t bytes[BYTES_SIZE];
    gsize length = 0;
    bytes[length++] = (uint8_t)number;
    length += put_number(bytes + length, token->first);
    length += put_number(bytes + length, token->second);
    mac(keyring->keys[number], (char)token->purpose, bytes, length, bytes + length);
    ret_text[0] = (char)token->purpose;
    base32_encode(bytes, length + MAC_SIZE, ret_text + 1);
}

void token_encode(const Keyring *keyring, const Token *token, char ret_text[static TOKEN_TEXT_SIZE])
{
    sign(keyring, keyring->newest, token, ret_text);
}

void token_encode_stable(const Keyring *keyring, const Token *token, char ret_text[static TOKEN_TEXT_SIZE])
{
    sign(keyring, 0, token, ret_text);
}

bool token_decode(const Keyring *keyring, const char *text, Token *ret_token)
{
    char purpose = g_ascii_tolower(text[0]);
    if (!purpose || !strchr("dolc", purpose) || strlen(text) >= TOKEN_TEXT_SIZE)
        return false;
    uint8_t bytes[BYTES_SIZE], expected[MAC_SIZE];
    gsize length = base32_decode(text + 1, bytes, sizeof bytes);
    if (length < 1 + 1 + 1 + MAC_SIZE || !keyring->known[bytes[0]])
        return false;
    mac(keyring->keys[bytes[0]], purpose, bytes, length - MAC_SIZE, expected);
    if (sodium_memcmp(expected, bytes + length - MAC_SIZE, MAC_SIZE) != 0)
        return false;
    const uint8_t *rest = bytes + 1;
    gsize left = length - MAC_SIZE - 1;
    Token token = {.purpose = (TokenPurpose)purpose};
    if (!take_number(&rest, &left, &token.first) || !take_number(&rest, &left, &token.second) || left != 0)
        return false;
    *ret_token = token;
    return true;
}

void keyring_hash_address(const Keyring *keyring, const char *address_key, uint8_t ret_hash[static ADDRESS_HASH_SIZE])
{
    crypto_generichash(ret_hash, ADDRESS_HASH_SIZE, (const uint8_t *)address_key, strlen(address_key),
                       keyring->address_key, KEY_SIZE);
}
