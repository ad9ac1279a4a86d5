/* Public keys by OpenSSL. Records are written by hand all over the world: what is not understood is told apart from
 * what is not there. */
#include "mail/dkim_public_key.h"

/* libraries */
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

/* rundbrief */
#include "mail/dkim_tags.h"

struct DkimPublicKey {
    DkimKeyType type;
    EVP_PKEY *key;
};

void dkim_public_key_free(DkimPublicKey *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->key);
    g_free(key);
}

/* RFC 6376 wants the bare RSAPublicKey in its text and has SubjectPublicKeyInfo in its examples; both are in use. */
static EVP_PKEY *read_rsa(const unsigned char *bytes, gsize length)
{
    const unsigned char *at = bytes;
    EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)length);
    at = bytes;
    if (!key)
        key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)length);
    ERR_clear_error();
    if (!key || EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

static EVP_PKEY *read_key(DkimKeyType type, const char *text)
{
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(text, &length);
    if (type == DKIM_RSA)
        return read_rsa(bytes, length);
    EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, length);
    ERR_clear_error();
    return key;
}

DkimRecordState dkim_public_key_parse(const char *record, DkimPublicKey **ret)
{
    DkimKeyType type = DKIM_RSA;
    g_autoptr(GHashTable) tags = dkim_tags_parse(record);
    const char *version = dkim_tag(tags, "v"), *kind = dkim_tag(tags, "k"), *text = dkim_tag(tags, "p");
    *ret = NULL;
    if ((version && !g_str_equal(version, "DKIM1")) || (!version && !text))
        return DKIM_RECORD_NONE;
    if (text && !*text)
        return DKIM_RECORD_REVOKED;
    if (!text || (kind && !dkim_key_type_from_word(kind, &type)))
        return DKIM_RECORD_WRONG;
    EVP_PKEY *key = read_key(type, text);
    if (!key)
        return DKIM_RECORD_WRONG;
    *ret = g_new(DkimPublicKey, 1);
    **ret = (DkimPublicKey){type, key};
    return DKIM_RECORD_KEY;
}

DkimKeyType dkim_public_key_type(const DkimPublicKey *key)
{
    return key->type;
}

int dkim_public_key_bits(const DkimPublicKey *key)
{
    return EVP_PKEY_get_bits(key->key);
}

static bool verify_rsa(EVP_PKEY *key, const uint8_t *digest, const uint8_t *signature, gsize length)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
    bool good = context && EVP_PKEY_verify_init(context) == 1 &&
                EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
                EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1 &&
                EVP_PKEY_verify(context, signature, length, digest, DKIM_DIGEST_SIZE) == 1;
    EVP_PKEY_CTX_free(context);
    return good;
}

static bool verify_ed25519(EVP_PKEY *key, const uint8_t *digest, const uint8_t *signature, gsize length)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(context, signature, length, digest, DKIM_DIGEST_SIZE) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

bool dkim_public_key_verify(const DkimPublicKey *key, const uint8_t digest[static DKIM_DIGEST_SIZE],
                            const uint8_t *signature, gsize length)
{
    bool good = key->type == DKIM_RSA ? verify_rsa(key->key, digest, signature, length)
                                      : verify_ed25519(key->key, digest, signature, length);
    ERR_clear_error();
    return good;
}
