/* Keys, signatures and digests by OpenSSL, which no other file knows. A key keeps what can be prepared once. */
#include "mail/dkim_key.h"

/* libraries */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define RSA_BITS      2048 /* RFC 8301 3.2; 4096 does not fit into every DNS answer */
#define RSA_BITS_MIN  1024
#define RSA_BITS_MAX  4096
#define STRING_LENGTH 255 /* RFC 1035 3.3: a character-string has at most so many */
#define ED25519_BYTES 32

G_DEFINE_QUARK(rundbrief_dkim_error, dkim_error)
WORDS_DEFINE(DkimKeyType, dkim_key_type, DKIM_KEY_TYPES);

struct DkimKey {
    char *domain;
    char *selector;
    DkimKeyType type;
    EVP_PKEY *pair;
    EVP_PKEY_CTX *rsa;   /* ready to sign */
    EVP_MD_CTX *ed25519; /* likewise; begins anew each time */
};

/* ---- life -------------------------------------------------------------------------------------------------------- */

void dkim_key_free(DkimKey *key)
{
    if (!key)
        return;
    EVP_PKEY_CTX_free(key->rsa);
    EVP_MD_CTX_free(key->ed25519);
    EVP_PKEY_free(key->pair);
    g_free(key->domain);
    g_free(key->selector);
    g_free(key);
}

/* Nothing that OpenSSL noted helps the person who reads our sentence. */
static void fail(GError **error, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);
static void fail(GError **error, int code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ERR_clear_error();
    if (error)
        *error = g_error_new_valist(DKIM_ERROR, code, format, arguments);
    va_end(arguments);
}

/* An encrypted key would have OpenSSL ask on the terminal. */
static int refuse_password(char *buffer, int size, int writing, void *data)
{
    (void)buffer, (void)size, (void)writing, (void)data;
    return -1;
}

static EVP_PKEY *read_pem(const char *pem, GError **error)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *pair = PEM_read_bio_PrivateKey(bio, NULL, refuse_password, NULL);
    BIO_free(bio);
    if (!pair && strstr(pem, "ENCRYPTED"))
        fail(error, DKIM_ERROR_KEY, "the key is encrypted; the service needs one without a password");
    else if (!pair)
        fail(error, DKIM_ERROR_KEY,
             "this is no private key (it begins with -----BEGIN PRIVATE KEY-----); 'rundbrief dkim new' makes one");
    return pair;
}

static bool prepare_rsa(DkimKey *key, GError **error)
{
    int bits = EVP_PKEY_get_bits(key->pair);
    if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
        fail(error, DKIM_ERROR_KEY, "an RSA key of %d bits; mailbox providers want %d, and accept %d to %d", bits,
             RSA_BITS, RSA_BITS_MIN, RSA_BITS_MAX);
        return false;
    }
    key->rsa = EVP_PKEY_CTX_new(key->pair, NULL);
    if (key->rsa && EVP_PKEY_sign_init(key->rsa) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(key->rsa, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(key->rsa, EVP_sha256()) == 1)
        return true;
    fail(error, DKIM_ERROR_KEY, "OpenSSL cannot sign with this RSA key");
    return false;
}

static bool prepare(DkimKey *key, GError **error)
{
    if (EVP_PKEY_get_base_id(key->pair) == EVP_PKEY_RSA) {
        key->type = DKIM_RSA;
        return prepare_rsa(key, error);
    }
    if (EVP_PKEY_get_base_id(key->pair) == EVP_PKEY_ED25519) {
        key->type = DKIM_ED25519;
        key->ed25519 = EVP_MD_CTX_new();
        return true;
    }
    fail(error, DKIM_ERROR_KEY, "DKIM knows RSA and Ed25519 keys; this is another kind");
    return false;
}

static DkimKey *new_key(const char *domain, const char *selector, EVP_PKEY *pair)
{
    DkimKey *key = g_new0(DkimKey, 1);
    key->domain = g_strdup(domain);
    key->selector = g_strdup(selector);
    key->pair = pair;
    return key;
}

DkimKey *dkim_key_parse(const char *domain, const char *selector, const char *pem, GError **error)
{
    EVP_PKEY *pair = read_pem(pem, error);
    g_autoptr(DkimKey) key = pair ? new_key(domain, selector, pair) : NULL;
    return key && prepare(key, error) ? g_steal_pointer(&key) : NULL;
}

DkimKey *dkim_key_generate(const char *domain, const char *selector, DkimKeyType type)
{
    EVP_PKEY *pair = type == DKIM_RSA ? EVP_RSA_gen(RSA_BITS) : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    DkimKey *key = new_key(domain, selector, pair);
    if (!pair || !prepare(key, NULL))
        g_error("OpenSSL cannot generate a key");
    return key;
}

const char *dkim_key_domain(const DkimKey *key)
{
    return key->domain;
}

const char *dkim_key_selector(const DkimKey *key)
{
    return key->selector;
}

DkimKeyType dkim_key_type(const DkimKey *key)
{
    return key->type;
}

/* ---- as text ----------------------------------------------------------------------------------------------------- */

char *dkim_key_pem(const DkimKey *key)
{
    char *bytes;
    BIO *bio = BIO_new(BIO_s_secmem());
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio, key->pair, NULL, NULL, 0, NULL, NULL) != 1)
        g_error("OpenSSL cannot write a key");
    long length = BIO_get_mem_data(bio, &bytes);
    char *pem = g_strndup(bytes, (gsize)length);
    BIO_free(bio);
    return pem;
}

/* RFC 8463 4: an Ed25519 key stands as it is, an RSA key as SubjectPublicKeyInfo. */
static char *public_half(const DkimKey *key)
{
    if (key->type == DKIM_ED25519) {
        uint8_t raw[ED25519_BYTES];
        gsize length = sizeof raw;
        EVP_PKEY_get_raw_public_key(key->pair, raw, &length);
        return g_base64_encode(raw, length);
    }
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key->pair, &der);
    char *text = g_base64_encode(der, length > 0 ? (gsize)length : 0);
    OPENSSL_free(der);
    return text;
}

char *dkim_key_record(const DkimKey *key)
{
    g_autofree char *text = public_half(key);
    return g_strdup_printf("v=DKIM1; k=%s; p=%s", dkim_key_type_word(key->type), text);
}

char *dkim_key_zone_record(const DkimKey *key)
{
    g_autofree char *record = dkim_key_record(key);
    GString *line = g_string_new(NULL);
    g_string_printf(line, "%s._domainkey.%s. IN TXT (", key->selector, key->domain);
    for (const char *rest = record; *rest; rest += MIN(strlen(rest), STRING_LENGTH))
        g_string_append_printf(line, " \"%.*s\"", STRING_LENGTH, rest);
    g_string_append(line, " )\n");
    return g_string_free(line, FALSE);
}

/* ---- signing ----------------------------------------------------------------------------------------------------- */

static bool sign_digest(DkimKey *key, const uint8_t *digest, unsigned char *signature, gsize *length)
{
    if (key->type == DKIM_RSA)
        return EVP_PKEY_sign(key->rsa, signature, length, digest, DKIM_DIGEST_SIZE) == 1;
    return EVP_DigestSignInit(key->ed25519, NULL, NULL, NULL, key->pair) == 1 &&
           EVP_DigestSign(key->ed25519, signature, length, digest, DKIM_DIGEST_SIZE) == 1;
}

bool dkim_key_sign(DkimKey *key, const uint8_t digest[static DKIM_DIGEST_SIZE], GString *out, GError **error)
{
    unsigned char signature[RSA_BITS_MAX / 8];
    gsize length = sizeof signature;
    if (!sign_digest(key, digest, signature, &length)) {
        fail(error, DKIM_ERROR_SIGN, "OpenSSL cannot sign with the DKIM key %s of %s", key->selector, key->domain);
        return false;
    }
    g_autofree char *text = g_base64_encode(signature, length);
    g_string_append(out, text);
    return true;
}

/* ---- SHA-256 ----------------------------------------------------------------------------------------------------- */

struct DkimHash {
    EVP_MD_CTX *state;
};

DkimHash *dkim_hash_new(void)
{
    DkimHash *hash = g_new0(DkimHash, 1);
    hash->state = EVP_MD_CTX_new();
    dkim_hash_restart(hash);
    return hash;
}

void dkim_hash_free(DkimHash *hash)
{
    if (!hash)
        return;
    EVP_MD_CTX_free(hash->state);
    g_free(hash);
}

static void must(int result)
{
    if (result != 1)
        g_error("OpenSSL has no SHA-256");
}

void dkim_hash_restart(DkimHash *hash)
{
    must(EVP_DigestInit_ex(hash->state, EVP_sha256(), NULL));
}

void dkim_hash_go_on(DkimHash *hash, const DkimHash *from)
{
    must(EVP_MD_CTX_copy_ex(hash->state, from->state));
}

void dkim_hash_add(void *hash, const char *bytes, gsize length)
{
    must(EVP_DigestUpdate(((DkimHash *)hash)->state, bytes, length));
}

void dkim_hash_end(DkimHash *hash, uint8_t ret_digest[static DKIM_DIGEST_SIZE])
{
    must(EVP_DigestFinal_ex(hash->state, ret_digest, NULL));
}
